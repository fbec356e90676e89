package io.bpfagent.kernel;

import io.bpfagent.correlation.EventMetric;
import io.bpfagent.hotspot.HotSpotProbe;
import io.bpfagent.hotspot.ProbeUse;
import io.bpfagent.hotspot.UsdtSite;
import io.bpfagent.kernel.ProbeChoice.Spare;
import io.bpfagent.kernel.ProbeChoice.Unsupported;
import io.bpfagent.kernel.ProbeChoice.Wanted;
import io.bpfagent.records.RecordLayouts;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.report.Probe;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * HotSpot's probes with the one program that serves them all: {@code probe_sites} tells it which probe it
 * was hit by and where the arguments stand (docs/decisions/0010).
 */
final class HotSpotProbes {
    static final String PROGRAM = "hotspot_probe";
    /** The map of {@code probe_sites}. */
    static final String SITES = ".rodata.sites";
    static final int SITES_BYTES = RecordSizes.PROBE_SITES * RecordLayouts.ProbeSite.SIZE;

    private static final int[] BASE_HITS = hits(null);

    private final List<ProbeChoice> choices;
    private final String library;
    private final List<ProbeSite> sites = new ArrayList<>();
    /** Which probe each site is of. */
    private final List<HotSpotProbe> probes = new ArrayList<>();
    private final List<OnRequest> groups = new ArrayList<>();
    private int pid;

    /**
     * @param choices of {@link ProbeChooser}
     * @param library libjvm's file, as the kernel can open it
     */
    HotSpotProbes(List<ProbeChoice> choices, String library) {
        this.choices = choices;
        this.library = library;
        for (ProbeChoice choice : choices) {
            List<ProbeSite> chosen = choice instanceof Wanted wanted ? wanted.sites()
                    : choice instanceof Spare spare ? spare.sites() : List.of();
            sites.addAll(chosen);
            for (int i = 0; i < chosen.size(); i++) {
                probes.add(choice.probe());
            }
        }
        for (ProbeUse use : ProbeUse.values()) {
            if (use.isOnRequest() && has(use)) {
                groups.add(new OnRequest(use));
            }
        }
    }

    private boolean has(ProbeUse use) {
        for (HotSpotProbe probe : probes) {
            if (probe.use() == use) {
                return true;
            }
        }
        return false;
    }

    /** Whether the program is needed at all, now or later. */
    boolean any() {
        return !sites.isEmpty();
    }

    /** Those that can be turned off and on, with a link of their own. */
    List<OnRequest> groups() {
        return groups;
    }

    /** The metrics that can be asked for while the agent is there. */
    List<EventMetric> onRequest() {
        List<EventMetric> metrics = new ArrayList<>();
        for (OnRequest group : groups) {
            metrics.add(metric(group.use));
        }
        return metrics;
    }

    /** Frequent probes of one use. */
    final class OnRequest extends ProbeGroup {
        private final ProbeUse use;

        OnRequest(ProbeUse use) {
            super(metric(use).metric(), "usdt", List.of(metric(use)), hits(use), ProgramCost.HOTSPOT, true);
            this.use = use;
        }

        @Override
        int attach(BpfObject object, List<Attachment> attached) throws KernelException {
            BpfProgram program = object.program(PROGRAM);
            String how = HotSpotProbes.this.attach(program, use);
            for (int i = 0; i < HotSpotProbe.count(); i++) {
                HotSpotProbe probe = HotSpotProbe.at(i);
                if (probe.use() == use) {
                    attached.add(Attachment.of(probe.note(), Probe.ATTACHED, probe.provider() + ", " + how));
                }
            }
            return count(use);
        }

        @Override
        String key() {
            return PROGRAM;
        }

        /** Whether it was asked for when the agent began. */
        boolean isWanted() {
            for (ProbeChoice choice : choices) {
                if (choice instanceof Wanted && choice.probe().use() == use) {
                    return true;
                }
            }
            return false;
        }
    }

    private static EventMetric metric(ProbeUse use) {
        return use == ProbeUse.MONITOR ? EventMetric.MONITOR_CONTENDED
                : use == ProbeUse.PARK ? EventMetric.PARK : EventMetric.OBJECT_ALLOC;
    }

    /** Where the hits of a use are counted; null: of all that are always there. */
    private static int[] hits(ProbeUse use) {
        int[] numbers = new int[HotSpotProbe.count()];
        int count = 0;
        for (int i = 0; i < HotSpotProbe.count(); i++) {
            HotSpotProbe probe = HotSpotProbe.at(i);
            boolean known = false;
            for (int j = 0; j < count; j++) {
                known |= numbers[j] == probe.number();
            }
            if (!known && (use == null ? !probe.use().isOnRequest() : probe.use() == use)) {
                numbers[count++] = probe.number();
            }
        }
        return Arrays.copyOf(numbers, count);
    }

    /** Of those that are always there. */
    static ProgramUse use(int sites, HitCounts counts, ProgramStatistics statistics) {
        return new ProgramUse(PROGRAM, "usdt", sites, false, true, true, "", List.of(), counts.sum(BASE_HITS),
                ProgramCost.HOTSPOT, statistics, PROGRAM);
    }

    /** At how many sites those of a use are; null: those that are always there. */
    int count(ProbeUse use) {
        int count = 0;
        for (HotSpotProbe probe : probes) {
            count += isOf(probe, use) ? 1 : 0;
        }
        return count;
    }

    private static boolean isOf(HotSpotProbe probe, ProbeUse use) {
        return use == null ? !probe.use().isOnRequest() : probe.use() == use;
    }

    /** Writes {@code probe_sites}. @param into all zero */
    void write(ByteBuffer into) {
        for (int i = 0; i < sites.size(); i++) {
            sites.get(i).write(into, i * RecordLayouts.ProbeSite.SIZE);
        }
    }

    /**
     * Attaches the program to every site of the probes that are always there, or, when that fails, to none.
     *
     * @return how it is attached, in words
     */
    String attach(BpfProgram program) throws KernelException {
        return attach(program, null);
    }

    /** The process that they are probes of. */
    void of(int process) {
        pid = process;
    }

    private String attach(BpfProgram program, ProbeUse use) throws KernelException {
        try (UprobeSites uprobes = new UprobeSites(uprobes(use), false)) {
            return program.attachUprobes(pid, library, uprobes)
                    ? "uprobe_multi, 1 link for " + number(uprobes.count())
                    : "perf-event uprobes, 1 for each of " + number(uprobes.count());
        }
    }

    /** With their numbers in {@code probe_sites} as cookies. */
    private List<UprobeSite> uprobes(ProbeUse use) {
        List<UprobeSite> uprobes = new ArrayList<>(sites.size());
        for (int i = 0; i < sites.size(); i++) {
            if (isOf(probes.get(i), use)) {
                UsdtSite site = sites.get(i).site();
                uprobes.add(new UprobeSite(site.offset(), site.semaphore(), i));
            }
        }
        return uprobes;
    }

    /**
     * What has become of each probe that was asked for and is always there.
     *
     * @param failed whether {@link #attach} has thrown
     */
    List<Probe> outcomes(boolean failed) {
        List<Probe> outcomes = new ArrayList<>(choices.size());
        for (ProbeChoice choice : choices) {
            HotSpotProbe probe = choice.probe();
            if (choice instanceof Wanted && probe.use().isOnRequest()) {
                continue; // its group says
            }
            if (choice instanceof Unsupported unsupported) {
                outcomes.add(new Probe(probe.note(), Probe.UNSUPPORTED, unsupported.reason(), 0, 0));
            } else if (choice instanceof Wanted && failed) {
                outcomes.add(new Probe(probe.note(), Probe.FAILED,
                        PROGRAM + " could not be attached; missing: " + probe.use().gives(), 0, 0));
            } else if (choice instanceof Wanted wanted) {
                outcomes.add(new Probe(probe.note(), Probe.ATTACHED,
                        probe.provider() + ", " + number(wanted.sites().size()), 0, 0));
            }
        }
        return outcomes;
    }

    private static String number(int sites) {
        return sites == 1 ? "1 site" : sites + " sites";
    }
}
