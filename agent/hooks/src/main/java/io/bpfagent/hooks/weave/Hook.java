package io.bpfagent.hooks.weave;

import java.util.List;
import net.bytebuddy.description.type.TypeDescription;

/**
 * One kind of place in the host's classes where a context begins and ends.
 *
 * <p>Assumptions: any thread that loads a class calls, several at once, and holds locks of its class loader. So nothing
 * in here loads a class of the host, takes a lock, logs or waits; what a type is comes from class files. What is thrown
 * is swallowed and counted against the hook.
 *
 * <p>What is woven in (the advice) runs on the host's threads. It may name only classes of the JDK, of
 * {@code io.bpfagent.boot}, and of the class path of the class that it is woven into; it does not allocate, lock,
 * block, log or load a class. What it throws is swallowed and counted, by {@code ContextRuntime.hookFailed}; after ten
 * the hook is taken out.
 */
public interface Hook {
    /** For reports: a word or two, {@code trace} or {@code servlet}. */
    String name();

    /**
     * What tells it from others: two with the same key weave the same, and what is wanted again stays as it is. (Not
     * {@code equals}: that of records remembers its class in the JDK, and so keeps the agent's tiers.)
     */
    default String key() {
        return name();
    }

    /**
     * A quick look at a class that is being loaded, or woven anew, which spares reading it: called for every class of
     * the JVM.
     *
     * @param className with dots
     * @param loader    of the class; null for the boot loader
     * @param bytes     of the class file, not to be changed
     */
    boolean mayMatch(String className, ClassLoader loader, byte[] bytes);

    /**
     * The same of a class that was there when the hook came: whether it is woven anew. Called for all classes of the
     * JVM, by the thread that weaves; its name and its supertypes may be asked for, its members not (that could load
     * classes).
     */
    boolean mayMatch(Class<?> loaded);

    /**
     * What is to be woven into this type, none if it is not meant after all. Supertypes are read from class files when
     * they are asked for, each of which takes some 50 us: names first.
     */
    List<HookAdvice> advice(TypeDescription type);

    /**
     * Whether what it has woven in stays right when some of it fails. Else the first failure, of whatever kind, takes
     * it out.
     */
    default boolean mayFail() {
        return true;
    }

    /**
     * Called before anything of it is woven in, by the thread that weaves: for what its advice needs. What it throws
     * keeps the hook out.
     */
    default void begins() {
    }

    /**
     * Called before it is taken out of the classes that it was woven into, if {@link #begins} was: from now on its
     * advice does nothing. Threads are still in it, and on their way out.
     */
    default void ends() {
    }
}
