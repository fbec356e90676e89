/**
 * Tiers of class loaders that are packed in the agent's jar, and unpacked when something in them is wanted.
 *
 * <p>In: the name of one, a directory. Out: a loader, child of the agent's tier. Any thread.
 */
package io.bpfagent.tier;
