package io.bpfagent.hooks.requests;

import io.bpfagent.hooks.weave.Hook;
import io.bpfagent.hooks.weave.HookAdvice;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.description.type.TypeDescription;

/**
 * Hooks that are one for who reads the status, and come and go together: those of all servlets, those of JDBC.
 *
 * @param name  for reports
 * @param hooks of which a class may mean any
 */
record GroupHook(String name, List<Hook> hooks) implements Hook {
    @Override
    public boolean mayMatch(String className, ClassLoader loader, byte[] bytes) {
        for (Hook hook : hooks) {
            if (hook.mayMatch(className, loader, bytes)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean mayMatch(Class<?> loaded) {
        for (Hook hook : hooks) {
            if (hook.mayMatch(loaded)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public List<HookAdvice> advice(TypeDescription type) {
        List<HookAdvice> advice = new ArrayList<>(2);
        for (Hook hook : hooks) {
            // What is cheap to ask first; the bytes are looked at by none of these.
            if (hook.mayMatch(type.getName(), null, null)) {
                advice.addAll(hook.advice(type));
            }
        }
        return advice;
    }
}
