package io.bpfagent.kernel;

/**
 * What the kernel counts of a program.
 *
 * @param runs            since it was loaded; counted only while {@code kernel.bpf_stats_enabled} is 1
 * @param runTimeNs       of these runs together
 * @param recursionMisses runs that did not happen because the program was running on that CPU already
 */
public record ProgramStatistics(long runs, long runTimeNs, long recursionMisses) {
    public static final ProgramStatistics NONE = new ProgramStatistics(0, 0, 0);

    /** Mean time of a run, 0 when none was counted. */
    public double nsPerRun() {
        return runs == 0 ? 0 : (double) runTimeNs / runs;
    }
}
