package io.bpfagent.cli.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.cli.FakeMachine;
import io.bpfagent.cli.errors.CliException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

    /** {@code kill -9} lets nobody tidy up; the next command does, and has the usual name again. */
    @Test
    void theNextOneRemovesWhatAKilledOneHasLeft() throws Exception {
        FakeMachine machine = new FakeMachine(directory);
        Process child = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-cp",
            System.getProperty("java.class.path"), Carrying.class.getName(), machine.proc().toString()).start();
        try {
            assertEquals("carried", child.inputReader().readLine());
            TargetProcess target = TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow();
            try (JarCarrier beside = JarCarrier.carry(new ByteArrayInputStream(new byte[23]), target, () -> { })) {
                assertTrue(beside.pathInTarget().startsWith("/tmp/.bpf-agent-jar-7-"), beside.pathInTarget());
                assertEquals(2, copies(machine), "the other still runs");
            }
            child.destroyForcibly().waitFor();
            assertEquals(1, copies(machine));
            try (JarCarrier next = JarCarrier.carry(new ByteArrayInputStream(new byte[23]), target, () -> { })) {
                assertEquals("/tmp/.bpf-agent-jar-7/bpf-agent.jar", next.pathInTarget());
                assertEquals(1, copies(machine));
            }
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

    @Test
    void oneJvmGetsItsCopyInTheSamePlaceEachTimeUnlessItIsTaken() throws IOException {
        FakeMachine machine = new FakeMachine(directory);
        TargetProcess target = TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow();
        String usual;
        try (JarCarrier first = JarCarrier.carry(new ByteArrayInputStream(new byte[23]), target, () -> { });
             JarCarrier second = JarCarrier.carry(new ByteArrayInputStream(new byte[23]), target, () -> { })) {
            usual = first.pathInTarget();
            assertEquals("/tmp/.bpf-agent-jar-7/bpf-agent.jar", usual);
            assertTrue(second.pathInTarget().startsWith("/tmp/.bpf-agent-jar-7-"), second.pathInTarget());
            assertEquals(2, copies(machine));
        }
        try (JarCarrier third = JarCarrier.carry(new ByteArrayInputStream(new byte[23]), target, () -> { })) {
            assertEquals(usual, third.pathInTarget());
        }
        assertEquals(0, copies(machine));
    }

    /** Each goes for the same name, and all but one are too late for it. */
    @Test
    void ofManyAtOnceEachHasItsOwnCopyUntilItClosesIt() throws Exception {
        FakeMachine machine = new FakeMachine(directory);
        TargetProcess target = TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow();
        int commands = 7;
        ExecutorService threads = Executors.newFixedThreadPool(commands);
        try {
            for (int round = 0; round < 23; round++) {
                CyclicBarrier start = new CyclicBarrier(commands);
                List<Future<JarCarrier>> carried = new ArrayList<>();
                for (int i = 0; i < commands; i++) {
                    carried.add(threads.submit(() -> {
                        start.await();
                        return JarCarrier.carry(new ByteArrayInputStream(new byte[23]), target, () -> { });
                    }));
                }
                for (int i = 0; i < commands; i++) {
                    JarCarrier carrier = carried.get(i).get();
                    Path copy = machine.tmp().resolve(carrier.pathInTarget().substring("/tmp/".length()));
                    assertEquals(23, Files.size(copy));
                    carrier.close();
                }
                assertEquals(0, copies(machine));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whatCouldNotBeMadeIsNotRemoved() throws IOException {
        FakeMachine machine = new FakeMachine(directory);
        TargetProcess target = TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow();
        Path others = Files.createDirectory(machine.tmp().resolve(".bpf-agent-jar-7")).resolve("bpf-agent.jar");
        Files.write(others, new byte[23]);
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("no more");
            }
        };
        assertThrows(CliException.class, () -> JarCarrier.carry(broken, target, () -> { }));
        assertEquals(23, Files.size(others));
        assertEquals(1, copies(machine));
    }

    /** Who may rename things in that /tmp does so while the jar is written. */
    @Test
    void aLinkInThePlaceOfTheDirectoryLeadsNowhere() throws IOException {
        FakeMachine machine = new FakeMachine(directory);
        TargetProcess target = TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow();
        Path others = Files.write(Files.createDirectory(directory.resolve("others")).resolve("bpf-agent.jar"),
            new byte[7]);
        Path usual = machine.tmp().resolve(".bpf-agent-jar-7");
        Path moved = machine.tmp().resolve("moved");
        InputStream swapping = new InputStream() {
            private int left = 23;

            @Override
            public int read() throws IOException {
                if (left == 23) {
                    Files.move(usual, moved);
                    Files.createSymbolicLink(usual, others.getParent());
                }
                return left-- > 0 ? 1 : -1;
            }
        };
        try (JarCarrier carrier = JarCarrier.carry(swapping, target, () -> { })) {
            assertEquals("/tmp/.bpf-agent-jar-7/bpf-agent.jar", carrier.pathInTarget());
            assertEquals(23, Files.size(moved.resolve("bpf-agent.jar")));
        }
        assertEquals(7, Files.size(others));
        assertFalse(Files.exists(moved.resolve("bpf-agent.jar")));
        assertTrue(Files.isSymbolicLink(usual));
    }

    @Test
    void aLinkInThePlaceOfTmpIsNotFollowed() throws IOException {
        FakeMachine machine = new FakeMachine(directory);
        Path others = Files.createDirectory(directory.resolve("others"));
        Files.createSymbolicLink(Files.createDirectory(machine.proc().resolve("4711/root")).resolve("tmp"), others);
        TargetProcess target = TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow();
        CliException told = assertThrows(CliException.class,
            () -> JarCarrier.carry(new ByteArrayInputStream(new byte[23]), target, () -> { }));
        assertTrue(told.getMessage().contains("/4711/root/tmp is a symbolic link"), told.getMessage());
        try (Stream<Path> files = Files.list(others)) {
            assertEquals(0, files.count());
        }
    }
}
