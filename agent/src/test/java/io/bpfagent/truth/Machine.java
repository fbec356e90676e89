package io.bpfagent.truth;

import io.bpfagent.correlation.ThreadIdentity;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.hotspot.HotSpotProbe;
import io.bpfagent.truth.Task.Life;
import io.bpfagent.truth.Task.Owner;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * CPUs and the tasks on them. What happens there is told to the programs as the kernel would tell it, and entered into
 * the accounts of the threads.
 */
final class Machine {
    private static final int HOST = 1000;
    private static final int MOST_TASKS = 60;
    private static final int TASK_INTERRUPTIBLE = 1;
    private static final int TASK_DEAD = 0x80;
    /** What has no meaning before the agent begins to count, or is its own doing. */
    private static final Set<Step.Kind> AFTER_BEGIN = EnumSet.of(Step.Kind.LOSE, Step.Kind.SEED, Step.Kind.READ,
            Step.Kind.PAUSE, Step.Kind.OPERATION, Step.Kind.COLLECT, Step.Kind.LOOK, Step.Kind.CONTEXT, Step.Kind.NAME,
            Step.Kind.INITIALIZE, Step.Kind.COMPILE);
    /** Fields that came after 5.15, or that kernels may be built without. */
    private static final List<String> FIELDS_SINCE = List.of("task->se.sched_delayed", "task->throttled",
            "task->thread_info.cpu", "task->sched_info.last_arrival");
    private static final String[] NAMES = {"exec-1", "exec-2", "io-1", "timer", "a", "b"};

    final Setup setup;
    final PlayedKernel kernel;
    final Task reader;
    final Task vm;
    final Books books;
    final PlayedHotSpot hotSpot;
    long monotonicNs = 1_000_000_000_000L;

    private final Task[] current;
    private final Task[] idle;
    /** Of the run queues: their clocks as they were last read, and how far they are behind. */
    private final long[] queueNs;
    private final long[] lagNs;
    /** All that have not ended, by their numbers. */
    private final List<Task> tasks = new ArrayList<>();
    private final List<Integer> endedTids = new ArrayList<>();
    private int nextTid = HOST + 10;
    private boolean isCounting;
    private boolean losesNext;
    private boolean hasLost;
    private boolean hasLags;

    /** One on which nobody looks yet. */
    Machine(PlayedKernel kernel, Setup setup) {
        this.kernel = kernel;
        this.setup = setup;
        this.books = new Books(setup, () -> monotonicNs);
        this.current = new Task[setup.cpus()];
        this.idle = new Task[setup.cpus()];
        this.queueNs = new long[setup.cpus()];
        this.lagNs = new long[setup.cpus()];
        if (setup.isOld()) {
            FIELDS_SINCE.forEach(field -> kernel.say("without " + field));
        }
        for (int cpu = 0; cpu < setup.cpus(); cpu++) {
            idle[cpu] = new Task(Task.IDLE, 0, 0, Owner.KERNEL, null);
            idle[cpu].life = Life.RUNNING;
            current[cpu] = idle[cpu];
        }
        add(HOST, Owner.HOST, "main", ThreadKind.JAVA);
        reader = add(HOST + 1, Owner.HOST, "bpf-agent", ThreadKind.JAVA);
        vm = add(HOST + 2, Owner.HOST, "VM Thread", ThreadKind.VM);
        add(HOST - 1, Owner.PROCESS, "init", ThreadKind.OTHER);
        hotSpot = new PlayedHotSpot(this, vm);
    }

    /** The agent's own thread says who it is: from now on all is counted, of whom there is an event. */
    void begin() {
        if (reader.life == Life.BLOCKED) {
            wake(reader, 0, 0, true);
        }
        if (reader.life == Life.RUNNABLE) {
            if (!current[0].isIdle()) {
                current[0].life = Life.RUNNABLE;
            }
            switchTo(0, !current[0].isIdle(), 0, reader);
        }
        tick(reader.cpu);
        kernel.say("run " + reader.cpu + " identify");
        isCounting = true;
    }

    /** Time goes by. */
    void pass(long ns) {
        monotonicNs += ns;
        if (hotSpot.openPause() != null) {
            hotSpot.openPause().pass(books.live(), vm.account, ns);
        }
    }

    /** Plays a step of the machine's. */
    void play(Step step) {
        pass(step.afterNs());
        if (!isCounting && AFTER_BEGIN.contains(step.kind())) {
            return;
        }
        int cpu = Math.floorMod(step.a(), setup.cpus());
        Task task = current[cpu];
        switch (step.kind()) {
            case PREEMPT -> preempt(cpu, step.b());
            case BLOCK -> block(cpu, Situation.of(step.b()), step.b());
            case WAKE -> wake(pick(step.a(), Life.BLOCKED), Math.floorMod(step.b(), setup.cpus()), cpu,
                    step.b() % 3 == 0);
            case WAKE_FOR_NOTHING -> wakeForNothing(pick(step.a(), each -> each.isHost() && each.life != Life.BLOCKED));
            case FORK -> fork(cpu, step.b());
            case EXIT -> exit(cpu);
            case FAULTS -> fault(task, Math.floorMod(step.b(), 5), Math.floorMod(step.b(), 3));
            case ATTACH -> {
                if (task.isHost()) {
                    task.hotSpot.attach(!task.hotSpot.isKnown());
                }
            }
            case CONTEXT -> enter(task, Math.floorMod(step.b(), ContextTruth.NODES));
            case RENAME -> rename(pick(step.a(), each -> each.isHost() && each.identity.kind() == ThreadKind.JAVA),
                    step.b());
            case LAG -> {
                lagNs[cpu] = Math.floorMod(step.b(), Step.MOST_LAG_NS);
                hasLags = true;
            }
            case LOSE -> losesNext = true;
            case SEED -> seed();
            default -> hotSpot.play(step, cpu, task);
        }
    }

    /** The one of these tasks with this number, which goes round; null if there is none. */
    private Task pick(int number, Predicate<Task> which) {
        List<Task> some = tasks.stream().filter(which).toList();
        return some.isEmpty() ? null : some.get(Math.floorMod(number, some.size()));
    }

    /** Without the VM thread there is no pause: it is the one more often than others. */
    private Task pick(int number, Life life) {
        return vm.life == life && number % 4 == 0 ? vm : pick(number, each -> each.life == life);
    }

    private Task next(int cpu, int number) {
        Task next = pick(number, Life.RUNNABLE);
        return next == null ? idle[cpu] : next;
    }

    private boolean isLost() {
        boolean isLost = losesNext;
        losesNext = false;
        hasLost |= isLost;
        return isLost;
    }

    /** The kernel reads the clock of a run queue. @return the time of the event that comes now */
    private long tick(int cpu) {
        long nowNs = monotonicNs - setup.aheadNs() - lagNs[cpu];
        queueNs[cpu] = Math.max(queueNs[cpu], nowNs);
        long busy = tasks.stream().filter(task -> task.cpu == cpu && task.life != Life.BLOCKED).count();
        kernel.say("clock " + monotonicNs);
        kernel.say("queue " + cpu + " " + queueNs[cpu] + " " + busy);
        return setup.steadyClock() ? queueNs[cpu] : monotonicNs;
    }

    /** Makes a task that is runnable, of which nobody has been told; its number is the least that is free. */
    private Task add(int tid, Owner owner, String name, ThreadKind kind) {
        int number = 0;
        while (number < tasks.size() && tasks.get(number).number == number) {
            number++;
        }
        boolean isHost = owner == Owner.HOST;
        int tgid = isHost ? HOST : tid;
        int group = isHost ? setup.inGroup() ? 1 : 0 : owner == Owner.CGROUP ? 1 : 0;
        kernel.say("task " + number + " " + tid + " " + innerTid(tid) + " " + tgid + " " + (isHost ? 0 : number) + " "
                + group + " " + (owner == Owner.KERNEL ? 1 : 0) + " " + name);
        Task task = new Task(number, tid, innerTid(tid), owner, isHost ? new HotSpotThread(kernel, number) : null);
        task.identity = new ThreadIdentity(kind == ThreadKind.JAVA ? tid : 0, name, kind);
        task.life = Life.RUNNABLE;
        if (isHost) {
            task.hotSpot.attach(true);
        }
        tasks.add(number, task);
        return task;
    }

    private static int innerTid(int tid) {
        return tid - HOST + 1;
    }

    /** Who has this number in the host's pid namespace, or null. */
    Task byInnerTid(int innerTid) {
        return tasks.stream().filter(task -> task.isHost() && task.innerTid == innerTid).findFirst().orElse(null);
    }

    private void preempt(int cpu, int which) {
        Task prev = current[cpu];
        Task next = next(cpu, which);
        if (next.isIdle()) {
            return;
        }
        prev.life = Life.RUNNABLE;
        // It may have been about to block, and is runnable all the same; or it gives way by itself.
        boolean preempted = !prev.isIdle() && which % 3 != 0;
        prev.isThrottled = preempted && which % 7 == 0 && setup.inGroup() && !setup.isOld();
        if (prev.isThrottled) {
            kernel.say("throttled " + prev.number + " 1");
        }
        switchTo(cpu, preempted, preempted && which % 2 == 0 ? TASK_INTERRUPTIBLE : 0, next);
    }

    private void block(int cpu, Situation situation, int which) {
        Task prev = current[cpu];
        if (prev.isIdle()) {
            return;
        }
        if (prev.isHost()) {
            situation.enter(kernel, prev.number, prev.hotSpot);
        }
        prev.life = Life.BLOCKED;
        prev.blockedIn = situation;
        // Since 6.12 a task may stay on its run queue for a while although it sleeps.
        kernel.say("delayed " + prev.number + " " + (!setup.isOld() && which % 5 == 0 ? 1 : 0));
        switchTo(cpu, false, situation.taskState(), next(cpu, which));
    }

    private void exit(int cpu) {
        Task prev = current[cpu];
        if (prev.isIdle() || prev == reader || prev == vm || prev.tid == HOST) {
            return;
        }
        prev.life = Life.DEAD;
        losesNext = false; // else the thread would be there for ever
        tasks.remove(prev);
        if (prev.isHost()) {
            endedTids.add(prev.tid);
        }
        switchTo(cpu, false, TASK_DEAD, next(cpu, 0));
    }

    private void switchTo(int cpu, boolean preempted, int prevState, Task next) {
        Task prev = current[cpu];
        boolean isLost = isLost();
        moveTo(next, cpu);
        next.life = Life.RUNNING;
        if (next.isThrottled) {
            kernel.say("throttled " + next.number + " 0");
        }
        long atNs = tick(cpu);
        kernel.say("switch " + cpu + " " + (preempted ? 1 : 0) + " " + prev.number + " " + prevState + " " + next.number
                + " " + (isLost ? 1 : 0));
        if (isCounting && !isLost) {
            if (prev.isHost()) {
                books.switchedOut(prev, atNs);
            }
            if (next.isHost()) {
                books.switchedIn(next, prev, hadCpuNs(prev), atNs);
            }
        }
        next.isThrottled = false;
        next.arrivedNs = queueNs[cpu];
        current[cpu] = next;
    }

    private static void moveTo(Task task, int cpu) {
        if (!task.isIdle() && task.cpu != cpu) {
            task.cpu = cpu;
            task.migrations++;
        }
    }

    /** @param by whose CPU's task wakes it, or an interrupt there */
    private void wake(Task task, int cpu, int by, boolean inInterrupt) {
        if (task == null) {
            return;
        }
        moveTo(task, cpu);
        task.life = Life.RUNNABLE;
        sayWakeup(task, cpu, false, by, inInterrupt || current[by].isIdle());
    }

    private void wakeForNothing(Task task) {
        if (task != null) {
            sayWakeup(task, task.cpu, false, task.cpu, true);
        }
    }

    private void sayWakeup(Task task, int cpu, boolean isNew, int by, boolean inInterrupt) {
        boolean isLost = isLost();
        long atNs = tick(cpu);
        Task waker = current[by];
        if (!inInterrupt && waker.owner != Owner.KERNEL) {
            kernel.say("call " + waker.number + " " + Situation.WAKING_CALL + " 0 0 0 0");
        }
        kernel.say("wakeup " + by + " " + task.number + " " + cpu + " " + (isNew ? 1 : 0) + " " + (isLost ? 1 : 0)
                + " " + (inInterrupt ? 1 : 0));
        if (!isCounting || isLost || !task.isHost()) {
            return;
        }
        if (isNew) {
            books.started(task, atNs);
        } else {
            books.woken(task, inInterrupt ? null : waker, cpu, atNs);
        }
    }

    private void fork(int cpu, int which) {
        if (tasks.size() >= MOST_TASKS) {
            return;
        }
        Owner owner = switch (Math.floorMod(which, 8)) {
            case 0 -> Owner.PROCESS;
            case 1 -> Owner.CGROUP;
            case 2 -> Owner.KERNEL;
            default -> Owner.HOST;
        };
        boolean isGc = Math.floorMod(which, 5) == 0;
        Task task = add(tid(which), owner, isGc ? "GC Thread#0" : name(which),
                isGc ? ThreadKind.GC : ThreadKind.JAVA);
        int on = Math.floorMod(cpu + which, setup.cpus());
        moveTo(task, on);
        sayWakeup(task, on, true, cpu, false);
    }

    /** A new one, one that wants another's place in the index, or that of a thread that has ended. */
    private int tid(int which) {
        nextTid++;
        int tid = switch (Math.floorMod(which, 3)) {
            case 0 -> endedTids.isEmpty() ? nextTid : endedTids.remove(endedTids.size() - 1);
            case 1 -> HOST + books.indexSlots() * nextTid;
            default -> nextTid;
        };
        boolean isUsed = tasks.stream().anyMatch(task -> task.tid == tid);
        return isUsed ? nextTid : tid;
    }

    private void fault(Task task, int minor, int major) {
        if (task.isHost()) {
            task.minorFaults += minor;
            task.majorFaults += major;
            kernel.say("faults " + task.number + " " + minor + " " + major);
        }
    }

    private void enter(Task task, int node) {
        if (task.account == null) {
            return;
        }
        // Nobody does that twice at the same time.
        pass(1);
        if (node != task.account.node) {
            kernel.show();
            SlotWriter slots = kernel.slots();
            slots.change(slots.find(task.innerTid), node, monotonicNs);
        }
        task.account.enter(node, monotonicNs - setup.aheadNsOfEvents());
    }

    static String name(int which) {
        return NAMES[Math.floorMod(which, NAMES.length)];
    }

    private static void rename(Task task, int which) {
        if (task != null) {
            task.identity = new ThreadIdentity(task.tid, name(which), ThreadKind.JAVA);
        }
    }

    private void seed() {
        kernel.say("clock " + monotonicNs);
        kernel.say("iterate 0 seed_threads");
        kernel.show();
        long atNs = recordNs();
        tasks.stream().filter(Task::isHost).forEach(task -> books.seeded(task, atNs));
    }

    /** A probe is hit, with this in its registers. */
    void probe(int cpu, HotSpotProbe probe, int which, String registers) {
        // Two are never hit at the same time by one thread.
        pass(1);
        tick(cpu);
        kernel.say("probe " + cpu + " " + kernel.site(probe, which) + registers);
    }

    /** Whether all threads of the JVM are stopped. */
    boolean isPaused() {
        return hotSpot.openPause() != null;
    }

    /** For how long it has had the CPU that it leaves now. */
    private long hadCpuNs(Task prev) {
        if (prev.isIdle()) {
            // All the time before, as far as anybody knows; without that clock, or when it came, it is not known.
            return setup.steadyClock() && !setup.isOld() ? Long.MAX_VALUE : 0;
        }
        return queueNs[prev.cpu] - prev.arrivedNs;
    }

    /** Now, on the clock of the records, as the agent reckons it; to be asked after {@link PlayedKernel#show}. */
    long recordNs() {
        return monotonicNs - kernel.clockOffsetNs();
    }

    /** Whether all clocks have always said the same. */
    boolean isOnOneClock() {
        return !setup.steadyClock() || !hasLags;
    }

    /** Whether no event has been lost besides, of which pauses would be made. */
    boolean isExact() {
        return isOnOneClock() && !hasLost && books.losses.isEmpty();
    }
}
