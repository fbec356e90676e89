package io.bpfagent.correlation.pause;

import java.util.Arrays;

/**
 * Of each thread and each CPU the first record after a moment that moves back in time: so the records are
 * passed once for any number of pauses, however long after a pause the last run that reaches into it ends.
 */
final class LaterRecords {
    private static final int NONE = -1;

    private final Numbering threads = new Numbering();
    private final Numbering cpus = new Numbering();
    private int[] byThread = new int[16];
    private int[] byCpu = new int[16];
    private Records log;
    private int position;

    /** Begins after all records. */
    void begin(Records log) {
        this.log = log;
        this.position = log.to();
        threads.clear();
        cpus.clear();
    }

    /** Goes back to the moment {@code ns}, which is not after the one before. */
    void moveTo(long ns) {
        while (position > log.from() && log.untilNs(position - 1) > ns) {
            position--;
            note(position);
        }
    }

    private void note(int i) {
        boolean stay = log.isStay(i);
        if (stay) {
            byThread = set(byThread, threads.of(log.thread(i)), i);
        }
        if (!stay || log.leavesCpu(i)) {
            byCpu = set(byCpu, cpus.of(log.cpu(i)), i);
        }
    }

    private static int[] set(int[] array, int number, int i) {
        int[] roomy = number < array.length ? array : Arrays.copyOf(array, 2 * array.length);
        roomy[number] = i;
        return roomy;
    }

    /** The first record that ended after the moment. */
    int position() {
        return position;
    }

    /** The thread's first stay after the moment, or -1. */
    int ofThread(long thread) {
        int number = threads.find(thread);
        return number == NONE ? NONE : byThread[number];
    }

    /** How many CPUs there are of which a record tells who left them after the moment. */
    int cpus() {
        return cpus.size();
    }

    /** Of one of them, counted from 0, the first of those records. */
    int ofCpuNumber(int number) {
        return byCpu[number];
    }

    /** The first record after the moment that tells who left the CPU, or -1. */
    int ofCpu(int cpu) {
        int number = cpus.find(cpu);
        return number == NONE ? NONE : byCpu[number];
    }
}
