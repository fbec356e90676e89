/**
 * What can go wrong on the command line, as a closed list.
 *
 * <p>Comes in: the facts of a failure (a PID, an errno's text). Goes out: one line in the form
 * "what failed: cause (value). What to do." whose first phrase is a heading of TROUBLESHOOTING.md.
 * Any thread may use it; nothing here keeps state.
 */
package io.bpfagent.cli.errors;
