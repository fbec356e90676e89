package io.bpfagent.hooks.weave;

import io.bpfagent.hooks.weave.ClassWeaver.Part;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;

/**
 * What the JVM asks about each class that is loaded or woven anew.
 *
 * <p>Assumptions: called by any thread, several at once, with locks of the host held. Guarantees: throws nothing; a
 * class with which something goes wrong stays as it is; for a class that no hook means by its name nothing is read.
 */
final class HostTransformer implements ClassFileTransformer {
    /** The loader of the agent's own classes; these must not be woven, for what is woven in uses them. */
    private static final String OWN = "io.bpfagent.TierLoader";
    private static final Installed[] NONE = {};

    /**
     * Out of its modules, not by jrt: URLs, as a class loader does: the first of these loads classes, and another
     * agent that reads such a URL when it is asked about one of them would have the JVM refuse them all for good.
     */
    private final ClassFileLocator jdkFiles = ClassFileLocator.ForModule.ofBootLayer();
    private final ClassWeaver weaver = new ClassWeaver(jdkFiles);
    private final WovenNames woven = new WovenNames();
    private final BootView bootView = new BootView();
    private final AtomicInteger busy = new AtomicInteger();
    private volatile Installed[] hooks = NONE;
    /**
     * When a class that was being loaded was last looked at, at the earliest when this began, {@link
     * System#nanoTime}.
     */
    private volatile long lastLoadNs = System.nanoTime();

    /** From now on these are woven in. */
    void use(List<Installed> wanted) {
        hooks = wanted.toArray(NONE);
    }

    WovenNames woven() {
        return woven;
    }

    /** How many threads are in here. */
    int busy() {
        return busy.get();
    }

    long lastLoadNs() {
        return lastLoadNs;
    }

    /**
     * Weaves a class of its own, so that the JDK's classes which that takes are loaded by now. Were they loaded while
     * the host loads one, another agent that needs the same ones for its own weaving would be asked about them in the
     * middle of that: a ClassCircularityError, which the JVM goes on throwing at that place.
     */
    void rehearse() {
        String name = Installed.class.getName();
        try {
            ClassFileLocator files = new ClassFileLocator.Compound(jdkFiles,
                    ClassFileLocator.ForClassLoader.of(HostTransformer.class.getClassLoader()));
            TypePool types = read(files);
            weaver.weave(types.describe(name).resolve(), files, types,
                    List.of(new Part(0, List.of(new HookAdvice(ElementMatchers.isMethod(), Rehearsal.class)))));
            // The host's classes name the JDK's, which are read in another way.
            types.describe(AbstractMap.SimpleEntry.class.getName()).resolve().getDeclaredMethods();
        } catch (RuntimeException | LinkageError e) {
            // Then the first class that is meant says so.
            return;
        }
    }

    /** Lazily: types that a method names may be missing, of libraries that the host does without. */
    private static TypePool read(ClassFileLocator files) {
        return new TypePool.Default.WithLazyResolution(new TypePool.CacheProvider.Simple(), files,
                TypePool.Default.ReaderMode.FAST);
    }

    static boolean isOwn(ClassLoader loader) {
        return loader != null && loader.getClass().getName().equals(OWN);
    }

    @Override
    public byte[] transform(ClassLoader loader, String internalName, Class<?> loaded, ProtectionDomain domain,
            byte[] bytes) {
        if (hooks.length == 0 || internalName == null || isOwn(loader)) {
            return null;
        }
        busy.incrementAndGet();
        try {
            return weave(loader, internalName.replace('/', '.'), loaded, bytes);
        } catch (Throwable e) {
            // Whatever it is: the class is used as it is.
            return null;
        } finally {
            if (loaded == null) {
                lastLoadNs = System.nanoTime();
            }
            busy.decrementAndGet();
        }
    }

    private byte[] weave(ClassLoader loader, String name, Class<?> loaded, byte[] bytes) {
        List<Installed> candidates = null;
        for (Installed hook : hooks) {
            if (mayMatch(hook, name, loader, bytes)) {
                candidates = candidates == null ? new ArrayList<>(2) : candidates;
                candidates.add(hook);
            }
        }
        if (candidates == null) {
            return null;
        }
        ClassFileLocator files = new ClassFileLocator.Compound(ClassFileLocator.Simple.of(name, bytes), jdkFiles,
                ClassFileLocator.ForClassLoader.of(loader));
        TypePool types = read(files);
        TypeDescription type = types.describe(name).resolve();
        List<Part> parts = new ArrayList<>(candidates.size());
        long numbers = 0;
        for (Installed hook : candidates) {
            List<HookAdvice> advice = advice(hook, type);
            if (!advice.isEmpty()) {
                parts.add(new Part(hook.number(), advice));
                numbers |= 1L << hook.number();
            }
        }
        if (parts.isEmpty()) {
            return null;
        }
        if (!bootView.isSeenBy(loader)) {
            for (Installed hook : candidates) {
                if ((numbers >>> hook.number() & 1) != 0) {
                    hook.leftOut(name, "its class loader (" + loader.getClass().getName()
                            + ") does not show it the agent's classes in the boot loader");
                }
            }
            return null;
        }
        try {
            byte[] result = weaver.weave(type, files, types, parts);
            woven.add(name, numbers);
            return result;
        } catch (TypePool.Resolution.NoSuchTypeException e) {
            for (Installed hook : candidates) {
                hook.leftOut(name, e.toString());
            }
            return null;
        } catch (RuntimeException | LinkageError e) {
            for (Installed hook : candidates) {
                hook.failed(name, e);
            }
            return null;
        }
    }

    private static boolean mayMatch(Installed hook, String name, ClassLoader loader, byte[] bytes) {
        try {
            return hook.hook().mayMatch(name, loader, bytes);
        } catch (RuntimeException | LinkageError e) {
            hook.failed(name, e);
            return false;
        }
    }

    private static List<HookAdvice> advice(Installed hook, TypeDescription type) {
        try {
            return hook.hook().advice(type);
        } catch (TypePool.Resolution.NoSuchTypeException e) {
            hook.leftOut(type.getName(), e.toString());
            return List.of();
        } catch (RuntimeException | LinkageError e) {
            hook.failed(type.getName(), e);
            return List.of();
        }
    }
}
