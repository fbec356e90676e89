package io.bpfagent.agent;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.control.ControlAnswer;
import io.bpfagent.control.ControlServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host's end, as often as one likes. */
@Timeout(30)
class ExitHookTest {
    private static final int PID = 4711;
    private static final long ONE_SECOND_NS = 1_000_000_000L;

    @TempDir
    Path base;

    private ControlServer open() throws IOException {
        return ControlServer.open(base, PID, request -> ControlAnswer.of("{}"), () -> { });
    }

    private Path directory() {
        return base.resolve(".bpf-agent-" + PID);
    }

    @Test
    void closesTheChannelAndLetsNoneBeOpened() throws IOException {
        try (ExitHook hook = ExitHook.of(new Log())) {
            assertFalse(hook.isEnding());
            assertTrue(hook.mayOpen());
            hook.closes(open());
            hook.run();
            assertTrue(hook.isEnding());
            assertFalse(Files.exists(directory()));
            assertFalse(hook.mayOpen());
        }
    }

    @Test
    void waitsASecondForAChannelThatIsBeingOpened() throws IOException {
        try (ExitHook hook = ExitHook.of(new Log())) {
            assertTrue(hook.mayOpen());
            long began = System.nanoTime();
            hook.run();
            // What Object.wait may round.
            assertTrue(System.nanoTime() - began > ONE_SECOND_NS * 9 / 10);
            // Whoever needs longer closes it himself.
            hook.closes(open());
            assertFalse(Files.exists(directory()));
        }
    }
}
