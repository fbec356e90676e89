package io.bpfagent.hooks.weave;

import io.bpfagent.boot.ContextRuntime;
import io.bpfagent.hooks.HookReport;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A hook that is there, and how it does. Any thread. */
final class Installed {
    /** So many failures of what it has woven in, or of its own code, within {@link #WINDOW_NS}, are enough. */
    static final int MOST_FAILURES = 10;
    static final long WINDOW_NS = 60_000_000_000L;
    private static final int MOST_CHARACTERS = 200;
    /** Of classes that could not be woven: 100 KB. */
    private static final int MOST_NAMES = 1_000;

    private final Hook hook;
    private final int number;
    private final AtomicInteger failedToWeave = new AtomicInteger();
    private volatile boolean harmful;
    private volatile String problem;
    /** The names of classes that could not be woven, some at most, and why the first of them. */
    private final Map<String, Boolean> leftOut = new ConcurrentHashMap<>();
    private volatile String firstLeftOut;
    /** When the last minute began in which failures are counted, and how many there had been of either by then. */
    private long windowNs;
    private int ranBefore;
    private int wovenBefore;

    /** @param number by which its failures are counted in the boot loader's class; free */
    Installed(Hook hook, int number) {
        this.hook = hook;
        this.number = number;
        this.windowNs = System.nanoTime();
        ContextRuntime.forgetHook(number);
    }

    Hook hook() {
        return hook;
    }

    int number() {
        return number;
    }

    /**
     * A class stays as it is for what the host is like: it names one that is not there and cannot be read without, or
     * its loader does not see what would be woven in. That is nobody's failure.
     */
    void leftOut(String className, String why) {
        if (leftOut.size() < MOST_NAMES) {
            leftOut.put(className, Boolean.TRUE);
        }
        if (firstLeftOut == null) {
            firstLeftOut = words(className, why);
        }
        harmful |= !hook.mayFail();
    }

    /** It is about to be woven in. Without what it needs it has failed. */
    void begins() {
        try {
            hook.begins();
        } catch (RuntimeException | LinkageError e) {
            problem = words(hook.name(), e);
            harmful = true;
        }
    }

    /** It is about to be taken out. */
    void ends() {
        try {
            hook.ends();
        } catch (RuntimeException | LinkageError e) {
            problem = words(hook.name(), e);
        }
    }

    /** Its own code has thrown, or Byte Buddy has. */
    void failed(String className, Throwable thrown) {
        failedToWeave.incrementAndGet();
        problem = words(className, thrown);
    }

    /**
     * The JVM refuses what it makes of a class that is there already; with one that is being loaded that would hurt.
     */
    void refused(String className, Throwable thrown) {
        problem = words(className, thrown);
        harmful |= !hook.mayFail() || thrown instanceof VerifyError || thrown instanceof ClassFormatError;
    }

    private static String words(String className, Object thrown) {
        // Not its own words alone: getMessage may be anybody's, and of any length.
        String text = className + ": " + thrown;
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS) + "...";
    }

    private int failures() {
        return ContextRuntime.hookFailures(number);
    }

    /** Whether it is to be taken out. To be asked several times a minute; once it is so, it stays so. */
    boolean hasFailed() {
        return hasFailed(System.nanoTime());
    }

    synchronized boolean hasFailed(long nowNs) {
        int ran = failures();
        int woven = failedToWeave.get();
        int most = hook.mayFail() ? MOST_FAILURES : 1;
        harmful |= ran - ranBefore >= most || woven - wovenBefore >= most;
        if (nowNs - windowNs >= WINDOW_NS) {
            windowNs = nowNs;
            ranBefore = ran;
            wovenBefore = woven;
        }
        return harmful;
    }

    /** As it is now. @param classes that it is woven into */
    HookReport report(int classes, boolean removed) {
        String why = problem;
        if (why == null) {
            why = ContextRuntime.firstFailure(number);
        }
        if (why == null) {
            why = classesLeftOut();
        }
        return new HookReport(hook.name(), classes, (long) failures() + failedToWeave.get(), why, removed);
    }

    /** Null if there are none. */
    private String classesLeftOut() {
        int more = leftOut.size() - 1;
        String first = firstLeftOut;
        return first == null || more < 1 ? first
                : first + " (and " + more + (leftOut.size() == MOST_NAMES ? " or more" : " more")
                        + (more == 1 ? " class)" : " classes)");
    }
}
