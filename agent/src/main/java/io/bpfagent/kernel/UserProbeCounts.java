package io.bpfagent.kernel;

/**
 * What a user's probe has done.
 *
 * @param hits      of threads of the host, begins and ends
 * @param unmatched begins for which no room was left, or whose end was not seen
 * @param runs      of its programs, for other processes too; 0 where the kernel does not count
 * @param totalNs   what those took together, ns; 0 where the kernel does not count
 * @param recursionMisses events that the kernel did not give to a program of it
 */
public record UserProbeCounts(long hits, long unmatched, long runs, double totalNs, long recursionMisses) {
    /** What a hit costs in the programs on average, ns; 0 where that is not known. */
    public double nsPerRun() {
        return runs == 0 ? 0 : totalNs / runs;
    }
}
