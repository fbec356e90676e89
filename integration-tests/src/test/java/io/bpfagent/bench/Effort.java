package io.bpfagent.bench;

/**
 * How much time is spent.
 *
 * @param rounds   in which everything that is compared takes its turn once
 * @param windowMs how long one turn is measured
 * @param starts   JVM starts of each kind
 * @param jvms     JVMs of each kind whose memory is looked at
 */
record Effort(int rounds, int windowMs, int starts, int jvms) {
    /** Some 10 minutes. */
    static final Effort FULL = new Effort(6, 2_500, 21, 3);
    /** 2 to 3 minutes. */
    static final Effort QUICK = new Effort(2, 1_500, 7, 1);
}
