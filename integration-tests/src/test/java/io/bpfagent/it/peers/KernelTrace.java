package io.bpfagent.it.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.it.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Single events as the kernel's own tracing writes them down, with no BPF in it, in a buffer of the test's own.
 * (Documentation of the kernel: trace/ftrace.rst, "Instances"; trace/events.rst.)
 */
final class KernelTrace implements AutoCloseable {
    private static final Pattern KEPT = Pattern.compile("# entries-in-buffer/entries-written: (\\d+)/(\\d+) .*");
    /** {@code   java-123   [001] ..... 46481.621521: block_rq_issue: 7,0 RS ...}. */
    private static final Pattern EVENT =
            Pattern.compile(" *.+-(\\d+) +\\[\\d+] \\S+ +(\\d+)\\.(\\d{6}): (\\w+):? ?(.*)");

    private final Path mounted;
    private Path instance;

    private KernelTrace(Path mounted) {
        this.mounted = mounted;
    }

    /**
     * One event.
     *
     * @param tid  of whom the kernel ran it for, as the initial namespace has it
     * @param atUs by CLOCK_MONOTONIC
     * @param text what its name is followed by
     */
    record Event(int tid, long atUs, String name, String text) {
        private static Event of(String line) {
            Matcher event = EVENT.matcher(line);
            if (!event.matches()) {
                throw new AssertionError("not an event: " + line);
            }
            return new Event(Integer.parseInt(event.group(1)),
                    Long.parseLong(event.group(2)) * 1_000_000 + Long.parseLong(event.group(3)), event.group(4),
                    event.group(5));
        }
    }

    /** @param parent a directory, in which one is made for tracefs to be mounted on */
    static KernelTrace open(Path parent) {
        try {
            KernelTrace trace = new KernelTrace(Files.createDirectory(parent.resolve("tracefs")));
            Tools.run("mount", "-t", "tracefs", "none", trace.mounted.toString());
            try {
                trace.instance = Files.createDirectory(trace.mounted.resolve("instances")
                        .resolve("bpf-agent-it-" + ProcessHandle.current().pid()));
                trace.write("trace_clock", "mono");
                return trace;
            } catch (IOException | RuntimeException | Error e) {
                trace.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on those of this event, {@code block/block_rq_issue} for example, to which the filter applies. */
    void follow(String event, String filter) {
        write("events/" + event + "/filter", filter);
        write("events/" + event + "/enable", "1");
    }

    /** All of them so far; no more come. */
    List<Event> end() {
        write("tracing_on", "0");
        try {
            List<String> lines = Files.readAllLines(instance.resolve("trace"));
            lines.stream().map(KEPT::matcher).filter(Matcher::matches)
                    .forEach(kept -> assertEquals(kept.group(2), kept.group(1), "the kernel's buffer is too small"));
            return lines.stream().filter(line -> !line.startsWith("#")).map(Event::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String file, String text) {
        try {
            Files.writeString(instance.resolve(file), text, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves nothing behind. */
    @Override
    public void close() {
        try {
            if (instance != null) {
                Files.delete(instance);
                instance = null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Tools.run("umount", mounted.toString());
        }
    }
}
