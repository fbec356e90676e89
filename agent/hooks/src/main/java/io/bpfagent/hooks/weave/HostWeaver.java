package io.bpfagent.hooks.weave;

import io.bpfagent.hooks.ContextSettings;
import io.bpfagent.hooks.HookReport;
import io.bpfagent.hooks.Weaver;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** The one {@link Weaver}. The agent's tier finds it by its name. */
public final class HostWeaver implements Weaver {
    /** A bit each in a word; failures are counted in as many places. */
    private static final int MOST_HOOKS = 64;
    /** For the end: whatever was ever woven, also by hooks that went before. */
    private static final long ALL = -1;
    /** What the JVM changes in one pause. */
    private static final int BATCH = 16;
    /** For what is being woven while the weaver goes. */
    private static final long PATIENCE_NS = 2_000_000_000L;
    /** From a class's being looked at until the JVM lists it. */
    private static final long LOADING_NS = 100_000_000L;

    private final Instrumentation instrumentation;
    private final Function<ContextSettings, List<Hook>> choice;
    private final HostTransformer transformer = new HostTransformer();
    private final List<HookReport> removed = new ArrayList<>();
    private volatile List<Installed> installed = List.of();
    /** The keys of what has failed and is still wanted: it does not come back by itself. */
    private List<String> failed = List.of();
    private volatile List<HookReport> removedReports = List.of();
    private boolean listens;
    private boolean closed;

    /** For the agent's tier. */
    public HostWeaver(Instrumentation instrumentation) {
        this(instrumentation, new Hooks());
    }

    /** @param choice which hooks there are for what is wanted */
    HostWeaver(Instrumentation instrumentation, Function<ContextSettings, List<Hook>> choice) {
        this.instrumentation = instrumentation;
        this.choice = choice;
    }

    @Override
    public void want(ContextSettings settings) {
        if (closed) {
            return;
        }
        List<Hook> wanted = choice.apply(settings);
        List<String> stillFailed = new ArrayList<>();
        for (Hook hook : wanted) {
            if (failed.contains(hook.key())) {
                stillFailed.add(hook.key());
            }
        }
        failed = stillFailed;
        List<Installed> next = new ArrayList<>();
        List<Installed> added = new ArrayList<>();
        for (Hook hook : wanted) {
            Installed same = find(hook);
            if (same != null) {
                next.add(same);
            }
        }
        for (Hook hook : wanted) {
            if (find(hook) == null && !failed.contains(hook.key()) && next.size() < MOST_HOOKS) {
                Installed one = new Installed(hook, freeNumber(next));
                next.add(one);
                added.add(one);
                // One that cannot begin is taken out as others that have failed.
                one.begins();
            }
        }
        removedReports = reportsOfFailed(wanted);
        exchange(next, added);
    }

    private List<HookReport> reportsOfFailed(List<Hook> wanted) {
        List<HookReport> reports = new ArrayList<>();
        for (Hook hook : wanted) {
            for (HookReport report : removed) {
                if (failed.contains(hook.key()) && report.name().equals(hook.name())) {
                    reports.add(report);
                }
            }
        }
        removed.clear();
        removed.addAll(reports);
        return List.copyOf(reports);
    }

    private Installed find(Hook hook) {
        for (Installed one : installed) {
            if (one.hook().key().equals(hook.key())) {
                return one;
            }
        }
        return null;
    }

    /** Not that of one that goes either: what it has woven in still counts by it until it is out. */
    private int freeNumber(List<Installed> next) {
        for (int number = 0; number < MOST_HOOKS; number++) {
            if (!has(next, number) && !has(installed, number)) {
                return number;
            }
        }
        throw new IllegalStateException("more than " + MOST_HOOKS + " hooks at once");
    }

    private static boolean has(List<Installed> hooks, int number) {
        for (Installed one : hooks) {
            if (one.number() == number) {
                return true;
            }
        }
        return false;
    }

    /** Puts other hooks into force: weaves what the new ones mean, and anew what those that go were woven into. */
    private void exchange(List<Installed> next, List<Installed> added) {
        long gone = 0;
        List<Installed> ending = new ArrayList<>(installed);
        ending.removeAll(next);
        for (Installed one : ending) {
            gone |= 1L << one.number();
        }
        installed = List.copyOf(next);
        transformer.use(next);
        if (!listens && !next.isEmpty()) {
            transformer.rehearse();
            instrumentation.addTransformer(transformer, true);
            listens = true;
        }
        endAll(ending);
        if (gone != 0 || !added.isEmpty()) {
            // What others looked at, or nobody, while it was being loaded.
            awaitLoading();
            weaveLoaded(gone, added);
        }
        transformer.woven().clear(gone);
    }

    private static void endAll(List<Installed> ending) {
        for (Installed one : ending) {
            one.ends();
        }
    }

    private List<Class<?>> weaveLoaded(long gone, List<Installed> added) {
        List<Class<?>> batch = new ArrayList<>(BATCH);
        List<Class<?>> refused = new ArrayList<>(0);
        for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
            if (isMeant(loaded, gone, added)) {
                batch.add(loaded);
            }
            if (batch.size() == BATCH) {
                weave(batch, refused);
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            weave(batch, refused);
        }
        return refused;
    }

    private boolean isMeant(Class<?> loaded, long gone, List<Installed> added) {
        if (loaded.isArray() || loaded.isPrimitive() || loaded.isHidden()
                || HostTransformer.isOwn(loaded.getClassLoader())) {
            return false;
        }
        boolean meant = gone == ALL ? transformer.woven().had(loaded.getName())
                : gone != 0 && transformer.woven().has(loaded.getName(), gone);
        for (Installed one : added) {
            meant |= mayMatch(one, loaded);
        }
        return meant && instrumentation.isModifiableClass(loaded);
    }

    private static boolean mayMatch(Installed one, Class<?> loaded) {
        try {
            return one.hook().mayMatch(loaded);
        } catch (RuntimeException | LinkageError e) {
            one.failed(loaded.getName(), e);
            return false;
        }
    }

    /** One pause for all of them, or, where one of them cannot be done, one for each. */
    private void weave(List<Class<?>> batch, List<Class<?>> refused) {
        try {
            instrumentation.retransformClasses(batch.toArray(new Class<?>[0]));
        } catch (Exception | LinkageError | InternalError e) {
            for (Class<?> one : batch) {
                weaveAlone(one, refused);
            }
        }
    }

    private void weaveAlone(Class<?> one, List<Class<?>> refused) {
        try {
            instrumentation.retransformClasses(one);
        } catch (Exception | LinkageError | InternalError e) {
            refused.add(one);
            for (Installed hook : installed) {
                if (transformer.woven().has(one.getName(), 1L << hook.number())) {
                    hook.refused(one.getName(), e);
                }
            }
        }
    }

    @Override
    public boolean hasFailed() {
        for (Installed one : installed) {
            if (one.hasFailed()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public List<HookReport> removeFailed() {
        List<Installed> left = new ArrayList<>();
        List<HookReport> gone = new ArrayList<>();
        List<String> nowFailed = new ArrayList<>(failed);
        for (Installed one : installed) {
            if (one.hasFailed()) {
                gone.add(one.report(transformer.woven().count(one.number()), true));
                nowFailed.add(one.hook().key());
            } else {
                left.add(one);
            }
        }
        if (!gone.isEmpty() && !closed) {
            failed = nowFailed;
            removed.addAll(gone);
            removedReports = List.copyOf(removed);
            exchange(left, List.of());
        }
        return gone;
    }

    @Override
    public List<HookReport> reports() {
        List<HookReport> reports = new ArrayList<>();
        for (Installed one : installed) {
            reports.add(one.report(transformer.woven().count(one.number()), false));
        }
        reports.addAll(removedReports);
        return reports;
    }

    @Override
    public List<String> close() {
        List<String> names = new ArrayList<>(0);
        if (closed) {
            return names;
        }
        closed = true;
        List<Installed> ending = installed;
        transformer.use(List.of());
        installed = List.of();
        endAll(ending);
        if (listens) {
            awaitLoading();
            instrumentation.removeTransformer(transformer);
            for (Class<?> one : weaveLoaded(ALL, List.of())) {
                names.add(one.getName());
            }
        }
        return names;
    }

    /** A class that is looked at while it is loaded is no class yet that could be woven anew. */
    private void awaitLoading() {
        long endNs = System.nanoTime() + PATIENCE_NS;
        while (transformer.busy() > 0 && System.nanoTime() - endNs < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        long endLoadingNs = transformer.lastLoadNs() + LOADING_NS;
        for (long leftNs = endLoadingNs - System.nanoTime(); leftNs > 0; leftNs = endLoadingNs - System.nanoTime()) {
            LockSupport.parkNanos(leftNs);
        }
    }
}
