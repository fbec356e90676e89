package io.bpfagent.correlation.pause;

import io.bpfagent.correlation.KnownThread;
import io.bpfagent.correlation.ThreadLookup;
import io.bpfagent.correlation.pause.PauseWindow.OpenStay;
import java.util.List;

/**
 * Cuts pauses out of the log, each with all that belongs to it, from the last to the first: what is kept of a pause
 * takes {@value Records#BYTES} bytes for each of its records and 40 for each of its threads.
 *
 * <p>One thread. This runs for every pause, also if nobody ever looks at one: so it is short.
 */
final class WindowCutter {
    private final ThreadLookup lookup;
    private final LaterRecords later = new LaterRecords();
    private final WindowThreads threads = new WindowThreads();
    private Records log;
    private List<OpenStay> open;
    private long[] indexes = new long[16];

    WindowCutter(ThreadLookup lookup) {
        this.lookup = lookup;
    }

    /** Begins after all records. */
    void begin(Records log, List<OpenStay> open) {
        this.log = log;
        this.open = open;
        later.begin(log);
    }

    /** What there is of this pause, which does not end after the one before. */
    PauseWindow cut(EndedPause pause) {
        later.moveTo(pause.endNs());
        int to = later.position();
        int from = Math.min(to, log.firstAfter(pause.beginNs()));
        threads.read(log, from, to);
        KnownThread[] known = new KnownThread[threads.size()];
        for (int thread = 0; thread < known.length; thread++) {
            known[thread] = find(threads.key(thread));
        }
        int found = findLater();
        return new PauseWindow(pause, log.cut(from, to, indexes, found), to - from, known, find(pause.thread()), open);
    }

    private KnownThread find(long thread) {
        return lookup.find(Records.rowOf(thread), Records.generationOf(thread));
    }

    /** How many of the records after the pause belong to it; their indexes, in rising order. */
    private int findLater() {
        int most = later.cpus() + open.size() + threads.size();
        if (indexes.length < most) {
            indexes = new long[2 * most];
        }
        int found = 0;
        for (; found < later.cpus(); found++) {
            indexes[found] = later.ofCpuNumber(found);
        }
        for (int i = 0; i < open.size(); i++) {
            found = addLater(open.get(i).key(), found);
        }
        // Some of them may have ended since.
        for (int thread = 0; thread < threads.size(); thread++) {
            if (threads.endsRunnable(log, thread)) {
                found = addLater(threads.key(thread), found);
            }
        }
        HeapSort.sort(indexes, found);
        return found;
    }

    private int addLater(long thread, int found) {
        int record = later.ofThread(thread);
        if (record == WindowThreads.NONE) {
            return found;
        }
        indexes[found] = record;
        return found + 1;
    }

    /** Whether it is not known of a GC thread what it did in the pause that was cut out last. */
    boolean misses(EndedPause pause) {
        for (int i = 0; i < open.size(); i++) {
            OpenStay stay = open.get(i);
            int thread = threads.find(stay.key());
            if (stay.state() == ThreadLookup.STATE_UNKNOWN && stay.key() != pause.thread()
                    && (thread == WindowThreads.NONE || threads.endsRunnable(log, thread))
                    && later.ofThread(stay.key()) == WindowThreads.NONE) {
                return true;
            }
        }
        return false;
    }
}
