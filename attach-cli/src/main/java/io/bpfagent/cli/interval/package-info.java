/**
 * What happened between two documents that count since the agent began.
 *
 * <p>Comes in: two answers of one agent, the earlier and the later. Goes out: a document of the same form with what was
 * added in between. Made here and not by the agent ({@code "interval":true}), for two reasons: the agent would have to
 * take apart all its histograms in the JVM that is looked at, and what lies between two looks is then never left out or
 * counted twice, however long it is. Pure functions, any thread.
 */
package io.bpfagent.cli.interval;
