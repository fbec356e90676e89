package io.bpfagent.it.guest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.HostJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command line that goes on until its work is done or somebody ends it: {@code attach-cli record} for example. What
 * it prints goes to a file. Closing it kills it.
 */
public final class RunningCli implements AutoCloseable {
    /** What a shell shows of a command that was ended by Ctrl-C. */
    public static final int INTERRUPTED = 130;
    private static final long PATIENCE_S = 60;

    private final Process process;
    private final Path printed;

    private RunningCli(Process process, Path printed) {
        this.process = process;
        this.printed = printed;
    }

    /** @param printed made here: stdout and stderr */
    public static RunningCli start(Path printed, Object... arguments) {
        // What a shell runs in the background ignores SIGINT, and all that it starts does so too.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT",
                System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1", "-jar",
                HostJvm.cliJar().toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        try {
            return new RunningCli(new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(printed.toFile()).start(), printed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ctrl-C; its exit code. */
    public int interrupt() {
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return awaitEnd();
    }

    /** Its exit code, when it has ended by itself. */
    public int awaitEnd() {
        try {
            assertTrue(process.waitFor(PATIENCE_S, TimeUnit.SECONDS), () -> "it does not end, and says: " + printed());
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What it has printed until now. */
    public String printed() {
        try {
            return Files.readString(printed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it, if it is still there. */
    @Override
    public void close() {
        process.destroyForcibly();
        awaitEnd();
    }
}
