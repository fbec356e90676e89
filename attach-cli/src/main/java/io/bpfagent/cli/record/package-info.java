/**
 * What {@code attach-cli record} keeps.
 *
 * <p>Comes in: the agent's documents, once per interval, right after a snapshot. Goes out: a file of which every line
 * is whole as soon as it is there, in the form that its name asks for: {@link io.bpfagent.cli.record.JsonRecord} or
 * {@link io.bpfagent.cli.record.HlogRecord}. The command's main thread does all; at Ctrl-C a shutdown hook waits
 * until it has finished the line that it is writing. docs/json.md has the JSON's form.
 */
package io.bpfagent.cli.record;
