package io.bpfagent.boot;

import java.util.List;
import java.util.concurrent.Future;

/**
 * Tasks that go from one thread to another take the context along: of the thread that hands a task to an executor, set
 * while the task runs.
 *
 * <p>A task is known by its identity (see {@link IdentityTable}); it is not wrapped, so that the host sees its own
 * objects in its queues, and nothing is allocated. A {@code Runnable} that is one object for all its runs, as a lambda
 * that captures nothing is, can be queued several times: the contexts come out in the order in which they went in, as
 * tasks do. One that never comes out, because an executor dropped the task without a word, would put all that follow
 * one back: it is forgotten when the object is submitted again more than ten seconds later.
 *
 * <p>What a thread is in because it was handed over is <em>lent</em>: a server that begins a request there begins
 * another one, and a delayed task that is made there is nobody's.
 *
 * <p>Any thread. None of it throws.
 */
public final class Handovers {
    /** 192 KiB: some 10,000 tasks that wait. */
    private static final IdentityTable TASKS = new IdentityTable(14);
    /** The contexts of workers outside of tasks, if they have one. */
    private static final IdentityTable WORKERS = new IdentityTable(10);
    /** In what node threads are that was handed to them, while they do what was. */
    private static final IdentityTable LENT = new IdentityTable(10);
    private static final String VIRTUAL_THREADS = "java.lang.VirtualThread";

    /** The class of the tasks that a virtual thread hands to its scheduler; known when the first has come. */
    private static volatile Class<?> continuations;

    private Handovers() {}

    /** The current thread hands a task to an executor. */
    public static void submitted(Object task) {
        if (task == null) {
            return;
        }
        int node = (int) ContextRuntime.current();
        boolean waits = !(task instanceof Future) && !TASKS.isEmpty() && TASKS.get(task) >= 0;
        if (waits) {
            TASKS.takeOld(task, IdentityTable.time());
        }
        if (node != 0) {
            if (!isOfVirtualThread(task) && !TASKS.add(task, node)) {
                Entries.LOST_HANDOVERS.incrementAndGet();
            }
        } else if (waits && TASKS.get(task) >= 0) {
            // The same object waits with a context: this run of it has none, and its turn is later.
            TASKS.add(task, 0);
        }
    }

    /** As {@link #submitted}, for a task that is to wait: one that makes itself anew would be in a context for ever. */
    public static void delayed(Object task) {
        if (!isLent()) {
            submitted(task);
        }
    }

    /** As {@link #submitted}, for a task that may have been so already. */
    public static void submittedOnce(Object task) {
        int node = (int) ContextRuntime.current();
        if (node != 0 && !TASKS.set(task, node)) {
            Entries.LOST_HANDOVERS.incrementAndGet();
        }
    }

    /** An executor did not take the task after all, or it will not run any more. */
    public static void dropped(Object task) {
        if (task != null && !TASKS.isEmpty()) {
            TASKS.take(task);
        }
    }

    /** As {@link #submitted}, for a task that most likely was. */
    public static void submittedUnlessKnown(Object task) {
        int node = task == null ? 0 : (int) ContextRuntime.current();
        if (node != 0 && TASKS.get(task) < 0 && !isOfVirtualThread(task) && !TASKS.add(task, node)) {
            Entries.LOST_HANDOVERS.incrementAndGet();
        }
    }

    /** What was submitted has been replaced by another task. That may be running by now: then it has no context. */
    public static void replaced(Object task, Object queued) {
        if (!TASKS.isEmpty() && task != null) {
            TASKS.takeLast(task);
        }
        submittedUnlessKnown(queued);
    }

    /** The executor asks its handler what to do with a task for which it has no room. */
    public static void rejected(Object task) {
        // What can be waited for is one task only: that may be queued by the handler, or run by it.
        if (task != null && !(task instanceof Future) && !TASKS.isEmpty()) {
            TASKS.takeLast(task);
        }
    }

    /** The handler has thrown. */
    public static void rejectedWith(Object task, Throwable thrown) {
        if (thrown != null && task instanceof Future) {
            dropped(task);
        }
    }

    /** Tasks that were queued and will not run any more; what has none does no harm. */
    public static void drained(List<?> tasks) {
        if (tasks != null && !TASKS.isEmpty()) {
            for (int i = 0; i < tasks.size(); i++) {
                dropped(tasks.get(i));
            }
        }
    }

    /** The current thread begins a task: with the context it was submitted in, if it was in one. */
    public static long begin(Object task) {
        return task == null || TASKS.isEmpty() ? Entries.NONE : lend(TASKS.take(task));
    }

    /** As {@link #begin}, of a task that may be tried several times: until it is {@link #dropped}. */
    public static long tryOnce(Object task) {
        return TASKS.isEmpty() ? Entries.NONE : lend(TASKS.get(task));
    }

    private static long lend(int node) {
        if (node <= 0) {
            return Entries.NONE;
        }
        long entry = Entries.resume(node);
        if (entry != Entries.NONE) {
            LENT.set(Thread.currentThread(), node);
        }
        return entry;
    }

    /** Ends what {@link #begin} or {@link #tryOnce} began. On the same thread. */
    public static void end(long entry) {
        if (entry != Entries.NONE) {
            LENT.take(Thread.currentThread());
            Entries.leave(entry);
        }
    }

    /** Whether the current thread is in a context that was handed to it, and in no request of its own within that. */
    static boolean isLent() {
        int lent = LENT.isEmpty() ? -1 : LENT.get(Thread.currentThread());
        if (lent <= 0) {
            return false;
        }
        int node = (int) ContextRuntime.current();
        while (node != 0 && node != lent) {
            if (ContextRuntime.kind(ContextRuntime.contextOf(node)) == ContextRuntime.REQUEST) {
                return false;
            }
            node = ContextRuntime.parentOf(node);
        }
        return node == lent;
    }

    /** The current thread begins something of its own: from now on it is in nothing that was handed to it. */
    static void giveBack() {
        LENT.take(Thread.currentThread());
        ContextRuntime.resume(0);
    }

    /** A worker of a pool begins its life, maybe with a first task. */
    public static long beginWorker(Object firstTask) {
        long node = ContextRuntime.current();
        if (node != 0 && !WORKERS.set(Thread.currentThread(), (int) node)) {
            Entries.LOST_HANDOVERS.incrementAndGet();
        }
        begin(firstTask);
        return node + 1;
    }

    /** A worker has done its task, if it had one. */
    public static void idle() {
        if (!LENT.isEmpty()) {
            LENT.take(Thread.currentThread());
        }
        int node = WORKERS.isEmpty() ? 0 : WORKERS.get(Thread.currentThread());
        ContextRuntime.resume(Math.max(0, node));
    }

    /** A worker's life is over. */
    public static void endWorker(long entry) {
        if (!WORKERS.isEmpty()) {
            WORKERS.take(Thread.currentThread());
        }
        if (!LENT.isEmpty()) {
            LENT.take(Thread.currentThread());
        }
        Entries.leave(entry);
    }

    private static boolean isOfVirtualThread(Object task) {
        Class<?> type = task.getClass();
        if (type == continuations) {
            return true;
        }
        if (continuations == null && type.isHidden() && type.getName().startsWith(VIRTUAL_THREADS)) {
            continuations = type;
            return true;
        }
        return false;
    }
}
