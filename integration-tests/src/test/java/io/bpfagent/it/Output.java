package io.bpfagent.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The lines of a stream, collected by a daemon thread, so that the writer never blocks. */
public final class Output {
    private final List<String> lines = new ArrayList<>();
    private final Thread thread;

    /** @param name of the thread that collects them */
    public Output(InputStream stream, String name) {
        thread = new Thread(() -> collect(stream), name);
        thread.setDaemon(true);
        thread.start();
    }

    private void collect(InputStream stream) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            // the process was killed
        }
    }

    /** What has come so far. */
    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** All of it, of a process that has ended. */
    public List<String> all() {
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return lines();
    }
}
