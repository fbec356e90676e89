package io.bpfagent.bench;

import io.bpfagent.it.Await;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the kernel's programs do for one pause, on a JVM that collects garbage all the time. */
final class PauseCost {
    private static final int SETTLE_MS = 1_500;
    private static final String PROBE_PROGRAM = "hotspot_probe";
    private static final String SWITCH_PROGRAM = "sched_switch";

    /** The ring keeps what a window sends. */
    private final Watcher pauses = new Ours(Ours.NAME, "pause-buffer=16384");
    private final Watcher without = new Ours(Ours.NAME, "usdt=off");
    private final Table table = new Table("", "probes hit in a pause", "ns per hit", "records per pause",
            "bytes per pause", "`sched_switch`, ns per run", "without pauses, ns per run",
            "all programs, ns per pause, more than without");

    /** What the programs did in a window, in runs and ns; of the probes and switches alone, too. */
    private record Runs(ProgramCounters.Counter probes, ProgramCounters.Counter switches, long others, long ns,
            PauseRing.Sent sent) {
        double nsPerSwitch() {
            return (double) switches.ns() / switches.runs();
        }

        /** Of all but the probes. */
        double nsPerEvent() {
            return (double) (ns - probes.ns()) / (switches.runs() + others);
        }
    }

    /** Adds a row. */
    void measure(GarbageHost host, int rounds, int windowMs) {
        Samples hits = new Samples();
        Samples nsPerHit = new Samples();
        Samples records = new Samples();
        Samples bytes = new Samples();
        Samples nsPerSwitch = new Samples();
        Samples nsPerSwitchWithout = new Samples();
        Samples nsPerPause = new Samples();
        Turns<Watcher> turns = new Turns<>(List.of(pauses, without));
        for (int round = 0; round < rounds; round++) {
            Runs with = null;
            Runs reference = null;
            for (Watcher watcher : turns.next()) {
                watcher.start(host.jvm());
                Runs runs = ProgramCounters.whileCounting(() -> {
                    Await.sleep(SETTLE_MS);
                    return runs(watcher.programs(), windowMs,
                            watcher == pauses ? new PauseRing(host.jvm().pid()) : null);
                });
                watcher.stop();
                if (watcher == pauses) {
                    with = runs;
                } else {
                    reference = runs;
                }
            }
            PauseRing.Sent sent = with.sent();
            hits.add((double) with.probes().runs() / sent.pauses());
            nsPerHit.add((double) with.probes().ns() / with.probes().runs());
            records.add((double) sent.records() / sent.pauses());
            bytes.add((double) sent.bytes() / sent.pauses());
            nsPerSwitch.add(with.nsPerSwitch());
            nsPerSwitchWithout.add(reference.nsPerSwitch());
            nsPerPause.add((with.ns() - reference.nsPerEvent() * (with.switches().runs() + with.others()))
                    / sent.pauses());
        }
        table.row(host.name(), hits.text("%.1f"), nsPerHit.text("%.0f"), records.text("%.0f"), bytes.text("%.0f"),
                nsPerSwitch.text("%.0f"), nsPerSwitchWithout.text("%.0f"), nsPerPause.text("%.0f"));
    }

    /** @param ring null where nothing is sent */
    private static Runs runs(Set<Integer> programs, int windowMs, PauseRing ring) {
        Map<Integer, ProgramCounters.Counter> before = ProgramCounters.read();
        long from = ring == null ? 0 : ring.position();
        Await.sleep(windowMs);
        Map<Integer, ProgramCounters.Counter> after = ProgramCounters.read();
        PauseRing.Sent sent = ring == null ? null : ring.sent(from, ring.position());
        ProgramCounters.Counter probes = new ProgramCounters.Counter(PROBE_PROGRAM, 0, 0);
        ProgramCounters.Counter switches = new ProgramCounters.Counter(SWITCH_PROGRAM, 0, 0);
        long others = 0;
        long ns = 0;
        for (int id : programs) {
            if (!before.containsKey(id) || !after.containsKey(id)) {
                continue;
            }
            ProgramCounters.Counter difference = after.get(id).since(before.get(id));
            ns += difference.ns();
            if (difference.name().equals(PROBE_PROGRAM)) {
                probes = difference;
            } else if (difference.name().equals(SWITCH_PROGRAM)) {
                switches = difference;
            } else {
                others += difference.runs();
            }
        }
        return new Runs(probes, switches, others, ns, sent);
    }

    @Override
    public String toString() {
        return "What the programs in the kernel do for one pause of a JVM whose 4 threads compute and allocate,\n"
                + "`-Xmx64m -Xmn16m`, so that it has some " + PauseThroughput.COLLECTIONS_PER_SECOND + " a second"
                + " (`kernel.bpf_stats_enabled`, which adds some 50 ns to each run).\n"
                + "Entering a probe, which that does not count, is in the table below.\n\n" + table;
    }
}
