/**
 * Contexts that the application names itself, with bpf-agent-api.
 *
 * <p>In: the classes of {@code io.bpfagent.api} and those that use its annotation. Out: advice. Thread: any that loads
 * a class.
 */
package io.bpfagent.hooks.api;
