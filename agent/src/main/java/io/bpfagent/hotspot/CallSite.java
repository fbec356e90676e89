package io.bpfagent.hotspot;

import io.bpfagent.correlation.ThreadMetric;

/**
 * A function whose calls are measured.
 *
 * @param metric  what a call counts as
 * @param file    the library, as the kernel can open it
 * @param name    of the function
 * @param offset  of its first instruction in the file, behind a landing pad
 * @param canFail whether a result below 0 is a failure
 */
public record CallSite(ThreadMetric metric, String file, String name, long offset, boolean canFail) {}
