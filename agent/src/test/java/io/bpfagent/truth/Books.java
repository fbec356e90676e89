package io.bpfagent.truth;

import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.SlowEvent.ActorKind;
import io.bpfagent.correlation.ThreadCounts;
import io.bpfagent.correlation.ThreadCounts.Behind;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.slow.SlowLimits;
import io.bpfagent.truth.SlowTruth.ActorOf;
import io.bpfagent.truth.Task.Life;
import io.bpfagent.truth.Task.Owner;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The accounts of the host's threads, entered event by event: what the agent should know, what of it took long, and
 * what it should have lost.
 */
final class Books {
    /** What should have been lost. */
    final Map<Loss, Long> losses = new EnumMap<>(Loss.class);
    /** Of all threads that the agent has ever known. */
    final List<Account> accounts = new ArrayList<>();
    final ContextTruth contexts = new ContextTruth();
    final List<SlowTruth> slow = new ArrayList<>();
    SlowLimits slowLimits = SlowLimits.OFF;

    private final Setup setup;
    private final LongSupplier monotonicNs;
    private final RowIndex index;
    private int freeRows;
    private int endedRows;

    Books(Setup setup, LongSupplier monotonicNs) {
        this.setup = setup;
        this.monotonicNs = monotonicNs;
        this.index = new RowIndex(setup.rows());
        this.freeRows = setup.rows();
    }

    void lose(Loss loss) {
        losses.merge(loss, 1L, Long::sum);
    }

    /** Whether the thread's account goes on. */
    boolean isLive(Account account) {
        return account.task.life != Life.DEAD;
    }

    List<Account> live() {
        return accounts.stream().filter(this::isLive).toList();
    }

    /** Two tids that are so far apart want the same place in the index. */
    int indexSlots() {
        return index.slots();
    }

    /** The agent has read: rows of threads that had ended are free again. */
    void hasRead() {
        freeRows += endedRows;
        endedRows = 0;
        live().forEach(account -> account.task.foundNs = Math.min(account.task.foundNs, monotonicNs.getAsLong()));
    }

    /** The task has left its CPU, and is in what its life says. */
    void switchedOut(Task task, long atNs) {
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

    /** The task gets the CPU that prev leaves, which has had it for so long. */
    void switchedIn(Task task, Task prev, long hadNs, long atNs) {
        Account account = account(task, ThreadState.RUNNING, atNs);
        if (account == null) {
            lose(Loss.EVENTS_WITHOUT_ROW);
            return;
        }
        long ns = atNs - account.sinceNs;
        if (isBlocked(account.state)) {
            lose(Loss.MISSED_WAKEUPS);
        } else if (account.state == ThreadState.RUNNABLE && ns >= ThreadCounts.LONG_WAIT_NS) {
            hasWaited(account, prev, ns, hadNs);
        }
        change(account, ThreadState.RUNNING, atNs);
        account.isThrottled = false;
    }

    /** For a CPU; a shorter wait is nobody's fault. */
    private void hasWaited(Account account, Task prev, long ns, long hadNs) {
        if (account.isThrottled) {
            account.waitedNs[Behind.THROTTLED.ordinal()] += ns;
        } else if (account.migrations == account.task.migrations) {
            account.waitedNs[behind(prev).ordinal()] += Math.min(ns, hadNs);
        }
        if (isSlow(account.state, ns)) {
            slow.add(new SlowTruth(account.task, account.state, ns, account.task.cpu, null,
                    actorOfWait(account, prev)));
        }
    }

    private static boolean isBlocked(ThreadState state) {
        return state != ThreadState.RUNNING && state != ThreadState.RUNNABLE;
    }

    private boolean isSlow(ThreadState state, long ns) {
        return ns > 0 && Long.compareUnsigned(ns, slowLimits.of(state)) >= 0;
    }

    private ActorOf actorOfWait(Account account, Task prev) {
        if (account.isThrottled) {
            return ActorOf.of(ActorKind.THROTTLED);
        }
        if (account.migrations != account.task.migrations) {
            return null;
        }
        return prev.isIdle() ? ActorOf.of(ActorKind.IDLE)
                : prev.owner == Owner.CGROUP && setup.inGroup() ? new ActorOf(ActorKind.CGROUP, prev, null)
                : ActorOf.of(prev);
    }

    private Behind behind(Task prev) {
        return switch (prev.owner) {
            case HOST -> Behind.OWN;
            case KERNEL -> prev.isIdle() ? Behind.IDLE : Behind.KERNEL;
            case CGROUP -> setup.inGroup() ? Behind.CGROUP : Behind.PROCESS;
            case PROCESS -> Behind.PROCESS;
        };
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
        task.bornNs = monotonicNs.getAsLong();
        accounts.add(task.account);
        return true;
    }

    /**
     * The task is woken, and will run on this CPU.
     *
     * @param by who does it; null: an interrupt
     */
    void woken(Task task, Task by, int cpu, long atNs) {
        Account account = account(task, task.life == Life.RUNNING ? ThreadState.RUNNING : ThreadState.RUNNABLE, atNs);
        if (account == null) {
            lose(Loss.EVENTS_WITHOUT_ROW);
        } else if (isBlocked(account.state)) {
            account.migrations = task.migrations;
            long ns = atNs - account.sinceNs;
            if (isSlow(account.state, ns)) {
                slow.add(new SlowTruth(task, account.state, ns, cpu, task.blockedIn,
                        by == null ? ActorOf.of(ActorKind.INTERRUPT) : ActorOf.of(by)));
            }
            change(account, ThreadState.RUNNABLE, atNs);
        }
    }

    /** A new task waits for its first CPU. */
    void started(Task task, long atNs) {
        if (!begin(task, ThreadState.RUNNABLE, atNs)) {
            lose(Loss.THREADS_WITHOUT_ROW);
        }
    }

    /** The task iterator has come to a task. */
    void seeded(Task task, long atNs) {
        if (task.account != null) {
            return;
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
