package io.bpfagent.agent;

/**
 * When pauses that wait are worth a snapshot of their own. Everybody is to see them within a second, and the
 * agent is to cost little; but only 256 can wait, so that more of them at a time cannot wait so long.
 */
final class PausePace {
    /** Between two snapshots at least: with a look at the pauses before, and with reading, that is within a second. */
    private static final long USUAL_NS = 750_000_000L;
    /** The snapshot of the interval has them too, if it comes so soon. */
    private static final long SOON_NS = 250_000_000L;
    /** While they are crowded: the 128 places left last for 1,000 pauses a second. One snapshot takes a millisecond. */
    private static final long CROWDED_NS = 100_000_000L;

    private PausePace() {
    }

    /**
     * Whether to take a snapshot now.
     *
     * @param crowded whether so many pauses wait that the next ones may push them out
     * @param sinceNs since the latest snapshot
     * @param untilNs until that of the interval
     */
    static boolean isDue(boolean crowded, long sinceNs, long untilNs) {
        return crowded ? sinceNs >= CROWDED_NS : sinceNs >= USUAL_NS && untilNs > SOON_NS;
    }
}
