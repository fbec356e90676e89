package io.bpfagent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.agent.KeptMetrics;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Metrics;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.HotSpots;
import io.bpfagent.hotspot.WaitClues;
import io.bpfagent.records.RecordLayouts.Settings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ThreadStateSettingsTest {
    private static final KernelRequirements KERNEL = new KernelRequirements("6.18", -1);
    private static final KeptMetrics SOME = new KeptMetrics(List.of(ThreadState.RUNNING, ThreadState.BLOCKED_MONITOR,
            ThreadState.BLOCKED_OTHER, EventMetric.GC_PAUSE, EventMetric.OBJECT_ALLOC, ThreadMetric.FILE_OPEN,
            ThreadMetric.FILE_SYNC, ThreadMetric.COMPACTION));

    private static ByteBuffer written(HotSpot hotSpot, KeptMetrics metrics) {
        ByteBuffer settings = ByteBuffer.allocate(Settings.SIZE).order(ByteOrder.nativeOrder());
        new ThreadStateSettings(hotSpot, metrics).write(settings, 0x3fff, 2048, 4096, -120, 512, KERNEL);
        return settings;
    }

    @Test
    void writesAllThatIsKnownOfAHotSpot() {
        ByteBuffer settings = written(HotSpots.full(), new KeptMetrics(Metrics.ALL));
        assertEquals(0x3fff, settings.getInt(Settings.INDEX_MASK));
        assertEquals(4095, settings.getInt(Settings.SUPPLY_MASK));
        assertEquals(-120, settings.getLong(Settings.ERRNO_OFFSET));
        assertEquals(15, settings.getShort(Settings.PAUSE_BUFFER_SHIFT), "512 KiB are 16 << 15 bytes");
        assertEquals(0xffff, Short.toUnsignedInt(settings.getShort(Settings.HISTOGRAM_STATES)));
        assertEquals(0x3ff, settings.getShort(Settings.EVENT_METRICS));
        assertEquals(0x1f_ffff, settings.getInt(Settings.THREAD_METRICS));
        assertEquals(475, settings.getInt(Settings.STATE_PAGES));
        assertEquals(2, settings.getInt(Settings.TLS_MODULE));
        assertEquals(0x20, settings.getLong(Settings.TLS_OFFSET));
        assertEquals(0x2a8, settings.getInt(Settings.OSTHREAD_OFFSET));
        assertEquals(0x120, settings.getInt(Settings.OSTHREAD_STATE_OFFSET));
        assertEquals(3, settings.getInt(Settings.MONITOR_WAIT));
        assertEquals(4, settings.getInt(Settings.CONDVAR_WAIT));
        assertEquals(5, settings.getInt(Settings.OBJECT_WAIT));
        assertEquals(0x510, settings.getInt(Settings.PARKER_OFFSET));
        assertEquals(WaitClues.PARKER_BYTES, settings.getInt(Settings.PARKER_BYTES));
        assertEquals(0x560, settings.getInt(Settings.SLEEP_EVENT_OFFSET));
        assertEquals(WaitClues.EVENT_BYTES, settings.getInt(Settings.SLEEP_EVENT_BYTES));
        assertEquals(HotSpots.WAIT_BARRIER, settings.getLong(Settings.WAIT_BARRIER));
        assertEquals(0x7f0000400000L, settings.getLong(Settings.SYSCALL_FUNCTION));
        assertEquals(0x33, settings.getInt(Settings.SYSCALL_FUNCTION_BYTES));
    }

    /** Then park is any wait within the JavaThread, and sleep needs the probes. */
    @Test
    void doesWithoutTheCluesThatWereNotLearnt() {
        HotSpot hotSpot = HotSpots.of(new WaitClues(-1, -1, -1, 0, 0), List.of());
        ByteBuffer settings = written(hotSpot, SOME);
        assertEquals(0, settings.getInt(Settings.PARKER_OFFSET));
        assertEquals(HotSpots.LAYOUT.javaThreadBytes(), settings.getInt(Settings.PARKER_BYTES));
        assertEquals(0, settings.getInt(Settings.SLEEP_EVENT_OFFSET));
        assertEquals(0, settings.getInt(Settings.SLEEP_EVENT_BYTES));
        assertEquals(0, settings.getLong(Settings.SYSCALL_FUNCTION));
        assertEquals(0, settings.getInt(Settings.SYSCALL_FUNCTION_BYTES));
        assertFalse(ThreadStateSettings.knowsSleep(hotSpot));
        assertTrue(ThreadStateSettings.knowsSleep(HotSpots.full()));
    }

    @Test
    void writesNothingOfAnUnknownJvm() {
        ByteBuffer settings = written(HotSpots.unknown(), SOME);
        assertEquals(0b1000_0000_0000_0101, Short.toUnsignedInt(settings.getShort(Settings.HISTOGRAM_STATES)));
        assertEquals(1 | 1 << EventMetric.OBJECT_ALLOC.ordinal(), settings.getShort(Settings.EVENT_METRICS));
        assertEquals(1 | 1 << ThreadMetric.FILE_SYNC.ordinal() | 1 << ThreadMetric.COMPACTION.ordinal(),
                settings.getInt(Settings.THREAD_METRICS));
        settings.putInt(Settings.INDEX_MASK, 0).putShort(Settings.HISTOGRAM_STATES, (short) 0)
                .put(Settings.HAS_STEADY_CLOCK, (byte) 0).putShort(Settings.EVENT_METRICS, (short) 0)
                .putShort(Settings.PAUSE_BUFFER_SHIFT, (short) 0).putInt(Settings.THREAD_METRICS, 0)
                .putInt(Settings.STATE_PAGES, 0).putInt(Settings.SUPPLY_MASK, 0).putLong(Settings.ERRNO_OFFSET, 0);
        assertEquals(ByteBuffer.allocate(Settings.SIZE), settings);
    }
}
