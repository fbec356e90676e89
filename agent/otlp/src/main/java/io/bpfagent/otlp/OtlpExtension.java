package io.bpfagent.otlp;

import io.bpfagent.correlation.Snapshot;
import io.bpfagent.extension.Extension;
import io.bpfagent.extension.ExtensionException;
import io.bpfagent.extension.ExtensionHost;
import io.bpfagent.extension.Note;
import java.util.concurrent.TimeUnit;

/**
 * Exports the latest snapshot once per interval, on a thread of its own.
 *
 * <p>Guarantees: {@link #update} only keeps the snapshot; whatever goes wrong is counted and told once, and ends
 * neither the agent nor the host; at its end what came since the last export is sent too, if that takes no more than a
 * second.
 */
final class OtlpExtension implements Extension, Runnable {
    static final String THREAD = "bpf-agent-otlp";
    private static final long MOST_WAIT_MS = 1_000;
    /** The exporter has a timeout of its own, which ends sooner. */
    private static final long MOST_EXPORT_S = 3_600;
    private static final int MOST_LINE = 300;

    private final OtlpSettings settings;
    private final SnapshotMetrics metrics;
    private final Tally tally;
    private final Object lock = new Object();
    private final Thread thread;
    /** Guarded by the lock, as the next one. */
    private Snapshot latest;
    private boolean closing;
    /** Of the export under way; on the thread that exports. */
    private Sent outcome = Sent.NOTHING;

    private OtlpExtension(ExtensionHost host) throws ExtensionException {
        this.settings = OtlpSettings.read(host.pid(), this::take);
        this.metrics = new SnapshotMetrics(host, settings.resource());
        this.tally = new Tally(settings.endpoint(), pace(settings.interval().toMillis()), host::complain);
        this.thread = Threads.daemon(this, THREAD);
    }

    static OtlpExtension open(ExtensionHost host) throws ExtensionException {
        OtlpExtension extension = new OtlpExtension(host);
        extension.thread.start();
        return extension;
    }

    private static String pace(long ms) {
        return ms % 1_000 == 0 ? "every " + ms / 1_000 + " s" : "every " + ms + " ms";
    }

    @Override
    public void update(Snapshot snapshot) {
        metrics.note(snapshot);
        synchronized (lock) {
            latest = snapshot;
        }
    }

    /** Once per interval, until it is closed; then once more. */
    @Override
    public void run() {
        long intervalNs = settings.interval().toNanos();
        long nextNs = System.nanoTime() + intervalNs;
        boolean goesOn = true;
        while (goesOn) {
            goesOn = sleepUntil(nextNs);
            Snapshot snapshot = taken();
            if (snapshot != null) {
                export(snapshot);
            }
            // What is late is not made up for.
            nextNs = Math.max(nextNs + intervalNs, System.nanoTime());
        }
    }

    /** Whether that time has come, rather than the end. */
    private boolean sleepUntil(long ns) {
        synchronized (lock) {
            for (long left = ns - System.nanoTime(); left > 0 && !closing; left = ns - System.nanoTime()) {
                try {
                    lock.wait(left / 1_000_000 + 1);
                } catch (InterruptedException e) {
                    // Nobody of ours interrupts but close(); a host that interrupts all threads must not end us.
                    continue;
                }
            }
            return !closing;
        }
    }

    /** Null if there has been none since. */
    private Snapshot taken() {
        synchronized (lock) {
            Snapshot snapshot = latest;
            latest = null;
            return snapshot;
        }
    }

    private void export(Snapshot snapshot) {
        Sent sent;
        try {
            outcome = Sent.NOTHING;
            settings.exporter().export(metrics.of(snapshot, tally.lost())).join(MOST_EXPORT_S, TimeUnit.SECONDS);
            sent = outcome;
        } catch (RuntimeException | Error e) {
            // An error too: one that is thrown for want of memory stays with us.
            sent = Sent.lost(oneLine(e.toString()));
        }
        tally.count(sent);
    }

    private void take(Sent given) {
        outcome = given;
    }

    /** What somebody else has written, fit for a line. */
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), MOST_LINE));
        for (int i = 0; i < text.length() && i < MOST_LINE; i++) {
            char next = text.charAt(i);
            line.append(Character.isISOControl(next) ? ' ' : next);
        }
        return line.toString();
    }

    @Override
    public Note note() {
        return tally.note();
    }

    @Override
    public void close() {
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
        }
        try {
            thread.join(MOST_WAIT_MS);
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(MOST_WAIT_MS / 10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            settings.exporter().shutdown();
        }
    }
}
