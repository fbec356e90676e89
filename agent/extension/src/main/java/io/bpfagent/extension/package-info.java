/**
 * Exports that are not in the agent's jar: one more jar each, which {@code extensions=} names.
 *
 * <p>In: snapshots, immutable, and what {@link io.bpfagent.extension.ExtensionHost} tells. Out: whatever the extension
 * makes of them, and {@link io.bpfagent.extension.Note}s for the status. Thread: {@code bpf-agent}, which an extension
 * must not keep; what takes time it does on a thread of its own.
 *
 * <p>An extension's jar has, in its manifest, {@code Bpf-Agent-Extension: 1} (the number is
 * {@link io.bpfagent.extension.ExtensionFactory#SCHEMA}), and the name of its
 * {@link io.bpfagent.extension.ExtensionFactory} in {@code META-INF/services}. It is loaded by a loader of its own, the
 * child of the agent's tier: it sees these classes, the agent's and the JDK's, and nothing of the application's. The
 * libraries that it needs are in its jar, under names of their own where the agent might have them too.
 */
package io.bpfagent.extension;
