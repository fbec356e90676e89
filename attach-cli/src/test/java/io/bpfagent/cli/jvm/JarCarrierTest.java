package io.bpfagent.cli.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.cli.FakeMachine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The copy of the jar goes however the command ends. */
class JarCarrierTest {

    @TempDir
    Path directory;

    /** A command that has carried its jar and is ended while it waits, as by Ctrl-C. */
    public static final class Carrying {
        private Carrying() {
        }

        public static void main(String[] arguments) throws IOException {
            TargetProcess target = TargetProcess.find(Path.of(arguments[0]), FakeMachine.PID).orElseThrow();
            JarCarrier.carry(new ByteArrayInputStream(new byte[23]), target, () -> System.err.println("cut short"));
            System.out.println("carried");
            System.in.read();
        }
    }

    private long copies(FakeMachine machine) throws IOException {
        try (Stream<Path> files = Files.list(machine.tmp())) {
            return files.filter(file -> file.getFileName().toString().startsWith(".bpf-agent-jar-")).count();
        }
    }

    @Test
    void theEndOfTheProcessRemovesTheCopyAndSaysSo() throws Exception {
        FakeMachine machine = new FakeMachine(directory);
        Process child = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-cp",
            System.getProperty("java.class.path"), Carrying.class.getName(), machine.proc().toString()).start();
        try {
            assertEquals("carried", child.inputReader().readLine());
            assertEquals(1, copies(machine));
            child.toHandle().destroy(); // Process.destroy would close its error stream too
            assertEquals("cut short", child.errorReader().readLine());
            assertTrue(child.waitFor(10, TimeUnit.SECONDS));
            assertEquals(0, copies(machine));
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void closingRemovesTheCopyAndAgainIsHarmless() throws IOException {
        FakeMachine machine = new FakeMachine(directory);
        TargetProcess target = TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow();
        JarCarrier carrier = JarCarrier.carry(new ByteArrayInputStream(new byte[23]), target, () -> { });
        assertEquals(1, copies(machine));
        carrier.close();
        carrier.close();
        assertEquals(0, copies(machine));
    }
}
