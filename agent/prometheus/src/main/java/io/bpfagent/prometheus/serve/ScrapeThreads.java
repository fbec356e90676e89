package io.bpfagent.prometheus.serve;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that answer: daemons, at most {@link #MOST}, and gone when there is nothing to do for a minute. Who
 * cannot be answered soon is turned away: the server closes the connection.
 *
 * <p>A client that takes nothing of its answer would keep a thread for ever. Once others wait, who has been answered
 * for {@link #PATIENCE_NS} is interrupted, which closes his connection.
 */
final class ScrapeThreads extends ThreadPoolExecutor {
    private static final int MOST = 2;
    private static final int MOST_WAITING = 16;
    /** Three times what a Prometheus server waits for an answer. */
    private static final long PATIENCE_NS = 30_000_000_000L;
    /** Of all of them: that of the agent's threads begins so. */
    static final String NAME = "bpf-agent-prometheus";

    private final List<Thread> threads;
    /** Who answers, since when by {@link System#nanoTime}. */
    private final Map<Thread, Long> busy = new ConcurrentHashMap<>();

    private static final class Factory implements ThreadFactory {
        private final List<Thread> threads;

        Factory(List<Thread> threads) {
            this.threads = threads;
        }

        @Override
        public Thread newThread(Runnable work) {
            // Not the host's thread locals, nor its class loader.
            Thread thread = new Thread(null, work, NAME, 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            threads.removeIf(known -> known.getState() == Thread.State.TERMINATED);
            threads.add(thread);
            return thread;
        }
    }

    private ScrapeThreads(List<Thread> threads) {
        super(MOST, MOST, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(MOST_WAITING), new Factory(threads));
        this.threads = threads;
        allowCoreThreadTimeOut(true);
    }

    static ScrapeThreads create() {
        return new ScrapeThreads(new CopyOnWriteArrayList<>());
    }

    /** Makes a thread of the server's own known as the agent's. */
    void adopt(Thread thread) {
        thread.setName(NAME);
        threads.add(thread);
    }

    /** Called by the server's own thread. */
    @Override
    public void execute(Runnable work) {
        try {
            super.execute(work);
        } finally {
            endStuck();
        }
    }

    /** Only where others wait. */
    private void endStuck() {
        if (!getQueue().isEmpty()) {
            long nowNs = System.nanoTime();
            for (Map.Entry<Thread, Long> one : busy.entrySet()) {
                if (nowNs - one.getValue() > PATIENCE_NS) {
                    one.getKey().interrupt();
                }
            }
        }
    }

    @Override
    protected void beforeExecute(Thread thread, Runnable work) {
        busy.put(thread, System.nanoTime());
    }

    /** Of this thread. */
    @Override
    protected void afterExecute(Runnable work, Throwable failed) {
        busy.remove(Thread.currentThread());
    }

    /** Those that there are. */
    List<Thread> threads() {
        return threads;
    }
}
