package io.bpfagent.it.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.Tools;
import io.bpfagent.workload.Execs;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A JVM of a user without rights that becomes a set-uid program while it is handed programs: execve(2) leaves it its
 * number and its begin, and it is root's then. That is asked three times: when it is connected, when the kernel has
 * noted which program it runs, and when everything is attached.
 */
@Timeout(60)
class HandOverToSetUidIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void whatHasBecomeASetUidProgramIsGivenNothing(int when) throws Exception {
        PublicFiles files = new PublicFiles(directory);
        // The kernel starts a copy of it with root's rights, whoever asks.
        Path program = Files.copy(Tools.find("sleep"), files.directory().resolve("sleep"));
        Tools.run("chmod", "4755", program.toString());
        HostCommand command = files.workloadsFor(withJnr(HostJvm.of(Jdks.all().get(0)), files.directory()))
                .prefix(Prefixes.asNobody()).agent(files.agentJar(), "interval=100ms").main(Execs.class);
        try (HostJvm host = command.start()) {
            host.await("waiting");
            host.awaitLine("begin");
            String socket = host.control().socket().resolveSibling("handover.sock").toString();
            Process handOver = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-cp",
                    HostJvm.testClasses() + File.pathSeparator + HostJvm.cliJar(), SlowHandOver.class.getName(),
                    Long.toString(host.pid()), socket, Integer.toString(when))
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try (BufferedReader out = handOver.inputReader();
                    PrintStream in = new PrintStream(handOver.getOutputStream(), true)) {
                assertEquals("prepared", out.readLine());
                host.control().get(ControlClient.request("handover"));
                in.println("go");
                assertEquals("asks " + when, out.readLine());
                host.send("exec " + program + " 60");
                Await.until(SOON, host::report, () -> runs(host, program));
                assertEquals("0", host.procStatus("Uid").split("\\s+")[1]);
                in.println("go");
                String said = out.readLine();
                assertTrue(said.contains(when == 1 ? "is not the JVM any more, or not user " + Prefixes.NOBODY
                        : "the JVM has ended, or has become another program"), said);
                OurBpf loaded = OurBpf.heldBy(handOver.pid());
                assertTrue(handOver.waitFor(20, TimeUnit.SECONDS));
                loaded.awaitGone();
                assertTrue(OurBpf.heldBy(host.pid()).isEmpty());
            } finally {
                handOver.destroyForcibly();
            }
        }
    }

    private static boolean runs(HostJvm host, Path program) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + host.pid() + "/exe")).equals(program.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    /** jnr-ffi and what it needs, in copies that every user can read. */
    private static HostCommand withJnr(HostCommand host, Path directory) throws IOException {
        for (String word : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path jar = Path.of(word);
            if (jar.getFileName().toString().matches("(jnr-|jffi|asm).*\\.jar")) {
                Path copy = Files.copy(jar, directory.resolve(jar.getFileName()));
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
                host.classPath(copy);
            }
        }
        return host;
    }
}
