package io.bpfagent.hooks.weave;

import io.bpfagent.api.KernelContext;
import io.bpfagent.boot.ContextRuntime;
import java.util.ArrayList;
import java.util.List;

/** What hooks are woven into. */
public class Traced {
    /** The path of contexts that the calling thread is in, outermost first. */
    static List<String> path() {
        List<String> names = new ArrayList<>();
        for (int node = (int) ContextRuntime.current(); node > 0; node = ContextRuntime.parentOf(node)) {
            names.add(0, ContextRuntime.name(ContextRuntime.contextOf(node)));
        }
        return names;
    }

    List<String> inner() {
        return path();
    }

    /** The path within, and, behind {@code then}, that after it. */
    List<String> outer() {
        List<String> paths = new ArrayList<>(inner());
        paths.add("then");
        paths.addAll(path());
        return paths;
    }

    void thrown(RuntimeException e) {
        throw e;
    }

    static long wide(long a, double b, long[] c, String d) {
        long sum = a + (long) b;
        for (long one : c) {
            sum += one;
        }
        try {
            return sum + Integer.parseInt(d);
        } catch (NumberFormatException e) {
            return sum;
        }
    }

    @KernelContext.Named("checkout")
    static List<String> named() {
        return path();
    }

    static List<String> opened(String name) {
        try (KernelContext context = KernelContext.open(name)) {
            return path();
        }
    }

    /** Of a loader of its own, in the tests. */
    public static class Apart implements Runnable {
        @Override
        public void run() {
            System.setProperty("hooks.test.path", String.valueOf(ContextRuntime.current() > 0));
        }
    }

    /** The same, but that it does without the agent's classes. */
    public static class Quiet implements Runnable {
        @Override
        public void run() {
            System.clearProperty("hooks.test.path");
        }
    }
}
