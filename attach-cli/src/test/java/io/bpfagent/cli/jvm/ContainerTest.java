package io.bpfagent.cli.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.cli.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The names that containers have in a cgroup's path, and what differs of a process. */
class ContainerTest {

    private static final String ID = "3f5c".repeat(16);

    @Test
    void idsOfTheUsualRuntimes() {
        for (String line : List.of("12:memory:/docker/" + ID, "0::/system.slice/docker-" + ID + ".scope",
            "0::/kubepods.slice/kubepods-besteffort.slice/kubepods-pod1.slice/cri-containerd-" + ID + ".scope",
            "0::/machine.slice/libpod-" + ID + ".scope/container", "5:cpu,cpuacct:/kubepods/burstable/pod1/" + ID)) {
            assertEquals(ID, Container.idIn("13:pids:/\n" + line + "\n"), line);
        }
        assertEquals("web", Container.idIn("0::/machine.slice/machine-web.scope/payload\n"));
        assertEquals("web", Container.idIn("0::/lxc.payload.web/init.scope\n"));
        assertEquals("web", Container.idIn("4:memory:/lxc/web\n"));
        assertNull(Container.idIn("4:memory:/process_api/" + ID.substring(32) + "\n0::/user.slice\n"));
        assertNull(Container.idIn("0::/x/" + ID + "00\n"));
    }

    @Test
    void namespacesThatAreNotThisCommands(@TempDir Path directory) throws IOException {
        FakeMachine machine = new FakeMachine(directory);
        assertFalse(target(machine).container().isAny());
        link(machine, "self", "pid", "pid:[1]");
        link(machine, "self", "user", "user:[4]");
        link(machine, "4711", "pid", "pid:[2]");
        link(machine, "4711", "user", "user:[4]");
        assertEquals(new Container(null, 7, List.of("pid")), target(machine).container());
        assertFalse(target(machine).needsItsUser());
        Files.writeString(machine.proc().resolve("4711/cgroup"), "0::/docker/" + ID + "\n");
        assertEquals(ID, target(machine).container().id());
        // From inside all have that id.
        Files.writeString(machine.proc().resolve("self/cgroup"), "0::/docker/" + ID + "\n");
        assertNull(target(machine).container().id());
    }

    @Test
    void rootBecomesTheUserOfAJvmInAnotherUserNamespace(@TempDir Path directory) throws IOException {
        FakeMachine machine = new FakeMachine(directory);
        machine.process("self", 0, 0, "attach-cli", "");
        machine.process("4711", 1000, 1000, "java\0", "/libjvm.so");
        link(machine, "self", "user", "user:[4]");
        link(machine, "4711", "user", "user:[5]");
        assertTrue(target(machine).needsItsUser());
        machine.process("4711", 0, 0, "java\0", "/libjvm.so");
        assertFalse(target(machine).needsItsUser());
        machine.process("4711", 1000, 1000, "java\0", "/libjvm.so");
        machine.process("self", 1000, 1000, "attach-cli", "");
        assertFalse(target(machine).needsItsUser());
    }

    private static TargetProcess target(FakeMachine machine) {
        return TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow();
    }

    private static void link(FakeMachine machine, String process, String namespace, String value) throws IOException {
        Path directory = Files.createDirectories(machine.proc().resolve(process).resolve("ns"));
        Files.createSymbolicLink(directory.resolve(namespace), Path.of(value));
    }
}
