package io.bpfagent.bench;

import io.bpfagent.it.HostCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What a JVM is started with: what it costs is what it costs more than {@link #NONE}. */
enum Guest {
    NONE, EMPTY_AGENT, OURS;

    /** Adds it to the command. */
    HostCommand in(HostCommand command, Path emptyAgent) {
        switch (this) {
            case EMPTY_AGENT:
                return command.agent(emptyAgent, "");
            case OURS:
                return command.agent("");
            default:
                return command;
        }
    }

    /** All of them in some order. */
    static List<Guest> shuffled(Random random) {
        List<Guest> order = new ArrayList<>(List.of(values()));
        Collections.shuffle(order, random);
        return order;
    }
}
