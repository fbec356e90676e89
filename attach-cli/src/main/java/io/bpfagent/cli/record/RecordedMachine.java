package io.bpfagent.cli.record;

/**
 * On what the JVM runs.
 *
 * @param kernel its release
 * @param cpus how many whoever records may use
 * @param jdk the JVM's release; null where it cannot be told
 */
public record RecordedMachine(String kernel, int cpus, String jdk) {

    /** The one on which this command runs. */
    public static RecordedMachine here(String jdk) {
        return new RecordedMachine(System.getProperty("os.version"), Runtime.getRuntime().availableProcessors(), jdk);
    }
}
