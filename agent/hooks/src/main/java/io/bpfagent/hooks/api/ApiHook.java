package io.bpfagent.hooks.api;

import io.bpfagent.hooks.weave.Hook;
import io.bpfagent.hooks.weave.HookAdvice;
import java.util.List;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatchers;

/** {@code KernelContext.open} and {@code close} of bpf-agent-api, wherever the host has it. */
public record ApiHook() implements Hook {
    private static final String API = "io.bpfagent.api.KernelContext";

    @Override
    public String name() {
        return "api";
    }

    @Override
    public boolean mayMatch(String className, ClassLoader loader, byte[] bytes) {
        return className.equals(API);
    }

    @Override
    public boolean mayMatch(Class<?> loaded) {
        return loaded.getName().equals(API);
    }

    @Override
    public List<HookAdvice> advice(TypeDescription type) {
        return List.of(new HookAdvice(ElementMatchers.named("enter"), OpenAdvice.class),
                new HookAdvice(ElementMatchers.named("leave"), CloseAdvice.class));
    }
}
