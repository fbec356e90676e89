package io.bpfagent.cli.interval;

import io.bpfagent.cli.control.Request;

/** Where the agent's documents come from; throws a CliException when there is none. */
@FunctionalInterface
public interface AgentAnswers {

    /** The answer, one line of JSON. */
    String ask(Request request);
}
