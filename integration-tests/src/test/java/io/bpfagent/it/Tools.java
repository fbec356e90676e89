package io.bpfagent.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of the machine that tests compare with. Debian keeps them outside of some users' PATH. */
public final class Tools {
    private Tools() {}

    /** Where it is; a test without its tool fails. */
    public static Path find(String name) {
        return Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin",
                "/usr/local/bin").map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable).findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " on this machine: run bin/setup"));
    }

    /** Starts it, stderr to where the test's goes. */
    public static Process start(String name, String... arguments) {
        List<String> command = new ArrayList<>(List.of(find(name).toString()));
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it prints on stdout, of a tool that ends by itself and with 0. */
    public static String run(String name, String... arguments) {
        Process process = start(name, arguments);
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError(name + " " + String.join(" ", arguments) + " failed: " + out);
            }
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
