/**
 * What is woven into the host's classes, as the rest of the agent sees it: what is wanted, and how it went.
 *
 * <p>In: {@link io.bpfagent.hooks.ContextSettings}. Out: {@link io.bpfagent.hooks.HookReport}s. Thread:
 * {@code bpf-agent-hooks}, which is there only while there is something to weave.
 *
 * <p>This package is in the agent's tier; those below it and Byte Buddy are in a tier of their own, which is loaded
 * when the first hook is wanted.
 */
package io.bpfagent.hooks;
