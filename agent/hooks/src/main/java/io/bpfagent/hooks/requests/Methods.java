package io.bpfagent.hooks.requests;

import java.util.Set;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.matcher.ElementMatcher;

/**
 * Methods by name and what they take; bridges are none, for the method that they call has the hook too.
 *
 * @param names      any of these
 * @param parameters how the descriptor begins: {@code (Ljava/lang/String;} for a string first, {@code ()} for nothing
 */
record Methods(Set<String> names, String parameters) implements ElementMatcher<MethodDescription> {
    /** Methods of one name that take anything. */
    static Methods named(String name) {
        return new Methods(Set.of(name), "(");
    }

    /** Methods of one name. */
    static Methods of(String name, String parameters) {
        return new Methods(Set.of(name), parameters);
    }

    @Override
    public boolean matches(MethodDescription method) {
        return method != null && !method.isSynthetic() && names.contains(method.getInternalName())
                && method.getDescriptor().startsWith(parameters);
    }
}
