package io.bpfagent.cli.record;

/**
 * Whose recording it is.
 *
 * @param pid as the caller sees it
 * @param name main class or jar
 * @param atMs when it began, ms since 1970
 * @param intervalNs what was asked for
 * @param machine on what it runs
 * @param status the agent's answer then; null where the form has no place for it
 */
record RecordedJvm(int pid, String name, long atMs, long intervalNs, RecordedMachine machine, String status) {
}
