package io.bpfagent.hooks.requests;

import io.bpfagent.boot.Handovers;
import java.util.List;
import java.util.concurrent.RunnableScheduledFuture;
import net.bytebuddy.asm.Advice;

/** A task is handed to an executor, with the context of who hands it over. */
final class ExecutorAdvice {
    private ExecutorAdvice() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.Argument(0) Object task) {
        Handovers.submitted(task);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit(@Advice.Argument(0) Object task, @Advice.Thrown Throwable thrown) {
        if (thrown != null) {
            Handovers.dropped(task);
        }
    }

    /** With a delay. What comes again and again is nobody's in particular. */
    static final class Delayed {
        private Delayed() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.Argument(0) Object task) {
            if (!((RunnableScheduledFuture<?>) task).isPeriodic()) {
                Handovers.delayed(task);
            }
        }
    }

    /** An executor has no room for a task: its handler says what becomes of it. */
    static final class Reject {
        private Reject() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.Argument(0) Object task) {
            Handovers.rejected(task);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Argument(0) Object task, @Advice.Thrown Throwable thrown) {
            Handovers.rejectedWith(task, thrown);
        }
    }

    /** To an executor of threads, a task or a stage, which may be known already. */
    static final class Once {
        private Once() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.Argument(0) Object task) {
            Handovers.submittedOnce(task);
        }
    }

    /** To a pool, which has {@link Reject}. Another agent may put a task of its own in the place of this one. */
    static final class Execute {
        private Execute() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Object enter(@Advice.Argument(0) Object task) {
            Handovers.submitted(task);
            return task;
        }

        @Advice.OnMethodExit(suppress = Throwable.class, backupArguments = false)
        static void exit(@Advice.Enter Object task, @Advice.Argument(0) Object queued) {
            if (task != queued) {
                Handovers.replaced(task, queued);
            }
        }
    }

    /** A worker is begun for a task: for the one that another agent has put there, too. */
    static final class AddWorker {
        private AddWorker() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.Argument(0) Object task) {
            Handovers.submittedUnlessKnown(task);
        }
    }

    /** A queued task is taken out. */
    static final class Remove {
        private Remove() {}

        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.Argument(0) Object task, @Advice.Return boolean removed) {
            if (removed) {
                Handovers.dropped(task);
            }
        }
    }

    /** All that are queued are taken out. */
    static final class Drain {
        private Drain() {}

        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.Return List<?> tasks) {
            Handovers.drained(tasks);
        }
    }

    /** A task will not run, or is running. */
    static final class Cancel {
        private Cancel() {}

        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object task) {
            Handovers.dropped(task);
        }
    }

    /** A fork. */
    static final class Fork {
        private Fork() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object task) {
            Handovers.submitted(task);
        }
    }

    /** The life of a pool's worker. */
    static final class Worker {
        private Worker() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static long enter(@Advice.FieldValue("firstTask") Object firstTask) {
            return Handovers.beginWorker(firstTask);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter long entry) {
            Handovers.endWorker(entry);
        }
    }

    /** A worker asks for the next task: the one before is over. */
    static final class TaskOver {
        private TaskOver() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter() {
            Handovers.idle();
        }
    }

    /** A worker has got the next task: that begins, and ends with {@link TaskOver}. */
    static final class NextTask {
        private NextTask() {}

        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.Return Object task) {
            Handovers.begin(task);
        }
    }

    /** A task runs that knows itself what it is to do: of ForkJoinPool, or a FutureTask. */
    static final class Run {
        private Run() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static long enter(@Advice.This Object task) {
            return Handovers.begin(task);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter long entry) {
            Handovers.end(entry);
        }
    }

    /** The same, of one that stands for a {@code Runnable}. */
    static final class RunRunnable {
        private RunRunnable() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static long enter(@Advice.FieldValue("runnable") Object task) {
            return Handovers.begin(task);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter long entry) {
            Handovers.end(entry);
        }
    }

    /** The same, of one that stands for a {@code Callable}. */
    static final class RunCallable {
        private RunCallable() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static long enter(@Advice.FieldValue("callable") Object task) {
            return Handovers.begin(task);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter long entry) {
            Handovers.end(entry);
        }
    }

    /** What is to be done when a future is complete is of the context in which that was said. */
    static final class Stage {
        private Stage() {}

        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object stage) {
            Handovers.submittedOnce(stage);
        }
    }

    /** A future that it waits for may be complete: it is done, or handed to an executor, or has to wait on. */
    static final class Fire {
        private Fire() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static long enter(@Advice.This Object stage) {
            return Handovers.tryOnce(stage);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.This Object stage, @Advice.FieldValue("dep") Object dependent,
                @Advice.Enter long entry) {
            Handovers.end(entry);
            if (dependent == null) {
                Handovers.dropped(stage);
            }
        }
    }
}
