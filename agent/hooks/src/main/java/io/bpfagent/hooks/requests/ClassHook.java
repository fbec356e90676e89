package io.bpfagent.hooks.requests;

import io.bpfagent.hooks.weave.Hook;
import io.bpfagent.hooks.weave.HookAdvice;
import java.util.List;
import java.util.Map;
import net.bytebuddy.description.type.TypeDescription;

/**
 * A hook in classes that are known by their names.
 *
 * @param name    for reports
 * @param tables  what the advice calls
 * @param classes what is woven into which class
 */
record ClassHook(String name, Tables tables, Map<String, List<HookAdvice>> classes) implements Hook {
    @Override
    public boolean mayMatch(String className, ClassLoader loader, byte[] bytes) {
        return classes.containsKey(className);
    }

    @Override
    public boolean mayMatch(Class<?> loaded) {
        return classes.containsKey(loaded.getName());
    }

    @Override
    public List<HookAdvice> advice(TypeDescription type) {
        tables.make();
        return classes.getOrDefault(type.getName(), List.of());
    }
}
