package io.bpfagent.hooks.requests;

import io.bpfagent.hooks.weave.Hook;
import io.bpfagent.hooks.weave.HookAdvice;
import java.util.List;
import net.bytebuddy.description.type.TypeDescription;

/**
 * A hook whose advice names types of another library than that of the class that it is woven into: where a class's
 * loader does not have them, what is woven in would fail each time, so nothing is.
 *
 * @param resource a class file that the loader must have
 * @param hook     what is woven in then
 */
record NeedingHook(String resource, Hook hook) implements Hook {
    @Override
    public String name() {
        return hook.name();
    }

    @Override
    public boolean mayMatch(String className, ClassLoader loader, byte[] bytes) {
        return hook.mayMatch(className, loader, bytes) && has(loader);
    }

    @Override
    public boolean mayMatch(Class<?> loaded) {
        return hook.mayMatch(loaded) && has(loaded.getClassLoader());
    }

    @Override
    public List<HookAdvice> advice(TypeDescription type) {
        return hook.advice(type);
    }

    private boolean has(ClassLoader loader) {
        try {
            return loader == null ? ClassLoader.getSystemResource(resource) != null
                    : loader.getResource(resource) != null;
        } catch (RuntimeException | LinkageError e) {
            // One that was stopped, for instance: no failure of the hook's.
            return false;
        }
    }
}
