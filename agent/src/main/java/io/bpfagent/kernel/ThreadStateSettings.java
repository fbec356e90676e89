package io.bpfagent.kernel;

import io.bpfagent.agent.KeptMetrics;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.HotSpotLayout;
import io.bpfagent.hotspot.TlsLocation;
import io.bpfagent.hotspot.WaitClues;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.Settings;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Fills {@code struct settings}, the constants that the BPF programs are loaded with. What is not known
 * of HotSpot stays 0, and the programs do without: its waits are then {@code blocked_futex}.
 *
 * @param hotSpot what was found out about the host
 * @param metrics what has histograms
 * @param later   what may be asked for while the agent is there, and is counted then
 */
record ThreadStateSettings(HotSpot hotSpot, KeptMetrics metrics, List<EventMetric> later) {
    /** Of which nothing can be asked for later. */
    ThreadStateSettings(HotSpot hotSpot, KeptMetrics metrics) {
        this(hotSpot, metrics, List.of());
    }

    /** One page of so many is for states only. */
    private static final int STATES_SHARE = 4;

    /** Whether a sleeping thread is known by the futex it waits on, without a probe. */
    static boolean knowsSleep(HotSpot hotSpot) {
        return hotSpot.waits().sleepEventOffset() >= 0;
    }

    /**
     * Writes them.
     *
     * @param settings     of {@link Settings#SIZE} bytes, all zero
     * @param pages        how many histogram pages there are
     * @param supplyItems  items of a supply
     * @param errnoOffset  from a thread's pointer to its errno; 0: not known
     * @param ringKib      size of the ring buffer for pauses, a power of two
     * @param kernel       what this kernel has
     */
    void write(ByteBuffer settings, int indexMask, int pages, int supplyItems, long errnoOffset, int ringKib,
            KernelRequirements kernel) {
        settings.putInt(Settings.INDEX_MASK, indexMask);
        settings.putInt(Settings.SUPPLY_MASK, supplyItems - 1);
        settings.putLong(Settings.ERRNO_OFFSET, errnoOffset);
        // What threads do must not take from a busy JVM what shows where its time went.
        settings.putInt(Settings.STATE_PAGES, (pages - RecordSizes.FIRST_SUPPLIED_PAGE) / STATES_SHARE);
        settings.putShort(Settings.PAUSE_BUFFER_SHIFT, (short) Integer.numberOfTrailingZeros(ringKib * 1024 / 16));
        settings.put(Settings.HAS_STEADY_CLOCK, (byte) (kernel.hasSteadyClock() ? 1 : 0));
        settings.putShort(Settings.HISTOGRAM_STATES, (short) mask(ThreadState.ALL));
        settings.putShort(Settings.EVENT_METRICS, (short) mask(EventMetric.ALL));
        settings.putInt(Settings.THREAD_METRICS, mask(ThreadMetric.ALL));
        if (hotSpot.layout().found() && hotSpot.tls().found()) {
            writeHotSpot(settings, hotSpot.layout().value().get(), hotSpot.tls().value().get());
        }
    }

    /** Bit i: the i-th of these is kept. */
    private int mask(List<? extends Metric> all) {
        int mask = 0;
        for (int i = 0; i < all.size(); i++) {
            Metric metric = all.get(i);
            // Those of virtual threads are not the programs' to count.
            boolean counted = !(metric instanceof EventMetric event && event.isOfVirtualThreads());
            mask |= counted && (metrics.keeps(metric) || later.contains(metric)) ? 1 << i : 0;
        }
        return mask;
    }

    private void writeHotSpot(ByteBuffer settings, HotSpotLayout layout, TlsLocation tls) {
        settings.putInt(Settings.TLS_MODULE, tls.module());
        settings.putLong(Settings.TLS_OFFSET, tls.offset());
        settings.putInt(Settings.OSTHREAD_OFFSET, layout.osThreadOffset());
        settings.putInt(Settings.OSTHREAD_STATE_OFFSET, layout.osThreadStateOffset());
        settings.putInt(Settings.MONITOR_WAIT, layout.monitorWait());
        settings.putInt(Settings.CONDVAR_WAIT, layout.condvarWait());
        settings.putInt(Settings.OBJECT_WAIT, layout.objectWait());
        WaitClues waits = hotSpot.waits();
        boolean knowsParker = waits.parkerOffset() >= 0;
        // Without it: anywhere in the JavaThread, where besides the parker only a suspended thread waits.
        settings.putInt(Settings.PARKER_OFFSET, knowsParker ? waits.parkerOffset() : 0);
        settings.putInt(Settings.PARKER_BYTES, knowsParker ? WaitClues.PARKER_BYTES : layout.javaThreadBytes());
        if (knowsSleep(hotSpot)) {
            settings.putInt(Settings.SLEEP_EVENT_OFFSET, waits.sleepEventOffset());
            settings.putInt(Settings.SLEEP_EVENT_BYTES, WaitClues.EVENT_BYTES);
        }
        if (hotSpot.libJvm().found()) {
            settings.putLong(Settings.WAIT_BARRIER, hotSpot.libJvm().value().get().waitBarrier());
        }
        settings.putLong(Settings.SYSCALL_FUNCTION, waits.syscallBegin());
        settings.putInt(Settings.SYSCALL_FUNCTION_BYTES, (int) (waits.syscallEnd() - waits.syscallBegin()));
    }
}
