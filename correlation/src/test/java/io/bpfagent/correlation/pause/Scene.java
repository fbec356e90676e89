package io.bpfagent.correlation.pause;

import io.bpfagent.correlation.KnownThread;
import io.bpfagent.correlation.Occupant;
import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.PauseDetail;
import io.bpfagent.correlation.PauseThread;
import io.bpfagent.correlation.ThreadIdentity;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadLookup;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.records.RecordLayouts.OccupantKind;
import io.bpfagent.records.RecordLayouts.StayFlags;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One pause, told by hand: all times in us since its begin. Records are made of it as pauses.h does. */
final class Scene implements ThreadLookup {
    private static final long BEGIN_NS = 5_000_000_000L;

    private final long reachedUs;
    private final long endUs;
    private final RecordLog log = new RecordLog(1 << 18);
    private final Map<Integer, Actor> actors = new LinkedHashMap<>();
    private final Actor vm = actor("VM Thread", ThreadKind.VM, 0).is(ThreadState.RUNNING);
    private final List<Actor> torn = new ArrayList<>();

    private Scene(long reachedUs, long endUs) {
        this.reachedUs = reachedUs;
        this.endUs = endUs;
    }

    static Scene pause(long reachedUs, long endUs) {
        return new Scene(reachedUs, endUs);
    }

    /** The VM thread, which is running at the begin, on CPU 0. */
    Actor vm() {
        return vm;
    }

    Actor gc(String name) {
        return actor(name, ThreadKind.GC, 0).is(ThreadState.BLOCKED_FUTEX);
    }

    Actor java(String name) {
        return actor(name, ThreadKind.JAVA, 100 + actors.size()).is(ThreadState.RUNNING);
    }

    Actor nativeThread(String name) {
        return actor(name, ThreadKind.OTHER, 0).is(ThreadState.RUNNING);
    }

    Actor actor(String name, ThreadKind kind, long javaId) {
        Actor actor = new Actor(actors.size(), new ThreadIdentity(javaId, name, kind));
        actors.put(actor.row, actor);
        return actor;
    }

    /** One of which the lookup knows nothing. */
    Actor stranger() {
        Actor actor = new Actor(actors.size(), null);
        actors.put(actor.row, actor);
        return actor.is(ThreadState.RUNNING);
    }

    /** A thread of another process has left the CPU. */
    Scene occupant(long atUs, int cpu, String name) {
        return occupant(atUs, cpu, OccupantKind.OCCUPANT_PROCESS, name);
    }

    Scene idle(long atUs, int cpu) {
        return occupant(atUs, cpu, OccupantKind.OCCUPANT_IDLE, "swapper/" + cpu);
    }

    Scene occupant(long atUs, int cpu, int kind, String name) {
        byte[] bytes = new byte[16];
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(text, 0, bytes, 0, Math.min(15, text.length));
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        log.addOccupant(kind, cpu, ns(atUs), buffer.getLong(0), buffer.getLong(8));
        return this;
    }

    /** The row of this thread cannot be read. */
    Scene torn(Actor actor) {
        torn.add(actor);
        return this;
    }

    private static long ns(long us) {
        return BEGIN_NS + us * 1000;
    }

    /** A thread, told state by state. */
    final class Actor {
        private final int row;
        private final ThreadIdentity identity;
        private ThreadState state;
        private long sinceUs = -1_000;
        private int cpu;
        /** Runnable, and when that began the quota was used up. */
        private boolean throttled;
        private int minorFaults = -2;
        private int majorFaults;

        Actor(int row, ThreadIdentity identity) {
            this.row = row;
            this.identity = identity;
        }

        /** What it was in since long before. */
        Actor is(ThreadState state) {
            this.state = state;
            return this;
        }

        /** The CPU that it is on, or was last. */
        Actor on(int cpu) {
            this.cpu = cpu;
            return this;
        }

        /** It begins in the pause. */
        Actor born(long atUs) {
            sinceUs = atUs;
            return is(ThreadState.RUNNABLE);
        }

        Actor faults(int minor, int major) {
            minorFaults += minor;
            majorFaults += major;
            return this;
        }

        /** Is woken, or preempted. */
        Actor waits(long atUs) {
            return change(atUs, ThreadState.RUNNABLE, 0);
        }

        Actor waits(long atUs, int cpu) {
            return on(cpu).waits(atUs);
        }

        Actor throttled(long atUs) {
            change(atUs, ThreadState.RUNNABLE, StayFlags.STAY_THROTTLED);
            throttled = true;
            return this;
        }

        /** Since long before. */
        Actor isThrottled() {
            throttled = true;
            return is(ThreadState.RUNNABLE);
        }

        Actor runs(long atUs) {
            return change(atUs, ThreadState.RUNNING, 0);
        }

        Actor runs(long atUs, int cpu) {
            return on(cpu).runs(atUs);
        }

        Actor blocks(long atUs, ThreadState state) {
            return change(atUs, state, 0);
        }

        /** As one of many that come and go on the CPU: of that no more is told than that this one is the last. */
        Actor ranAsOneOfMany(long fromUs, long untilUs, int cpu) {
            is(ThreadState.RUNNING).on(cpu);
            sinceUs = fromUs;
            return change(untilUs, ThreadState.BLOCKED_FUTEX, StayFlags.STAY_OF_MANY);
        }

        Actor ends(long atUs) {
            return change(atUs, ThreadState.RUNNING, StayFlags.STAY_ENDED);
        }

        private Actor change(long atUs, ThreadState next, int flags) {
            if (isSent(atUs)) {
                int of = throttled && next != ThreadState.RUNNABLE ? StayFlags.STAY_THROTTLED : flags;
                log.addStay(Records.thread(row, 1), state.ordinal(), next.ordinal(), of, cpu, ns(sinceUs), ns(atUs),
                        minorFaults, majorFaults);
            }
            throttled = false;
            state = next;
            sinceUs = atUs;
            return this;
        }

        private boolean isSent(long atUs) {
            boolean stopped = identity != null && identity.kind() != ThreadKind.GC && identity.kind() != ThreadKind.VM;
            if (atUs < 0 || sinceUs >= endUs) {
                return false;
            }
            if (state == ThreadState.RUNNING) {
                return true;
            }
            if (atUs > endUs) {
                return state == ThreadState.RUNNABLE && !stopped;
            }
            return atUs <= reachedUs || !stopped;
        }

        private KnownThread known() {
            return identity == null ? null : new KnownThread(row, 1, 1000 + row, identity);
        }
    }

    /** The pause, as it is made of the records. */
    Pause take() {
        EndedPause pause = new EndedPause(7, ns(0), ns(reachedUs), ns(endUs), true, 0, true,
                Records.thread(vm.row, 1), 0, 0, 0);
        List<PauseWindow.OpenStay> open = new ArrayList<>();
        forEachLive(ThreadKind.GC, (thread, state, sinceNs, throttled) ->
                open.add(new PauseWindow.OpenStay(thread, state, sinceNs, throttled)));
        WindowCutter cutter = new WindowCutter(this);
        cutter.begin(log, open);
        PauseDetail detail = new Anatomist().takeApart(cutter.cut(pause));
        return new Pause(pause.number(), pause.beginNs(), 1_700_000_000_000L, "G1CollectForAllocation", pause.gc(),
                pause.endNs() - pause.beginNs(), pause.reachingNs(), cutter.misses(pause), detail);
    }

    @Override
    public long asOfNs() {
        return ns(endUs);
    }

    @Override
    public KnownThread find(int row, int generation) {
        return generation == 1 && actors.containsKey(row) ? actors.get(row).known() : null;
    }

    @Override
    public void forEachLive(ThreadKind kind, OpenStays consumer) {
        for (Actor actor : actors.values()) {
            if (actor.identity != null && actor.identity.kind() == kind) {
                int state = torn.contains(actor) ? STATE_UNKNOWN : actor.state.ordinal();
                consumer.accept(actor.known(), state, ns(actor.sinceUs), actor.throttled);
            }
        }
    }

    /** The thread with this name, which must be listed. */
    static PauseThread thread(Pause pause, String name) {
        return pause.threads().stream().filter(thread -> thread.name().equals(name)).findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + names(pause)));
    }

    static List<String> names(Pause pause) {
        return pause.threads().stream().map(PauseThread::name).toList();
    }

    /** The thread's times that are not 0, in us: {@code running=5 blocked_disk=3}. */
    static String times(Pause pause, String name) {
        StringBuilder text = new StringBuilder();
        for (ThreadState state : ThreadState.values()) {
            long ns = thread(pause, name).times().timeNs(state);
            if (ns != 0) {
                text.append(text.isEmpty() ? "" : " ").append(state.metric()).append('=').append(ns / 1000);
            }
        }
        return text.toString();
    }

    /** Who had the CPU, in us: {@code stress=5 idle=3}. */
    static String occupants(Pause pause, String name) {
        StringBuilder text = new StringBuilder();
        for (Occupant occupant : thread(pause, name).occupants()) {
            text.append(text.isEmpty() ? "" : " ").append(occupant.who()).append('=').append(occupant.ns() / 1000);
        }
        return text.toString();
    }

    /** The parts that are not 0, in us: {@code reaching=5 working=10 blocked_disk=3}. */
    static String parts(Pause pause) {
        StringBuilder text = new StringBuilder();
        append(text, "reaching", pause.parts().reachingNs());
        append(text, "working", pause.parts().workingNs());
        append(text, "no_cpu", pause.parts().noCpuNs());
        for (ThreadState state : ThreadState.values()) {
            append(text, state.metric(), pause.parts().vmBlocked().timeNs(state));
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String part, long ns) {
        if (ns != 0) {
            text.append(text.isEmpty() ? "" : " ").append(part).append('=').append(ns / 1000);
        }
    }
}
