/**
 * Slow events, pauses and the states of pools as JFR events. In: snapshots, on the agent's own thread. Out: events in
 * whatever recordings there are that want them; those of pools are made on JFR's thread for periodic events.
 *
 * <p>As long as nobody in the JVM uses JFR only {@link io.bpfagent.export.jfr.JfrExport} and one class of the JDK's are
 * loaded. It is never the agent who starts JFR.
 */
package io.bpfagent.export.jfr;
