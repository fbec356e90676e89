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
import io.bpfagent.hotspot.ProcessFiles;
import io.bpfagent.records.RecordLayouts.CallCookie;
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
 * <p>In this order, on one thread: chosen, told to the object before it is loaded, attached. They are of the same
 * object as all others: loading a second one would read the kernel's types again, and leave 12 MiB of the host's
 * memory resident.
 */
final class LatencyPrograms {
    /** In place of the programs' own names, where all of them failed. */
    static final String ALL = "latencies";
    private static final String REQUESTS = "block_requests";
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
    private final ProcessFiles files;
    /** What will not be attached, whatever happens. */
    private final List<Attachment> attachments = new ArrayList<>();
    private final List<ProbeGroup> switchable = new ArrayList<>();
    private int pid;
    private final List<LatencyGroup> groups = new ArrayList<>();
    /** Programs that the kernel does not take, of groups that can do without them. */
    private final List<String> leftOut = new ArrayList<>();
    private CallSites calls;
    private final Connections connections = new Connections();

    /** Chosen by what was asked for, and what kernel and JVM have. */
    LatencyPrograms(Arguments arguments, HotSpot hotSpot, KernelRequirements kernel) {
        this(arguments, hotSpot, kernel, ProcessFiles.OWN);
    }

    /** The same for the process with these files. */
    LatencyPrograms(Arguments arguments, HotSpot hotSpot, KernelRequirements kernel, ProcessFiles files) {
        this.files = files;
        this.arguments = arguments;
        this.hotSpot = hotSpot;
        this.kernel = kernel;
        choose();
    }

    /** Whether there is any. */
    boolean isAny() {
        return !groups.isEmpty();
    }

    /** Those that are to be loaded. */
    List<LatencyGroup> groups() {
        return List.copyOf(groups);
    }

    /** After the object could not be loaded with them: it will be without. */
    void leaveOut(String reason) {
        attachments.clear();
        attachments.add(Attachment.of(ALL, Probe.FAILED, reason + missing(groups)));
        groups.clear();
    }

    /** After the kernel has not taken this program: it will be without it, and without those that need it. */
    void leaveOut(LatencyGroup group, String program, String reason) {
        if (!groups.contains(group)) {
            return; // for another one's sake
        }
        if (group.canDoWithout(program)) {
            leftOut.add(program);
            attachments.add(Attachment.of(program, Probe.FAILED,
                    reason + " Missing: " + group.missingWithout(program) + "."));
        } else {
            attachments.add(Attachment.of(group.begins(), Probe.FAILED, reason + missing(List.of(group))));
            groups.remove(group);
            if (group == LatencyGroup.TCP) {
                groups.remove(LatencyGroup.CONNECTIONS);
            }
        }
    }

    /** What there will not be, as a sentence. */
    private String missing(List<LatencyGroup> of) {
        StringBuilder names = new StringBuilder();
        for (LatencyGroup group : of) {
            List<ThreadMetric> metrics = group.metrics();
            if (group.isOfCalls()) {
                metrics = metrics(sites(group));
            } else if (group == LatencyGroup.CGROUP_RECLAIM) {
                name(names, "of reclaim that for a cgroup's limit");
            } else if (group == LatencyGroup.SYSCALLS) {
                name(names, EventMetric.SYSCALL.metric());
            }
            for (ThreadMetric metric : metrics) {
                if (arguments.metrics().keeps(metric)) {
                    name(names, metric.metric());
                }
            }
        }
        return " Missing: " + names + ".";
    }

    private static void name(StringBuilder names, String name) {
        names.append(names.isEmpty() ? "" : ", ").append(name);
    }

    private static List<ThreadMetric> metrics(Map<String, List<CallSite>> sites) {
        List<ThreadMetric> metrics = new ArrayList<>();
        for (List<CallSite> ofFile : sites.values()) {
            for (CallSite site : ofFile) {
                if (!metrics.contains(site.metric())) {
                    metrics.add(site.metric());
                }
            }
        }
        return metrics;
    }

    /** Before the object is loaded: leaves out what was not chosen. */
    void prepare(BpfObject object) throws KernelException {
        for (LatencyGroup group : LatencyGroup.all()) {
            for (String name : group.programs()) {
                object.program(name).autoload(isChosen(name));
            }
        }
        if (!groups.contains(LatencyGroup.BLOCK)) {
            object.map(REQUESTS).entries(1);
        }
        Connections.prepare(object, groups.contains(LatencyGroup.TCP));
        if (groups.contains(LatencyGroup.IO)) {
            object.map(IO_BEGUN).entries(arguments.threads());
        }
        if (countsSyscalls()) {
            object.map(SYSCALLS_BEGUN).entries(arguments.threads());
            object.map(SYSCALLS).entries(RecordSizes.SYSCALLS);
            object.map(SYSCALL_PAGES).entries(RecordSizes.SYSCALLS);
        }
    }

    private boolean isChosen(String program) {
        for (LatencyGroup group : groups) {
            if (group.programs().contains(program)) {
                return !leftOut.contains(program);
            }
        }
        return false;
    }

    /** Whether what system calls add up to is to be mapped. */
    boolean countsSyscalls() {
        return groups.contains(LatencyGroup.SYSCALLS);
    }

    /** Attaches them. Of programs that need each other all are attached, or none; of calls, those in one file. */
    void attach(BpfObject object, int pid) {
        this.pid = pid;
        for (LatencyGroup group : groups) {
            if (group != LatencyGroup.CONNECTIONS && group != LatencyGroup.CGROUP_RECLAIM) {
                switchable.add(new Group(group));
            }
        }
        for (ProbeGroup group : switchable) {
            group.begin(object);
        }
    }

    /** What has become of them, as of now. */
    List<Attachment> attachments() {
        List<Attachment> all = new ArrayList<>(attachments);
        for (ProbeGroup group : switchable) {
            all.addAll(group.attachments());
        }
        return all;
    }

    /** Those that were chosen: what can be turned off and on. */
    List<ProbeGroup> switchable() {
        return switchable;
    }

    /** The programs of a group, with those that are of use with them only. */
    private final class Group extends ProbeGroup {
        private final LatencyGroup group;

        Group(LatencyGroup group) {
            super(group.label(), kind(group), kept(group), hits(group), group.cost(),
                    arguments.askFor(kept(group)));
            this.group = group;
        }

        @Override
        int attach(BpfObject object, List<Attachment> attached) {
            if (group.isOfCalls()) {
                return attachCalls(object, pid, group, attached);
            }
            int sites = LatencyPrograms.this.attach(object, pid, group, attached);
            return group == LatencyGroup.RECLAIM && sites > 0 && groups.contains(LatencyGroup.CGROUP_RECLAIM)
                    ? sites + LatencyPrograms.this.attach(object, pid, LatencyGroup.CGROUP_RECLAIM, attached) : sites;
        }

        @Override
        void beforeDetach() {
            if (group == LatencyGroup.TCP) {
                connections.end();
            }
        }

        @Override
        String key() {
            return sharesPrograms(group) ? LatencyGroup.CALLS.label() : super.key();
        }
    }

    /** Those of its metrics that were asked for when the programs were loaded: others they do not count. */
    private List<Metric> kept(LatencyGroup group) {
        List<Metric> kept = new ArrayList<>();
        for (Metric metric : group.counted()) {
            if (arguments.metrics().keeps(metric)) {
                kept.add(metric);
            }
        }
        return kept;
    }

    private static String kind(LatencyGroup group) {
        return group.isOfCalls() ? "uprobe" : "tp_btf";
    }

    /** How much each group has been used that somebody else has attached, if it was used at all. */
    static List<ProgramUse> handedUses(HitCounts counts) {
        List<ProgramUse> uses = new ArrayList<>();
        for (LatencyGroup group : LatencyGroup.all()) {
            long hits = group == LatencyGroup.CONNECTIONS ? 0 : counts.sum(hits(group));
            if (hits > 0) {
                uses.add(new ProgramUse(group.label(), kind(group), 0, false, true, true, "", List.of(), hits,
                        group.cost(), ProgramStatistics.NONE, group.label()));
            }
        }
        return uses;
    }

    /** Where its hits are counted. */
    private static int[] hits(LatencyGroup group) {
        if (group == LatencyGroup.SYSCALLS) {
            return new int[] {RecordSizes.HITS_OF_SYSCALLS};
        }
        List<? extends Metric> metrics = group.counted();
        int[] hits = new int[metrics.size()];
        for (int i = 0; i < hits.length; i++) {
            hits[i] = RecordSizes.HITS_OF_METRICS + ((ThreadMetric) metrics.get(i)).ordinal();
        }
        return hits;
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

    /** To how many events; 0 when it could not be attached. */
    private int attach(BpfObject object, int pid, LatencyGroup group, List<Attachment> into) {
        int links = object.expectLinks(0);
        List<Attachment> attached = new ArrayList<>();
        try {
            int sites = 0;
            for (String name : group.programs()) {
                if (!leftOut.contains(name)) {
                    attach(object.program(name), group, attached);
                    sites++;
                }
            }
            into.addAll(attached);
            if (group == LatencyGroup.TCP) {
                connections.begin(object, pid, kernel.atLeast(6, 1), leftOut, into);
            }
            return sites;
        } catch (KernelException e) {
            object.detachTo(links);
            into.add(Attachment.of(group.begins(), Probe.FAILED, e.getMessage() + missing(List.of(group))));
            return 0;
        }
    }

    private static void attach(BpfProgram program, LatencyGroup group, List<Attachment> attached)
            throws KernelException {
        try {
            program.attach();
            attached.add(Attachment.of(program, group == LatencyGroup.SYSCALLS
                    ? "tp_btf; each system call of any process here takes some 0.15 us longer" : "tp_btf"));
        } catch (KernelException e) {
            if (!group.canDoWithout(program.name())) {
                throw e;
            }
            attached.add(Attachment.of(program.name(), Probe.FAILED,
                    e.getMessage() + " Missing: " + group.missingWithout(program.name()) + "."));
        }
    }

    private void choose() {
        if (keepsOneOf(LatencyGroup.BLOCK.metrics())) {
            if (kernel.atLeast(6, 5)) {
                groups.add(LatencyGroup.BLOCK);
            } else {
                attachments.add(missing("block_io_start", "needs Linux 6.5", LatencyGroup.BLOCK.metrics()));
            }
        }
        if (keepsOneOf(List.of(ThreadMetric.RECLAIM))) {
            groups.add(LatencyGroup.RECLAIM);
            if (kernel.hasMemoryCgroups()) {
                groups.add(LatencyGroup.CGROUP_RECLAIM);
            } else {
                attachments.add(Attachment.of("mm_vmscan_memcg_reclaim_begin", Probe.UNSUPPORTED,
                        "no memory cgroup is to be seen; missing: of reclaim that for a cgroup's limit"));
            }
        }
        if (keepsOneOf(List.of(ThreadMetric.COMPACTION))) {
            if (kernel.hasCompaction()) {
                groups.add(LatencyGroup.COMPACTION);
            } else {
                attachments.add(missing("mm_compaction_begin", "this kernel moves no memory together",
                        List.of(ThreadMetric.COMPACTION)));
            }
        }
        if (keepsOneOf(LatencyGroup.TCP.metrics())) {
            groups.add(LatencyGroup.TCP);
            groups.add(LatencyGroup.CONNECTIONS);
        }
        chooseCalls();
        if (arguments.metrics().keeps(EventMetric.SYSCALL)) {
            groups.add(LatencyGroup.SYSCALLS);
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
        calls = CallSites.find(files, jvm == null ? "" : jvm.path(), wanted, hotSpot.descriptorOffset() != 0);
        for (LatencyGroup group : LatencyGroup.all()) {
            if (group.isOfCalls() && !sites(group).isEmpty()) {
                groups.add(group);
            }
        }
        for (Map.Entry<ThreadMetric, String> reason : calls.reasons().entrySet()) {
            String metric = reason.getKey().metric();
            attachments.add(calls.has(reason.getKey())
                    ? Attachment.of(metric, Probe.UNSUPPORTED, reason.getValue() + "; missing: a part of " + metric)
                    : missing(metric, reason.getValue(), List.of(reason.getKey())));
        }
    }

    /** Those of a group, by their files. */
    private Map<String, List<CallSite>> sites(LatencyGroup group) {
        Map<String, List<CallSite>> chosen = new LinkedHashMap<>();
        for (Map.Entry<String, List<CallSite>> ofFile : calls.sites().entrySet()) {
            List<CallSite> inFile = new ArrayList<>();
            for (CallSite site : ofFile.getValue()) {
                if (group.counted().contains(site.metric())) {
                    inFile.add(site);
                }
            }
            if (!inFile.isEmpty()) {
                chosen.put(ofFile.getKey(), inFile);
            }
        }
        return chosen;
    }

    /** File by file, of each first where calls end: one that the kernel refuses leaves the others. */
    private int attachCalls(BpfObject object, int pid, LatencyGroup group, List<Attachment> into) {
        Map<String, List<CallSite>> attached = new LinkedHashMap<>();
        List<Attachment> refused = new ArrayList<>();
        int count = 0;
        boolean multi = true;
        for (Map.Entry<String, List<CallSite>> ofFile : sites(group).entrySet()) {
            int links = object.expectLinks(0);
            try {
                for (String name : group.programs()) {
                    multi &= attach(object.program(name), pid, ofFile, !name.equals(group.begins()));
                }
                attached.put(ofFile.getKey(), ofFile.getValue());
                count += ofFile.getValue().size();
            } catch (KernelException e) {
                object.detachTo(links);
                refused.add(Attachment.of(group.label() + " of " + new File(ofFile.getKey()).getName(), Probe.FAILED,
                        e.getMessage() + missingOf(ofFile)));
            }
        }
        try {
            for (String name : group.programs()) {
                if (!attached.isEmpty() && !sharesPrograms(group)) {
                    into.add(Attachment.of(object.program(name), multi
                            ? "uprobe_multi, " + attached.size() + " links for " + count + " functions"
                            : "perf-event uprobes, 1 for each of " + count + " functions"));
                }
            }
        } catch (KernelException e) {
            into.add(Attachment.of(group.begins(), Probe.FAILED, e.getMessage()));
        }
        into.addAll(refused);
        if (group == LatencyGroup.IO) {
            tellReadsAndWrites(attached, into);
        } else {
            tellCalls(attached, into);
        }
        return count;
    }

    /** Whether its programs are told as those of the others: what the kernel counts of them is of both. */
    private boolean sharesPrograms(LatencyGroup group) {
        return group == LatencyGroup.OPENS && groups.contains(LatencyGroup.CALLS);
    }

    private boolean attach(BpfProgram program, int pid, Map.Entry<String, List<CallSite>> ofFile, boolean returns)
            throws KernelException {
        List<UprobeSite> uprobes = new ArrayList<>();
        for (CallSite site : ofFile.getValue()) {
            uprobes.add(new UprobeSite(site.offset(), 0, cookie(site)));
        }
        try (UprobeSites memory = new UprobeSites(uprobes, returns)) {
            return program.attachUprobes(pid, ofFile.getKey(), memory);
        }
    }

    /** Of a metric with functions in another file too, that is a part. */
    private String missingOf(Map.Entry<String, List<CallSite>> ofFile) {
        StringBuilder names = new StringBuilder();
        for (ThreadMetric metric : metrics(Map.of(ofFile.getKey(), ofFile.getValue()))) {
            boolean elsewhere = false;
            for (Map.Entry<String, List<CallSite>> other : calls.sites().entrySet()) {
                elsewhere |= !other.getKey().equals(ofFile.getKey())
                        && metrics(Map.of(other.getKey(), other.getValue())).contains(metric);
            }
            name(names, elsewhere ? "a part of " + metric.metric() : metric.metric());
        }
        return " Missing: " + names + ".";
    }

    private long cookie(CallSite site) {
        long metric = site.metric().ordinal();
        long field = hotSpot.descriptorOffset();
        if (site.descriptor() != 0 && field != 0) {
            metric |= (long) site.descriptor() << CallCookie.CALL_ARGUMENT_SHIFT | field << CallCookie.CALL_FIELD_SHIFT;
        }
        if (site.kind() == CallKind.OF_CHANNEL) {
            return metric | CallCookie.CALL_OF_CHANNEL;
        }
        boolean hasName = site.metric() == ThreadMetric.FILE_OPEN || site.metric() == ThreadMetric.DNS;
        return metric | (site.canFail() ? CallCookie.CALL_CAN_FAIL : 0) | (hasName ? CallCookie.CALL_HAS_NAME : 0);
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
