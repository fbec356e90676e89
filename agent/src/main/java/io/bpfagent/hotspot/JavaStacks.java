package io.bpfagent.hotspot;

import io.bpfagent.correlation.slow.StackSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Stacks of single threads, as {@link Thread#getStackTrace} gives them: from JDK 19 on without stopping any other
 * thread, before that at a safepoint, some 100 us of all threads' time.
 *
 * <p>One thread at a time; holds no thread between two calls. Threads that wait in the same place, as those of a pool
 * do, share one list. Heap: the last {@value #KEPT} different stacks of at most {@value #MOST_FRAMES} frames.
 */
final class JavaStacks implements StackSource {
    /** What is further out is the thread's begin and frameworks. */
    private static final int MOST_FRAMES = 40;
    private static final int KEPT = 32;

    private final ThreadDirectory directory;
    private final ArrayDeque<Known> known = new ArrayDeque<>(KEPT);

    private record Known(StackTraceElement[] frames, List<String> text) {}

    /** @param directory null where threads cannot be found */
    JavaStacks(ThreadDirectory directory) {
        this.directory = directory;
    }

    @Override
    public List<String> stackOf(long javaId) {
        if (directory == null) {
            return List.of();
        }
        try {
            directory.refresh();
            Thread thread = directory.byJavaId(javaId);
            return thread == null || isOverridden(thread.getClass()) ? List.of() : text(thread.getStackTrace());
        } catch (ReflectiveOperationException | RuntimeException | LinkageError | OutOfMemoryError e) {
            return List.of(); // the host forbids it, or has other cares
        } finally {
            directory.forget();
        }
    }

    /** Whether it would be the host's own code that answers, which is not to run on this thread. */
    private static boolean isOverridden(Class<?> type) throws NoSuchMethodException {
        return type != Thread.class && type.getMethod("getStackTrace").getDeclaringClass() != Thread.class;
    }

    /** As {@link Throwable#printStackTrace} shows a class of the class path: without loaders' and modules' names. */
    private static String text(StackTraceElement frame) {
        StringBuilder text = new StringBuilder(frame.getClassName()).append('.').append(frame.getMethodName())
                .append('(');
        if (frame.isNativeMethod()) {
            text.append("Native Method");
        } else if (frame.getFileName() == null) {
            text.append("Unknown Source");
        } else {
            text.append(frame.getFileName());
            if (frame.getLineNumber() >= 0) {
                text.append(':').append(frame.getLineNumber());
            }
        }
        return text.append(')').toString();
    }

    private List<String> text(StackTraceElement[] all) {
        StackTraceElement[] frames = all.length > MOST_FRAMES ? Arrays.copyOf(all, MOST_FRAMES) : all;
        for (Known one : known) {
            if (Arrays.equals(one.frames, frames)) {
                return one.text;
            }
        }
        List<String> lines = new ArrayList<>(frames.length);
        for (StackTraceElement frame : frames) {
            lines.add(text(frame));
        }
        List<String> text = List.copyOf(lines);
        if (known.size() == KEPT) {
            known.removeFirst();
        }
        known.addLast(new Known(frames, text));
        return text;
    }
}
