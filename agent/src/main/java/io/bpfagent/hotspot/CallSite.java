package io.bpfagent.hotspot;

import io.bpfagent.correlation.ThreadMetric;

/**
 * A function whose calls are measured.
 *
 * @param metric  what a call counts as
 * @param file    the library, as the kernel can open it
 * @param name    of the function
 * @param offset  in the file: where a probe on its begin costs least
 * @param kind    what else is to be known of it
 * @param descriptor which of its arguments is a handle of a {@code FileDescriptor}, from 1 on; 0: none
 */
public record CallSite(ThreadMetric metric, String file, String name, long offset, CallKind kind, int descriptor) {
    /** Whether a result below 0 is a failure. */
    public boolean canFail() {
        return kind == CallKind.CAN_FAIL;
    }
}
