package io.bpfagent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.agent.Arguments;
import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.HotSpotProbe;
import io.bpfagent.hotspot.HotSpots;
import io.bpfagent.hotspot.Registers;
import io.bpfagent.hotspot.UsdtSite;
import io.bpfagent.hotspot.WaitClues;
import io.bpfagent.kernel.ProbeChoice.NotNeeded;
import io.bpfagent.kernel.ProbeChoice.Spare;
import io.bpfagent.kernel.ProbeChoice.Unsupported;
import io.bpfagent.kernel.ProbeChoice.Wanted;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ProbeChooserTest {
    private static final WaitClues NO_SLEEP = new WaitClues(-1, -1, -1, 0, 0);
    private static final String ALL = "metrics=all+monitor_contended+park+object_alloc";
    private static final Set<HotSpotProbe> ALWAYS = EnumSet.of(HotSpotProbe.THREAD_START,
            HotSpotProbe.SAFEPOINT_BEGIN, HotSpotProbe.SAFEPOINT_END, HotSpotProbe.VMOPS_BEGIN,
            HotSpotProbe.VMOPS_END, HotSpotProbe.GC_BEGIN);
    private static final Set<HotSpotProbe> BY_DEFAULT = EnumSet.of(HotSpotProbe.CLASS_INIT_BEGIN,
            HotSpotProbe.CLASS_INIT_END, HotSpotProbe.CLASS_INIT_ERROR, HotSpotProbe.COMPILE_BEGIN,
            HotSpotProbe.COMPILE_END);
    private static final Set<HotSpotProbe> SLEEP = EnumSet.of(HotSpotProbe.SLEEP_BEGIN, HotSpotProbe.SLEEP_END);
    private static final Set<HotSpotProbe> PARK = EnumSet.of(HotSpotProbe.PARK_BEGIN, HotSpotProbe.PARK_END);
    private static final Set<HotSpotProbe> FLAGGED = EnumSet.of(HotSpotProbe.MONITOR_ENTER,
            HotSpotProbe.MONITOR_ENTERED, HotSpotProbe.OBJECT_ALLOC);

    private static List<ProbeChoice> choose(HotSpot hotSpot, String arguments) throws Exception {
        return ProbeChooser.choose(hotSpot, Arguments.read(arguments), Registers.X86_64, 25, true);
    }

    private static Set<HotSpotProbe> those(Class<? extends ProbeChoice> kind, List<ProbeChoice> choices) {
        Set<HotSpotProbe> probes = EnumSet.noneOf(HotSpotProbe.class);
        choices.stream().filter(kind::isInstance).forEach(choice -> probes.add(choice.probe()));
        return probes;
    }

    @SafeVarargs
    private static Set<HotSpotProbe> union(Set<HotSpotProbe>... sets) {
        Set<HotSpotProbe> union = EnumSet.noneOf(HotSpotProbe.class);
        List.of(sets).forEach(union::addAll);
        return union;
    }

    private static String reason(List<ProbeChoice> choices, HotSpotProbe probe) {
        return ((Unsupported) choices.get(probe.ordinal())).reason();
    }

    private static List<UsdtSite> sitesBut(HotSpotProbe but, UsdtSite... instead) {
        List<UsdtSite> sites = new ArrayList<>(HotSpots.allSites());
        sites.removeIf(site -> site.probe() == but);
        sites.addAll(List.of(instead));
        return sites;
    }

    @Test
    void takesWhatIsRare() throws Exception {
        List<ProbeChoice> choices = choose(HotSpots.full(), "");
        assertEquals(union(ALWAYS, BY_DEFAULT), those(Wanted.class, choices));
        assertEquals(union(SLEEP, FLAGGED), those(NotNeeded.class, choices), "flags are off, and nobody misses them");
        assertEquals(PARK, those(Spare.class, choices));
        assertEquals(HotSpotProbe.count(), choices.size());
        assertEquals(2, ((Wanted) choices.get(HotSpotProbe.GC_BEGIN.ordinal())).sites().size());
    }

    @Test
    void takesWhatIsAskedFor() throws Exception {
        assertEquals(ALWAYS, those(Wanted.class, choose(HotSpots.full(), "metrics=running")));
        assertEquals(union(ALWAYS, PARK), those(Wanted.class, choose(HotSpots.full(), "metrics=running+park")));
        HotSpot withFlags = HotSpots.of(HotSpots.WAITS, HotSpots.allSites(), flag -> false);
        assertEquals(union(ALWAYS, BY_DEFAULT, PARK, FLAGGED), those(Wanted.class, choose(withFlags, ALL)));
    }

    @Test
    void sleepIsMarkedByProbesWhereItsFutexIsNotKnown() throws Exception {
        assertEquals(union(ALWAYS, BY_DEFAULT, SLEEP),
                those(Wanted.class, choose(HotSpots.of(NO_SLEEP, HotSpots.allSites()), "")));
    }

    @Test
    void namesTheFlagThatIsOff() throws Exception {
        List<ProbeChoice> choices = choose(HotSpots.full(), ALL);
        assertEquals(FLAGGED, those(Unsupported.class, choices));
        assertEquals("needs -XX:+DTraceMonitorProbes; missing: monitor_contended",
                reason(choices, HotSpotProbe.MONITOR_ENTERED));
        assertEquals("needs -XX:+DTraceAllocProbes; missing: object_alloc", reason(choices, HotSpotProbe.OBJECT_ALLOC));
    }

    @Test
    void doesNotBelieveTheSizesThatAnOldJvmGives() throws Exception {
        HotSpot withFlags = HotSpots.of(HotSpots.WAITS, HotSpots.allSites(), flag -> false);
        List<ProbeChoice> choices = ProbeChooser.choose(withFlags, Arguments.read(ALL), Registers.X86_64, 17, true);
        assertEquals(EnumSet.of(HotSpotProbe.OBJECT_ALLOC), those(Unsupported.class, choices));
        assertEquals("needs JDK 18; missing: object_alloc", reason(choices, HotSpotProbe.OBJECT_ALLOC));
    }

    @Test
    void saysWhatTheJvmWasBuiltWithout() throws Exception {
        List<ProbeChoice> choices = choose(HotSpots.of(HotSpots.WAITS, List.of()), "");
        assertEquals(union(ALWAYS, BY_DEFAULT), those(Unsupported.class, choices));
        assertEquals("this JVM was built without the note hotspot:gc__begin; missing: gc_pause",
                reason(choices, HotSpotProbe.GC_BEGIN));
    }

    @Test
    void saysWhatIsTheMatterWithTheJvm() throws Exception {
        assertEquals("no libjvm.so; missing: gc_pause", reason(choose(HotSpots.unknown(), ""), HotSpotProbe.GC_BEGIN));
        assertEquals("the mapped " + HotSpots.LIBJVM + " has been replaced or deleted; missing: gc_pause",
                reason(choose(HotSpots.replaced(), ""), HotSpotProbe.GC_BEGIN));
        assertTrue(those(Wanted.class, choose(HotSpots.unknown(), ALL)).isEmpty());
    }

    @Test
    void noneAtAllWhenSwitchedOff() throws Exception {
        List<ProbeChoice> choices = choose(HotSpots.full(), "usdt=off");
        assertTrue(those(Wanted.class, choices).isEmpty());
        assertEquals("switched off with usdt=off; missing: gc_pause", reason(choices, HotSpotProbe.GC_BEGIN));
    }

    /** A begin without its end would be counted as lost each time. */
    @Test
    void allProbesOfAUseOrNone() throws Exception {
        List<ProbeChoice> choices = choose(HotSpots.of(HotSpots.WAITS, sitesBut(HotSpotProbe.CLASS_INIT_ERROR)), "");
        assertEquals(EnumSet.of(HotSpotProbe.CLASS_INIT_BEGIN, HotSpotProbe.CLASS_INIT_END,
                HotSpotProbe.CLASS_INIT_ERROR), those(Unsupported.class, choices));
        assertEquals("of no use without hotspot:class__initialization__error; missing: class_init",
                reason(choices, HotSpotProbe.CLASS_INIT_BEGIN));
    }

    /** Its other sites would tell half of the truth. */
    @Test
    void aSiteThatCannotBeReadLeavesOutItsProbe() throws Exception {
        UsdtSite good = HotSpots.site(HotSpotProbe.CLASS_INIT_END, "8@%rdi");
        UsdtSite scaled = HotSpots.site(HotSpotProbe.CLASS_INIT_END, "8@(%rax,%rbx,4)");
        List<ProbeChoice> choices = choose(
                HotSpots.of(HotSpots.WAITS, sitesBut(HotSpotProbe.CLASS_INIT_END, good, scaled)), "");
        assertEquals("argument 0 of \"8@(%rax,%rbx,4)\" cannot be read; missing: class_init",
                reason(choices, HotSpotProbe.CLASS_INIT_END));
        UsdtSite outside = new UsdtSite(HotSpotProbe.CLASS_INIT_END, -1, 0, "8@%rdi");
        choices = choose(HotSpots.of(HotSpots.WAITS, sitesBut(HotSpotProbe.CLASS_INIT_END, good, outside)), "");
        assertEquals("its note names an address outside the file; missing: class_init",
                reason(choices, HotSpotProbe.CLASS_INIT_END));
    }

    @Test
    void onlyWhatIsReadMustBeReadable() throws Exception {
        UsdtSite site = HotSpots.site(HotSpotProbe.OBJECT_ALLOC, "8@%xmm0 8@x(%rip) 8@? 8@%r12");
        HotSpot hotSpot = HotSpots.of(HotSpots.WAITS, sitesBut(HotSpotProbe.OBJECT_ALLOC, site), flag -> false);
        assertTrue(those(Wanted.class, choose(hotSpot, ALL)).contains(HotSpotProbe.OBJECT_ALLOC));
    }

    @Test
    void moreSitesThanThereIsRoomForAreLeftOut() throws Exception {
        List<UsdtSite> sites = new ArrayList<>(HotSpots.allSites());
        for (int i = 0; i < 60; i++) {
            sites.add(HotSpots.site(HotSpotProbe.CLASS_INIT_END, "8@%rax"));
        }
        List<ProbeChoice> choices = choose(HotSpots.of(HotSpots.WAITS, sites), "");
        assertEquals("there is no room for its 61 sites; missing: class_init",
                reason(choices, HotSpotProbe.CLASS_INIT_END));
        assertTrue(those(Wanted.class, choices).contains(HotSpotProbe.COMPILE_BEGIN));
        assertTrue(choices.get(HotSpotProbe.CLASS_INIT_BEGIN.ordinal()) instanceof Unsupported);
    }

    @Test
    void leavesThePausesOutWhereTheRingBufferIsNotSafe() throws Exception {
        List<ProbeChoice> choices =
                ProbeChooser.choose(HotSpots.full(), Arguments.read(ALL), Registers.X86_64, 25, false);
        assertEquals("needs Linux 6.12 where the kernel is a realtime one;"
                + " missing: pauses, safepoint, gc_pause, time_to_safepoint, vm_operation",
                reason(choices, HotSpotProbe.SAFEPOINT_BEGIN));
        assertTrue(those(Wanted.class, choices).contains(HotSpotProbe.COMPILE_BEGIN));
    }
}
