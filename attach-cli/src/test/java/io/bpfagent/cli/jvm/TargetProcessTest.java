package io.bpfagent.cli.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.cli.FakeMachine;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of this very JVM, of real children, and of a process made of files. */
class TargetProcessTest {

    private static final Path PROC = Path.of("/proc");

    /** The child's program: says that it has started, then waits until its input is closed. */
    public static final class Waiting {
        private Waiting() {
        }

        public static void main(String[] arguments) throws IOException {
            System.out.println("started");
            System.in.read();
        }
    }

    static Process jvm(String option) throws IOException {
        Process child = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", option,
            "-cp", System.getProperty("java.class.path").split(File.pathSeparator)[0], Waiting.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        assertEquals("started", child.inputReader().readLine());
        return child;
    }

    @Test
    void knowsThisJvm() {
        int pid = (int) ProcessHandle.current().pid();
        TargetProcess own = TargetProcess.find(PROC, pid).orElseThrow();
        assertTrue(own.isJvm());
        assertFalse(own.isOpenJ9());
        assertTrue(own.isAlive());
        assertTrue(own.belongsTo(own.uid()));
        assertFalse(own.belongsTo(own.uid() + 1));
        assertTrue(own.catchesSigquit());
        assertFalse(own.isStopped());
        assertEquals(pid, own.threadGroup());
        assertEquals(Path.of("/tmp/.bpf-agent-" + own.innerPid() + "/control.sock"), own.controlSocket());
    }

    @Test
    void aJvmSaysItselfWhetherItCanBeAttachedTo() throws Exception {
        Process child = jvm("-XX:+DisableAttachMechanism");
        try {
            TargetProcess process = TargetProcess.find(PROC, (int) child.pid()).orElseThrow();
            PerfData data = process.perfData().orElseThrow();
            assertEquals(false, data.attachable().orElseThrow());
            assertTrue(data.jvmArguments().contains("-XX:+DisableAttachMechanism"));
            assertEquals(Waiting.class.getName(), process.name());
        } finally {
            child.getOutputStream().close();
            assertTrue(child.waitFor(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void attachableJvmsAreFoundAndEndedOnesAreNotAlive() throws Exception {
        Process child = jvm("-Xshare:auto");
        int pid = (int) child.pid();
        TargetProcess process = TargetProcess.find(PROC, pid).orElseThrow();
        assertEquals(true, process.perfData().orElseThrow().attachable().orElseThrow());
        assertEquals(pid, new AttachCheck(PROC).check(pid).pid());
        List<Integer> found = new JvmFinder(PROC, ProcessHandle.current().pid()).find().stream()
            .map(TargetProcess::pid).toList();
        assertTrue(found.contains(pid));
        assertFalse(found.contains((int) ProcessHandle.current().pid()));
        child.getOutputStream().close();
        assertTrue(child.waitFor(10, TimeUnit.SECONDS));
        assertFalse(process.isAlive());
        assertTrue(TargetProcess.find(PROC, pid).isEmpty());
    }

    @Test
    void theNameOfAJvmWithoutPerformanceFile() throws Exception {
        Process child = jvm("-XX:-UsePerfData");
        try {
            TargetProcess process = TargetProcess.find(PROC, (int) child.pid()).orElseThrow();
            assertTrue(process.perfData().isEmpty());
            assertTrue(process.isJvm());
            assertEquals(Waiting.class.getName(), process.name());
        } finally {
            child.getOutputStream().close();
            assertTrue(child.waitFor(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void theInnermostPidNamesTheSocket(@TempDir Path directory) {
        FakeMachine machine = new FakeMachine(directory);
        TargetProcess process = TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow();
        assertEquals(FakeMachine.INNER_PID, process.innerPid());
        assertEquals(machine.tmp().resolve(".bpf-agent-7/control.sock"), process.controlSocket());
        assertEquals("app.jar", process.name());
    }

    @Test
    void whereMappingsAreHiddenTheFileOfAnotherNamespaceIsNotEnough(@TempDir Path directory) throws IOException {
        FakeMachine machine = new FakeMachine(directory);
        Path file = Files.createDirectory(machine.tmp().resolve("hsperfdata_user")).resolve("7");
        Files.createFile(file);
        Files.delete(machine.proc().resolve("4711/maps"));
        Files.delete(machine.proc().resolve("4720/maps"));
        assertTrue(TargetProcess.find(machine.proc(), 4711).orElseThrow().isJvm());
        assertFalse(TargetProcess.find(machine.proc(), 4720).orElseThrow().isJvm());
        Files.delete(file);
        assertFalse(TargetProcess.find(machine.proc(), 4711).orElseThrow().isJvm());
    }

    @Test
    void theSameNumberOfAnotherProcessIsNotAlive(@TempDir Path directory) {
        FakeMachine machine = new FakeMachine(directory);
        TargetProcess process = TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow();
        assertTrue(process.isAlive());
        machine.edit("4711", "stat", " 23 ", " 24 ");
        assertFalse(process.isAlive());
    }

    /** As execve(2) of a set-uid or set-gid program makes it, which changes neither its number nor its begin. */
    @Test
    void whatRunsAsAnotherUserIsNotItsUsers(@TempDir Path directory) {
        FakeMachine machine = new FakeMachine(directory);
        TargetProcess process = TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow();
        int user = process.uid();
        assertTrue(process.belongsTo(user));
        assertFalse(process.belongsTo(user + 1));
        String users = "Uid:\t" + user + "\t" + user;
        for (String others : List.of("Uid:\t" + user + "\t12345", "Uid:\t12345\t" + user)) {
            machine.edit("4711", "status", users, others);
            assertFalse(process.belongsTo(user));
            machine.edit("4711", "status", others, users);
            assertTrue(process.belongsTo(user));
        }
        machine.edit("4711", "status", "Gid:\t", "Gid:\t12345\t");
        assertFalse(process.belongsTo(user));
        machine.end("4711");
        assertFalse(process.belongsTo(user));
    }

    @Test
    void performanceFilesThatAreNoneAreSkipped(@TempDir Path directory) throws IOException {
        assertTrue(PerfData.read(directory.resolve("missing")).isEmpty());
        assertTrue(PerfData.read(Files.write(directory.resolve("short"), new byte[3])).isEmpty());
        assertTrue(PerfData.read(Files.write(directory.resolve("zeros"), new byte[4096])).isEmpty());
    }
}
