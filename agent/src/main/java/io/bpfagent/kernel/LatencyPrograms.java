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
 * The programs of {@code latencies.h}: what threads do besides being in states. None of them is necessary: what
 * cannot be had is told as a probe's outcome, and everything else works.
 *
 * <p>In this order, on one thread: chosen, told to the object before it is loaded, attached. They are of the same object
 * as all others: loading a second one would read the kernel's types again, and leave 12 MiB of the host's memory resident.
 */
final class LatencyPrograms {
    /** In place of the programs' own names, where all of them failed. */
    static final String ALL = "latencies";
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
    /** CALL_CAN_FAIL in latencies.h. */
    private static final int CAN_FAIL = 0x100;
    /** CALL_HAS_NAME there. */
    private static final int HAS_NAME = 0x200;
    private static final String CONNECTS = "tcp_connects";
    /** struct htab_elem with key and value, and a bucket. */
    private static final int REQUEST_BYTES = 120;
    private static final int CONNECT_BYTES = 96;

    private final Arguments arguments;
    private final HotSpot hotSpot;
    private final KernelRequirements kernel;
    private final List<Attachment> attachments = new ArrayList<>();
    private List<List<String>> groups = new ArrayList<>();
    private CallSites calls;

    /** Chosen by what was asked for, and what kernel and JVM have. */
    LatencyPrograms(Arguments arguments, HotSpot hotSpot, KernelRequirements kernel) {
        this.arguments = arguments;
        this.hotSpot = hotSpot;
        this.kernel = kernel;
        choose();
    }

    /** Whether there is any. */
    boolean isAny() {
        return !groups.isEmpty();
    }

    /** After the object could not be loaded with them: it will be without. */
    void leaveOut(String reason) {
        groups = List.of();
        attachments.clear();
        attachments.add(Attachment.of(ALL, Probe.FAILED, reason));
    }

    /** Before the object is loaded: leaves out what was not chosen. */
    void prepare(BpfObject object) throws KernelException {
        for (List<String> group : List.of(BLOCK_PROGRAMS, RECLAIM_PROGRAMS, CGROUP_RECLAIM_PROGRAMS,
                COMPACTION_PROGRAMS, TCP_PROGRAMS, CALL_PROGRAMS)) {
            for (String name : group) {
                object.program(name).autoload(groups.contains(group));
            }
        }
        if (!groups.contains(BLOCK_PROGRAMS)) {
            object.map(REQUESTS).entries(1);
        }
        if (!groups.contains(TCP_PROGRAMS)) {
            object.map(CONNECTS).entries(1);
        }
    }

    /**
     * Attaches them. Of programs that need each other all are attached, or none.
     *
     * @return what became of them, for reports
     */
    List<Attachment> attach(BpfObject object, int pid) {
        for (List<String> group : groups) {
            attach(object, pid, group);
        }
        return attachments;
    }

    /** What their own maps take in the kernel. */
    static long bytes(BpfObject object) throws KernelException {
        return object.map(REQUESTS).entries() * REQUEST_BYTES + object.map(CONNECTS).entries() * CONNECT_BYTES;
    }

    private void attach(BpfObject object, int pid, List<String> group) {
        int links = object.expectLinks(0);
        List<Attachment> attached = new ArrayList<>();
        try {
            for (String name : group) {
                attach(object.program(name), pid, attached);
            }
            attachments.addAll(attached);
        } catch (KernelException e) {
            object.detachTo(links);
            attachments.add(Attachment.of(group.get(group.size() - 1), Probe.FAILED, e.getMessage()));
        }
    }

    /** Of each group ends are attached first, so that no begin waits. */
    private void choose() {
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
        chooseCalls();
    }

    private boolean keepsOneOf(List<ThreadMetric> metrics) {
        for (ThreadMetric metric : metrics) {
            if (arguments.metrics().keeps(metric)) {
                return true;
            }
        }
        return false;
    }

    private void chooseCalls() {
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

    private void attach(BpfProgram program, int pid, List<Attachment> attached) throws KernelException {
        boolean isBegin = program.name().equals(CALL_BEGINS);
        if (!isBegin && !program.name().equals(CALL_ENDS)) {
            program.attach();
            attached.add(Attachment.of(program, "tp_btf"));
            return;
        }
        int sites = 0;
        boolean multi = true;
        for (Map.Entry<String, List<CallSite>> ofFile : calls.sites().entrySet()) {
            List<UprobeSite> uprobes = new ArrayList<>();
            for (CallSite site : ofFile.getValue()) {
                uprobes.add(new UprobeSite(site.offset(), 0, cookie(site)));
            }
            sites += uprobes.size();
            try (UprobeSites memory = new UprobeSites(uprobes, !isBegin)) {
                multi &= program.attachUprobes(pid, ofFile.getKey(), memory);
            }
        }
        attached.add(Attachment.of(program, multi
                ? "uprobe_multi, " + calls.sites().size() + " links for " + sites + " functions"
                : "perf-event uprobes, 1 for each of " + sites + " functions"));
        if (isBegin) {
            tellCalls(attached);
        }
    }

    private static int cookie(CallSite site) {
        boolean hasName = site.metric() == ThreadMetric.FILE_OPEN || site.metric() == ThreadMetric.DNS;
        return site.metric().ordinal() | (site.canFail() ? CAN_FAIL : 0) | (hasName ? HAS_NAME : 0);
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
}
