package io.bpfagent.kernel;

import java.util.List;

/**
 * A probe, or some that belong together, with what it has done so far.
 *
 * @param name       what it is called where it is turned off and on
 * @param kind       {@code tp_btf}, {@code usdt}, {@code uprobe}, {@code tracepoint}
 * @param sites      how many instructions or events its programs are attached to
 * @param optional   whether it can be turned off
 * @param asked      whether somebody has said that it is wanted
 * @param on         whether it is attached
 * @param why        why it is not; empty when it is
 * @param metrics    what it is there for
 * @param hits       how often one of its programs came to work: for the host's threads; of disks and TCP for all
 *     processes
 * @param cost       what a hit is taken to cost
 * @param statistics what the kernel counts of its programs, for all processes; {@link ProgramStatistics#NONE} where it
 *                   does not count, or nobody asked it
 * @param key        those that have the same key have the same programs, and {@code statistics} are of all of them
 */
public record ProgramUse(String name, String kind, int sites, boolean optional, boolean asked, boolean on,
        String why, List<String> metrics, long hits, ProgramCost cost, ProgramStatistics statistics, String key) {
    public ProgramUse {
        metrics = List.copyOf(metrics);
    }

    /** The same when it has been let go. */
    public ProgramUse off(String reason) {
        return new ProgramUse(name, kind, sites, optional, asked, false, reason, metrics, hits, cost,
                ProgramStatistics.NONE, key);
    }
}
