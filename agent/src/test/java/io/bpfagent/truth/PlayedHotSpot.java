package io.bpfagent.truth;

import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Loss;
import io.bpfagent.hotspot.HotSpotProbe;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** HotSpot: what its probes tell, and what of it the agent should know. */
final class PlayedHotSpot {
    private static final String[] OPERATIONS = {"G1CollectForAllocation", "Cleanup", "HandshakeAllThreads",
        "ICBufferFull", "PrintThreads"};

    final List<PauseTruth> pauses = new ArrayList<>();
    final Map<EventMetric, List<Long>> events = new EnumMap<>(EventMetric.class);
    /** By names. */
    final Map<String, List<Long>> operationsNs = new HashMap<>();

    private final Machine machine;
    private final PlayedKernel kernel;
    private final Task vm;
    /** That are under way, the innermost first. */
    private final Deque<Operation> operations = new ArrayDeque<>();
    /** When what began that has not ended, by thread and what it is. */
    private final Map<String, Long> happenings = new HashMap<>();

    private record Operation(String name, long address, long beginNs) {}

    /** @param vm who makes pauses */
    PlayedHotSpot(Machine machine, Task vm) {
        this.machine = machine;
        this.kernel = machine.kernel;
        this.vm = vm;
    }

    /** Plays a step of HotSpot's, on the thread that runs there. */
    void play(Step step, int cpu, Task task) {
        boolean isMaker = vm.life == Task.Life.RUNNING;
        switch (step.kind()) {
            case NAME -> name(cpu, task, step.b());
            case INITIALIZE -> happen(cpu, task, Happening.CLASS, step.b());
            case COMPILE -> happen(cpu, task, Happening.COMPILATION, step.b());
            case PAUSE -> {
                if (isMaker) {
                    pause();
                }
            }
            case OPERATION -> {
                if (isMaker) {
                    operation(step.b());
                }
            }
            case COLLECT -> {
                if (isMaker) {
                    collect(step.b());
                }
            }
            default -> throw new IllegalArgumentException("cannot be played: " + step);
        }
    }

    private long nowNs() {
        return machine.monotonicNs;
    }

    private void probe(HotSpotProbe probe, int which, String registers) {
        machine.probe(vm.cpu, probe, which, registers);
    }

    /** thread__start, once on a thread; a name may be longer than there is room for. */
    private void name(int cpu, Task task, int which) {
        if (!task.isHost() || task.isNamed) {
            return;
        }
        task.isNamed = true;
        String name = Machine.name(which) + "-".repeat(which % 2 * 75);
        HotSpotProbe probe = HotSpotProbe.THREAD_START;
        machine.probe(cpu, probe, 0, kernel.argument(probe, 0, task.hotSpot.text(0, name))
                + kernel.argument(probe, 1, name.length())
                + kernel.memoryArgument(probe, 2, task.hotSpot, which));
        if (task.account != null) {
            if (name.length() > RecordSizes.NAME_BYTES) {
                machine.books.lose(Loss.TRUNCATED_NAMES);
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
        machine.probe(cpu, probe, 0, name == 0 ? "" : kernel.argument(probe, 0, name));
        Long beganNs = happenings.remove(key);
        if (begins) {
            happenings.put(key, nowNs());
            if (beganNs != null) {
                machine.books.lose(Loss.UNMATCHED_EVENTS);
            }
        } else {
            count(what.metric, nowNs() - beganNs);
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

    /** The one that is under way, or null. */
    PauseTruth openPause() {
        PauseTruth last = pauses.isEmpty() ? null : pauses.get(pauses.size() - 1);
        return last == null || last.endNs >= 0 ? null : last;
    }

    private void pause() {
        PauseTruth open = openPause();
        probe(open == null ? HotSpotProbe.SAFEPOINT_BEGIN : HotSpotProbe.SAFEPOINT_END, 0, "");
        if (open == null) {
            pauses.add(new PauseTruth(nowNs(), vm.account != null));
            return;
        }
        open.endNs = nowNs();
        count(EventMetric.SAFEPOINT, nowNs() - open.beginNs);
        if (open.isCollection) {
            count(EventMetric.GC_PAUSE, nowNs() - open.beginNs);
        }
    }

    /** HotSpot has one operation at a time, or one within another. */
    private void operation(int which) {
        boolean begins = operations.isEmpty() || operations.size() == 1 && which % 4 == 0;
        if (!begins) {
            Operation operation = operations.pop();
            probe(HotSpotProbe.VMOPS_END, 0, kernel.argument(HotSpotProbe.VMOPS_END, 0, operation.address));
            count(EventMetric.VM_OPERATION, nowNs() - operation.beginNs);
            operationsNs.computeIfAbsent(operation.name, name -> new ArrayList<>())
                    .add(nowNs() - operation.beginNs);
            return;
        }
        int name = Math.floorMod(which, OPERATIONS.length);
        if (!operations.isEmpty() && operations.peek().name.equals(OPERATIONS[name])) {
            return;
        }
        long address = vm.hotSpot.text(name, OPERATIONS[name]);
        probe(HotSpotProbe.VMOPS_BEGIN, 0, kernel.argument(HotSpotProbe.VMOPS_BEGIN, 0, address)
                + kernel.argument(HotSpotProbe.VMOPS_BEGIN, 1, OPERATIONS[name].length()));
        operations.push(new Operation(OPERATIONS[name], address, nowNs()));
        PauseTruth open = openPause();
        if (open != null && !open.isReached()) {
            open.reachedNs = nowNs();
            open.operation = OPERATIONS[name];
            count(EventMetric.TIME_TO_SAFEPOINT, nowNs() - open.beginNs);
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
}
