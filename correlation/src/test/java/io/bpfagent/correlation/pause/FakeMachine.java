package io.bpfagent.correlation.pause;

import io.bpfagent.correlation.FakeIdentities;
import io.bpfagent.correlation.FakeKernel;
import io.bpfagent.correlation.FakeThread;
import io.bpfagent.correlation.Ledger;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.records.RecordLayouts.Globals;
import io.bpfagent.records.RecordLayouts.OccupantKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * CPUs with run queues, the host's threads and other processes on them, at random; pauses; and an account of
 * what really happened in each. The kernel side's rules are those of {@link FakeKernel}.
 */
final class FakeMachine {
    private static final long TAIL_NS = 20_000_000;
    private static final ThreadState[] BLOCKED = {ThreadState.BLOCKED_FUTEX, ThreadState.BLOCKED_DISK,
        ThreadState.BLOCKED_FAULT, ThreadState.BLOCKED_POLL, ThreadState.BLOCKED_SAFEPOINT};

    final FakeKernel kernel = new FakeKernel(64, 32);
    final FakeIdentities identities = new FakeIdentities();
    final Ledger ledger = kernel.ledger(identities);
    /** By the pauses' numbers. */
    final Map<Long, Truth> truths = new HashMap<>();
    private final Random random;
    private final int mostThreads;
    private final Cpu[] cpus = new Cpu[3];
    private final Task vm = new Task(kernel.start("VM Thread", ThreadState.BLOCKED_FUTEX), true);
    private final List<Task> threads = new ArrayList<>(List.of(vm));
    private final List<Task> blocked = new ArrayList<>();
    private long pauses;
    private Truth open;
    private boolean reached;
    private long tailOf;

    /** Something that can be on a CPU; of the host's if it has a thread. */
    private static final class Task {
        final FakeThread thread;
        final String who;
        final int kind;
        /** Whether it works in pauses: the VM thread or one of the garbage collector's. */
        final boolean works;

        Task(FakeThread thread, boolean works) {
            this.thread = thread;
            this.who = "own";
            this.kind = 0;
            this.works = works;
        }

        Task(String who, int kind) {
            this.thread = null;
            this.who = who;
            this.kind = kind;
            this.works = false;
        }

        boolean isOwn() {
            return thread != null;
        }
    }

    private static final class Cpu {
        final int number;
        final Task idle;
        final ArrayDeque<Task> queue = new ArrayDeque<>();
        Task current;
        long sentAfter;

        Cpu(int number) {
            this.number = number;
            this.idle = new Task("idle", OccupantKind.OCCUPANT_IDLE);
            this.current = idle;
        }
    }

    /** What happened in a pause. */
    static final class Truth {
        boolean reached;
        final Map<FakeThread, long[]> timesNs = new HashMap<>();
        /** By thread: who had its CPU while it was runnable. */
        final Map<FakeThread, Map<String, Long>> occupantsNs = new HashMap<>();
        long reachingNs;
        long workingNs;
        long noCpuNs;
        final long[] vmBlockedNs = new long[16];
    }

    FakeMachine(long seed, int workers, int others) {
        random = new Random(seed);
        mostThreads = workers + 10;
        identities.nameless(vm.thread, "VM Thread", ThreadKind.VM);
        for (int i = 0; i < workers; i++) {
            identities.nameless(add("GC Thread#" + i, true).thread, "GC Thread#" + i, ThreadKind.GC);
        }
        for (int i = 0; i < 3; i++) {
            identities.java(add("java", false).thread, "exec-" + i);
        }
        identities.nameless(add("C2 CompilerThre", false).thread, "C2 CompilerThre", ThreadKind.COMPILER);
        for (int i = 0; i < cpus.length; i++) {
            cpus[i] = new Cpu(i);
        }
        for (int i = 0; i < others; i++) {
            blocked.add(i == 0 ? new Task("kernel", OccupantKind.OCCUPANT_KERNEL)
                    : new Task("stress-" + i, OccupantKind.OCCUPANT_PROCESS));
        }
        blocked.addAll(threads);
    }

    private Task add(String comm, boolean works) {
        Task task = new Task(kernel.start(comm, ThreadState.BLOCKED_FUTEX), works);
        threads.add(task);
        return task;
    }

    /** Whether the thread works in pauses. */
    boolean works(FakeThread thread) {
        return threads.stream().anyMatch(task -> task.thread == thread && task.works);
    }

    /** The next thing happens, after a while. */
    void step() {
        pass(1 + random.nextInt(random.nextInt(50) == 0 ? 5_000_000 : 100_000));
        Cpu cpu = cpus[random.nextInt(cpus.length)];
        int what = random.nextInt(100);
        if (what < 35 && !blocked.isEmpty()) {
            // Without the VM thread there is no pause.
            Task task = blocked.contains(vm) && random.nextInt(3) == 0 ? vm
                    : blocked.get(random.nextInt(blocked.size()));
            blocked.remove(task);
            wake(task, cpu);
        } else if (what < 75) {
            switchAway(cpu, random.nextBoolean());
        } else if (what < 80 && open == null && isRunning(vm)) {
            begin();
        } else if (what < 85 && open != null && !reached && isRunning(vm)) {
            kernel.pauses.reached(0, true);
            reached = true;
            open.reached = true;
        } else if (what < 90 && open != null && isRunning(vm)) {
            end();
        } else if (what == 90 && threads.size() < mostThreads) {
            Task born = new Task(kernel.start("VM Thread", ThreadState.RUNNABLE), true);
            identities.nameless(born.thread, "GC Thread#" + threads.size(), ThreadKind.GC);
            threads.add(born);
            born.thread.cpu = cpu.number;
            cpu.queue.add(born);
        }
    }

    private static boolean isRunning(Task task) {
        return task.thread.state == ThreadState.RUNNING;
    }

    private void wake(Task task, Cpu cpu) {
        cpu.queue.add(task);
        if (task.isOwn()) {
            task.thread.cpu = cpu.number;
            kernel.change(task.thread, ThreadState.RUNNABLE);
        }
    }

    private void switchAway(Cpu cpu, boolean preempted) {
        Task before = cpu.current;
        if (preempted && before != cpu.idle) {
            if (cpu.queue.isEmpty()) {
                return;
            }
            cpu.queue.add(before);
        } else if (before != cpu.idle) {
            blocked.add(before);
        } else if (cpu.queue.isEmpty()) {
            return;
        }
        cpu.current = cpu.queue.isEmpty() ? cpu.idle : cpu.queue.remove();
        if (before.isOwn()) {
            before.thread.minorFaults += random.nextInt(3);
            kernel.change(before.thread, preempted ? ThreadState.RUNNABLE : BLOCKED[random.nextInt(BLOCKED.length)]);
        } else if (cpu.current.isOwn() || !cpu.queue.isEmpty()) {
            sendOccupant(cpu, before);
        }
        if (cpu.current.isOwn()) {
            kernel.change(cpu.current.thread, ThreadState.RUNNING);
        }
    }

    private void sendOccupant(Cpu cpu, Task task) {
        if (open == null) {
            long ageNs = kernel.nowNs - kernel.globals.getLong(Globals.WATCHED_UNTIL_NS);
            if (tailOf == 0 || ageNs > TAIL_NS || cpu.sentAfter == tailOf) {
                tailOf = ageNs > TAIL_NS ? 0 : tailOf;
                return;
            }
            cpu.sentAfter = tailOf;
        }
        kernel.pauses.occupant(cpu.number, task.kind, task.who);
    }

    private void begin() {
        kernel.pauses.begins(vm.thread);
        pauses++;
        open = new Truth();
        truths.put(pauses, open);
        reached = false;
    }

    private void end() {
        kernel.pauses.ends(vm.thread);
        tailOf = pauses;
        open = null;
    }

    private void pass(long ns) {
        if (open != null) {
            for (Task task : threads) {
                FakeThread thread = task.thread;
                open.timesNs.computeIfAbsent(thread, t -> new long[16])[thread.state.ordinal()] += ns;
                if (thread.state == ThreadState.RUNNABLE) {
                    Task occupant = cpus[thread.cpu].current;
                    open.occupantsNs.computeIfAbsent(thread, t -> new HashMap<>())
                            .merge(occupant.who, ns, Long::sum);
                }
            }
            passPart(ns);
        }
        kernel.pass(ns);
    }

    private void passPart(long ns) {
        boolean running = false;
        boolean runnable = false;
        for (Task task : threads) {
            if (task.works) {
                running |= isRunning(task);
                runnable |= task.thread.state == ThreadState.RUNNABLE;
            }
        }
        if (!reached) {
            open.reachingNs += ns;
        } else if (running) {
            open.workingNs += ns;
        } else if (runnable) {
            open.noCpuNs += ns;
        } else {
            open.vmBlockedNs[vm.thread.state.ordinal()] += ns;
        }
    }
}
