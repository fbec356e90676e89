package io.bpfagent.correlation;

import java.util.ArrayList;
import java.util.List;

/** Who the threads were that ended at the last two reads: what they did before may be read only then. */
final class EndedThreads {
    /** What a crowd has left behind is not kept for ever. */
    private static final int MOST_ROOM = 256;

    private List<KnownThread> last = new ArrayList<>();
    private List<KnownThread> before = new ArrayList<>();

    /** Begins a read: forgets those of the one before the last. */
    void beginRead() {
        List<KnownThread> freed = before;
        before = last;
        if (freed.size() > MOST_ROOM) {
            last = new ArrayList<>();
        } else {
            freed.clear();
            last = freed;
        }
    }

    void add(KnownThread thread) {
        last.add(thread);
    }

    KnownThread find(int row, int generation) {
        KnownThread found = find(last, row, generation);
        return found == null ? find(before, row, generation) : found;
    }

    private static KnownThread find(List<KnownThread> threads, int row, int generation) {
        for (int i = 0; i < threads.size(); i++) {
            KnownThread thread = threads.get(i);
            if (thread.row() == row && thread.generation() == generation) {
                return thread;
            }
        }
        return null;
    }
}
