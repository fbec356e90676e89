/**
 * The manual pages and the completion of shells, made of the same command tree as {@code --help}.
 *
 * <p>Comes in: picocli's model of the commands. Goes out: files, when the build calls
 * {@code io.bpfagent.cli.WriteManual}; the jar does not carry this package. One thread.
 */
package io.bpfagent.cli.manual;
