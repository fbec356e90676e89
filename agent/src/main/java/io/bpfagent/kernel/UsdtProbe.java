package io.bpfagent.kernel;

import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.LibJvm;
import java.util.ArrayList;
import java.util.List;

/**
 * A HotSpot probe that a program of ours can be attached to.
 *
 * @param program  ours
 * @param provider of the note in libjvm
 * @param probe    of the note in libjvm
 * @param missing  why it is not attached, or null when it will be
 */
record UsdtProbe(String program, String provider, String probe, String missing) {
    boolean wanted() {
        return missing == null;
    }

    /** All of them, each with whether it can be had. */
    static List<UsdtProbe> wanted(HotSpot hotSpot, boolean allowed) {
        List<UsdtProbe> probes = new ArrayList<>();
        add(probes, hotSpot, allowed, "thread_start", "hotspot", "thread__start");
        if (!ThreadStateSettings.knowsSleep(hotSpot)) {
            // Only a stand-in: a probe costs about 0.5 us, looking at the thread's memory 0.05.
            add(probes, hotSpot, allowed, "sleep_begin", "hotspot", "thread__sleep__begin");
            add(probes, hotSpot, allowed, "sleep_end", "hotspot", "thread__sleep__end");
        } else {
            probes.add(new UsdtProbe("sleep_begin", "hotspot", "thread__sleep__begin", ""));
            probes.add(new UsdtProbe("sleep_end", "hotspot", "thread__sleep__end", ""));
        }
        return probes;
    }

    private static void add(List<UsdtProbe> probes, HotSpot hotSpot, boolean allowed, String program,
            String provider, String probe) {
        String missing = null;
        if (!allowed) {
            missing = "switched off with usdt=off";
        } else if (!has(hotSpot, provider, probe)) {
            missing = "this JVM was built without the note " + provider + ":" + probe;
        }
        probes.add(new UsdtProbe(program, provider, probe, missing));
    }

    private static boolean has(HotSpot hotSpot, String provider, String probe) {
        LibJvm jvm = hotSpot.libJvm().value().orElse(null);
        return jvm != null && jvm.file().isPresent() && jvm.hasProbe(provider, probe);
    }

    /** Whether its absence is worth a line in a report; the stand-ins are not when they are not needed. */
    boolean reported() {
        return wanted() || !missing.isEmpty();
    }
}
