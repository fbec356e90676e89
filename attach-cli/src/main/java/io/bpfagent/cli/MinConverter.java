package io.bpfagent.cli;

/** {@code --min}: any duration. */
final class MinConverter extends DurationConverter {

    MinConverter() {
        super("--min", 0, Long.MAX_VALUE, null);
    }
}
