package io.bpfagent.kernel;

import io.bpfagent.agent.Arguments;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.hotspot.CallKind;
import io.bpfagent.hotspot.CallSite;
import io.bpfagent.hotspot.CallSites;
import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.LibJvm;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.report.Probe;
import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
    private static final List<String> TCP_PROGRAMS = List.of("tcp_send_reset", "tcp_receive_reset",
            "inet_sock_set_state");
    private static final List<ThreadMetric> TCP_METRICS = List.of(ThreadMetric.TCP_CONNECT,
            ThreadMetric.TCP_CONNECT_FAILED, ThreadMetric.TCP_RTT, ThreadMetric.TCP_LIFE);
    private static final List<ThreadMetric> BLOCK_METRICS = List.of(ThreadMetric.BLOCK_READ, ThreadMetric.BLOCK_WRITE,
            ThreadMetric.BLOCK_READ_QUEUE, ThreadMetric.BLOCK_WRITE_QUEUE, ThreadMetric.BLOCK_IO_SIZE);
    private static final String CALL_BEGINS = "call_begins";
    private static final String CALL_ENDS = "call_ends";
    private static final List<String> CALL_PROGRAMS = List.of(CALL_ENDS, CALL_BEGINS);
    private static final String IO_BEGINS = "io_call_begins";
    private static final String IO_ENDS = "io_call_ends";
    private static final List<String> IO_PROGRAMS = List.of(IO_ENDS, IO_BEGINS);
    private static final List<String> SYSCALL_PROGRAMS = List.of("sys_exit", "sys_enter");
    private static final String REQUESTS = "block_requests";
    /** CALL_CAN_FAIL in latencies.h. */
    private static final int CAN_FAIL = 0x100;
    /** CALL_HAS_NAME there. */
    private static final int HAS_NAME = 0x200;
    /** IO_OF_CHANNEL and IO_FIELD_SHIFT in io_calls.h. */
    private static final int OF_CHANNEL = 0x100;
    private static final int FIELD_SHIFT = 16;
    /** Of which they are only where one of their metrics is kept. */
    private static final String IO_BEGUN = "io_begins";
    private static final String SYSCALLS_BEGUN = "syscall_begins";
    static final String SYSCALLS = "syscalls";
    static final String SYSCALL_PAGES = "syscall_pages";
    /** struct htab_elem with key and value, and a bucket. */
    private static final int REQUEST_BYTES = 120;

    private final Arguments arguments;
    private final HotSpot hotSpot;
    private final KernelRequirements kernel;
    private final List<Attachment> attachments = new ArrayList<>();
    private List<List<String>> groups = new ArrayList<>();
    private CallSites calls;
    private final Connections connections = new Connections();

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
                COMPACTION_PROGRAMS, TCP_PROGRAMS, CALL_PROGRAMS, IO_PROGRAMS, SYSCALL_PROGRAMS)) {
            for (String name : group) {
                object.program(name).autoload(groups.contains(group));
            }
        }
        if (!groups.contains(BLOCK_PROGRAMS)) {
            object.map(REQUESTS).entries(1);
        }
        Connections.prepare(object, groups.contains(TCP_PROGRAMS));
        if (groups.contains(IO_PROGRAMS)) {
            object.map(IO_BEGUN).entries(arguments.threads());
        }
        if (countsSyscalls()) {
            object.map(SYSCALLS_BEGUN).entries(arguments.threads());
            object.map(SYSCALLS).entries(RecordSizes.SYSCALLS);
            object.map(SYSCALL_PAGES).entries(RecordSizes.SYSCALLS);
        }
    }

    /** Whether what system calls add up to is to be mapped. */
    boolean countsSyscalls() {
        return groups.contains(SYSCALL_PROGRAMS);
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

    /** The connections of the host. */
    Connections connections() {
        return connections;
    }

    /** What their own maps take in the kernel. */
    static long bytes(BpfObject object) throws KernelException {
        return object.map(REQUESTS).entries() * REQUEST_BYTES + Connections.bytes(object)
                + object.map(IO_BEGUN).bytes() + object.map(SYSCALLS_BEGUN).bytes()
                + object.map(SYSCALLS).bytes() + object.map(SYSCALL_PAGES).bytes();
    }

    private void attach(BpfObject object, int pid, List<String> group) {
        int links = object.expectLinks(0);
        List<Attachment> attached = new ArrayList<>();
        try {
            for (String name : group) {
                attach(object.program(name), pid, attached);
            }
            attachments.addAll(attached);
            if (group == TCP_PROGRAMS) {
                connections.begin(object, pid, kernel.atLeast(6, 1), attachments);
            }
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
        if (keepsOneOf(TCP_METRICS)) {
            groups.add(TCP_PROGRAMS);
        }
        chooseCalls();
        if (arguments.metrics().keeps(EventMetric.SYSCALL)) {
            groups.add(SYSCALL_PROGRAMS);
        }
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
        calls = CallSites.find(jvm == null ? "" : jvm.path(), wanted, hotSpot.descriptorOffset() != 0);
        if (!sites(false).isEmpty()) {
            groups.add(CALL_PROGRAMS);
        }
        if (!sites(true).isEmpty()) {
            groups.add(IO_PROGRAMS);
        }
        for (Map.Entry<ThreadMetric, String> reason : calls.reasons().entrySet()) {
            String metric = reason.getKey().metric();
            attachments.add(calls.has(reason.getKey())
                    ? Attachment.of(metric, Probe.UNSUPPORTED, reason.getValue() + "; missing: a part of " + metric)
                    : missing(metric, reason.getValue(), List.of(reason.getKey())));
        }
    }

    /** Those of reads and writes, or all others, by their files. */
    private Map<String, List<CallSite>> sites(boolean ofReadsAndWrites) {
        Map<String, List<CallSite>> chosen = new LinkedHashMap<>();
        for (Map.Entry<String, List<CallSite>> ofFile : calls.sites().entrySet()) {
            List<CallSite> inFile = new ArrayList<>();
            for (CallSite site : ofFile.getValue()) {
                if (site.metric().isOfReadsAndWrites() == ofReadsAndWrites) {
                    inFile.add(site);
                }
            }
            if (!inFile.isEmpty()) {
                chosen.put(ofFile.getKey(), inFile);
            }
        }
        return chosen;
    }

    private void attach(BpfProgram program, int pid, List<Attachment> attached) throws KernelException {
        String name = program.name();
        if (SYSCALL_PROGRAMS.contains(name)) {
            program.attach();
            attached.add(Attachment.of(program, "tp_btf; each system call of any process here takes some 0.15 us longer"));
        } else if (CALL_PROGRAMS.contains(name)) {
            attachCalls(program, pid, sites(false), name.equals(CALL_BEGINS), attached);
        } else if (IO_PROGRAMS.contains(name)) {
            attachCalls(program, pid, sites(true), name.equals(IO_BEGINS), attached);
        } else {
            program.attach();
            attached.add(Attachment.of(program, "tp_btf"));
        }
    }

    private void attachCalls(BpfProgram program, int pid, Map<String, List<CallSite>> sites, boolean isBegin,
            List<Attachment> attached) throws KernelException {
        int count = 0;
        boolean multi = true;
        for (Map.Entry<String, List<CallSite>> ofFile : sites.entrySet()) {
            List<UprobeSite> uprobes = new ArrayList<>();
            for (CallSite site : ofFile.getValue()) {
                uprobes.add(new UprobeSite(site.offset(), 0, cookie(site)));
            }
            count += uprobes.size();
            try (UprobeSites memory = new UprobeSites(uprobes, !isBegin)) {
                multi &= program.attachUprobes(pid, ofFile.getKey(), memory);
            }
        }
        attached.add(Attachment.of(program, multi
                ? "uprobe_multi, " + sites.size() + " links for " + count + " functions"
                : "perf-event uprobes, 1 for each of " + count + " functions"));
        if (isBegin && program.name().equals(IO_BEGINS)) {
            tellReadsAndWrites(sites, attached);
        } else if (isBegin) {
            tellCalls(sites, attached);
        }
    }

    private long cookie(CallSite site) {
        long metric = site.metric().ordinal();
        if (site.kind() == CallKind.OF_CHANNEL) {
            return metric | OF_CHANNEL | (long) hotSpot.descriptorOffset() << FIELD_SHIFT;
        }
        boolean hasName = site.metric() == ThreadMetric.FILE_OPEN || site.metric() == ThreadMetric.DNS;
        return metric | (site.canFail() ? CAN_FAIL : 0) | (hasName ? HAS_NAME : 0);
    }

    private static void tellCalls(Map<String, List<CallSite>> sites, List<Attachment> attached) {
        for (List<CallSite> ofFile : sites.values()) {
            for (CallSite site : ofFile) {
                attached.add(Attachment.of(site.metric().metric(), Probe.ATTACHED,
                        site.name() + " of " + new File(site.file()).getName()));
            }
        }
    }

    /** There are two dozen functions, so these are not named. */
    private static void tellReadsAndWrites(Map<String, List<CallSite>> sites, List<Attachment> attached) {
        for (Map.Entry<String, List<CallSite>> ofFile : sites.entrySet()) {
            for (ThreadMetric metric : ThreadMetric.ALL) {
                int count = 0;
                for (CallSite site : ofFile.getValue()) {
                    count += site.metric() == metric ? 1 : 0;
                }
                if (count > 0) {
                    attached.add(Attachment.of(metric.metric(), Probe.ATTACHED,
                            count + " functions of " + new File(ofFile.getKey()).getName()));
                }
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
