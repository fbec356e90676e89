package io.bpfagent.cli.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bpfagent.cli.FakeAgent;
import io.bpfagent.cli.FakeMachine;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.jvm.Sleep;
import io.bpfagent.cli.jvm.TargetProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client over a real socket. */
class ControlClientTest {

    @TempDir
    Path directory;

    private TargetProcess target(FakeMachine machine) {
        return TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow();
    }

    @Test
    void givesUpWhenTheTimeIsUp() throws IOException {
        FakeMachine machine = new FakeMachine(directory);
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> {
            Sleep.ms(3_000);
            return "{}";
        })) {
            CliException late = assertThrows(CliException.class,
                () -> new ControlClient(target(machine), 100).ask(Request.of("status")));
            assertEquals(CliError.REACH_TIMEOUT, late.error());
        }
    }

    @Test
    void readsAnswersOfSeveralBuffers() throws IOException {
        FakeMachine machine = new FakeMachine(directory);
        String answer = "{\"schema\":1,\"state\":\"on\",\"version\":\"" + "x".repeat(1_000_000) + "\"}";
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> answer)) {
            assertEquals(answer, new ControlClient(target(machine)).ask(Request.of("status")));
        }
    }

    @Test
    void keysOfLaterAgentsAreSkippedAndMissingOnesAreEmpty() {
        StatusDocument status = Documents.read(
            "{\"schema\":1,\"version\":\"9\",\"state\":\"on\",\"later\":{\"a\":[1]}}", StatusDocument.class);
        assertEquals("9", status.version());
        assertEquals(0, status.probes().size());
        assertEquals(0, status.losses().size());
    }
}
