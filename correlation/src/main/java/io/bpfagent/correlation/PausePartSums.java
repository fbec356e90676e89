package io.bpfagent.correlation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Where the wall time of pauses went, added up since the first one that was noted: each pause is in it once. Whoever
 * wants that notes every snapshot, for a snapshot has only the last {@value Snapshot#MOST_PAUSES}, and asks when it
 * likes; only then pauses are taken apart, which takes up to a millisecond each. Any thread notes and asks.
 *
 * <p>Those that wait for that are kept, some 10 KiB each. Of those before them only how long they were is known.
 */
public final class PausePartSums {
    private final int most;
    /** Guarded by this, as all below. */
    private final Queue<Pause> waiting = new ArrayDeque<>();
    private long lastNumber;
    private long reachingNs;
    private long workingNs;
    private long noCpuNs;
    private long blockedNs;
    private long otherNs;

    /** @param most the number of pauses between two looks that are taken apart; the last ones */
    public PausePartSums(int most) {
        this.most = most;
    }

    /** Takes note of the pauses that are new in {@code snapshot}. */
    public synchronized void note(Snapshot snapshot) {
        List<Pause> pauses = snapshot.pauses();
        if (pauses.isEmpty() || pauses.get(pauses.size() - 1).number() <= lastNumber) {
            return;
        }
        for (Pause pause : pauses) {
            if (pause.number() > lastNumber) {
                lastNumber = pause.number();
                waiting.add(pause);
                if (waiting.size() > most) {
                    otherNs += waiting.remove().totalNs();
                }
            }
        }
    }

    /** Takes apart what waits, and gives the sums; nothing as long as there has been no pause. */
    public void forEach(Part consumer) {
        List<Pause> taken = taken();
        long reaching = 0;
        long working = 0;
        long noCpu = 0;
        long blocked = 0;
        for (Pause pause : taken) { // whoever notes does not wait for it
            reaching += pause.parts().reachingNs();
            working += pause.parts().workingNs();
            noCpu += pause.parts().noCpuNs();
            blocked += pause.parts().vmBlocked().wallNs();
        }
        synchronized (this) {
            reachingNs += reaching;
            workingNs += working;
            noCpuNs += noCpu;
            blockedNs += blocked;
            if (lastNumber > 0) {
                consumer.accept("reaching", reachingNs);
                consumer.accept("working", workingNs);
                consumer.accept("no_cpu", noCpuNs);
                consumer.accept("blocked", blockedNs);
                consumer.accept("not_looked_at", otherNs);
            }
        }
    }

    private synchronized List<Pause> taken() {
        List<Pause> taken = new ArrayList<>(waiting);
        waiting.clear();
        return taken;
    }

    /** Takes one sum. */
    public interface Part {
        /**
         * @param name the part's, as in reports
         * @param ns   all of it so far
         */
        void accept(String name, long ns);
    }
}
