package io.bpfagent.kernel;

import io.bpfagent.hotspot.HotSpotProbe;
import io.bpfagent.hotspot.UsdtSite;
import io.bpfagent.kernel.ProbeChoice.Unsupported;
import io.bpfagent.kernel.ProbeChoice.Wanted;
import io.bpfagent.records.RecordLayouts;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.report.Probe;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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

    private final List<ProbeChoice> choices;
    private final String library;
    private final List<ProbeSite> sites = new ArrayList<>();

    /**
     * @param choices of {@link ProbeChooser}
     * @param library libjvm's file, as the kernel can open it
     */
    HotSpotProbes(List<ProbeChoice> choices, String library) {
        this.choices = choices;
        this.library = library;
        for (ProbeChoice choice : choices) {
            if (choice instanceof Wanted wanted) {
                sites.addAll(wanted.sites());
            }
        }
    }

    /** Whether the program is needed at all. */
    boolean any() {
        return !sites.isEmpty();
    }

    /** Writes {@code probe_sites}. @param into all zero */
    void write(ByteBuffer into) {
        for (int i = 0; i < sites.size(); i++) {
            sites.get(i).write(into, i * RecordLayouts.ProbeSite.SIZE);
        }
    }

    /** Attaches the program to every site, or, when that fails, to none. @return how it is attached, in words */
    String attach(BpfProgram program, int pid) throws KernelException {
        try (UprobeSites uprobes = new UprobeSites(uprobes(), false)) {
            return program.attachUprobes(pid, library, uprobes)
                    ? "uprobe_multi, 1 link for " + number(sites.size())
                    : "perf-event uprobes, 1 for each of " + number(sites.size());
        }
    }

    /** With their numbers in {@code probe_sites} as cookies. */
    private List<UprobeSite> uprobes() {
        List<UprobeSite> uprobes = new ArrayList<>(sites.size());
        for (int i = 0; i < sites.size(); i++) {
            UsdtSite site = sites.get(i).site();
            uprobes.add(new UprobeSite(site.offset(), site.semaphore(), i));
        }
        return uprobes;
    }

    /**
     * What has become of each probe that was asked for.
     *
     * @param failed whether {@link #attach} has thrown
     */
    List<Probe> outcomes(boolean failed) {
        List<Probe> outcomes = new ArrayList<>(choices.size());
        for (ProbeChoice choice : choices) {
            HotSpotProbe probe = choice.probe();
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
