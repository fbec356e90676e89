package io.bpfagent.cli.jvm;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.cli.FakeMachine;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.jvm.SocketAttacher.RefusedException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HotSpot's protocol, as the JDKs speak it. */
class SocketAttacherTest {

    private static String refused(String answer) {
        return assertThrows(RefusedException.class, () -> SocketAttacher.check(answer)).getMessage();
    }

    @Test
    void whatTheJvmAnswers() {
        assertDoesNotThrow(() -> SocketAttacher.check("0\nreturn code: 0\n"));
        assertEquals("return code: 102", refused("0\nreturn code: 102\n"));
        String dynamic = "Dynamic agent loading is not enabled."
            + " Use -XX:+EnableDynamicAgentLoading to launch target VM.";
        assertEquals(dynamic, refused("0\n" + dynamic + "\n"));
        assertEquals("the answer is 101", refused("101\n"));
        assertEquals("the answer is", refused("").strip());
    }

    @Test
    void asksAJvmThatListensAlready(@TempDir Path directory) throws Exception {
        FakeMachine machine = new FakeMachine(directory);
        Path tmp = Files.createDirectories(machine.proc().resolve("4711/root/tmp"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(tmp.resolve(".java_pid7")))) {
            CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> answer(server));
            TargetProcess target = TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow();
            SocketAttacher.attach(target, "/tmp/x/bpf-agent.jar", "jar=/tmp/x/bpf-agent.jar,interval=1s",
                10_000);
            assertEquals("1|load|instrument|false|/tmp/x/bpf-agent.jar=jar=/tmp/x/bpf-agent.jar,interval=1s|",
                asked.get().replace('\0', '|'));
        }
    }

    @Test
    void doesNotWaitForAnAnswerForEver(@TempDir Path directory) throws Exception {
        FakeMachine machine = new FakeMachine(directory);
        Path tmp = Files.createDirectories(machine.proc().resolve("4711/root/tmp"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(tmp.resolve(".java_pid7")))) {
            TargetProcess target = TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow();
            CliException late = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertThrows(CliException.class,
                () -> new JdkAttacher(300).attach(target, "/tmp/x/bpf-agent.jar", "")));
            assertEquals(CliError.ATTACH_NO_ANSWER, late.error());
            assertTrue(late.getMessage().contains("(4711: no answer within "), late.getMessage());
            assertTrue(server.isOpen());
        }
    }

    private static String answer(ServerSocketChannel server) {
        try (SocketChannel client = server.accept()) {
            ByteBuffer request = ByteBuffer.allocate(1000);
            client.read(request);
            client.write(ByteBuffer.wrap("0\nreturn code: 0\n".getBytes(StandardCharsets.UTF_8)));
            return new String(request.array(), 0, request.position(), StandardCharsets.UTF_8);
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }
}
