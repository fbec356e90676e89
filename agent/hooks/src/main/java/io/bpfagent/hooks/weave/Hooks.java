package io.bpfagent.hooks.weave;

import io.bpfagent.hooks.ContextSettings;
import io.bpfagent.hooks.api.ApiHook;
import io.bpfagent.hooks.api.NamedHook;
import io.bpfagent.hooks.requests.RequestHooks;
import io.bpfagent.hooks.trace.TraceHook;
import io.bpfagent.hooks.virtual.VirtualThreadHook;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Which hooks there are for what a user wants. Of one weaver: it remembers what was wanted before. */
final class Hooks implements Function<ContextSettings, List<Hook>> {
    private boolean everRequests;

    /** Those that are wanted; the name of each occurs once. */
    @Override
    public List<Hook> apply(ContextSettings settings) {
        List<Hook> hooks = new ArrayList<>();
        if (settings.on()) {
            hooks.add(new ApiHook());
            hooks.add(new NamedHook());
        }
        if (!settings.trace().isEmpty()) {
            hooks.add(new TraceHook(settings.trace()));
        }
        if (settings.requests()) {
            hooks.addAll(RequestHooks.all());
        }
        everRequests |= settings.requests();
        if (everRequests) {
            hooks.add(RequestHooks.workers());
        }
        if (settings.virtual()) {
            hooks.add(new VirtualThreadHook());
        }
        return hooks;
    }
}
