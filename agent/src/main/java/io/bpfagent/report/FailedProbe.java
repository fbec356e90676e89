package io.bpfagent.report;

/**
 * A probe that was given at the start and cannot be had.
 *
 * @param name   of what it would have counted
 * @param spec   what was asked for
 * @param reason why, one line
 */
public record FailedProbe(String name, String spec, String reason) {}
