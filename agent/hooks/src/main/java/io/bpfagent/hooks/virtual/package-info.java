/**
 * Virtual threads ({@code virtual=true}, from JDK 21 on).
 *
 * <p>In: the class file of {@code java.lang.VirtualThread}. Out: calls of {@link io.bpfagent.boot.VirtualRuntime} in
 * it. Thread: whichever runs the JDK's scheduler for virtual threads.
 */
package io.bpfagent.hooks.virtual;
