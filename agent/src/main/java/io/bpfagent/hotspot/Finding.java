package io.bpfagent.hotspot;

import java.util.Objects;
import java.util.Optional;

/**
 * Something that was looked for in the JVM.
 *
 * @param value  what was found, or empty
 * @param reason why it was not found, one line for {@code status}; empty when it was
 */
public record Finding<T>(Optional<T> value, String reason) {
    public Finding {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(reason, "reason");
    }

    static <T> Finding<T> found(T value) {
        return new Finding<>(Optional.of(value), "");
    }

    static <T> Finding<T> missing(String reason) {
        return new Finding<>(Optional.empty(), reason);
    }

    /** Whether it was found. */
    public boolean found() {
        return value.isPresent();
    }
}
