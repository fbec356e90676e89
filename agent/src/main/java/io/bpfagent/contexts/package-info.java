/**
 * Contexts in the host: what has to be in its class loaders for them, and the hooks.
 *
 * <p>In: {@link io.bpfagent.hooks.ContextSettings}. Out: classes of the host that call {@code io.bpfagent.boot}, and,
 * when the agent goes, their own bytes again. Thread: {@code bpf-agent}, and {@code bpf-agent-hooks} while there is
 * something to weave.
 */
package io.bpfagent.contexts;
