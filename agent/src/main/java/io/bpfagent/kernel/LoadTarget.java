package io.bpfagent.kernel;

import io.bpfagent.hotspot.ProcessFiles;

/**
 * The process that programs are loaded for.
 *
 * @param pid         as this process sees it
 * @param isOwn       whether it is this process
 * @param files       where its files are
 * @param release     of its JDK
 * @param errnoOffset where a thread's errno stands, from its thread pointer on; 0: not known
 */
public record LoadTarget(int pid, boolean isOwn, ProcessFiles files, int release, long errnoOffset) {
    /** Another process. */
    public static LoadTarget other(int pid, int release, long errnoOffset) {
        return new LoadTarget(pid, false, ProcessFiles.of(pid), release, errnoOffset);
    }
}
