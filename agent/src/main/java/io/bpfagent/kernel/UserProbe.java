package io.bpfagent.kernel;

import io.bpfagent.correlation.UserMetric;
import io.bpfagent.find.Condition;
import io.bpfagent.find.FoundProbe;
import io.bpfagent.find.FoundSite;
import io.bpfagent.find.ProbeSpec;
import io.bpfagent.hotspot.UsdtArgument;
import io.bpfagent.natives.LibC;
import io.bpfagent.natives.NativeMemory;
import io.bpfagent.records.RecordLayouts;
import io.bpfagent.records.RecordLayouts.Comparison;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.UserArgument;
import io.bpfagent.records.RecordLayouts.UserCounts;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One probe that the user has named, in the kernel: {@code user_probe.bpf.c}, an object of its own that counts in the
 * maps of the agent's other one (docs/decisions/0017).
 *
 * <p>Assumptions: one thread, and at the host's end another for {@link #letGo}; the other object is closed after this.
 * Guarantees: when loading fails, or after {@link #close()}, nothing of it is in the kernel; closing twice is harmless.
 */
public final class UserProbe implements AutoCloseable {
    static final String OBJECT = "user_probe";
    static final String PROBE = ".rodata.probe";
    static final String SITES = ".rodata.user_sites";
    static final int SITES_BYTES = RecordSizes.USER_SITES * RecordLayouts.ProbeSite.SIZE;
    static final String COUNTS = ".data.counts";
    static final String SETTINGS = ".rodata.settings";
    private static final String FORGET = "forget_rows";
    private static final String STOP = "stop";
    private static final String BEGINS_AT = "user_begins_at";
    private static final String BEGINS_OF = "user_begins_of";
    /** Calls under way at one moment, those within calls too. */
    private static final int MOST_UNDER_WAY = 1024;
    /** struct htab_elem with key and value, 72 bytes, and a bucket. */
    private static final int BEGIN_BYTES = 88;
    /** Maps that are those of {@code thread_state.bpf.c}. */
    static final List<String> SHARED =
            List.of("rows", "pages", "supplies", "row_index", "row_meters", "meters", ".bss");
    /** Other maps of maps.h. */
    static final List<String> UNUSED = List.of("pool_pages", "controls", "pause_records", "watched_cpus",
            "disks", "event_begins_at", "slow_records", "slow_limits", "wakers", "io_begins", "syscall_begins",
            "syscalls",
            "syscall_pages", "remotes", ContextMaps.SLOTS, ContextMaps.TOTALS, ContextMaps.PAGES, HotSpotProbes.SITES);

    private final Natives natives;
    private final FoundProbe found;
    private final UserMetric metric;
    private final UserPrograms programs;
    private BpfObject object;
    private long countsAddress;
    private String how = "";
    private long bytes;
    /** What was counted by others that stood for the same. */
    private long formerHits;
    private long formerUnmatched;

    private UserProbe(Natives natives, FoundProbe found, UserMetric metric) {
        this.natives = natives;
        this.found = found;
        this.metric = metric;
        this.programs = UserPrograms.of(found.spec());
    }

    /** Loads it; nothing is attached yet. @param states the loaded object whose maps it counts in */
    static UserProbe load(Natives natives, BpfObject states, FoundProbe found, UserMetric metric)
            throws KernelException {
        UserProbe probe = new UserProbe(natives, found, metric);
        try {
            probe.load(states);
            return probe;
        } catch (KernelException | RuntimeException | Error e) {
            probe.close();
            throw e;
        }
    }

    private void load(BpfObject states) throws KernelException {
        object = BpfObject.open(natives, OBJECT, ThreadStateLoader.objectFile(OBJECT), Optional.empty(),
                VerifierLog.FEW_BYTES);
        for (String map : SHARED) {
            object.map(map).reuse(states.map(map));
        }
        for (String map : UNUSED) {
            object.map(map).leaveOut();
        }
        for (String program : UserPrograms.ALL) {
            object.program(program).autoload(programs.contains(program));
        }
        if (programs.isCall()) {
            object.map(BEGINS_AT).entries(MOST_UNDER_WAY);
        } else if (programs.hasEnd()) {
            object.map(BEGINS_OF).entries((int) states.map("rows").entries());
        }
        bytes = object.map(BEGINS_AT).entries() * BEGIN_BYTES + object.map(BEGINS_OF).bytes();
        writeSettings(states);
        writeProbe(object.map(PROBE).initialValue(RecordLayouts.UserProbe.SIZE));
        writeSites(object.map(SITES).initialValue(SITES_BYTES));
        object.load();
        long address = natives.libC().mmap(0, UserCounts.SIZE, LibC.PROT_READ, LibC.MAP_SHARED,
                object.map(COUNTS).fd(), 0);
        if (address == LibC.MAP_FAILED || address == 0) {
            throw new KernelException("Cannot map the kernel's memory", " (" + COUNTS + "): mmap says "
                    + natives.textOf(natives.errno()) + ". Ask for fewer probes.");
        }
        countsAddress = address;
    }

    /** As those of the other object, but that of thread metrics this one counts. */
    private void writeSettings(BpfObject states) throws KernelException {
        copySettings(states, object).putInt(RecordLayouts.Settings.THREAD_METRICS, 1 << metric.slot());
    }

    /** Gives {@code object}, which is not loaded yet, the settings of the one that is. @return they, to be changed */
    static ByteBuffer copySettings(BpfObject states, BpfObject object) throws KernelException {
        ByteBuffer settings = object.map(SETTINGS).initialValue(RecordLayouts.Settings.SIZE);
        ByteBuffer others = states.map(SETTINGS).initialValue(RecordLayouts.Settings.SIZE);
        for (int i = 0; i < RecordLayouts.Settings.SIZE; i++) {
            settings.put(i, others.get(i));
        }
        return settings;
    }

    private void writeProbe(ByteBuffer probe) {
        ProbeSpec spec = found.spec();
        Condition condition = spec.condition();
        probe.putInt(RecordLayouts.UserProbe.METRIC, metric.slot());
        probe.put(RecordLayouts.UserProbe.IS_CALL, (byte) (programs.isCall() ? 1 : 0));
        probe.put(RecordLayouts.UserProbe.COUNTS_VALUE, (byte) (spec.valueArgument() == 0 ? 0 : 1));
        probe.put(RecordLayouts.UserProbe.VALUE_ARGUMENT, (byte) spec.valueArgument());
        if (condition != null) {
            probe.putLong(RecordLayouts.UserProbe.CONSTANT, condition.constant());
            probe.put(RecordLayouts.UserProbe.COMPARISON, (byte) comparison(condition.operator()));
            probe.put(RecordLayouts.UserProbe.CONDITION_ARGUMENT, (byte) condition.argument());
        }
    }

    private static int comparison(Condition.Operator operator) {
        return switch (operator) {
            case LESS_OR_EQUAL -> Comparison.COMPARES_LESS_OR_EQUAL;
            case GREATER_OR_EQUAL -> Comparison.COMPARES_GREATER_OR_EQUAL;
            case EQUAL -> Comparison.COMPARES_EQUAL;
            case NOT_EQUAL -> Comparison.COMPARES_NOT_EQUAL;
            case LESS -> Comparison.COMPARES_LESS;
            case GREATER -> Comparison.COMPARES_GREATER;
        };
    }

    private void writeSites(ByteBuffer sites) throws KernelException {
        Condition condition = found.spec().condition();
        if (found.begins().size() > RecordSizes.USER_SITES) {
            throw notAttached("it has " + found.begins().size() + " sites, and a probe can have "
                    + RecordSizes.USER_SITES);
        }
        for (int i = 0; i < found.begins().size(); i++) {
            int at = i * RecordLayouts.ProbeSite.SIZE;
            if (condition != null) {
                writeArgument(condition.argument(), found.begins().get(i), sites, at,
                        UserArgument.USER_ARGUMENT_CONDITION);
            }
            if (found.spec().valueArgument() != 0) {
                writeArgument(found.spec().valueArgument(), found.begins().get(i), sites, at,
                        UserArgument.USER_ARGUMENT_VALUE);
            }
        }
    }

    private void writeArgument(int number, FoundSite site, ByteBuffer sites, int at, int use) throws KernelException {
        UsdtArgument argument = number <= site.arguments().size() ? site.arguments().get(number - 1) : null;
        if (argument == null) {
            throw notAttached("arg" + number + " of " + site.function() + " cannot be read");
        }
        ProbeSite.write(argument, sites,
                at + RecordLayouts.ProbeSite.ARGUMENTS + use * RecordLayouts.ProbeArgument.SIZE);
    }

    private KernelException notAttached(String why) {
        return new KernelException("Cannot attach a probe", " (" + metric.metric() + "): " + why
                + ". Name another probe: attach-cli probe PID search finds some.");
    }

    /**
     * Attaches it, ends first, so that no begin waits. When it throws, something may be attached and may have counted:
     * it is to be taken out as one that has been there.
     */
    public void attach() throws KernelException {
        ProbeSpec spec = found.spec();
        if (spec.kind() == ProbeSpec.Kind.TRACEPOINT) {
            if (programs.hasEnd()) {
                object.program(programs.end()).attachTracepoint(spec.end());
            }
            object.program(programs.begin()).attachTracepoint(spec.begin());
            how = programs.hasEnd() ? "2 raw tracepoints" : "raw tracepoint";
            return;
        }
        boolean multi = true;
        int sites = found.begins().size();
        if (programs.hasEnd()) {
            List<FoundSite> ends = programs.isCall() ? found.begins() : found.ends();
            multi = attach(programs.end(), ends, programs.isCall());
            sites += ends.size();
        }
        multi &= attach(programs.begin(), found.begins(), false);
        how = (multi ? "uprobe_multi, " : "perf-event uprobes, ") + (sites == 1 ? "1 site" : sites + " sites");
    }

    private boolean attach(String program, List<FoundSite> sites, boolean returns) throws KernelException {
        Map<String, List<UprobeSite>> byFile = new LinkedHashMap<>();
        for (int i = 0; i < sites.size(); i++) {
            FoundSite site = sites.get(i);
            List<UprobeSite> ofFile = byFile.get(site.file());
            if (ofFile == null) {
                ofFile = new ArrayList<>();
                byFile.put(site.file(), ofFile);
            }
            ofFile.add(new UprobeSite(site.offset(), site.semaphore(), i));
        }
        boolean multi = true;
        for (Map.Entry<String, List<UprobeSite>> ofFile : byFile.entrySet()) {
            try (UprobeSites memory = new UprobeSites(ofFile.getValue(), returns)) {
                multi &= object.program(program).attachUprobes(natives.libC().getpid(), ofFile.getKey(), memory);
            }
        }
        return multi;
    }

    /** What was asked for, and where it is. */
    public FoundProbe found() {
        return found;
    }

    /** What was asked for. */
    public ProbeSpec spec() {
        return found.spec();
    }

    /** What it counts. */
    public UserMetric metric() {
        return metric;
    }

    /** How it is attached, in words. */
    public String how() {
        return how;
    }

    /** What its own map takes in the kernel. */
    long kernelMemoryBytes() {
        return bytes;
    }

    /** It was in the kernel before, as another one: its hits are added to what that one had counted. */
    public void goOnFrom(long hits, long unmatched) {
        formerHits = hits;
        formerUnmatched = unmatched;
    }

    /** What it has done so far: a system call for each of its one or two programs. */
    public UserProbeCounts counts() {
        long runs = 0;
        double ns = 0;
        long misses = 0;
        for (String program : programs.names()) {
            try {
                ProgramStatistics statistics = object.program(program).statistics();
                runs += statistics.runs();
                ns += statistics.runs() * statistics.nsPerRun();
                misses += statistics.recursionMisses();
            } catch (KernelException e) {
                // as of a kernel that does not count
                continue;
            }
        }
        ByteBuffer counts = NativeMemory.bufferAt(countsAddress, UserCounts.SIZE);
        return new UserProbeCounts(formerHits + counts.getLong(UserCounts.HITS),
                formerUnmatched + counts.getLong(UserCounts.UNMATCHED), runs, ns, misses);
    }

    /** How much it has been used so far. */
    public ProgramUse use() {
        boolean isEvent = found.spec().kind() == ProbeSpec.Kind.TRACEPOINT;
        UserProbeCounts counts = counts();
        ProgramCost cost = isEvent ? ProgramCost.USER_EVENT
                : programs.isCall() ? ProgramCost.USER_CALL : ProgramCost.USER_TRAP;
        int sites = isEvent ? programs.names().size() : found.begins().size() + found.ends().size();
        return new ProgramUse(metric.metric(), isEvent ? "tracepoint" : "uprobe", sites, true, true, true, "",
                List.of(metric.metric()), counts.hits(), cost,
                new ProgramStatistics(counts.runs(), Math.round(counts.totalNs()), counts.recursionMisses()),
                metric.metric());
    }

    /**
     * Takes it from where it is attached; it can still be asked. Once this returns it counts no more: no program of it
     * begins to, and those that did have ended.
     */
    public void detach() throws KernelException {
        try {
            object.program(STOP).run();
        } finally {
            object.detach();
        }
        GracePeriod.pass(natives.libC());
    }

    /** After {@link #detach}: takes its pages from the kernel's rows, of which the first so many have been used. */
    public void forgetRows(int rowsUsed) throws KernelException {
        BpfProgram program = object.program(FORGET);
        for (int row = 0; row == 0 || row < rowsUsed; row += RecordSizes.ROWS_AT_ONCE) {
            program.run();
        }
    }

    /** {@link BpfObject#letGo}. */
    List<Integer> letGo() {
        return object.letGo();
    }

    @Override
    public void close() {
        long mapped = countsAddress;
        countsAddress = 0;
        try {
            if (mapped != 0) {
                natives.libC().munmap(mapped, UserCounts.SIZE);
            }
        } finally {
            if (object != null) {
                object.close();
            }
        }
    }
}
