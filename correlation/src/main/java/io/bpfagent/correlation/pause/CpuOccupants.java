package io.bpfagent.correlation.pause;

import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.util.Arrays;

/**
 * Who had each CPU in a window, and for which part of it the host's quota was used up.
 *
 * <p>A record tells who left a CPU at a moment: a thread of the host with the moment when it had come, or
 * another, who then had been there since the record of that CPU before. Switches away from others are recorded
 * as long as a thread of the host may be waiting for the CPU, but not what comes and goes within 16 us of the last such
 * record, and twice that for each sixteenth of the ring that is full ({@code is_too_soon} in {@code pauses.h}). That
 * time goes to the one who is there when it is over: whoever had the CPU for longer is told exactly but for so much,
 * and of many that come and go each is told as often as it had the CPU. Used for one window after the other.
 */
final class CpuOccupants {
    /** A CPU's first switch after a pause is recorded for so long, with what is joined. */
    private static final long TAIL_NS = RecordSizes.CPU_TAIL_NS + 4_000_000;
    private static final int NONE = -1;

    private final Occupants occupants;
    private final Numbering cpus = new Numbering();
    /** The window's records by CPU: those of CPU number c are from ends[c - 1] to ends[c], in the order of time. */
    private int[] ends = new int[16];
    private int[] byCpu = new int[64];

    /** Who was there when; those of CPU number c are from spanEnds[c - 1] to spanEnds[c]. */
    private long[] spanStarts = new long[64];
    private long[] spanUntils = new long[64];
    private int[] spanOccupants = new int[64];
    private int[] spanEnds = new int[16];
    private int spans;

    private final ThrottledTimes throttled = new ThrottledTimes();
    private PauseWindow window;
    private LaterRecords later;

    CpuOccupants(Occupants occupants) {
        this.occupants = occupants;
    }

    void read(PauseWindow window, WindowThreads threads, LaterRecords later) {
        this.window = window;
        this.later = later;
        throttled.read(window, threads, later);
        sortByCpu();
        if (spanEnds.length < cpus.size()) {
            spanEnds = new int[2 * cpus.size()];
        }
        spans = 0;
        for (int cpu = 0; cpu < cpus.size(); cpu++) {
            readCpu(cpu);
            spanEnds[cpu] = spans;
        }
    }

    private void sortByCpu() {
        Records log = window.records();
        cpus.clear();
        Arrays.fill(ends, 0);
        for (int i = window.from(); i < window.to(); i++) {
            int cpu = cpus.of(log.cpu(i));
            if (cpu == ends.length) {
                ends = Arrays.copyOf(ends, 2 * cpu);
            }
            ends[cpu]++;
        }
        for (int cpu = 1; cpu < cpus.size(); cpu++) {
            ends[cpu] += ends[cpu - 1];
        }
        if (byCpu.length < window.to() - window.from()) {
            byCpu = new int[window.to() - window.from()];
        }
        for (int i = window.to() - 1; i >= window.from(); i--) {
            // From the end: then ends are where each CPU's records begin, and are put right below.
            byCpu[--ends[cpus.find(log.cpu(i))]] = i;
        }
        for (int cpu = 0; cpu < cpus.size(); cpu++) {
            ends[cpu] = cpu + 1 < cpus.size() ? ends[cpu + 1] : window.to() - window.from();
        }
    }

    private void readCpu(int cpu) {
        Records log = window.records();
        long at = window.pause().beginNs();
        boolean own = false;
        for (int k = cpu == 0 ? 0 : ends[cpu - 1]; k < ends[cpu]; k++) {
            int i = byCpu[k];
            long untilNs = log.untilNs(i);
            if (!log.isStay(i)) {
                add(at, untilNs, occupants.of(log, i));
                own = false;
            } else if (log.leavesCpu(i)) {
                boolean ofMany = log.isOfMany(i);
                add(ofMany ? at : Math.max(at, log.sinceNs(i)), untilNs, Occupants.OWN);
                own = ofMany;
            } else if (log.entersCpu(i)) {
                own = true;
            } else {
                continue;
            }
            at = untilNs;
        }
        readTail((int) cpus.key(cpu), at, own);
    }

    /** From the CPU's last record in the window to the window's end. */
    private void readTail(int cpu, long at, boolean own) {
        long endNs = window.pause().endNs();
        int tail = later.ofCpu(cpu);
        Records log = window.records();
        if (tail != NONE && log.isStay(tail)) {
            add(own ? at : Math.max(at, log.sinceNs(tail)), endNs, Occupants.OWN);
        } else if (own) {
            add(at, endNs, Occupants.OWN);
        } else if (tail != NONE && log.untilNs(tail) - endNs <= TAIL_NS) {
            add(at, endNs, occupants.of(log, tail));
        }
    }

    private void add(long start, long until, int occupant) {
        if (start >= until) {
            return;
        }
        if (spans == spanStarts.length) {
            spanStarts = Arrays.copyOf(spanStarts, 2 * spans);
            spanUntils = Arrays.copyOf(spanUntils, 2 * spans);
            spanOccupants = Arrays.copyOf(spanOccupants, 2 * spans);
        }
        spanStarts[spans] = start;
        spanUntils[spans] = until;
        spanOccupants[spans] = occupant;
        spans++;
    }

    /** Says whom a thread was waiting for that waited for this CPU; all of that time goes to somebody. */
    void addWait(int cpu, long fromNs, long untilNs) {
        int number = cpu == Timeline.NO_CPU ? NONE : cpus.find(cpu);
        int first = number <= 0 ? 0 : spanEnds[number - 1];
        int end = number == NONE ? 0 : spanEnds[number];
        if (number == NONE && cpu != Timeline.NO_CPU) {
            // No record of that CPU in the window: one and the same was there all through.
            spans = cpus.size() == 0 ? 0 : spanEnds[cpus.size() - 1];
            first = spans;
            readTail(cpu, window.pause().beginNs(), false);
            end = spans;
        }
        long at = fromNs;
        for (int span = firstEndingAfter(fromNs, first, end); span < end && spanStarts[span] < untilNs; span++) {
            long start = Math.max(at, spanStarts[span]);
            long until = Math.min(untilNs, spanUntils[span]);
            occupants.add(Occupants.UNKNOWN, start - at);
            addSpan(cpu, start, until, spanOccupants[span]);
            at = until;
        }
        occupants.add(Occupants.UNKNOWN, untilNs - at);
    }

    private int firstEndingAfter(long ns, int first, int end) {
        int low = first;
        int high = end;
        while (low < high) {
            int middle = low + high >>> 1;
            if (spanUntils[middle] <= ns) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void addSpan(int cpu, long start, long until, int occupant) {
        long throttledNs = occupant == Occupants.IDLE ? throttled.overlapNs(cpu, start, until) : 0;
        occupants.add(Occupants.THROTTLED, throttledNs);
        occupants.add(occupant, until - start - throttledNs);
    }
}
