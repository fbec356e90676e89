package io.bpfagent.hotspot;

import io.bpfagent.correlation.IdentitySource;
import io.bpfagent.correlation.LiveThread;
import io.bpfagent.correlation.ThreadIdentity;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.slow.StackSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Names and kinds of all threads.
 *
 * <p>In this order: a live Java thread with that tid, or with the Java id that {@code thread__start}
 * gave, has the name it has now; a Java thread that has ended already has the name it was started with;
 * every other thread has the kernel's name. Where tids cannot be read from HotSpot's memory, {@code
 * Thread.print} is asked for threads of which nothing is known, at most every 10 s.
 *
 * <p>Assumptions: called by one thread. Guarantees: throws nothing; per call O(threads) and no garbage
 * but what the JDK makes when it enumerates the threads, and the answers.
 */
public final class ThreadIdentities implements IdentitySource {
    /** A safepoint in ten seconds is not noticed; one in every interval might be. */
    private static final long PRINT_EVERY_NS = 10_000_000_000L;

    /** Null where java.lang.Thread could not be opened. */
    private final ThreadDirectory directory;
    private final NativeNames nativeNames = new NativeNames();
    private final boolean printAllowed;
    private Map<Integer, ThreadIdentity> printed = Map.of();
    private long printedAtNs;
    private boolean hasPrinted;
    private boolean printFailed;
    private boolean printWanted;
    private Map<Integer, ThreadIdentity> answers;
    private long failures;
    private String lastFailure = "";

    /**
     * @param directory    null when the Java threads cannot be enumerated
     * @param printAllowed whether {@code Thread.print} may be used where tids are not known
     */
    ThreadIdentities(ThreadDirectory directory, boolean printAllowed) {
        this.directory = directory;
        this.printAllowed = printAllowed;
    }

    /** Of nobody: for who loads programs and does not read what they count. */
    public static ThreadIdentities none() {
        return new ThreadIdentities(null, false);
    }

    /** Their stacks, to be asked for on the same thread. */
    public StackSource stacks() {
        return new JavaStacks(directory);
    }

    /** What they have allocated, or null where that cannot be had. */
    OwnAllocation allocation(OwnMemory memory, HotSpotLayout layout) {
        return directory == null || layout == null || layout.allocation() == null ? null
                : directory.allocation(memory, layout.allocation());
    }

    @Override
    public Map<Integer, ThreadIdentity> identify(List<LiveThread> live) {
        answers = null;
        try {
            if (directory != null) {
                directory.refresh();
            }
            identifyAll(live, mayPrint());
            if (printWanted && print()) {
                identifyAll(live, false);
                // a tid may soon be another thread's
                printed = Map.of();
            }
        } catch (RuntimeException | LinkageError e) {
            // names are not worth more than the host's peace: the next interval tries again
            failures++;
            lastFailure = e.toString();
        } finally {
            if (directory != null) {
                directory.forget();
            }
            nativeNames.endInterval();
        }
        return answers == null ? Map.of() : answers;
    }

    /** How often identifying failed unexpectedly; 0 if all is well. */
    public long failures() {
        return failures;
    }

    /** The last unexpected failure, empty if there was none. */
    public String lastFailure() {
        return lastFailure;
    }

    /** @param askLater whether threads of which nothing is known are left for Thread.print */
    private void identifyAll(List<LiveThread> live, boolean askLater) {
        printWanted = false;
        for (int i = 0; i < live.size(); i++) {
            LiveThread row = live.get(i);
            Thread thread = javaThread(row);
            if (thread != null) {
                answerJava(row, thread);
            } else if (row.known() == null || row.known().javaId() == 0) {
                answerOther(row, askLater);
            }
        }
    }

    private Thread javaThread(LiveThread row) {
        if (directory == null) {
            return null;
        }
        Thread thread = directory.byTid(row.tid());
        if (thread != null && (row.javaId() == 0 || row.javaId() == directory.javaId(thread))) {
            return thread;
        }
        // the row's thread has ended and its tid is another's, or tids are not known at all
        long javaId = row.javaId() != 0 || row.known() == null ? row.javaId() : row.known().javaId();
        return directory.byJavaId(javaId);
    }

    private void answerJava(LiveThread row, Thread thread) {
        String name = thread.getName();
        if (name == null) {
            return;
        }
        ThreadKind kind = ThreadKinds.ofJava(thread, name, directory.isSystem(thread));
        answer(row, directory.javaId(thread), name, kind);
    }

    private void answerOther(LiveThread row, boolean askLater) {
        ThreadIdentity print = printed.get(row.tid());
        if (row.startName() != null && row.javaId() != 0) {
            answer(row, row.javaId(), row.startName(), ThreadKinds.ofStarted(row.startName()));
        } else if (print != null) {
            answer(row, print.javaId(), print.name(), print.kind());
        } else {
            String last = row.known() == null ? row.comm() : row.known().name();
            String name = nativeNames.nameOf(row.tid(), last, row.known() == null);
            ThreadKind kind = ThreadKinds.ofNative(name);
            if (kind == ThreadKind.OTHER && row.known() == null && askLater) {
                printWanted = true;
            } else {
                answer(row, 0, name, kind);
            }
        }
    }

    private void answer(LiveThread row, long javaId, String name, ThreadKind kind) {
        ThreadIdentity known = row.known();
        if (known != null && known.javaId() == javaId && known.kind() == kind && known.name().equals(name)) {
            return;
        }
        if (answers == null) {
            answers = new HashMap<>();
        }
        answers.put(row.tid(), new ThreadIdentity(javaId, name, kind));
    }

    private boolean mayPrint() {
        return printAllowed && !printFailed && (directory == null || !directory.knowsTids());
    }

    /** Asks the JVM for its threads. @return whether what was asked in vain before is now decided */
    private boolean print() {
        long now = System.nanoTime();
        if (hasPrinted && now - printedAtNs < PRINT_EVERY_NS) {
            return false;
        }
        try {
            printed = ThreadPrint.read();
        } catch (Exception | LinkageError e) {
            printFailed = true;
            lastFailure = "Thread.print does not work: " + e;
        }
        hasPrinted = true;
        printedAtNs = now;
        return true;
    }
}
