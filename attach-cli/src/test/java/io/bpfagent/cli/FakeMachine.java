package io.bpfagent.cli;

import io.bpfagent.cli.jvm.Attacher;
import io.bpfagent.cli.jvm.HandOver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import picocli.CommandLine;

/** A machine made of files: proc/PID with what the command reads, and a /tmp beside it. */
public final class FakeMachine {

    /** The only JVM of it. */
    public static final int PID = 4711;
    /** Its PID in its own namespace. */
    public static final int INNER_PID = 7;
    static final String JAR_BYTES = "a jar";
    /** The time here, for ever; the golden pauses are of this day. */
    public static final Clock CLOCK =
        Clock.fixed(Instant.parse("2026-03-29T12:10:00Z"), ZoneId.of("Europe/Berlin"));

    private final Path directory;
    /** Loads nothing; tests put in what the JVM would do. */
    Attacher attacher = (target, jar, arguments) -> {
        throw new AssertionError("nothing may be attached here");
    };
    /** Hands nothing over; tests put in what happens. */
    HandOver handOver = (target, arguments, listen) -> {
        throw new AssertionError("nothing may be handed over here");
    };
    final AtomicInteger jarsOpened = new AtomicInteger();
    long startTimeoutMs = 2_000;
    long detachTimeoutMs = 2_000;
    long answerTimeoutMs = 10_000;

    /** @param directory an empty one */
    public FakeMachine(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory.resolve("tmp"));
            int uid = (Integer) Files.getAttribute(directory, "unix:uid");
            int gid = (Integer) Files.getAttribute(directory, "unix:gid");
            process("self", uid, gid, "attach-cli", "");
            process(Integer.toString(PID), uid, gid, "java\0-jar\0/srv/app.jar\0",
                "7f00 r-xp /jdk/lib/server/libjvm.so\n");
            process("4720", uid, gid, "/usr/bin/sleep\000100\0", "7f00 r-xp /usr/bin/sleep\n");
            process("2", 0, 0, "", "");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public Path proc() {
        return directory.resolve("proc");
    }

    public Path tmp() {
        return directory.resolve("tmp");
    }

    /** Adds or replaces a process. */
    public void process(String pid, int uid, int gid, String commandLine, String maps) {
        try {
            Path process = Files.createDirectories(proc().resolve(pid));
            String number = pid.equals("self") ? "1" : pid;
            Files.writeString(process.resolve("status"), "Name:\tx\nState:\tS (sleeping)\nTgid:\t" + number
                + "\nPid:\t" + number + "\nNSpid:\t" + number + "\t" + INNER_PID + "\nUid:\t" + uid + "\t" + uid + "\t"
                + uid + "\t" + uid + "\nGid:\t" + gid + "\t" + gid + "\t" + gid + "\t" + gid
                + "\nSigCgt:\t0000000000000004\n");
            Files.writeString(process.resolve("stat"), number + " (x y) S" + " 0".repeat(18) + " 23 0 0");
            Files.writeString(process.resolve("cmdline"), commandLine);
            Files.writeString(process.resolve("environ"), "PATH=/bin\0");
            Files.writeString(process.resolve("maps"), maps);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Ends a process. */
    public void end(String pid) {
        try (Stream<Path> files = Files.list(proc().resolve(pid))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(proc().resolve(pid));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Changes one of a process's files. */
    public void edit(String pid, String file, String from, String to) {
        try {
            Path path = proc().resolve(pid).resolve(file);
            Files.writeString(path, Files.readString(path).replace(from, to));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Runs one command here. */
    Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Outcome(exitCode, out.toString(), err.toString());
    }

    /** Runs one command here, with these as its output and its errors; returns the exit code. */
    int run(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine command = Main.commandLine(environment(), handOver).setOut(out).setErr(err);
        return command.execute(Main.withVerb(arguments));
    }

    /** What a verb sees of this machine. */
    Environment environment() {
        return new Environment(proc(), 1, attacher, () -> {
            jarsOpened.incrementAndGet();
            return new ByteArrayInputStream(JAR_BYTES.getBytes(StandardCharsets.UTF_8));
        }, false, startTimeoutMs, detachTimeoutMs, answerTimeoutMs, CLOCK, 1);
    }

    /** What a user sees of a command. */
    record Outcome(int exitCode, String out, String err) {
    }
}
