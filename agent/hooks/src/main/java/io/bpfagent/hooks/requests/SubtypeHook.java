package io.bpfagent.hooks.requests;

import io.bpfagent.hooks.weave.Hook;
import io.bpfagent.hooks.weave.HookAdvice;
import java.util.List;
import net.bytebuddy.description.type.TypeDefinition;
import net.bytebuddy.description.type.TypeDescription;

/**
 * A hook in classes that implement an interface. To read the supertypes of every class would cost the host's start
 * seconds: so only classes are looked at whose names say what they are.
 *
 * @param name      for reports
 * @param tables    what the advice calls
 * @param word      that is in the class's own name, without its package
 * @param supertype the interface
 * @param advice    what is woven in
 */
record SubtypeHook(String name, Tables tables, String word, String supertype, List<HookAdvice> advice) implements Hook {
    /** The JDK's own are interfaces and row sets that live on a driver. */
    private static final String[] THE_JDKS = {"java.", "javax.", "jdk.", "sun.", "com.sun."};

    @Override
    public boolean mayMatch(String className, ClassLoader loader, byte[] bytes) {
        if (className.indexOf(word, className.lastIndexOf('.') + 1) < 0) {
            return false;
        }
        for (String begin : THE_JDKS) {
            if (className.startsWith(begin)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean mayMatch(Class<?> loaded) {
        return !loaded.isInterface() && mayMatch(loaded.getName(), null, null) && isSubtype(loaded);
    }

    @Override
    public List<HookAdvice> advice(TypeDescription type) {
        if (type.isInterface() || !isSubtype(type)) {
            return List.of();
        }
        tables.make();
        return advice;
    }

    private boolean isSubtype(Class<?> type) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Class<?> implemented : at.getInterfaces()) {
                if (implemented.getName().equals(supertype) || isSubtype(implemented)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isSubtype(TypeDefinition type) {
        try {
            for (TypeDefinition at = type; at != null; at = at.getSuperClass()) {
                for (TypeDescription implemented : at.getInterfaces().asErasures()) {
                    if (implemented.getName().equals(supertype) || isSubtype(implemented)) {
                        return true;
                    }
                }
            }
            return false;
        } catch (RuntimeException | LinkageError e) {
            // A supertype that is not there: such a class cannot be used either.
            return false;
        }
    }
}
