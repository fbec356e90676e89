package io.bpfagent.cli.errors;

/**
 * Every error that ends a command with exit code 1, by its first phrase.
 *
 * <p>The phrase is where a message of that kind begins, word by word, and is a heading of
 * TROUBLESHOOTING.md; a test compares the two. What follows it is the value that made it so.
 */
public enum CliError {
    ATTACH_NO_PROCESS("Cannot attach: there is no process"),
    ATTACH_THREAD("Cannot attach: a thread, not a process"),
    ATTACH_NOT_JVM("Cannot attach: not a JVM"),
    ATTACH_NOT_HOTSPOT("Cannot attach: not a HotSpot JVM"),
    ATTACH_OTHER_USER("Cannot attach: another user's process"),
    ATTACH_DISABLED("Cannot attach: the JVM forbids it"),
    ATTACH_NOT_READY("Cannot attach: the JVM does not listen"),
    ATTACH_STOPPED("Cannot attach: the JVM is stopped"),
    ATTACH_NO_MODULE("Cannot attach: this Java has no jdk.attach module"),
    ATTACH_DYNAMIC_REFUSED("Cannot attach: the JVM refuses agents at run time"),
    ATTACH_FILE_IN_THE_WAY("Cannot attach: another user's file is in the way"),
    ATTACH_NO_ANSWER("Cannot attach: the JVM does not answer"),
    ATTACH_REFUSED("Cannot attach: the JVM could not load the agent"),
    JAR_MISSING("Cannot find the agent's jar"),
    JAR_COPY("Cannot copy the agent's jar"),
    OWN_NATIVES("Cannot load this command's native libraries"),
    AS_USER("Cannot act as the JVM's user"),
    AGENT_FAILED("The agent did not start"),
    AGENT_WAITS("The agent waits for privileges"),
    HAND_OVER("Cannot hand over the BPF programs"),
    AGENT_SILENT("The agent did not answer in time"),
    OTHER_ARGUMENTS("Other arguments are in force"),
    JVM_ENDED("The JVM ended"),
    NO_AGENT("No agent in JVM"),
    REACH_NO_PROCESS("Cannot reach the agent: there is no process"),
    REACH_OTHER_USER("Cannot reach the agent: another user's process"),
    REACH_FORGED("Cannot reach the agent: its socket is not the JVM's own"),
    REACH_TIMEOUT("Cannot reach the agent: no answer"),
    REACH_BROKEN("Cannot reach the agent: the connection broke"),
    ANSWER_UNKNOWN("Cannot read the agent's answer"),
    ANSWER_ERROR("The agent refused the request"),
    NOTHING_MATCHES("Nothing matches"),
    NO_PAUSES("There are no pauses to follow"),
    NO_EVENTS("There are no slow events to follow"),
    NO_SCREEN("Cannot show a full screen"),
    RECORD_EXISTS("Cannot record: the file is there already"),
    RECORD_WRITE("Cannot record: the file cannot be written"),
    REPORT_READ("Cannot report: the recording cannot be read"),
    REPORT_NO_RECORDING("Cannot report: not a recording"),
    REPORT_SCHEMA("Cannot report: a recording of another schema"),
    REPORT_EMPTY("Cannot report: the recording has no interval"),
    REPORT_EXISTS("Cannot report: the file is there already"),
    REPORT_WRITE("Cannot report: the file cannot be written"),
    REPORT_NO_PAGE("Cannot report: this command has no page"),
    SEARCH_HIDDEN("Cannot look at the JVM's libraries"),
    NO_SUCH_JVM("No such JVM"),
    MORE_JVMS("More than one JVM"),
    DETACH_TIMEOUT("The agent did not detach in time"),
    OUTPUT("Cannot write the output"),
    UNEXPECTED("Unexpected error");

    private final String phrase;

    CliError(String phrase) {
        this.phrase = phrase;
    }

    /** The first words of every message of this kind. */
    public String phrase() {
        return phrase;
    }

    /** An exception whose message is the phrase followed directly by {@code rest}. */
    public CliException because(String rest) {
        return new CliException(this, rest, null);
    }

    /** The same with the exception that caused it, which only {@code --verbose} shows. */
    public CliException because(String rest, Throwable cause) {
        return new CliException(this, rest, cause);
    }
}
