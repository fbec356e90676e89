package io.bpfagent.boot;

/** Knows which row of the BPF programs is a thread's. The agent implements it. */
public interface SlotFinder {
    /**
     * The number of the calling thread's row, or -1 if it has none. Asked once for each thread, on that thread: it must
     * not block, and what it throws is taken for -1.
     */
    int rowOfCurrentThread();
}
