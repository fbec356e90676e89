/**
 * Changes classes of the host: advice only, no method or field comes or goes.
 *
 * <p>In: {@link io.bpfagent.hooks.weave.Hook}s, class files. Out: class files. Thread: {@code bpf-agent-hooks} for
 * classes that are there already, and any that loads a class.
 */
package io.bpfagent.hooks.weave;
