package io.bpfagent.hooks.trace;

import io.bpfagent.boot.ContextRuntime;
import io.bpfagent.hooks.TracePattern;
import io.bpfagent.hooks.weave.Hook;
import io.bpfagent.hooks.weave.HookAdvice;
import io.bpfagent.hooks.weave.MethodContexts;
import java.util.List;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;

/**
 * Methods that the user has named ({@code trace=}) are contexts of the name {@code CLASS.METHOD}, overloaded ones
 * together. Constructors are none, nor is what the compiler has made (bodies of lambdas, bridges).
 *
 * @param patterns at least one
 */
public record TraceHook(List<TracePattern> patterns) implements Hook {
    @Override
    public String name() {
        return "trace";
    }

    @Override
    public String key() {
        StringBuilder key = new StringBuilder(name());
        for (TracePattern pattern : patterns) {
            key.append(' ').append(pattern.text());
        }
        return key.toString();
    }

    @Override
    public boolean mayMatch(String className, ClassLoader loader, byte[] bytes) {
        // The boot loader has the JDK's own, which the hooks' code uses.
        return loader != null && matchesClass(className);
    }

    @Override
    public boolean mayMatch(Class<?> loaded) {
        return loaded.getClassLoader() != null && matchesClass(loaded.getName());
    }

    private boolean matchesClass(String name) {
        for (TracePattern pattern : patterns) {
            if (pattern.matchesClass(name)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public List<HookAdvice> advice(TypeDescription type) {
        String className = type.getName();
        for (MethodDescription method : type.getDeclaredMethods()) {
            if (isMeant(className, method)) {
                return List.of(new HookAdvice(target -> isMeant(className, target), TraceAdvice.class,
                        List.of(new MethodContexts(ContextRuntime.METHOD,
                                target -> className + "." + target.getName()))));
            }
        }
        return List.of();
    }

    private boolean isMeant(String className, MethodDescription method) {
        if (!method.isMethod() || method.isAbstract() || method.isNative() || method.isSynthetic()) {
            return false;
        }
        for (TracePattern pattern : patterns) {
            if (pattern.matchesClass(className) && pattern.matchesMethod(method.getName())) {
                return true;
            }
        }
        return false;
    }
}
