package io.bpfagent.hotspot;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The kernel's names ({@code comm}) of threads that are not Java's.
 *
 * <p>A thread begins with the name of the one that made it and names itself a moment later, so the name
 * is read at the first, second, 4th, 8th ... sight of a thread and then at every 64th: about 20 us each.
 * One thread at a time.
 */
final class NativeNames {
    private static final int EVERY = 64;

    private LongIntMap sights = new LongIntMap();
    private LongIntMap nextSights = new LongIntMap();
    private final byte[] bytes = new byte[64];

    /** To be called after all threads of an interval: forgets those that were not asked for. */
    void endInterval() {
        LongIntMap last = sights;
        sights = nextSights;
        nextSights = last;
        nextSights.clear();
    }

    /**
     * The name now.
     *
     * @param last what is known, which is the answer when it is not time to look again or the thread
     *             has ended
     * @param isNew whether nothing was said about the thread before
     */
    String nameOf(int tid, String last, boolean isNew) {
        int sight = isNew ? 1 : Math.max(1, sights.get(tid) + 1);
        nextSights.put(tid, sight);
        boolean look = sight < EVERY ? Integer.bitCount(sight) == 1 : sight % EVERY == 0;
        if (!look) {
            return last;
        }
        try (FileInputStream in = new FileInputStream("/proc/self/task/" + tid + "/comm")) {
            int length = in.read(bytes);
            // the last byte is a line feed
            return length < 2 ? last : new String(bytes, 0, length - 1, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return last;
        }
    }
}
