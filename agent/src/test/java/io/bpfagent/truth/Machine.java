package io.bpfagent.truth;

import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.ThreadCounts;
import io.bpfagent.correlation.ThreadCounts.Behind;
import io.bpfagent.correlation.ThreadIdentity;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.hotspot.HotSpotProbe;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.truth.Task.Life;
import io.bpfagent.truth.Task.Owner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private static final String[] OPERATIONS = {"G1CollectForAllocation", "Cleanup", "HandshakeAllThreads",
        "ICBufferFull", "PrintThreads"};
    private static final String[] NAMES = {"exec-1", "exec-2", "io-1", "timer", "a", "b"};

    final Setup setup;
    final PlayedKernel kernel;
    final Task reader;
    final Task vm;
    /** What should have been lost. */
    final Map<Loss, Long> losses = new EnumMap<>(Loss.class);
    /** Of all threads that the agent has ever known. */
    final List<Account> accounts = new ArrayList<>();
    final ContextTruth contexts = new ContextTruth();
    final List<PauseTruth> pauses = new ArrayList<>();
    final Map<EventMetric, List<Long>> events = new EnumMap<>(EventMetric.class);
    /** By names. */
    final Map<String, List<Long>> operationsNs = new HashMap<>();
    long monotonicNs = 1_000_000_000_000L;

    private final Task[] current;
    private final Task[] idle;
    /** Of the run queues: their clocks as they were last read, and how far they are behind. */
    private final long[] queueNs;
    private final long[] lagNs;
    /** All that have not ended, by their numbers. */
    private final List<Task> tasks = new ArrayList<>();
    private final List<Integer> endedTids = new ArrayList<>();
    private final RowIndex index;
    /** That are under way, the innermost first. */
    private final Deque<Operation> operations = new ArrayDeque<>();
    /** When what began that has not ended, by thread and what it is. */
    private final Map<String, Long> happenings = new HashMap<>();
    private int freeRows;
    private int endedRows;
    private int nextTid = HOST + 10;
    private boolean isCounting;
    private boolean losesNext;
    private boolean hasLags;

    private record Operation(String name, long address, long beginNs) {}

    /** One on which nobody looks yet. */
    Machine(PlayedKernel kernel, Setup setup) {
        this.kernel = kernel;
        this.setup = setup;
        this.index = new RowIndex(setup.rows());
        this.freeRows = setup.rows();
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
    }

    /** The agent's own thread says who it is: from now on all is counted, of whom there is an event. */
    void begin() {
        if (reader.life == Life.BLOCKED) {
            wake(reader, 0);
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
        if (openPause() != null) {
            openPause().pass(live(), vm.account, ns);
        }
    }

    List<Account> live() {
        return accounts.stream().filter(this::isLive).toList();
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
            case WAKE -> wake(pick(step.a(), Life.BLOCKED), Math.floorMod(step.b(), setup.cpus()));
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
            case NAME -> name(cpu, task, step.b());
            case INITIALIZE -> happen(cpu, task, Happening.CLASS, step.b());
            case COMPILE -> happen(cpu, task, Happening.COMPILATION, step.b());
            case RENAME -> rename(pick(step.a(), each -> each.isHost() && each.identity.kind() == ThreadKind.JAVA),
                    step.b());
            case LAG -> {
                lagNs[cpu] = Math.floorMod(step.b(), Step.MOST_LAG_NS);
                hasLags = true;
            }
            case LOSE -> losesNext = true;
            case SEED -> seed();
            case PAUSE -> {
                if (vm.life == Life.RUNNING) {
                    pause();
                }
            }
            case OPERATION -> {
                if (vm.life == Life.RUNNING) {
                    operation(step.b());
                }
            }
            case COLLECT -> {
                if (vm.life == Life.RUNNING) {
                    collect(step.b());
                }
            }
            default -> throw new IllegalArgumentException("not the machine's: " + step);
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

    private void lose(Loss loss) {
        losses.merge(loss, 1L, Long::sum);
    }

    private boolean isLost() {
        boolean isLost = losesNext;
        losesNext = false;
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
                switchedOut(prev, atNs);
            }
            if (next.isHost()) {
                switchedIn(next, prev, atNs);
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

    private void switchedOut(Task task, long atNs) {
        Account account = account(task, ThreadState.RUNNING, atNs);
        if (account == null) {
            lose(Loss.EVENTS_WITHOUT_ROW);
            return;
        }
        if (account.state != ThreadState.RUNNING) {
            lose(Loss.MISSED_SWITCHES);
        }
        account.minorFaults = task.minorFaults;
        account.majorFaults = task.majorFaults;
        account.migrations = task.migrations;
        account.isThrottled |= task.isThrottled;
        change(account, task.life == Life.BLOCKED ? task.blockedIn.state(task.hotSpot.isKnown())
                : task.life == Life.DEAD ? ThreadState.RUNNING : ThreadState.RUNNABLE, atNs);
        if (task.life == Life.DEAD) {
            index.leave(task.tid);
            endedRows++;
        }
    }

    private void switchedIn(Task task, Task prev, long atNs) {
        Account account = account(task, ThreadState.RUNNING, atNs);
        if (account == null) {
            lose(Loss.EVENTS_WITHOUT_ROW);
            return;
        }
        long ns = atNs - account.sinceNs;
        if (isBlocked(account.state)) {
            lose(Loss.MISSED_WAKEUPS);
        } else if (account.state != ThreadState.RUNNABLE || ns < ThreadCounts.LONG_WAIT_NS) {
            // No wait, or nobody's fault.
        } else if (account.isThrottled) {
            account.waitedNs[Behind.THROTTLED.ordinal()] += ns;
        } else if (account.migrations == task.migrations) {
            account.waitedNs[behind(task, prev).ordinal()] += Math.min(ns, hadCpuNs(prev, atNs));
        }
        change(account, ThreadState.RUNNING, atNs);
        account.isThrottled = false;
    }

    private static boolean isBlocked(ThreadState state) {
        return state != ThreadState.RUNNING && state != ThreadState.RUNNABLE;
    }

    private Behind behind(Task task, Task prev) {
        return switch (prev.owner) {
            case HOST -> Behind.OWN;
            case KERNEL -> prev.isIdle() ? Behind.IDLE : Behind.KERNEL;
            case CGROUP -> setup.inGroup() ? Behind.CGROUP : Behind.PROCESS;
            case PROCESS -> Behind.PROCESS;
        };
    }

    /** For how long it has had the CPU that it leaves now. */
    private long hadCpuNs(Task prev, long atNs) {
        if (prev.isIdle()) {
            // All the time before, as far as anybody knows; without that clock, or when it came, it is not known.
            return setup.steadyClock() && !setup.isOld() ? Long.MAX_VALUE : 0;
        }
        return queueNs[prev.cpu] - prev.arrivedNs;
    }

    private void change(Account account, ThreadState next, long atNs) {
        if (account.change(next, atNs) == Account.Change.BACKWARDS) {
            lose(Loss.NEGATIVE_TIMES);
        }
    }

    /** The thread's account, made with this state if there is none; null if there can be none. */
    private Account account(Task task, ThreadState state, long atNs) {
        return task.account == null && !begin(task, state, atNs) ? null : task.account;
    }

    private boolean begin(Task task, ThreadState state, long atNs) {
        if (!index.hasPlace(task.tid)) {
            lose(Loss.THREADS_WITHOUT_INDEX);
            return false;
        }
        if (freeRows == 0) {
            return false;
        }
        freeRows--;
        index.enter(task.tid);
        task.account = new Account(task, state, atNs, contexts);
        task.bornNs = monotonicNs;
        accounts.add(task.account);
        return true;
    }

    private void wake(Task task, int cpu) {
        if (task == null) {
            return;
        }
        moveTo(task, cpu);
        task.life = Life.RUNNABLE;
        sayWakeup(task, cpu, false);
    }

    private void wakeForNothing(Task task) {
        if (task != null) {
            sayWakeup(task, task.cpu, false);
        }
    }

    private void sayWakeup(Task task, int cpu, boolean isNew) {
        boolean isLost = isLost();
        long atNs = tick(cpu);
        // By whom matters to nobody.
        kernel.say("wakeup 0 " + task.number + " " + cpu + " " + (isNew ? 1 : 0) + " " + (isLost ? 1 : 0));
        if (!isCounting || isLost || !task.isHost()) {
            return;
        }
        if (isNew) {
            if (!begin(task, ThreadState.RUNNABLE, atNs)) {
                lose(Loss.THREADS_WITHOUT_ROW);
            }
            return;
        }
        Account account = account(task, task.life == Life.RUNNING ? ThreadState.RUNNING : ThreadState.RUNNABLE, atNs);
        if (account == null) {
            lose(Loss.EVENTS_WITHOUT_ROW);
        } else if (isBlocked(account.state)) {
            account.migrations = task.migrations;
            change(account, ThreadState.RUNNABLE, atNs);
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
        Task task = add(tid(which), owner, isGc ? "GC Thread#0" : NAMES[Math.floorMod(which, NAMES.length)],
                isGc ? ThreadKind.GC : ThreadKind.JAVA);
        int on = Math.floorMod(cpu + which, setup.cpus());
        moveTo(task, on);
        sayWakeup(task, on, true);
    }

    /** A new one, one that wants another's place in the index, or that of a thread that has ended. */
    private int tid(int which) {
        nextTid++;
        int tid = switch (Math.floorMod(which, 3)) {
            case 0 -> endedTids.isEmpty() ? nextTid : endedTids.remove(endedTids.size() - 1);
            case 1 -> HOST + index.slots() * nextTid;
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

    private static void rename(Task task, int which) {
        if (task != null) {
            task.identity = new ThreadIdentity(task.tid, NAMES[Math.floorMod(which, NAMES.length)], ThreadKind.JAVA);
        }
    }

    private void seed() {
        kernel.say("clock " + monotonicNs);
        kernel.say("iterate 0 seed_threads");
        kernel.show();
        long atNs = recordNs();
        for (Task task : tasks) {
            if (!task.isHost() || task.account != null) {
                continue;
            }
            if (freeRows == 0) {
                lose(Loss.THREADS_WITHOUT_ROW);
            } else if (!index.hasPlace(task.tid)) {
                // Its row is one that has ended, until the next read.
                freeRows--;
                endedRows++;
            } else {
                begin(task, switch (task.life) {
                    case BLOCKED -> task.blockedIn.state(task.hotSpot.isKnown());
                    case RUNNABLE -> ThreadState.RUNNABLE;
                    default -> ThreadState.RUNNING;
                }, atNs);
            }
        }
    }

    private void probe(HotSpotProbe probe, int which, String registers) {
        probe(vm.cpu, probe, which, registers);
    }

    private void probe(int cpu, HotSpotProbe probe, int which, String registers) {
        // Two are never hit at the same time by one thread.
        pass(1);
        tick(cpu);
        kernel.say("probe " + cpu + " " + kernel.site(probe, which) + registers);
    }

    /** thread__start, once on a thread; a name may be longer than there is room for. */
    private void name(int cpu, Task task, int which) {
        if (!task.isHost() || task.isNamed) {
            return;
        }
        task.isNamed = true;
        String name = NAMES[Math.floorMod(which, NAMES.length)] + "-".repeat(which % 2 * 75);
        HotSpotProbe probe = HotSpotProbe.THREAD_START;
        probe(cpu, probe, 0, kernel.argument(probe, 0, task.hotSpot.text(0, name))
                + kernel.argument(probe, 1, name.length())
                + kernel.memoryArgument(probe, 2, task.hotSpot, which));
        if (task.account != null) {
            if (name.length() > RecordSizes.NAME_BYTES) {
                lose(Loss.TRUNCATED_NAMES);
            }
            task.account.startName = name.substring(0, Math.min(name.length(), RecordSizes.NAME_BYTES));
            task.account.javaId = which;
        }
    }

    /** It begins, or ends if it has begun; sometimes the JVM does not say so, and it begins again. */
    private void happen(int cpu, Task task, Happening what, int which) {
        if (!task.isHost()) {
            return;
        }
        int name = what == Happening.CLASS ? 1000 + which % 2 : 0;
        String key = task.tid + " " + what + name;
        boolean begins = !happenings.containsKey(key) || which % 4 == 0;
        HotSpotProbe probe = begins ? what.begin : what.end;
        // Classes are told apart by where their names stand.
        probe(cpu, probe, 0, name == 0 ? "" : kernel.argument(probe, 0, name));
        Long beganNs = happenings.remove(key);
        if (begins) {
            happenings.put(key, monotonicNs);
            if (beganNs != null) {
                lose(Loss.UNMATCHED_EVENTS);
            }
        } else {
            count(what.metric, monotonicNs - beganNs);
        }
    }

    /** What begins and ends on one thread. */
    private enum Happening {
        CLASS(HotSpotProbe.CLASS_INIT_BEGIN, HotSpotProbe.CLASS_INIT_END, EventMetric.CLASS_INIT),
        COMPILATION(HotSpotProbe.COMPILE_BEGIN, HotSpotProbe.COMPILE_END, EventMetric.JIT_COMPILE);

        private final HotSpotProbe begin;
        private final HotSpotProbe end;
        private final EventMetric metric;

        Happening(HotSpotProbe begin, HotSpotProbe end, EventMetric metric) {
            this.begin = begin;
            this.end = end;
            this.metric = metric;
        }
    }

    private PauseTruth openPause() {
        PauseTruth last = pauses.isEmpty() ? null : pauses.get(pauses.size() - 1);
        return last == null || last.endNs >= 0 ? null : last;
    }

    /** Whether all threads of the JVM are stopped. */
    boolean isPaused() {
        return openPause() != null;
    }

    private void pause() {
        PauseTruth open = openPause();
        probe(open == null ? HotSpotProbe.SAFEPOINT_BEGIN : HotSpotProbe.SAFEPOINT_END, 0, "");
        if (open == null) {
            pauses.add(new PauseTruth(monotonicNs, vm.account != null));
            return;
        }
        open.endNs = monotonicNs;
        count(EventMetric.SAFEPOINT, monotonicNs - open.beginNs);
        if (open.isCollection) {
            count(EventMetric.GC_PAUSE, monotonicNs - open.beginNs);
        }
    }

    /** HotSpot has one operation at a time, or one within another. */
    private void operation(int which) {
        boolean begins = operations.isEmpty() || operations.size() == 1 && which % 4 == 0;
        if (!begins) {
            Operation operation = operations.pop();
            probe(HotSpotProbe.VMOPS_END, 0, kernel.argument(HotSpotProbe.VMOPS_END, 0, operation.address));
            count(EventMetric.VM_OPERATION, monotonicNs - operation.beginNs);
            operationsNs.computeIfAbsent(operation.name, name -> new ArrayList<>())
                    .add(monotonicNs - operation.beginNs);
            return;
        }
        int name = Math.floorMod(which, OPERATIONS.length);
        if (!operations.isEmpty() && operations.peek().name.equals(OPERATIONS[name])) {
            return;
        }
        long address = vm.hotSpot.text(name, OPERATIONS[name]);
        probe(HotSpotProbe.VMOPS_BEGIN, 0, kernel.argument(HotSpotProbe.VMOPS_BEGIN, 0, address)
                + kernel.argument(HotSpotProbe.VMOPS_BEGIN, 1, OPERATIONS[name].length()));
        operations.push(new Operation(OPERATIONS[name], address, monotonicNs));
        PauseTruth open = openPause();
        if (open != null && !open.isReached()) {
            open.reachedNs = monotonicNs;
            open.operation = OPERATIONS[name];
            count(EventMetric.TIME_TO_SAFEPOINT, monotonicNs - open.beginNs);
        }
    }

    private void collect(int which) {
        probe(HotSpotProbe.GC_BEGIN, which, "");
        if (openPause() != null) {
            openPause().isCollection = true;
        }
    }

    private void count(EventMetric metric, long ns) {
        events.computeIfAbsent(metric, each -> new ArrayList<>()).add(ns);
    }

    /** Now, on the clock of the records, as the agent reckons it; to be asked after {@link PlayedKernel#show}. */
    long recordNs() {
        return monotonicNs - kernel.clockOffsetNs();
    }

    /** The agent has read: rows of threads that had ended are free again. */
    void hasRead() {
        freeRows += endedRows;
        endedRows = 0;
        live().forEach(account -> account.task.foundNs = Math.min(account.task.foundNs, monotonicNs));
    }

    /** Whether all clocks have always said the same. */
    boolean isOnOneClock() {
        return !setup.steadyClock() || !hasLags;
    }

    /** Whether no event has been lost besides, of which pauses would be made. */
    boolean isExact() {
        return isOnOneClock() && losses.isEmpty();
    }

    /** Whether the thread's account goes on. */
    boolean isLive(Account account) {
        return account.task.life != Life.DEAD;
    }
}
