package io.bpfagent.hooks.weave;

import io.bpfagent.boot.ContextRuntime;

/**
 * Which class loaders of the host let their classes see those that advice calls. They are in the boot loader, and most
 * loaders ask it; those of OSGi and of JBoss Modules do for packages only that they were told of, and others filter. In
 * a class of such a loader advice would throw a NoClassDefFoundError, and what is to swallow that would throw it again.
 *
 * <p>Any thread. A loader is asked once; what it throws is a no.
 */
final class BootView {
    private final LoaderAnswers answers = new LoaderAnswers();
    /** Set while a thread asks: a loader may load classes of its own for that, which are looked at here as well. */
    private final ThreadLocal<Boolean> asking = new ThreadLocal<>();

    /** Whether a class of this loader can call the hooks' classes. */
    boolean isSeenBy(ClassLoader loader) {
        if (loader == null) {
            return true;
        }
        Boolean known = answers.of(loader);
        if (known != null) {
            return known;
        }
        if (asking.get() != null) {
            return false;
        }
        asking.set(Boolean.TRUE);
        try {
            boolean sees = ask(loader);
            answers.put(loader, sees);
            return sees;
        } finally {
            asking.remove();
        }
    }

    /** As the JVM will, when it links the class. */
    private static boolean ask(ClassLoader loader) {
        try {
            return Class.forName(ContextRuntime.class.getName(), false, loader) == ContextRuntime.class;
        } catch (ClassNotFoundException | RuntimeException | LinkageError e) {
            return false;
        }
    }
}
