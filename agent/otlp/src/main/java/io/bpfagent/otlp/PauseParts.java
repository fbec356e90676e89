package io.bpfagent.otlp;

import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the time of pauses went, added up. Of pauses that come between two exports 256 are kept until they are
 * taken apart, some 10 KiB each; of the others only how long they were is known. Any thread notes, one collects.
 */
final class PauseParts {
    /** As many as a snapshot has. */
    private static final int MOST = Snapshot.MOST_PAUSES;

    /** Guarded by this, as the next two. */
    private List<Pause> waiting = new ArrayList<>();
    private long lastNumber;
    private long otherNs;
    /** Of the thread that collects. */
    private long reachingNs;
    private long workingNs;
    private long noCpuNs;
    private long blockedNs;

    /** Takes note of the pauses that are new in {@code snapshot}. */
    synchronized void note(Snapshot snapshot) {
        List<Pause> pauses = snapshot.pauses();
        if (pauses.isEmpty() || pauses.get(pauses.size() - 1).number() <= lastNumber) {
            return;
        }
        for (Pause pause : pauses) {
            if (pause.number() > lastNumber) {
                lastNumber = pause.number();
                if (waiting.size() < MOST) {
                    waiting.add(pause);
                } else {
                    otherNs += pause.totalNs();
                }
            }
        }
    }

    /** Those that wait. */
    private synchronized List<Pause> taken() {
        List<Pause> taken = waiting;
        waiting = new ArrayList<>();
        return taken;
    }

    private synchronized long otherNs() {
        return otherNs;
    }

    private synchronized boolean isEmpty() {
        return lastNumber == 0;
    }

    /** Takes apart what waits, and gives the sums; nothing as long as there has been no pause. */
    void forEach(Part consumer) {
        if (isEmpty()) {
            return;
        }
        for (Pause pause : taken()) {
            reachingNs += pause.parts().reachingNs();
            workingNs += pause.parts().workingNs();
            noCpuNs += pause.parts().noCpuNs();
            blockedNs += pause.parts().vmBlocked().wallNs();
        }
        consumer.accept("reaching", reachingNs);
        consumer.accept("working", workingNs);
        consumer.accept("no_cpu", noCpuNs);
        consumer.accept("blocked", blockedNs);
        consumer.accept("not_looked_at", otherNs());
    }

    /** Takes one sum. */
    interface Part {
        void accept(String name, long ns);
    }
}
