package io.bpfagent.bench;

/**
 * How much time is spent.
 *
 * @param rounds   in which everything that is compared takes its turn once
 * @param pairs    of turns of two that hardly differ: by its root falls the standard error of their difference
 * @param windowMs how long one turn is measured
 * @param warmUpMs how long an application is given at most until its code is compiled
 * @param settleMs from when the agent came until the first window
 * @param starts   JVM starts of each kind
 * @param jvms     JVMs of each kind whose memory is looked at
 */
record Effort(int rounds, int pairs, int windowMs, int warmUpMs, int settleMs, int starts, int jvms) {
    /** With all chapters some hours. */
    static final Effort FULL = new Effort(10, 12, 2_500, 40_000, 2_000, 21, 3);
    /** For a look: its spread is large. */
    static final Effort QUICK = new Effort(2, 2, 1_500, 10_000, 1_000, 7, 1);
}
