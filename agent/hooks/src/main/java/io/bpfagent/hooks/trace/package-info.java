/**
 * {@code trace=}: methods that the user has named.
 *
 * <p>In: patterns. Out: advice. Thread: any that loads a class.
 */
package io.bpfagent.hooks.trace;
