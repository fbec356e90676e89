package io.bpfagent.kernel;

import io.bpfagent.agent.Arguments;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.hotspot.Finding;
import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.HotSpotProbe;
import io.bpfagent.hotspot.LibJvm;
import io.bpfagent.hotspot.ProbeUse;
import io.bpfagent.hotspot.Registers;
import io.bpfagent.hotspot.UsdtArgument;
import io.bpfagent.hotspot.UsdtSite;
import io.bpfagent.kernel.ProbeChoice.NotNeeded;
import io.bpfagent.kernel.ProbeChoice.Spare;
import io.bpfagent.kernel.ProbeChoice.Unsupported;
import io.bpfagent.kernel.ProbeChoice.Wanted;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.util.ArrayList;
import java.util.List;

/** Decides which of HotSpot's probes are attached, by what was asked for and what this JVM has. */
final class ProbeChooser {
    private final HotSpot hotSpot;
    private final Arguments arguments;
    private final Registers registers;
    private final int release;
    private final boolean ringIsSafe;
    private int sitesChosen;

    private ProbeChooser(HotSpot hotSpot, Arguments arguments, Registers registers, int release, boolean ringIsSafe) {
        this.hotSpot = hotSpot;
        this.arguments = arguments;
        this.registers = registers;
        this.release = release;
        this.ringIsSafe = ringIsSafe;
    }

    /**
     * One choice for each {@link HotSpotProbe}, in their order. Their sites are PROBE_SITES at most.
     *
     * @param release    of the JDK, e.g. 17
     * @param ringIsSafe {@link KernelRequirements#hasSafeRing}
     */
    static List<ProbeChoice> choose(HotSpot hotSpot, Arguments arguments, Registers registers, int release,
            boolean ringIsSafe) {
        ProbeChooser chooser = new ProbeChooser(hotSpot, arguments, registers, release, ringIsSafe);
        List<ProbeChoice> choices = new ArrayList<>(HotSpotProbe.count());
        for (int i = 0; i < HotSpotProbe.count(); i++) {
            choices.add(chooser.choice(HotSpotProbe.at(i)));
        }
        return allOfAUseOrNone(choices);
    }

    private ProbeChoice choice(HotSpotProbe probe) {
        if (!isNeeded(probe.use())) {
            // One on request may be asked for later; where it cannot be had, nobody misses it now.
            ProbeChoice later = probe.use().isOnRequest() ? possible(probe) : null;
            return later instanceof Wanted wanted ? new Spare(probe, wanted.sites()) : new NotNeeded(probe);
        }
        return possible(probe);
    }

    private ProbeChoice possible(HotSpotProbe probe) {
        if (!arguments.usdt()) {
            return unsupported(probe, "switched off with usdt=off");
        }
        LibJvm jvm = hotSpot.libJvm().value().orElse(null);
        if (jvm == null) {
            return unsupported(probe, hotSpot.libJvm().reason());
        }
        if (jvm.file().isEmpty()) {
            return unsupported(probe, "the mapped " + jvm.path() + " has been replaced or deleted");
        }
        List<UsdtSite> sites = jvm.sites(probe);
        if (sites.isEmpty()) {
            return unsupported(probe, "this JVM was built without the note " + probe.fullName());
        }
        if (release < probe.use().release()) {
            return unsupported(probe, "needs JDK " + probe.use().release());
        }
        if (probe.use() == ProbeUse.PAUSES && !ringIsSafe) {
            return unsupported(probe, KernelRequirements.UNSAFE_RING);
        }
        String flag = probe.use().flag();
        if (!flag.isEmpty() && hotSpot.flags().isOff(flag)) {
            return unsupported(probe, "needs -XX:+" + flag);
        }
        return wanted(probe, sites);
    }

    private boolean isNeeded(ProbeUse use) {
        return switch (use) {
            case THREAD_NAMES, PAUSES, COLLECTIONS -> true;
            // Only a stand-in: a probe costs about 0.5 us, looking at the thread's memory 0.05.
            case SLEEP -> !ThreadStateSettings.knowsSleep(hotSpot);
            case CLASS_INIT -> arguments.metrics().keeps(EventMetric.CLASS_INIT);
            case COMPILE -> arguments.metrics().keeps(EventMetric.JIT_COMPILE);
            case MONITOR -> arguments.metrics().keeps(EventMetric.MONITOR_CONTENDED);
            case PARK -> arguments.metrics().keeps(EventMetric.PARK);
            case ALLOCATION -> arguments.metrics().keeps(EventMetric.OBJECT_ALLOC);
        };
    }

    private ProbeChoice wanted(HotSpotProbe probe, List<UsdtSite> sites) {
        List<ProbeSite> chosen = new ArrayList<>(sites.size());
        for (UsdtSite site : sites) {
            if (site.offset() < 0 || site.semaphore() < 0) {
                return unsupported(probe, "its note names an address outside the file");
            }
            UsdtArgument[] read = new UsdtArgument[RecordSizes.PROBE_ARGUMENTS];
            for (int i = 0; i < read.length; i++) {
                if (probe.reads(i)) {
                    Finding<UsdtArgument> argument = UsdtArgument.read(site.arguments(), i, registers);
                    if (!argument.found()) {
                        return unsupported(probe, argument.reason());
                    }
                    read[i] = argument.value().get();
                }
            }
            chosen.add(new ProbeSite(site, read));
        }
        if (sitesChosen + chosen.size() > RecordSizes.PROBE_SITES) {
            return unsupported(probe, "there is no room for its " + chosen.size() + " sites");
        }
        sitesChosen += chosen.size();
        return new Wanted(probe, chosen);
    }

    private static Unsupported unsupported(HotSpotProbe probe, String why) {
        return new Unsupported(probe, why + "; missing: " + probe.use().gives());
    }

    private static List<ProbeChoice> allOfAUseOrNone(List<ProbeChoice> choices) {
        for (ProbeChoice missed : List.copyOf(choices)) {
            for (int i = 0; missed instanceof Unsupported && i < choices.size(); i++) {
                HotSpotProbe probe = choices.get(i).probe();
                if (choices.get(i) instanceof Wanted && probe.use() == missed.probe().use()) {
                    choices.set(i, unsupported(probe, "of no use without " + missed.probe().fullName()));
                }
            }
        }
        for (ProbeChoice missed : List.copyOf(choices)) {
            for (int i = 0; missed instanceof NotNeeded && i < choices.size(); i++) {
                HotSpotProbe probe = choices.get(i).probe();
                if (choices.get(i) instanceof Spare && probe.use() == missed.probe().use()) {
                    choices.set(i, new NotNeeded(probe));
                }
            }
        }
        return choices;
    }
}
