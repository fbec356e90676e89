package io.bpfagent.otlp.logging;

/** Of {@code java.util.logging.Level} what the SDK names. */
public enum Level {
    SEVERE, WARNING, INFO, FINE, FINEST
}
