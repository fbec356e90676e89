package io.bpfagent.hooks.requests;

import io.bpfagent.boot.ContextRuntime;
import io.bpfagent.hooks.ContextSettings;
import io.bpfagent.hooks.HookReport;
import io.bpfagent.hooks.weave.HostWeaver;
import io.bpfagent.records.RecordLayouts.ContextSlot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.bytebuddy.agent.ByteBuddyAgent;

/**
 * The hooks of requests in this JVM, with memory of its own in the place of the kernel's: what is woven in can be
 * tested without root. One at a time.
 */
final class Woven implements AutoCloseable {
    private static final int ROWS = 1024;
    private static final long COUNT_MASK = (1L << 48) - 1;

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(ROWS * ContextSlot.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    private final AtomicInteger rows = new AtomicInteger();
    private final HostWeaver weaver = new HostWeaver(ByteBuddyAgent.install());

    /** Weaves. */
    Woven() {
        ContextRuntime.install(memory, rows::getAndIncrement, 0);
        want(true);
    }

    /** As {@code set requests=} does. */
    void want(boolean requests) {
        weaver.want(new ContextSettings(true, List.of(), requests, false));
    }

    /** Nothing is woven any more. */
    @Override
    public void close() {
        List<String> kept = weaver.close();
        ContextRuntime.uninstall();
        if (!kept.isEmpty()) {
            throw new AssertionError("woven for good: " + kept);
        }
    }

    /** The names of the contexts that the current thread is in: {@code GET /a > select b}. */
    static String path() {
        return path((int) ContextRuntime.current());
    }

    private static String path(int node) {
        StringBuilder path = new StringBuilder();
        for (int at = node; at != 0; at = ContextRuntime.parentOf(at)) {
            path.insert(0, path.length() == 0 ? "" : " > ")
                    .insert(0, ContextRuntime.name(ContextRuntime.contextOf(at)));
        }
        return path.toString();
    }

    /** How often threads have begun this. */
    long entered(String path) {
        long entered = 0;
        for (int node = 1; node < ContextRuntime.nodes(); node++) {
            if (path(node).equals(path)) {
                entered += ContextRuntime.entered(node) + inSlots(node);
            }
        }
        return entered;
    }

    /** How many threads are in this now. */
    int threadsIn(String path) {
        int threads = 0;
        for (int row = 0; row < Math.min(ROWS, rows.get()); row++) {
            int node = memory.getShort(row * ContextSlot.SIZE + ContextSlot.NODE) & 0xffff;
            threads += node != 0 && path(node).equals(path) ? 1 : 0;
        }
        return threads;
    }

    private long inSlots(int node) {
        long entered = 0;
        for (int row = 0; row < Math.min(ROWS, rows.get()); row++) {
            for (int i = 0; i < ContextSlot.ENTERED_LENGTH; i++) {
                long entry = memory.getLong(row * ContextSlot.SIZE + ContextSlot.ENTERED + i * Long.BYTES);
                entered += entry >>> 48 == node ? entry & COUNT_MASK : 0;
            }
        }
        return entered;
    }

    /** The hook of that name. Fails the test if one of the hooks has a problem. */
    HookReport report(String name) {
        HookReport found = null;
        for (HookReport report : weaver.reports()) {
            if (report.failed() != 0 || report.problem() != null) {
                throw new AssertionError(report);
            }
            found = report.name().equals(name) ? report : found;
        }
        if (found == null) {
            throw new AssertionError("no hook " + name + " in " + weaver.reports());
        }
        return found;
    }
}
