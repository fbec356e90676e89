package io.bpfagent.it.guest;

import io.bpfagent.it.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A command in a terminal of 80 x 24 that util-linux' {@code script} makes, with keys and all that is sent to the
 * screen. Before and after it the terminal's settings are printed, and its exit code.
 */
final class Pty implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Process process;
    private final StringBuilder screen = new StringBuilder();

    /** Starts it. */
    Pty(String command) {
        ProcessBuilder builder = new ProcessBuilder("script", "-qfec",
                "stty rows 24 cols 80; stty -g; " + command + "; echo \"rc=$?\"; stty -g", "/dev/null");
        builder.environment().put("TERM", "xterm-256color");
        builder.environment().remove("NO_COLOR");
        builder.redirectErrorStream(true);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread reader = new Thread(this::read, "screen");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        byte[] buffer = new byte[8192];
        try (InputStream out = process.getInputStream()) {
            for (int length = out.read(buffer); length >= 0; length = out.read(buffer)) {
                synchronized (screen) {
                    screen.append(new String(buffer, 0, length, StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            // it has ended
        }
    }

    /** All that was sent so far. */
    String screen() {
        synchronized (screen) {
            return screen.toString();
        }
    }

    /** Waits until this has been sent {@code times} times. */
    void await(String text, int times) {
        Await.until(SOON, () -> times + " times " + text + " in\n" + screen(),
                () -> screen().split(Pattern.quote(text), -1).length > times);
    }

    void type(String keys) {
        try {
            OutputStream in = process.getOutputStream();
            in.write(keys.getBytes(StandardCharsets.UTF_8));
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives the window another size, which the kernel tells the command. */
    void resize(int rows, int columns) {
        try {
            Path terminal = Files.readSymbolicLink(Path.of("/proc/" + command().pid() + "/fd/0"));
            int exitCode = new ProcessBuilder("stty", "-F", terminal.toString(), "rows", Integer.toString(rows), "cols",
                    Integer.toString(columns)).inheritIO().start().waitFor();
            if (exitCode != 0) {
                throw new AssertionError("stty -F " + terminal + " ends with " + exitCode);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for the end; what was sent after the main screen was there again. */
    String awaitEnd() {
        try {
            if (!process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("it does not end\n" + screen());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        await("rc=", 1);
        String all = screen();
        return all.substring(all.lastIndexOf("\u001b[?1049l"));
    }

    /** The settings of the terminal, as {@code stty -g} printed them first. */
    String settings() {
        return screen().lines().findFirst().orElseThrow().strip();
    }

    /** Its only child is the shell, and that one's the command. */
    ProcessHandle command() {
        return process.descendants().filter(handle -> handle.info().command().orElse("").endsWith("/java")).findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
