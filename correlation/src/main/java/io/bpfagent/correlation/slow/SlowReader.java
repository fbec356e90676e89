package io.bpfagent.correlation.slow;

import io.bpfagent.correlation.KernelMemory;
import io.bpfagent.correlation.KnownThread;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.PoolNames;
import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.SlowEvent.Actor;
import io.bpfagent.correlation.SlowEvent.ActorKind;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadIdentity;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadLookup;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.TraceSpan;
import io.bpfagent.correlation.Words;
import io.bpfagent.correlation.ring.RingMemory;
import io.bpfagent.correlation.ring.RingReader;
import io.bpfagent.records.RecordLayouts;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.SlowFlags;
import io.bpfagent.records.RecordLayouts.SlowRecord;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Takes slow events out of their ring and keeps the last of them.
 *
 * <p>One thread. No content of the memory makes it throw. Heap: at most {@value Snapshot#MOST_SLOW_EVENTS} events that
 * wait and as many that have been read, 400 bytes each, and their stacks; nothing as long as there is none.
 */
public final class SlowReader implements RingReader.Sink {
    private static final ThreadIdentity NOBODY = new ThreadIdentity(0, "", ThreadKind.OTHER);
    private static final long MS = 1_000_000;
    private static final String OWN_THREADS = "bpf-agent";
    /** The thread goes on while they are under way, or is blocked in a state that tells of itself. */
    private static final Set<ThreadMetric> REQUESTS = EnumSet.of(ThreadMetric.BLOCK_READ, ThreadMetric.BLOCK_WRITE,
            ThreadMetric.BLOCK_READ_QUEUE, ThreadMetric.BLOCK_WRITE_QUEUE, ThreadMetric.TCP_CONNECT,
            ThreadMetric.TCP_CONNECT_FAILED);

    private final RingMemory memory;
    private final KernelMemory kernel;
    private final ThreadLookup threads;
    private final StackWatch stacks;
    private final LongSupplier clockNs;
    private final LongSupplier wallMs;
    /** Null until there is something in it. */
    private RingReader ring;
    private WaitDecoder decoder;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private List<SlowEvent> events = List.of();
    private String problem;
    private long number;
    private long lost;
    private long longestNs;
    private boolean missesWakers;
    private boolean busy;

    /** One that has been taken out of the ring and waits for its thread's name. */
    private record Waiting(byte[] record, long atMs, TraceSpan span) {}

    /**
     * A reader that has read nothing.
     *
     * @param limits  told to the kernel side here
     * @param stackNs from which length on a stack is asked for, or {@link SlowLimits#NEVER}
     * @param clockNs now, on the clock of the records
     * @param wallMs  now, ms since 1970
     */
    public SlowReader(RingMemory ring, KernelMemory kernel, ThreadLookup threads, SlowLimits limits, long stackNs,
            StackSource source, LongSupplier clockNs, LongSupplier wallMs) {
        this.memory = ring;
        this.kernel = kernel;
        this.threads = threads;
        this.clockNs = clockNs;
        this.wallMs = wallMs;
        this.stacks = new StackWatch(kernel, threads, source, limits, stackNs, clockNs);
        limits.write(kernel.slowLimits());
    }

    /** From now on these count; the parameters as those of the constructor. */
    public void change(SlowLimits limits, long stackNs) {
        stacks.change(limits, stackNs);
        limits.write(kernel.slowLimits());
    }

    /**
     * From now on these are the metrics whose programs are not attached: no thread is asked because of a call of them.
     */
    public void ignoreCalls(Collection<? extends Metric> metrics) {
        stacks.ignoreCalls(metrics);
    }

    /**
     * Empties the ring, and asks for the stacks that are due. True when there are events that {@link #addTo} has not
     * given yet. Cheap.
     */
    public boolean look() {
        stacks.look();
        longestNs = 0;
        missesWakers = false;
        busy = false;
        if (isUsed()) {
            busy = Long.compareUnsigned(ring.waitingBytes(), memory.dataBytes() / 4) > 0;
            ring.drain(this); // one that is still being written has its turn at the next look
        }
        return !waiting.isEmpty();
    }

    /**
     * Of those that the last {@link #look} has found and in which the thread was blocked, how long the longest took,
     * ns; 0: there was none.
     */
    public long longestNs() {
        return longestNs;
    }

    /** Whether the last {@link #look} has found a blocked thread of which it was not known who woke it. */
    public boolean missesWakers() {
        return missesWakers;
    }

    /** Whether more than a quarter of the ring was full at the last {@link #look}: look again sooner than usual. */
    public boolean isBusy() {
        return busy;
    }

    /** In how long, as of the last {@link #look}, a thread that is blocked now is to be asked for its stack, ns. */
    public long dueInNs() {
        return stacks.dueInNs();
    }

    /** Why no event can be listed, or null. Known when the first is there. */
    public String problem() {
        return problem;
    }

    /**
     * The snapshot with the last events, and with what was lost of them here. To be called after the ledger has been
     * read, so that threads are known by their names.
     */
    public Snapshot addTo(Snapshot snapshot) {
        if (!waiting.isEmpty()) {
            append();
        }
        return events.isEmpty() && lost == 0 ? snapshot : snapshot.withSlow(events).plus(Loss.LOST_SLOW_EVENTS, lost);
    }

    private boolean isUsed() {
        // The producer's position: as long as it is 0 there was no event, and nothing of this is loaded.
        if (ring == null && problem == null && Words.getAcquireLong(memory.producer(), 0) != 0) {
            try {
                ring = new RingReader(memory, SlowRecord.SIZE);
                decoder = new WaitDecoder(kernel);
            } catch (IllegalStateException e) {
                problem = e.getMessage() == null ? e.toString() : e.getMessage();
            }
        }
        return ring != null;
    }

    @Override
    public void garbage() {
        lost++;
    }

    @Override
    public void accept(ByteBuffer record, int length) {
        Metric metric = length == SlowRecord.SIZE ? metric(record) : null;
        long ns = record.getLong(SlowRecord.UNTIL_NS) - record.getLong(SlowRecord.SINCE_NS);
        if (metric == null || ns < 0) {
            garbage();
            return;
        }
        longestNs = hasStack(metric) ? Math.max(longestNs, ns) : longestNs;
        missesWakers |= metric instanceof ThreadState && metric != ThreadState.RUNNABLE
                && record.get(SlowRecord.ACTOR) == RecordLayouts.ActorKind.ACTOR_UNKNOWN;
        if (waiting.size() == Snapshot.MOST_SLOW_EVENTS) {
            waiting.removeFirst();
            lost++;
        }
        byte[] copy = new byte[SlowRecord.TEXT + Math.min(text(record), RecordSizes.SLOW_TEXT_BYTES)];
        record.get(0, copy);
        long ageNs = Math.max(0, clockNs.getAsLong() - record.getLong(SlowRecord.UNTIL_NS));
        // Now: it is not known for long.
        TraceSpan span = threads.span(record.getInt(SlowRecord.SPAN));
        waiting.add(new Waiting(copy, wallMs.getAsLong() - ageNs / MS, span));
    }

    /** Whether the thread is blocked meanwhile: then it can be asked for its stack. */
    private static boolean hasStack(Metric metric) {
        return metric != ThreadState.RUNNABLE && !REQUESTS.contains(metric);
    }

    private static int text(ByteBuffer record) {
        return Words.getShort(record, SlowRecord.TEXT_BYTES);
    }

    private static Metric metric(ByteBuffer record) {
        int metric = Byte.toUnsignedInt(record.get(SlowRecord.METRIC));
        boolean state = (record.get(SlowRecord.FLAGS) & SlowFlags.SLOW_STATE) != 0;
        List<? extends Metric> all = state ? ThreadState.ALL : ThreadMetric.ALL;
        return metric < all.size() ? all.get(metric) : null;
    }

    private void append() {
        List<SlowEvent> more = new ArrayList<>(waiting.size());
        for (Waiting one : waiting) {
            ByteBuffer record = decoder.wrap(one.record);
            KnownThread thread = find(Words.getShort(record, SlowRecord.ROW), record.getInt(SlowRecord.GENERATION));
            if (thread == null || isTold(thread.identity(), metric(record))) {
                more.add(event(record, thread, one));
            }
        }
        waiting.clear();
        int kept = Math.min(events.size(), Snapshot.MOST_SLOW_EVENTS - more.size());
        List<SlowEvent> all = new ArrayList<>(kept + more.size());
        all.addAll(events.subList(events.size() - kept, events.size()));
        all.addAll(more);
        events = List.copyOf(all);
    }

    /**
     * Of the agent's own threads nothing is told. Nor is it that a thread of the JVM's own had no CPU: compilers are
     * short of it whenever the application is, and what that does to a pause the pause says.
     */
    private static boolean isTold(ThreadIdentity thread, Metric metric) {
        boolean isJava = thread.kind() == ThreadKind.JAVA || thread.kind() == ThreadKind.CARRIER;
        return !thread.name().startsWith(OWN_THREADS)
                && (isJava || metric != ThreadState.RUNNABLE);
    }

    private SlowEvent event(ByteBuffer record, KnownThread thread, Waiting one) {
        int row = Words.getShort(record, SlowRecord.ROW);
        int generation = record.getInt(SlowRecord.GENERATION);
        ThreadIdentity identity = thread == null ? NOBODY : thread.identity();
        long sinceNs = record.getLong(SlowRecord.SINCE_NS);
        long untilNs = record.getLong(SlowRecord.UNTIL_NS);
        return new SlowEvent(++number, one.atMs, metric(record), untilNs - sinceNs, thread == null ? 0 : thread.tid(),
                record.getInt(SlowRecord.HOST_TID), identity, thread == null ? "" : PoolNames.poolOf(identity),
                Words.getShort(record, SlowRecord.CPU), decoder.waitedOn(record), actor(record),
                stacks.stackOf(row, generation, sinceNs, untilNs),
                threads.contextNames(Words.getShort(record, SlowRecord.CONTEXT)), one.span,
                virtual(record));
    }

    private SlowEvent.Virtual virtual(ByteBuffer record) {
        long id = record.getLong(SlowRecord.VIRTUAL_THREAD);
        String name = id == 0 ? null : threads.nameOfVirtual(id);
        return id == 0 ? null : new SlowEvent.Virtual(id, name == null ? "" : name);
    }

    private KnownThread find(int row, int generation) {
        return generation == 0 || row >= kernel.rowCount() ? null : threads.find(row, generation);
    }

    private Actor actor(ByteBuffer record) {
        int pid = record.getInt(SlowRecord.ACTOR_PID);
        return switch (record.get(SlowRecord.ACTOR)) {
            case RecordLayouts.ActorKind.ACTOR_OWN -> {
                KnownThread thread = find(Words.getShort(record, SlowRecord.ACTOR_ROW),
                        record.getInt(SlowRecord.ACTOR_GENERATION));
                yield thread == null ? new Actor(ActorKind.OWN, 0, "")
                        : new Actor(ActorKind.OWN, thread.tid(), thread.identity().name());
            }
            case RecordLayouts.ActorKind.ACTOR_CGROUP -> new Actor(ActorKind.CGROUP, pid, decoder.comm(record));
            case RecordLayouts.ActorKind.ACTOR_PROCESS -> new Actor(ActorKind.PROCESS, pid, decoder.comm(record));
            case RecordLayouts.ActorKind.ACTOR_KERNEL -> new Actor(ActorKind.KERNEL, 0, decoder.comm(record));
            case RecordLayouts.ActorKind.ACTOR_INTERRUPT -> new Actor(ActorKind.INTERRUPT, 0, "");
            case RecordLayouts.ActorKind.ACTOR_IDLE -> new Actor(ActorKind.IDLE, 0, "");
            case RecordLayouts.ActorKind.ACTOR_THROTTLED -> new Actor(ActorKind.THROTTLED, 0, "");
            default -> null;
        };
    }
}
