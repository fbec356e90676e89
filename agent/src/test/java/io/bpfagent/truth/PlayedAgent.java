package io.bpfagent.truth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.ContextKind;
import io.bpfagent.correlation.ContextReport;
import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Ledger;
import io.bpfagent.correlation.LiveThread;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadCounts.Behind;
import io.bpfagent.correlation.ThreadIdentity;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.ThreadUsage;
import io.bpfagent.correlation.pause.PauseReader;
import io.bpfagent.correlation.slow.SlowLimits;
import io.bpfagent.correlation.slow.SlowReader;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The agent's own readers on the memory of a {@link PlayedKernel}; what they say is compared with what was. */
final class PlayedAgent {
    /** The longest that a histogram tells apart; what takes longer is counted as that. */
    private static final long LONGEST_NS = (1L << 41) - 1;
    /** More often it does not: it looks several times a second whether it must. */
    private static final long READ_EVERY_NS = 100_000_000;
    /** What is the agent's own doing, and no loss of events. */
    private static final List<Loss> NOT_COMPARED = List.of(Loss.UNIDENTIFIED_THREADS, Loss.THREADS_SHARING_PAGES,
            Loss.LOST_PAUSE_RECORDS, Loss.INCOMPLETE_PAUSES, Loss.CONTEXT_STAYS_WITHOUT_PAGE,
            Loss.LOST_SLOW_EVENTS);

    private final Machine machine;
    private final Ledger ledger;
    private final PauseReader pauses;
    private final PauseComparison pauseComparison;
    private final SlowReader slow;
    private final boolean hasContexts;
    private long lastReadNs;
    private long slowSeen;
    private Snapshot before;

    /** One that has supplied all rows and pages; so the machine is to be made after it. */
    PlayedAgent(PlayedKernel kernel, Setup setup) {
        this(kernel, setup, SlowLimits.OFF);
    }

    /** @param limits of what is told as slow */
    PlayedAgent(PlayedKernel kernel, Setup setup, SlowLimits limits) {
        kernel.restart(setup.rows(), RecordSizes.FIRST_SUPPLIED_PAGE + setup.pages(), setup.steadyClock());
        ledger = new Ledger(kernel.memory(), this::identify, this::clockNs, () -> 0);
        ledger.supplyAll();
        hasContexts = kernel.contextMemory() != null;
        pauses = new PauseReader(kernel.pauseRing(), kernel.memory(), ledger, this::clockNs, () -> 0);
        machine = new Machine(kernel, setup);
        pauseComparison = new PauseComparison(machine);
        slow = new SlowReader(kernel.slowRing(), kernel.memory(), ledger, limits, SlowLimits.NEVER, null,
                this::clockNs, () -> 0);
        machine.books.slowLimits = limits;
        if (hasContexts) {
            ledger.count(kernel.contextMemory(), machine.books.contexts);
        }
        kernel.show();
        before = ledger.read();
    }

    Machine machine() {
        return machine;
    }

    /** How many pauses have been compared to the nanosecond. */
    long exactPauses() {
        return pauseComparison.exact();
    }

    private long clockNs() {
        return machine.recordNs();
    }

    private Map<Integer, ThreadIdentity> identify(List<LiveThread> live) {
        Map<Integer, ThreadIdentity> news = new HashMap<>();
        for (LiveThread thread : live) {
            Task task = machine.byInnerTid(thread.tid());
            if (task != null && task.account != null) {
                assertEquals(task.account.startName, thread.startName(), "name at the start");
                assertEquals(task.account.javaId, thread.javaId(), "number at the start");
            }
            if (task != null && !task.identity.equals(thread.known())) {
                news.put(thread.tid(), task.identity);
            }
        }
        return news;
    }

    /** Plays them. */
    void play(List<Step> steps) {
        int first = Math.min(steps.size(), machine.setup.before());
        steps.subList(0, first).forEach(machine::play);
        machine.begin();
        steps.subList(first, steps.size()).forEach(this::play);
    }

    /** Plays a step; one in which the agent reads is checked. A safepoint stops the agent's thread too. */
    void play(Step step) {
        if (step.kind() != Step.Kind.READ && step.kind() != Step.Kind.LOOK) {
            machine.play(step);
            return;
        }
        machine.pass(step.afterNs());
        if (machine.isPaused()) {
            return;
        }
        if (step.kind() == Step.Kind.READ) {
            machine.pass(Math.max(0, lastReadNs + READ_EVERY_NS - machine.monotonicNs));
            lastReadNs = machine.monotonicNs;
            read(false);
        } else {
            machine.kernel.show();
            pauses.look();
            slow.look();
        }
    }

    /** Reads and compares. @param closely the histograms too, which takes longer */
    void read(boolean closely) {
        machine.kernel.show();
        slow.look();
        Snapshot now = slow.addTo(pauses.addTo(ledger.read()));
        machine.books.hasRead();
        compareLosses(now);
        compareEvents(now);
        pauseComparison.compare(now);
        compareSlow(now);
        compareThreads(now, closely);
        compareTotals(now, closely);
        if (hasContexts) {
            compareContexts(now, closely);
        }
        checkNothingWentDown(before, now);
        before = now;
    }

    private void compareLosses(Snapshot now) {
        Map<Loss, Long> told = new EnumMap<>(Loss.class);
        now.losses().counts().forEach((loss, count) -> {
            if (count != 0 && !NOT_COMPARED.contains(loss)) {
                told.put(loss, count);
            }
        });
        assertEquals(machine.books.losses, told, "losses");
    }

    private void compareSlow(Snapshot now) {
        if (now.losses().get(Loss.LOST_SLOW_EVENTS) != 0) {
            return;
        }
        List<SlowTruth> truths = machine.books.slow.stream().filter(each -> each.isTold(machine.reader)).toList();
        assertEquals(truths.size(), now.slow().size(), "slow events");
        for (int i = 0; i < truths.size(); i++) {
            SlowTruth truth = truths.get(i);
            SlowEvent event = now.slow().get(i);
            String what = "slow event " + event.number() + " " + truth.state() + " ";
            assertEquals(truth.metric(), event.metric(), what);
            assertEquals(truth.ns(), event.durationNs(), what + "duration");
            assertEquals(truth.task().tid, event.hostTid(), what + "thread");
            assertEquals(truth.cpu(), event.cpu(), what + "CPU");
            assertEquals(truth.path(), event.on().path(), what + "path");
            assertEquals(truth.address(), event.on().address(), what + "address");
            boolean isNew = event.number() > slowSeen;
            if (isNew) {
                assertEquals(truth.actor() == null ? null : truth.actor().told(), event.actor(), what + "actor");
            }
        }
        slowSeen = truths.size();
    }

    private void compareEvents(Snapshot now) {
        for (EventMetric metric : EventMetric.values()) {
            compare(metric.metric(), machine.hotSpot.events.getOrDefault(metric, List.of()), now.total(metric));
        }
        Map<String, Distribution> byName = now.events().byName(EventMetric.VM_OPERATION);
        assertEquals(machine.hotSpot.operationsNs.keySet(), byName.keySet(), "operations");
        machine.hotSpot.operationsNs.forEach((name, ns) -> compare(name, ns, byName.get(name)));
    }

    private static void compare(String what, List<Long> ns, Distribution told) {
        assertEquals(ns.stream().mapToLong(Long::longValue).sum(), told.sumNs(), what);
        compare(what, List.of(ns), told, true);
    }

    private void compareThreads(Snapshot now, boolean closely) {
        Map<Integer, ThreadUsage> told = new HashMap<>();
        now.threads().forEach(thread -> told.put(thread.hostTid(), thread));
        int live = 0;
        for (Account account : machine.books.accounts) {
            if (machine.books.isLive(account)) {
                ThreadUsage usage = told.get(account.task.tid);
                assertTrue(usage != null, () -> "no thread " + account.task.tid);
                compare(account, usage, now.atNs(), closely);
                live++;
            }
        }
        assertEquals(live, now.threads().size(), "threads");
    }

    private static void compare(Account account, ThreadUsage usage, long atNs, boolean closely) {
        String who = "thread " + account.task.tid + " ";
        assertEquals(account.startNs, usage.startNs(), who + "start");
        assertEquals(account.task.innerTid, usage.tid(), who + "tid");
        assertEquals(account.state, usage.state(), who + "state");
        assertEquals(account.task.identity, usage.identity(), who + "identity");
        // The reader's clock may be behind that of the queue on which the last event was.
        long openNs = Math.max(0, atNs - account.sinceNs);
        long sumNs = 0;
        for (ThreadState state : ThreadState.ALL) {
            int s = state.ordinal();
            long timeNs = usage.times().timeNs(state);
            assertTrue(timeNs >= 0, who + "has less than no time " + state);
            assertEquals(account.timeNs[s] + (state == account.state ? openNs : 0), timeNs, who + "time " + state);
            assertEquals(account.stays.get(s).size(), usage.times().count(state), who + "stays " + state);
            assertEquals(account.maxNs[s], usage.times().maxNs(state), who + "longest " + state);
            sumNs += timeNs;
            Distribution distribution = usage.distribution(state);
            if (distribution.count() != 0) {
                assertEquals(account.timeNs[s], distribution.sumNs(), who + "sum beside the page " + state);
                assertEquals(account.maxNs[s], distribution.maxNs(), who + "longest beside the page " + state);
                compare(who + state, List.of(account.stays.get(s)), distribution, closely);
            } else {
                assertTrue(account.stays.get(s).isEmpty() || usage.sharesPages(), who + "has no page " + state);
            }
        }
        assertEquals(Math.max(atNs, account.sinceNs) - account.startNs, sumNs, who + "all states");
        assertEquals(sumNs, usage.wallNs(), who + "wall time");
        assertEquals(account.minorFaults - account.firstMinorFaults, usage.counts().minorFaults(), who + "faults");
        assertEquals(account.majorFaults - account.firstMajorFaults, usage.counts().majorFaults(), who + "faults");
        assertEquals(account.migrations - account.firstMigrations, usage.counts().migrations(), who + "migrations");
        for (Behind behind : Behind.ALL) {
            assertEquals(account.waitedNs[behind.ordinal()], usage.counts().waitedNs(behind), who + behind);
        }
    }

    /** Of all threads that there have been. */
    private void compareTotals(Snapshot now, boolean closely) {
        for (ThreadState state : ThreadState.ALL) {
            int s = state.ordinal();
            List<List<Long>> stays = new ArrayList<>();
            long timeNs = 0;
            long openNs = 0;
            long maxNs = 0;
            long count = 0;
            for (Account account : machine.books.accounts) {
                stays.add(account.stays.get(s));
                count += account.stays.get(s).size();
                timeNs += account.timeNs[s];
                maxNs = Math.max(maxNs, account.maxNs[s]);
                boolean isOpen = machine.books.isLive(account) && account.state == state;
                openNs += isOpen ? Math.max(0, now.atNs() - account.sinceNs) : 0;
            }
            Distribution total = now.total(state);
            assertEquals(count, now.totalTimes().count(state), "all stays " + state);
            assertEquals(count, total.count(), "all in pages " + state);
            assertEquals(timeNs, total.sumNs(), "sum of all " + state);
            assertEquals(maxNs, now.totalTimes().maxNs(state), "longest of all " + state);
            compare("all " + state, stays, total, closely);
            if (machine.isOnOneClock()) {
                assertEquals(timeNs + openNs, now.totalTimes().timeNs(state), "time of all " + state);
            } else {
                // What a read took for the end of a stay may lie after it: that is held back until the state has more.
                assertTrue(now.totalTimes().timeNs(state) >= timeNs + openNs, "time of all " + state);
            }
        }
        long ended = machine.books.accounts.stream()
                .filter(account -> !machine.books.isLive(account) && account.count() != 0).count();
        assertEquals(ended, now.pools().stream().mapToLong(PoolUsage::ended).sum(), "ended threads");
    }

    private void compareContexts(Snapshot now, boolean closely) {
        ContextTruth truth = machine.books.contexts;
        truth.beginOpen();
        machine.books.live().forEach(account -> account.addOpen(now.atNs()));
        for (int node = 1; node < ContextTruth.NODES; node++) {
            String what = truth.name(truth.contextOf(node));
            ContextReport told = now.contexts().find(ContextKind.METHOD, what);
            for (ThreadState state : ThreadState.ALL) {
                List<Long> stays = truth.stays(node, state);
                long sumNs = stays.stream().mapToLong(Long::longValue).sum();
                long openNs = truth.openNs(node, state);
                if (told == null) {
                    assertEquals(0, sumNs + openNs, what + " is not told, but was " + state);
                    continue;
                }
                assertEquals(sumNs + openNs, told.exclusive().timeNs(state), what + " time " + state);
                assertEquals(stays.size(), told.exclusive().count(state), what + " stays " + state);
                assertEquals(stays.stream().mapToLong(Long::longValue).max().orElse(0), told.exclusive().maxNs(state),
                        what + " longest " + state);
                if (now.losses().get(Loss.CONTEXT_STAYS_WITHOUT_PAGE) == 0) {
                    compare(what + state, List.of(stays), told.distributions().of(state), closely);
                }
            }
        }
    }

    private static void compare(String what, List<List<Long>> stays, Distribution told, boolean closely) {
        if (!closely) {
            return;
        }
        Histogram histogram = new Histogram(64, LONGEST_NS, 1);
        stays.forEach(some -> some.forEach(ns -> histogram.recordValue(Math.min(ns, LONGEST_NS))));
        assertEquals(histogram.getTotalCount(), told.count(), what);
        told.forEachBucket((upToNs, count) ->
                assertEquals(histogram.getCountAtValue(Math.min(upToNs, LONGEST_NS)), count, what + " " + upToNs));
    }

    private static void checkNothingWentDown(Snapshot before, Snapshot now) {
        Map<String, PoolUsage> pools = new HashMap<>();
        now.pools().forEach(pool -> pools.put(pool.pool(), pool));
        for (PoolUsage old : before.pools()) {
            PoolUsage pool = pools.get(old.pool());
            assertTrue(pool.ended() >= old.ended(), old.pool());
            for (ThreadState state : ThreadState.ALL) {
                assertTrue(pool.times().timeNs(state) >= old.times().timeNs(state), old.pool());
                assertTrue(pool.times().count(state) >= old.times().count(state), old.pool());
                assertTrue(pool.distribution(state).count() >= old.distribution(state).count(), old.pool());
                assertTrue(pool.distribution(state).sumNs() >= old.distribution(state).sumNs(), old.pool());
            }
        }
        now.losses().counts().forEach((loss, count) -> assertTrue(count >= 0, loss::key));
    }
}
