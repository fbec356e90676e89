package io.bpfagent.bench;

/**
 * How much time is spent.
 *
 * @param rounds   in which everything that is compared takes its turn once
 * @param windowMs how long one turn is measured
 * @param settleMs what the JIT compilers are given to compile most of what the agent makes hot, once
 * @param starts   JVM starts of each kind
 * @param jvms     JVMs of each kind whose memory is looked at
 */
record Effort(int rounds, int windowMs, int settleMs, int starts, int jvms) {
    /** Half an hour. */
    static final Effort FULL = new Effort(6, 2_500, 20_000, 21, 3);
    /** For a look: its spread is large. */
    static final Effort QUICK = new Effort(2, 1_500, 5_000, 7, 1);
}
