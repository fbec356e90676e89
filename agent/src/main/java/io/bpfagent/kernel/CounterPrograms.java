package io.bpfagent.kernel;

import io.bpfagent.correlation.Counter;
import io.bpfagent.natives.LibC;
import io.bpfagent.natives.NativeMemory;
import io.bpfagent.records.RecordLayouts.CounterBegin;
import io.bpfagent.records.RecordLayouts.CounterSettings;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.report.CounterReport;
import io.bpfagent.report.Probe;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * The counters that were asked for, in the kernel: {@code thread_counters.bpf.c}, an object of its own that counts for
 * the rows of the agent's other one (docs/decisions/0018). None of it is necessary: what cannot be had is told as a
 * probe's outcome, and everything else works.
 *
 * <p>In this order, on one thread: loaded; attached before the other object's program for switches; begun when
 * {@code identify} has run; looked at before each read; closed before the other object. Guarantees: no descriptor of a
 * counter stays open in this process; after {@link #close()} nothing of it is in the kernel; closing twice is harmless.
 */
final class CounterPrograms implements AutoCloseable {
    static final String OBJECT = "thread_counters";
    static final String SETTINGS = ".rodata.counters";
    static final String ROWS = "row_counters";
    private static final String BEGINS = "counter_begins";
    private static final String EVENTS = "counter_events";
    private static final String AT_SWITCH = "counters_at_switch";
    private static final String BY_NOW = "counters_by_now";
    private static final String SWITCH = "sched_switch";
    /** Maps that are those of {@code thread_state.bpf.c}. */
    private static final List<String> SHARED = List.of("rows", "row_index", ".bss");
    /** Of a map of events, a pointer and what it points to. */
    private static final int EVENT_BYTES = 40;

    private final Natives natives;
    private final CounterEvents events;
    private final int possibleCpus;
    private final List<Counter> counters = new ArrayList<>();
    private final List<Attachment> attachments = new ArrayList<>();
    /** Null where nothing is counted. */
    private BpfObject object;
    private long beginsAddress;
    /** By CPU: what {@link CounterBegin#FAILED} was when its counters were last opened. */
    private int[] failed;
    /** By CPU, bit i: counter i has been open there. */
    private int[] had;
    private String problem;
    private long bytes;

    private CounterPrograms(Natives natives) {
        this.natives = natives;
        this.events = new CounterEvents(natives);
        this.possibleCpus = OnlineCpus.possible(natives.libBpf().libbpf_num_possible_cpus());
    }

    /**
     * Loads what can be had of {@code wanted}; nothing is attached yet.
     *
     * @param states the loaded object for whose rows it counts
     */
    static CounterPrograms load(Natives natives, BpfObject states, List<Counter> wanted) {
        CounterPrograms programs = new CounterPrograms(natives);
        if (!wanted.isEmpty()) {
            BitSet online = OnlineCpus.now(programs.possibleCpus);
            programs.choose(wanted, online);
            programs.load(states, online);
        }
        return programs;
    }

    /** Finds out which of them this machine has. */
    private void choose(List<Counter> wanted, BitSet online) {
        for (Counter counter : wanted) {
            int count = 0;
            for (int cpu = online.nextSetBit(0); cpu >= 0; cpu = online.nextSetBit(cpu + 1)) {
                count += events.canOpen(counter, cpu) ? 1 : 0;
            }
            if (count == 0) {
                attachments.add(Attachment.of(CounterReport.probe(counter), Probe.UNSUPPORTED, events.reason()));
            } else {
                counters.add(counter);
                attachments.add(Attachment.of(CounterReport.probe(counter), Probe.ATTACHED, "on " + count + " of "
                        + online.cardinality() + (online.cardinality() == 1 ? " CPU" : " CPUs")));
            }
        }
    }

    private void load(BpfObject states, BitSet online) {
        if (counters.isEmpty()) {
            return;
        }
        try {
            loadObject(states);
            failed = new int[possibleCpus];
            had = new int[possibleCpus];
            for (int cpu = online.nextSetBit(0); cpu >= 0; cpu = online.nextSetBit(cpu + 1)) {
                open(cpu, -1);
            }
        } catch (KernelException e) {
            close();
            fail(e);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void loadObject(BpfObject states) throws KernelException {
        object = BpfObject.open(natives, OBJECT, ThreadStateLoader.objectFile(OBJECT), Optional.empty(),
                VerifierLog.FEW_BYTES);
        for (String map : SHARED) {
            object.map(map).reuse(states.map(map));
        }
        List<String> others = new ArrayList<>(UserProbe.SHARED);
        others.addAll(UserProbe.UNUSED);
        others.removeAll(SHARED);
        for (String map : others) {
            object.map(map).leaveOut();
        }
        object.map(EVENTS).entries(possibleCpus * RecordSizes.COUNTERS);
        object.map(BEGINS).entries(possibleCpus);
        object.map(ROWS).entries((int) states.map("rows").entries());
        UserProbe.copySettings(states, object);
        object.map(SETTINGS).initialValue(CounterSettings.SIZE).putInt(CounterSettings.COUNTERS, counters.size());
        object.load();
        long address = natives.libC().mmap(0, beginsBytes(), LibC.PROT_READ | LibC.PROT_WRITE,
                LibC.MAP_SHARED, object.map(BEGINS).fd(), 0);
        if (address == LibC.MAP_FAILED || address == 0) {
            throw new KernelException("Cannot map the kernel's memory", " (" + BEGINS + "): mmap says "
                    + natives.textOf(natives.errno()) + ". Leave counters= out.");
        }
        beginsAddress = address;
        bytes = object.map(ROWS).bytes() + beginsBytes() + object.map(EVENTS).entries() * EVENT_BYTES;
    }

    private ByteBuffer begins() {
        return NativeMemory.bufferAt(beginsAddress, beginsBytes());
    }

    private long beginsBytes() {
        return (long) CounterBegin.SIZE * possibleCpus;
    }

    /**
     * Gives the CPU its counters, of those with these bits. One that it had not when it was first asked is not missed
     * there, and not asked for again.
     */
    private void open(int cpu, int which) throws KernelException {
        BpfMap map = object.map(EVENTS);
        ByteBuffer begins = begins();
        int missing = cpu * CounterBegin.SIZE + CounterBegin.MISSING;
        for (int i = 0; i < counters.size(); i++) {
            int bit = 1 << i;
            if ((which & ~begins.getInt(missing) & bit) == 0) {
                continue;
            }
            int fd = events.open(counters.get(i), cpu);
            if (fd < 0) {
                int lacking = events.isLacking() ? bit & ~had[cpu] : 0;
                begins.putInt(missing, begins.getInt(missing) | lacking);
            } else {
                had[cpu] |= bit;
                try {
                    map.putCounter(cpu * RecordSizes.COUNTERS + i, fd);
                } finally {
                    natives.libC().close(fd); // the map holds it
                }
            }
        }
    }

    /** Nothing is counted, for this reason. */
    private void fail(KernelException e) {
        for (int i = 0; i < attachments.size(); i++) {
            Probe outcome = attachments.get(i).outcome();
            if (outcome.status().equals(Probe.ATTACHED)) {
                attachments.set(i, Attachment.of(outcome.name(), Probe.FAILED, e.getMessage()));
            }
        }
    }

    /** Before the other object's program for switches is. */
    void attach() {
        if (object != null) {
            try {
                BpfProgram program = object.program(AT_SWITCH);
                program.attachTracepoint(SWITCH);
                attachments.add(Attachment.of(program, "raw tracepoint"));
            } catch (KernelException e) {
                fail(e);
            }
        }
    }

    /** When the programs know whom to count: for threads that are on a CPU, counting begins now. */
    void begin() {
        if (object != null) {
            BitSet online = OnlineCpus.now(possibleCpus);
            for (int cpu = online.nextSetBit(0); cpu >= 0; cpu = online.nextSetBit(cpu + 1)) {
                bringUpToDate(cpu);
            }
        }
    }

    /**
     * Gives the threads that are on a CPU what has been counted so far: one system call, and an interrupt, for each CPU
     * that runs one. Counters that could not be read are opened anew, these alone: the CPU may have been switched on.
     */
    void look() {
        if (object == null) {
            return;
        }
        ByteBuffer begins = begins();
        for (int cpu = 0; cpu < possibleCpus; cpu++) {
            int at = cpu * CounterBegin.SIZE;
            if (begins.getInt(at + CounterBegin.HOST_TID) != 0) {
                bringUpToDate(cpu);
            }
            if (begins.getInt(at + CounterBegin.FAILED) != failed[cpu]) {
                reopen(cpu, begins.getInt(at + CounterBegin.FAILING));
                bringUpToDate(cpu);
                // With the stay that began with the counters that were there before.
                failed[cpu] = begins.getInt(at + CounterBegin.FAILED);
            }
        }
    }

    private void reopen(int cpu, int which) {
        try {
            open(cpu, which);
        } catch (KernelException e) {
            problem = e.getMessage();
        }
    }

    private void bringUpToDate(int cpu) {
        try {
            object.program(BY_NOW).runOn(cpu);
        } catch (KernelException e) {
            problem = e.getMessage();
        }
    }

    /** What became of them, for reports. */
    List<Attachment> attachments() {
        return attachments;
    }

    /** Adds why the last look has failed, if it has. */
    void addProblem(List<Probe> probes) {
        if (problem != null) {
            probes.add(new Probe(BY_NOW, Probe.FAILED, problem, 0, 0));
        }
    }

    /** Maps what is counted for the threads, where something is. */
    void mapRows(MappedMaps maps, int threads) throws KernelException {
        if (object != null) {
            maps.mapCounters(counters, object.map(ROWS).fd(), threads);
        }
    }

    /** What its own maps take in the kernel. */
    long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        long mapped = beginsAddress;
        BpfObject closed = object;
        beginsAddress = 0;
        object = null;
        bytes = 0;
        try {
            if (mapped != 0) {
                natives.libC().munmap(mapped, beginsBytes());
            }
        } finally {
            if (closed != null) {
                closed.close();
            }
        }
    }
}
