package io.bpfagent.kernel;

import java.util.ArrayList;
import java.util.List;

/** Closes descriptors of links, of which the kernel takes some 50 ms each to take back, all at once. */
final class FdClosers {
    private static final long MOST_MS = 200;

    private FdClosers() {}

    /** Returns when they are closed, or after 200 ms. Any thread. */
    static void closeAtOnce(Natives natives, List<Integer> fds) {
        List<Thread> closers = new ArrayList<>(fds.size());
        for (int fd : fds) {
            Thread closer = new Thread(null, new Closer(natives, fd), "bpf-agent-end", 0, false);
            closer.setContextClassLoader(null);
            closer.start();
            closers.add(closer);
        }
        long endNs = System.nanoTime() + MOST_MS * 1_000_000;
        try {
            for (Thread closer : closers) {
                closer.join(Math.max(1, (endNs - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException e) {
            // the process ends without us
            return;
        }
    }

    private record Closer(Natives natives, int fd) implements Runnable {
        @Override
        public void run() {
            natives.libC().close(fd);
        }
    }
}
