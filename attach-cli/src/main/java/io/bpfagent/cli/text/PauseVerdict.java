package io.bpfagent.cli.text;

import io.bpfagent.cli.control.PausesDocument.Entry;
import io.bpfagent.cli.control.PausesDocument.PausedThread;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where a pause went, in words: the biggest part first. What is below 1 % is left out. The phrases:
 *
 * <ul>
 * <li>{@code no CPU 145 ms (81%): taken by sshd}: for that part of the pause neither the VM thread nor a
 *     GC worker was on a CPU although at least one of them could have run; sshd had most of the CPU
 *     time for which they waited ({@link OccupantWords} has the other words)
 * <li>{@code working 31.0 ms (17%)}: the VM thread or at least one GC worker was on a CPU
 * <li>{@code reaching the safepoint 508 ms (99%)}: until all threads had stopped; left out below a tenth,
 *     for the line above says it. {@code waited for 'x' (the last of 3 late threads), which ...}: what the
 *     thread did that stopped last, in all that time
 * <li>{@code the VM thread waited 20.0 ms for the disk (80%)}: it could not run, and no GC worker could
 * <li>{@code all blocked 12.0 ms (60%): GC workers in page faults}: the same where the VM thread waited
 *     for its workers, with the main reason of theirs
 * <li>{@code 8 GC workers ran 31.0 ms, waited 290 ms for a CPU (own threads 290 ms)}: their times added
 *     up, from the pause's begin to its end: the parallelism that was had, and that was lost. That
 *     they waited for one another is left out; so are G1's concurrent threads, threads with less than 1 % of
 *     the busiest one's, and all of it where reaching was nine tenths or the collector had no part in the pause
 * <li>{@code the VM thread waited 5.00 ms for a CPU}: for more than the other parts show, as it happens
 *     where a concurrent collector works on
 * </ul>
 *
 * <p>What a thread did: {@code ran}; {@code waited for a CPU}; {@code spent in page faults}, of which some
 * had to be read {@code from disk}; {@code waited for the disk}; {@code spent reclaiming memory} (the
 * kernel had none left); {@code spent stopped} by a signal or a debugger; {@code waited for a lock}; or
 * waited for another reason, which is named as {@code threads} names it. {@code before its next safepoint
 * poll} means: a loop, a copy or VM code in which HotSpot cannot stop a thread.
 */
public final class PauseVerdict {

    /** Of the whole: less does not matter. */
    static final double WORTH = 0.01;
    /** Of the pause, for what the line above tells already. */
    private static final double WORTH_REPEATING = 0.1;
    /** Nobody looks for the cause of less. */
    private static final long WORTH_A_CAUSE_NS = 100_000;
    private static final int OCCUPANTS = 3;
    /** How many late threads a document has at most. */
    private static final int LATE_THREADS = 8;
    private static final int NAME_WIDTH = 30;
    private static final String BLOCKED = "blocked_";
    /**
     * So begin the names of all of G1's concurrent threads (G1 Service, G1 Main Marker, G1 Conc#0, G1 Refine#0);
     * its workers are GC Thread#0 and so on: hotspot/share/gc/g1.
     */
    private static final String G1_CONCURRENT = "G1 ";

    private final Entry pause;
    private final List<PausedThread> vm;
    private final List<PausedThread> gc;
    private final List<PausedThread> late;

    private PauseVerdict(Entry pause) {
        this.pause = pause;
        this.vm = pause.threads(PausedThread.VM);
        this.gc = pause.threads(PausedThread.GC);
        this.late = pause.threads(PausedThread.LATE);
    }

    /** What to read first is first. */
    public static List<String> clauses(Entry pause) {
        PauseVerdict verdict = new PauseVerdict(pause);
        List<String> clauses = new ArrayList<>(verdict.parts());
        verdict.vmThread(clauses);
        verdict.workers(clauses);
        return clauses;
    }

    private List<String> parts() {
        if (pause.operation().equals(Entry.UNKNOWN) && part("reaching") >= pause.totalNs()) {
            return List.of("no VM operation was seen in it: all of it counts as reaching the safepoint");
        }
        return pause.partsNs().entrySet().stream()
            .filter(part -> part.getValue() > 0 && part.getValue() >= pause.totalNs()
                * (part.getKey().equals("reaching") ? WORTH_REPEATING : WORTH))
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .map(part -> part(part.getKey(), part.getValue()))
            .toList();
    }

    private String part(String key, long ns) {
        String share = " (" + Quantity.roughShare(ns, pause.totalNs()) + ")";
        String cause = ns < WORTH_A_CAUSE_NS ? "" : cause(key, ns);
        String amount = time(ns) + share + (cause.isEmpty() ? "" : ": " + cause);
        return switch (key) {
            case "reaching" -> "reaching the safepoint " + amount;
            case "working" -> "working " + amount;
            case "no_cpu" -> "no CPU " + amount;
            default -> cause.isEmpty() && key.startsWith(BLOCKED)
                ? "the VM thread " + did(key, ns, majorFaults(vm)) + share : "all blocked " + amount;
        };
    }

    private String cause(String key, long ns) {
        return switch (key) {
            case "reaching" -> whatWasLate(ns);
            case "no_cpu" -> {
                OccupantWords occupants = OccupantWords.of(workingThreads());
                yield occupants.isEmpty() ? "" : occupants.verdict();
            }
            case "blocked_futex", "blocked_vm" -> {
                Map.Entry<String, Long> stall = stalls(gc).stream().findFirst().orElse(null);
                yield stall == null || stall.getValue() < ns / 2 ? "" : "GC workers " + were(stall.getKey());
            }
            default -> "";
        };
    }

    private String whatWasLate(long reachingNs) {
        if (late.isEmpty()) {
            // The VM thread's times are of the whole pause: what cannot be of later is of the reaching.
            long waitedNs = sum(vm, "runnable");
            long leastNs = waitedNs - (pause.totalNs() - reachingNs);
            return leastNs >= reachingNs / 2
                ? "the VM thread itself had no CPU for " + time(leastNs) + " or more" + occupants(vm, leastNs)
                : "no late thread was seen" + (waitedNs < reachingNs / 2 ? ""
                    : ", but in the whole pause the VM thread itself " + did("runnable", waitedNs, 0)
                        + occupants(vm, waitedNs));
        }
        PausedThread last = late.get(late.size() - 1);
        String rank = late.size() == 1 ? ""
            : " (the last of " + late.size() + (late.size() >= LATE_THREADS ? " or more" : "") + " late threads)";
        long wallNs = last.timesNs().values().stream().mapToLong(Long::longValue).sum();
        List<Map.Entry<String, Long>> states = longest(last.timesNs()).stream()
            .filter(state -> state.getValue() >= wallNs * WORTH_REPEATING).toList();
        String doing = list(states.stream().map(state -> did(state.getKey(), state.getValue(), last.majorFaults())
            + (state.getKey().equals("runnable") ? occupants(List.of(last), state.getValue()) : "")).toList());
        boolean ran = !states.isEmpty() && states.get(0).getKey().equals("running");
        return "waited for '" + name(last) + "'" + rank + (doing.isEmpty() ? "" : ", which " + doing)
            + (ran && states.size() == 1 ? " before its next safepoint poll" : "");
    }

    /** A concurrent collector works on in a pause that is not its own: then the VM thread may wait for it. */
    private void vmThread(List<String> clauses) {
        long waitedNs = sum(vm, "runnable");
        boolean worth = waitedNs - part("no_cpu") - part("reaching") >= pause.totalNs() * WORTH_REPEATING;
        if (worth && waitedNs >= WORTH_A_CAUSE_NS) {
            clauses.add("the VM thread " + did("runnable", waitedNs, 0) + occupants(vm, waitedNs));
        }
    }

    private void workers(List<String> clauses) {
        List<PausedThread> candidates = gc.stream()
            .filter(thread -> thread.name() == null || !thread.name().startsWith(G1_CONCURRENT)).toList();
        long busiestNs = candidates.stream().mapToLong(PauseVerdict::busyNs).max().orElse(0);
        List<PausedThread> workers = candidates.stream()
            .filter(thread -> busyNs(thread) > 0 && busyNs(thread) >= busiestNs * WORTH).toList();
        long ranNs = sum(workers, "running");
        boolean afterReaching = pause.totalNs() - part("reaching") >= pause.totalNs() * WORTH_REPEATING;
        // Concurrent threads of a collector may want to run in a pause that does not wait for them.
        boolean collected = ranNs >= pause.totalNs() * (pause.gc() ? WORTH : WORTH_REPEATING)
            || pause.gc() && part("no_cpu") >= pause.totalNs() * WORTH_REPEATING;
        if (workers.isEmpty() || !afterReaching || !collected || pause.totalNs() < WORTH_A_CAUSE_NS) {
            return;
        }
        long waitedNs = sum(workers, "runnable");
        List<Map.Entry<String, Long>> stalls = stalls(workers);
        double wholeNs = workers.stream().mapToDouble(PauseVerdict::busyNs).sum();
        List<String> did = new ArrayList<>();
        did.add(did("running", ranNs, 0));
        if (waitedNs > 0 && waitedNs >= wholeNs * WORTH) {
            did.add(did("runnable", waitedNs, 0) + occupants(workers, waitedNs));
        }
        stalls.stream().filter(stall -> stall.getValue() >= wholeNs * WORTH)
            .forEach(stall -> did.add(did(stall.getKey(), stall.getValue(), majorFaults(workers))));
        clauses.add(workers.size() + " GC worker" + (workers.size() == 1 ? " " : "s ") + String.join(", ", did));
    }

    /** What a worker had to do: it ran, or could not for another reason than that there was nothing to do. */
    private static long busyNs(PausedThread thread) {
        return thread.timeNs("running") + thread.timeNs("runnable")
            + stalls(List.of(thread)).stream().mapToLong(Map.Entry::getValue).sum();
    }

    /** {@code ran 31.0 ms}. */
    private static String did(String state, long ns, long majorFaults) {
        String time = time(ns);
        return switch (state) {
            case "running" -> "ran " + time;
            case "runnable" -> "waited " + time + " for a CPU";
            case "blocked_fault" -> "spent " + time + " in page faults"
                + (majorFaults == 0 ? "" : " (" + Quantity.exact(majorFaults) + " from disk)");
            case "blocked_disk" -> "waited " + time + " for the disk";
            case "blocked_reclaim" -> "spent " + time + " reclaiming memory";
            case "blocked_process" -> "spent " + time + " stopped by a signal or debugger";
            case "blocked_futex", "blocked_vm", "blocked_monitor" -> "waited " + time + " for a lock";
            default -> "waited " + time + " (" + state.replace(BLOCKED, "") + ")";
        };
    }

    /** The same of what is told at length elsewhere. */
    private static String were(String state) {
        return switch (state) {
            case "blocked_fault" -> "in page faults";
            case "blocked_disk" -> "waiting for the disk";
            case "blocked_reclaim" -> "reclaiming memory";
            case "blocked_process" -> "stopped by a signal or debugger";
            default -> "blocked (" + state.replace(BLOCKED, "") + ")";
        };
    }

    /** {@code a, b and c}. */
    static String list(List<String> items) {
        int last = items.size() - 1;
        return last <= 0 ? String.join("", items)
            : String.join(", ", items.subList(0, last)) + " and " + items.get(last);
    }

    private static String time(long ns) {
        return Layout.together(Quantity.duration(ns));
    }

    private static String occupants(List<PausedThread> threads, long waitedNs) {
        OccupantWords occupants = OccupantWords.of(threads);
        return waitedNs < WORTH_A_CAUSE_NS || occupants.isEmpty() ? "" : " (" + occupants.times(OCCUPANTS) + ")";
    }

    /** Why workers were blocked, longest first, without their waiting for one another or for work. */
    private static List<Map.Entry<String, Long>> stalls(List<PausedThread> threads) {
        return threads.stream().flatMap(thread -> thread.timesNs().entrySet().stream())
            .filter(state -> switch (state.getKey()) {
                case "running", "runnable", "blocked_futex", "blocked_vm", "blocked_safepoint", "blocked_park",
                    "blocked_sleep" -> false;
                default -> state.getValue() > 0;
            })
            .collect(Collectors.collectingAndThen(
                Collectors.groupingBy(Map.Entry::getKey, Collectors.summingLong(Map.Entry::getValue)),
                PauseVerdict::longest));
    }

    /** The states with time, longest first. */
    static List<Map.Entry<String, Long>> longest(Map<String, Long> timesNs) {
        return timesNs.entrySet().stream().filter(state -> state.getValue() > 0)
            .sorted(Comparator.comparingLong((Map.Entry<String, Long> state) -> -state.getValue())
                .thenComparing(Map.Entry::getKey))
            .toList();
    }

    private List<PausedThread> workingThreads() {
        List<PausedThread> threads = new ArrayList<>(vm);
        threads.addAll(gc);
        return threads;
    }

    private long part(String key) {
        return pause.partsNs().getOrDefault(key, 0L);
    }

    private static long sum(List<PausedThread> threads, String state) {
        return threads.stream().mapToLong(thread -> thread.timeNs(state)).sum();
    }

    private static long majorFaults(List<PausedThread> threads) {
        return threads.stream().mapToLong(PausedThread::majorFaults).sum();
    }

    /** A thread that ended before anybody told its name has an empty one. */
    private static String name(PausedThread thread) {
        return thread.name() == null || thread.name().isEmpty() ? "?" : Layout.shorten(thread.name(), NAME_WIDTH);
    }
}
