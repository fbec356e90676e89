package io.bpfagent.cli.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import io.bpfagent.cli.FakeMachine;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the JDK throws becomes one line; wrapped, as Byte Buddy throws it. */
class JdkAttacherTest {

    @TempDir
    Path directory;

    private CliException explain(Exception cause) {
        TargetProcess target =
            TargetProcess.find(new FakeMachine(directory).proc(), FakeMachine.PID).orElseThrow();
        CliException told = JdkAttacher.explain(new IllegalStateException("Error during attachment", cause), target);
        assertEquals(1, told.getMessage().lines().count());
        assertTrue(told.getMessage().contains("4711"), told.getMessage());
        return told;
    }

    @Test
    void everyExceptionHasItsError() {
        assertEquals(CliError.ATTACH_NO_ANSWER, explain(new AttachNotSupportedException("no socket")).error());
        assertEquals(CliError.ATTACH_NO_ANSWER, explain(new IOException("Connection refused")).error());
        assertEquals(CliError.ATTACH_REFUSED, explain(new AgentLoadException("Failed to load agent\nx")).error());
        assertEquals(CliError.ATTACH_REFUSED, explain(new AgentInitializationException("failed")).error());
        assertEquals(CliError.ATTACH_DYNAMIC_REFUSED, explain(new AgentLoadException(
            "Failed to load agent library: Dynamic agent loading is not enabled. Use -XX:+...")).error());
        assertEquals(CliError.ATTACH_REFUSED, explain(new UnsupportedOperationException()).error());
    }

    @Test
    void aJvmThatEndedIsSaidFirst() {
        FakeMachine machine = new FakeMachine(directory);
        TargetProcess target = TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow();
        machine.edit("4711", "status", "S (sleeping)", "Z (zombie)");
        assertEquals(CliError.JVM_ENDED, JdkAttacher.explain(new IOException("x"), target).error());
    }

    /** It listens, and its queue takes the connection, but nothing in it runs: as in a pause without end. */
    @Test
    void aJvmThatDoesNotAnswerIsNotWaitedForForEver() throws Exception {
        Process child = TargetProcessTest.jvm("-Xshare:auto");
        String pid = Long.toString(child.pid());
        try {
            done(System.getProperty("java.home") + "/bin/jcmd", pid, "VM.version");
            TargetProcess target = TargetProcess.find(Path.of("/proc"), (int) child.pid()).orElseThrow();
            assertTrue(target.listensAlready());
            done("kill", "-STOP", pid);
            CliException late = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertThrows(CliException.class,
                () -> new JdkAttacher(700).attach(target, directory.resolve("no.jar").toString(), "")));
            assertEquals(CliError.ATTACH_NO_ANSWER, late.error());
            assertTrue(late.getMessage().contains("no answer within "), late.getMessage());
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private static void done(String... command) throws Exception {
        assertEquals(0, new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor());
    }
}
