package io.bpfagent.it.numbers;

import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Report;
import io.bpfagent.it.Report.ThreadReport;
import io.bpfagent.it.SceneHost;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the agent says of a host, and what the kernel says of those of its threads that did nothing while
 * both were asked: there the two are of the same moment.
 *
 * @param idle    by tid
 * @param runs    how often each thread of interest has run, by tid
 * @param stealNs taken by the hypervisor from all CPUs
 */
record Moment(Report report, Map<Integer, SchedStat> idle, Map<Integer, Long> runs, long stealNs) {

    /** @param begin how the names of the threads of interest begin; all of them differ */
    static Moment of(HostJvm host, String begin) {
        Map<Integer, SchedStat> before = SchedStat.of(host.pid());
        Report report = host.freshReport();
        Map<Integer, SchedStat> idle = new HashMap<>(before);
        Map<Integer, SchedStat> after = SchedStat.of(host.pid());
        idle.entrySet().removeIf(entry -> !Objects.equals(entry.getValue(), after.get(entry.getKey())));
        Map<Integer, Long> runs = report.threads(begin).stream().collect(Collectors.toMap(ThreadReport::tid,
                thread -> host.histogramOfThread("running", thread.name()).count()));
        return new Moment(report, idle, runs, SchedStat.stealNs());
    }

    /** The live threads by tid. */
    Map<Integer, ThreadReport> threads() {
        return report.threads().stream().collect(Collectors.toMap(ThreadReport::tid, Function.identity()));
    }

    /** What was added to a thread since {@code earlier}; both times idle. */
    SchedStat since(Moment earlier, int tid) {
        return idle.get(tid).minus(earlier.idle.get(tid));
    }

    /**
     * How many events of the threads of interest the agent has not seen since {@code earlier}, at least. Where the
     * machine is a sandbox there may be some: no BPF program runs on a CPU while a thread of the sandbox's own is
     * current there, {@link SceneHost#assertNothingLost}. Each sets at most two threads apart from what the kernel
     * says, that which leaves the CPU and that which comes.
     */
    long hidden(Moment earlier) {
        long missed = Stream.of("missed_wakeups", "missed_switches")
                .mapToLong(loss -> report.loss(loss) - earlier.report.loss(loss)).sum();
        return missed + runs.keySet().stream()
                .mapToLong(tid -> Math.abs(runs.get(tid) - earlier.runs.get(tid) - since(earlier, tid).slices())).sum();
    }
}
