package io.bpfagent.it.hostile;

import io.bpfagent.it.Await;
import io.bpfagent.it.Output;
import io.bpfagent.it.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * One thread of another process, kept from running while all others run on, as a debugger does it; by a small program,
 * since only who holds a thread can let it go. Closing lets it go.
 */
public final class HeldThread implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int TRIES = 100;
    /** The number of the call, and which of the words is its timeout. */
    private static final String FUTEX = System.getProperty("os.arch").equals("aarch64") ? "98" : "202";
    private static final int TIMEOUT = 4;
    private static final String SOURCE = """
            #include <stdio.h>
            #include <stdlib.h>
            #include <sys/ptrace.h>
            #include <sys/wait.h>

            int main(int argc, char **argv)
            {
                int tid = atoi(argv[1]), status;

                if (ptrace(PTRACE_SEIZE, tid, 0, 0) || ptrace(PTRACE_INTERRUPT, tid, 0, 0) ||
                    waitpid(tid, &status, __WALL) != tid) {
                    perror("hold");
                    return 1;
                }
                puts("held");
                fflush(stdout);
                while (getchar() != EOF)
                    ;
                return ptrace(PTRACE_DETACH, tid, 0, 0) != 0;
            }
            """;

    private final Process holder;

    private HeldThread(Process holder) {
        this.holder = holder;
    }

    /**
     * Holds the thread of which the kernel knows this name, in a moment in which it sleeps in a system call: in Java
     * code it would hold up the next safepoint, and so everybody.
     *
     * @param directory where the program is made
     */
    public static HeldThread of(long pid, String comm, Path directory) {
        Path task = tasks(pid).filter(path -> comm(path).equals(comm)).findFirst().orElseThrow();
        Path program = program(directory);
        for (int i = 0; i < TRIES; i++) {
            HeldThread held = hold(program, task.getFileName().toString());
            if (sleeps(task)) {
                return held;
            }
            held.close();
        }
        throw new AssertionError(comm + " of " + pid + " never sleeps");
    }

    /** All threads of a process, as directories below /proc. */
    static Stream<Path> tasks(long pid) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return tasks.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the kernel calls a thread; empty if it has ended. */
    static String comm(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static Path program(Path directory) {
        Path program = directory.resolve("hold");
        if (!Files.exists(program)) {
            try {
                Path source = Files.writeString(directory.resolve("hold.c"), SOURCE);
                Tools.run("clang", "-o", program.toString(), source.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return program;
    }

    private static HeldThread hold(Path program, String tid) {
        try {
            Process holder = new ProcessBuilder(program.toString(), tid).redirectErrorStream(true).start();
            Output out = new Output(holder.getInputStream(), "output of hold " + tid);
            Await.until(SOON, () -> "held " + tid + " " + out.lines(), () -> out.lines().contains("held"));
            return new HeldThread(holder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Whether it is in a system call, whose number and arguments stand there (else a word, or -1), and not in a futex
     * call without an end: that may be a lock of the JVM's, or the gate behind which threads wait for the end of a
     * safepoint, and who does not leave that holds up the next one.
     */
    private static boolean sleeps(Path task) {
        try {
            String[] words = Files.readString(task.resolve("syscall")).split("\\s");
            return words[0].matches("\\d+") && !(words[0].equals(FUTEX) && words[TIMEOUT].equals("0x0"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets it go; twice is harmless. */
    @Override
    public void close() {
        try {
            holder.getOutputStream().close();
            holder.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
