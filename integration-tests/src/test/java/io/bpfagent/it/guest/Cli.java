package io.bpfagent.it.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.HostJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command line as a user runs it: a process of its own. */
public record Cli(int exitCode, List<String> stdout, List<String> stderr) {
    private static final long PATIENCE_S = 60;

    /** Runs {@code attach-cli} with these arguments. */
    public static Cli run(Object... arguments) {
        return run(List.of(), HostJvm.cliJar(), arguments);
    }

    /** Runs it from that jar with something before it, {@code setpriv} for example. */
    public static Cli run(List<String> prefix, Path jar, Object... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(System.getProperty("java.home") + "/bin/java", "-Xshare:auto", "-XX:TieredStopAtLevel=1",
                "-jar", jar.toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        try {
            Process process = new ProcessBuilder(command).start();
            process.getOutputStream().close();
            // Neither stream ever has more than a pipe holds.
            List<String> out = lines(process.getInputStream().readAllBytes());
            List<String> err = lines(process.getErrorStream().readAllBytes());
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " does not end");
            }
            return new Cli(process.exitValue(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> lines(byte[] text) {
        return new String(text, StandardCharsets.UTF_8).lines().toList();
    }

    /** It did what it was told; the one line that it printed. */
    String assertDone() {
        assertEquals(0, exitCode, toString());
        assertEquals(List.of(), stderr);
        assertEquals(1, stdout.size(), toString());
        return stdout.get(0);
    }

    /**
     * It failed: exit code 1, nothing on stdout, one line that begins with a heading of the page and names the cause.
     */
    public void assertFailed(String heading, String because) {
        assertEquals(1, exitCode, toString());
        assertEquals(List.of(), stdout);
        assertEquals(1, stderr.size(), toString());
        String line = stderr.get(0);
        assertTrue(line.startsWith(heading) && line.contains(because), line);
        assertTrue(Errors.headings().contains(heading), () -> heading + " is no heading of TROUBLESHOOTING.md");
    }
}
