package io.bpfagent.kernel;

import io.bpfagent.agent.Arguments;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.hotspot.CallSite;
import io.bpfagent.hotspot.CallSites;
import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.LibJvm;
import io.bpfagent.report.Probe;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The programs of {@code latencies.bpf.c}: what threads do besides being in states. None of them is necessary: what
 * cannot be had is told as a probe's outcome, and everything else works.
 *
 * <p>Assumptions: one thread. Guarantees: after {@link #close()} nothing of it is in the kernel; closing twice is
 * harmless.
 */
final class LatencyPrograms implements AutoCloseable {
    private static final String OBJECT = "latencies";
    private static final List<String> BLOCK_PROGRAMS =
            List.of("block_rq_complete", "block_io_done", "block_rq_merge", "block_rq_issue", "block_io_start");
    private static final List<String> RECLAIM_PROGRAMS = List.of("reclaim_ends", "reclaim_begins");
    private static final List<String> CGROUP_RECLAIM_PROGRAMS = List.of("memcg_reclaim_ends", "memcg_reclaim_begins");
    private static final List<String> COMPACTION_PROGRAMS = List.of("compaction_ends", "compaction_begins");
    private static final List<String> TCP_PROGRAMS = List.of("inet_sock_set_state");
    private static final List<ThreadMetric> BLOCK_METRICS = List.of(ThreadMetric.BLOCK_READ, ThreadMetric.BLOCK_WRITE,
            ThreadMetric.BLOCK_READ_QUEUE, ThreadMetric.BLOCK_WRITE_QUEUE, ThreadMetric.BLOCK_IO_SIZE);
    private static final String CALL_BEGINS = "call_begins";
    private static final String CALL_ENDS = "call_ends";
    private static final List<String> CALL_PROGRAMS = List.of(CALL_ENDS, CALL_BEGINS);
    private static final String REQUESTS = "block_requests";
    /** CALL_CAN_FAIL in latencies.bpf.c. */
    private static final int CAN_FAIL = 0x100;
    private static final String CONNECTS = "tcp_connects";
    /** struct htab_elem with key and value, and a bucket. */
    private static final int REQUEST_BYTES = 112;
    private static final int CONNECT_BYTES = 96;

    private final Natives natives;
    private final Arguments arguments;
    private final HotSpot hotSpot;
    private final KernelRequirements kernel;
    private final List<Attachment> attachments = new ArrayList<>();
    /** Read by another thread at the host's end. */
    private volatile BpfObject object;
    private CallSites calls;
    private long bytes;

    LatencyPrograms(Natives natives, Arguments arguments, HotSpot hotSpot, KernelRequirements kernel) {
        this.natives = natives;
        this.arguments = arguments;
        this.hotSpot = hotSpot;
        this.kernel = kernel;
    }

    /**
     * Loads and attaches what is wanted and can be had. Of programs that need each other all are attached, or none.
     *
     * @param states the loaded object whose maps are used
     * @return what became of it, for reports
     */
    List<Attachment> attach(BpfObject states) {
        List<List<String>> groups = choose();
        if (groups.isEmpty()) {
            return attachments;
        }
        try {
            load(states, groups);
        } catch (KernelException | RuntimeException e) {
            close();
            attachments.add(Attachment.of(OBJECT, Probe.FAILED, e.getMessage() == null ? e.toString() : e.getMessage()));
            return attachments;
        }
        for (List<String> group : groups) {
            attach(group);
        }
        return attachments;
    }

    private void attach(List<String> group) {
        int links = object.expectLinks(0);
        List<Attachment> attached = new ArrayList<>();
        try {
            for (String name : group) {
                attach(name, attached);
            }
            attachments.addAll(attached);
        } catch (KernelException e) {
            object.detachTo(links);
            attachments.add(Attachment.of(group.get(group.size() - 1), Probe.FAILED, e.getMessage()));
        }
    }

    /** What the maps take in the kernel that are not shared. */
    long bytes() {
        return bytes;
    }

    private void load(BpfObject states, List<List<String>> groups) throws KernelException {
        object = BpfObject.open(natives, OBJECT, ThreadStateLoader.objectFile(OBJECT), arguments.btf());
        for (String map : ThreadStateLoader.SHARED) {
            object.map(map).reuse(states.map(map));
        }
        for (List<String> group : List.of(BLOCK_PROGRAMS, RECLAIM_PROGRAMS, CGROUP_RECLAIM_PROGRAMS,
                COMPACTION_PROGRAMS, TCP_PROGRAMS, CALL_PROGRAMS)) {
            for (String name : group) {
                object.program(name).autoload(groups.contains(group));
            }
        }
        object.load();
        bytes = object.map(REQUESTS).entries() * REQUEST_BYTES + object.map(CONNECTS).entries() * CONNECT_BYTES;
    }

    /** The programs to be loaded; of each group ends are attached first, so that no begin waits. */
    private List<List<String>> choose() {
        List<List<String>> groups = new ArrayList<>();
        if (keepsOneOf(BLOCK_METRICS)) {
            if (kernel.atLeast(6, 5)) {
                groups.add(BLOCK_PROGRAMS);
            } else {
                attachments.add(missing("block_io_start", "needs Linux 6.5", BLOCK_METRICS));
            }
        }
        if (keepsOneOf(List.of(ThreadMetric.RECLAIM))) {
            groups.add(RECLAIM_PROGRAMS);
            if (kernel.hasMemoryCgroups()) {
                groups.add(CGROUP_RECLAIM_PROGRAMS);
            } else {
                attachments.add(Attachment.of("mm_vmscan_memcg_reclaim_begin", Probe.UNSUPPORTED,
                        "no memory cgroup is to be seen; missing: of reclaim that for a cgroup's limit"));
            }
        }
        if (keepsOneOf(List.of(ThreadMetric.COMPACTION))) {
            if (kernel.hasCompaction()) {
                groups.add(COMPACTION_PROGRAMS);
            } else {
                attachments.add(missing("mm_compaction_begin", "this kernel moves no memory together",
                        List.of(ThreadMetric.COMPACTION)));
            }
        }
        if (keepsOneOf(List.of(ThreadMetric.TCP_CONNECT, ThreadMetric.TCP_CONNECT_FAILED))) {
            groups.add(TCP_PROGRAMS);
        }
        chooseCalls(groups);
        return groups;
    }

    private boolean keepsOneOf(List<ThreadMetric> metrics) {
        for (ThreadMetric metric : metrics) {
            if (arguments.metrics().keeps(metric)) {
                return true;
            }
        }
        return false;
    }

    private void chooseCalls(List<List<String>> groups) {
        List<ThreadMetric> wanted = new ArrayList<>();
        for (Metric metric : arguments.metrics().metrics()) {
            if (metric instanceof ThreadMetric of && CallSites.METRICS.contains(of)) {
                wanted.add(of);
            }
        }
        if (arguments.metrics().keeps(ThreadMetric.FILE_OPEN_FAILED) && !wanted.contains(ThreadMetric.FILE_OPEN)) {
            wanted.add(ThreadMetric.FILE_OPEN);
        }
        LibJvm jvm = hotSpot.libJvm().value().orElse(null);
        calls = CallSites.find(jvm == null ? "" : jvm.path(), wanted);
        if (!calls.sites().isEmpty()) {
            groups.add(CALL_PROGRAMS);
        }
        for (Map.Entry<ThreadMetric, String> reason : calls.reasons().entrySet()) {
            String metric = reason.getKey().metric();
            attachments.add(calls.has(reason.getKey())
                    ? Attachment.of(metric, Probe.UNSUPPORTED, reason.getValue() + "; missing: a part of " + metric)
                    : missing(metric, reason.getValue(), List.of(reason.getKey())));
        }
    }

    private void attach(String name, List<Attachment> attached) throws KernelException {
        BpfProgram program = object.program(name);
        if (!name.equals(CALL_BEGINS) && !name.equals(CALL_ENDS)) {
            program.attach();
            attached.add(Attachment.of(program, "tp_btf"));
            return;
        }
        int sites = 0;
        boolean multi = true;
        for (Map.Entry<String, List<CallSite>> ofFile : calls.sites().entrySet()) {
            List<UprobeSite> uprobes = new ArrayList<>();
            for (CallSite site : ofFile.getValue()) {
                uprobes.add(new UprobeSite(site.offset(), 0, site.metric().ordinal() | (site.canFail() ? CAN_FAIL : 0)));
            }
            sites += uprobes.size();
            try (UprobeSites memory = new UprobeSites(uprobes, name.equals(CALL_ENDS))) {
                multi &= program.attachUprobes(natives.libC().getpid(), ofFile.getKey(), memory);
            }
        }
        attached.add(Attachment.of(program, multi
                ? "uprobe_multi, " + calls.sites().size() + " links for " + sites + " functions"
                : "perf-event uprobes, 1 for each of " + sites + " functions"));
        if (name.equals(CALL_BEGINS)) {
            tellCalls(attached);
        }
    }

    private void tellCalls(List<Attachment> attached) {
        for (List<CallSite> ofFile : calls.sites().values()) {
            for (CallSite site : ofFile) {
                attached.add(Attachment.of(site.metric().metric(), Probe.ATTACHED,
                        site.name() + " of " + new File(site.file()).getName()));
            }
        }
    }

    private static Attachment missing(String name, String reason, List<ThreadMetric> metrics) {
        StringBuilder names = new StringBuilder();
        for (ThreadMetric metric : metrics) {
            names.append(names.isEmpty() ? "" : ", ").append(metric.metric());
        }
        return Attachment.of(name, Probe.UNSUPPORTED, reason + "; missing: " + names);
    }

    /** {@link BpfObject#letGo}. */
    List<Integer> letGo() {
        BpfObject loaded = object;
        return loaded == null ? List.of() : loaded.letGo();
    }

    @Override
    public void close() {
        if (object != null) {
            object.close();
        }
    }
}
