package io.bpfagent.hotspot;

import io.bpfagent.records.RecordLayouts.HotspotProbe;

/**
 * HotSpot's USDT probes that the BPF programs know what to do with.
 *
 * <p>Source: hotspot/share/utilities/dtrace*.d and hs_private*.d, and for the arguments the calls of
 * {@code HOTSPOT_*} and {@code HS_PRIVATE_*} in HotSpot's sources, equal from 17 to 25.
 */
public enum HotSpotProbe {
    /** name, its length, Java id; on the new thread. */
    THREAD_START(HotspotProbe.PROBE_THREAD_START, ProbeUse.THREAD_NAMES, "thread__start", 0b111),
    SLEEP_BEGIN(HotspotProbe.PROBE_SLEEP_BEGIN, ProbeUse.SLEEP, "thread__sleep__begin", 0),
    SLEEP_END(HotspotProbe.PROBE_SLEEP_END, ProbeUse.SLEEP, "thread__sleep__end", 0),
    SAFEPOINT_BEGIN(HotspotProbe.PROBE_SAFEPOINT_BEGIN, ProbeUse.PAUSES, "safepoint__begin", 0),
    SAFEPOINT_END(HotspotProbe.PROBE_SAFEPOINT_END, ProbeUse.PAUSES, "safepoint__end", 0),
    /** name of the operation, its length. */
    VMOPS_BEGIN(HotspotProbe.PROBE_VMOPS_BEGIN, ProbeUse.PAUSES, "vmops__begin", 0b11),
    /** name of the operation. */
    VMOPS_END(HotspotProbe.PROBE_VMOPS_END, ProbeUse.PAUSES, "vmops__end", 0b1),
    GC_BEGIN(HotspotProbe.PROBE_GC_BEGIN, ProbeUse.COLLECTIONS, "gc__begin", 0),
    /** name of the class; where its static initializer is called. */
    CLASS_INIT_BEGIN(HotspotProbe.PROBE_CLASS_INIT_BEGIN, ProbeUse.CLASS_INIT,
            "class__initialization__clinit", 0b1),
    CLASS_INIT_END(HotspotProbe.PROBE_CLASS_INIT_END, ProbeUse.CLASS_INIT, "class__initialization__end", 0b1),
    /** An initializer that has thrown. */
    CLASS_INIT_ERROR(HotspotProbe.PROBE_CLASS_INIT_END, ProbeUse.CLASS_INIT,
            "class__initialization__error", 0b1),
    COMPILE_BEGIN(HotspotProbe.PROBE_COMPILE_BEGIN, ProbeUse.COMPILE, "method__compile__begin", 0),
    COMPILE_END(HotspotProbe.PROBE_COMPILE_END, ProbeUse.COMPILE, "method__compile__end", 0),
    MONITOR_ENTER(HotspotProbe.PROBE_MONITOR_ENTER, ProbeUse.MONITOR, "monitor__contended__enter", 0),
    MONITOR_ENTERED(HotspotProbe.PROBE_MONITOR_ENTERED, ProbeUse.MONITOR, "monitor__contended__entered", 0),
    PARK_BEGIN(HotspotProbe.PROBE_PARK_BEGIN, ProbeUse.PARK, "thread__park__begin", 0),
    PARK_END(HotspotProbe.PROBE_PARK_END, ProbeUse.PARK, "thread__park__end", 0),
    /** size in bytes, the last of four. */
    OBJECT_ALLOC(HotspotProbe.PROBE_OBJECT_ALLOC, ProbeUse.ALLOCATION, "object__alloc", 0b1000);

    private static final HotSpotProbe[] ALL = values();

    private final int number;
    private final ProbeUse use;
    private final String note;
    private final String provider;
    private final String fullName;
    private final int argumentsRead;

    HotSpotProbe(int number, ProbeUse use, String note, int argumentsRead) {
        this.number = number;
        this.use = use;
        this.note = note;
        this.provider = note.startsWith("safepoint") ? "hs_private" : "hotspot";
        this.fullName = provider + ':' + note;
        this.argumentsRead = argumentsRead;
    }

    /** How many there are. */
    public static int count() {
        return ALL.length;
    }

    /** The one with this {@link #ordinal()}. */
    public static HotSpotProbe at(int ordinal) {
        return ALL[ordinal];
    }

    /** Its {@code enum hotspot_probe}. */
    public int number() {
        return number;
    }

    /** What it is attached for. */
    public ProbeUse use() {
        return use;
    }

    /** Its name in the notes, e.g. {@code gc__begin}. */
    public String note() {
        return note;
    }

    /** Whose it is in the notes, e.g. {@code hotspot}. */
    public String provider() {
        return provider;
    }

    /** With the provider, e.g. {@code hotspot:gc__begin}. */
    public String fullName() {
        return fullName;
    }

    /** Whether the program reads its argument of this number, from 0 on. */
    public boolean reads(int argument) {
        return (argumentsRead >> argument & 1) != 0;
    }
}
