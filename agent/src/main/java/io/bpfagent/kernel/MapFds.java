package io.bpfagent.kernel;

/**
 * All that reading needs of the kernel side: descriptors of the mapped maps, and how many entries the
 * sized ones have. They are owned by whoever loaded the programs.
 *
 * @param rows     {@code struct thread_row[threads]}
 * @param pages    {@code struct histogram_page[histograms]}
 * @param threads  rows, and entries of {@code controls}
 */
record MapFds(int rows, int pages, int poolPages, int supplies, int controls, int globals,
        int threads, int histograms) {}
