package io.bpfagent.it.exports;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jcmd;
import io.bpfagent.it.Jdks.Jdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** What a JFR recording of a host has of the agent's. */
final class JfrFile {
    static final String SLOW = "io.bpfagent.SlowEvent";
    static final String PAUSE = "io.bpfagent.Pause";
    static final String POOLS = "io.bpfagent.PoolStates";

    private final Jdk jdk;
    private final Path file;
    private final List<RecordedEvent> events;

    private JfrFile(Jdk jdk, Path file) {
        this.jdk = jdk;
        this.file = file;
        try {
            this.events = RecordingFile.readAllEvents(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a recording with these settings beside the default ones. */
    static void start(Jdk jdk, HostJvm host, String... settings) {
        run(jdk, host, "Started recording", Stream.concat(Stream.of("JFR.start", "name=it"), Stream.of(settings))
                .toArray(String[]::new));
    }

    /** What it has until now. It goes on. */
    static JfrFile dump(Jdk jdk, HostJvm host, Path file) {
        run(jdk, host, "Dumped recording", "JFR.dump", "name=it", "filename=" + file);
        return new JfrFile(jdk, file);
    }

    /** Ends it. */
    static void stop(Jdk jdk, HostJvm host) {
        run(jdk, host, "Stopped recording", "JFR.stop", "name=it");
    }

    private static void run(Jdk jdk, HostJvm host, String sign, String... command) {
        List<String> lines = Jcmd.run(jdk, host, command);
        if (lines.stream().noneMatch(line -> line.startsWith(sign))) {
            throw new AssertionError(lines + "\n" + host.report());
        }
    }

    /** Those of one type, by the reader of the JDK that runs the tests. */
    List<RecordedEvent> of(String type) {
        return events.stream().filter(event -> event.getEventType().getName().equals(type)).toList();
    }

    /** The same by the reader of the JDK that wrote it: the values of each. */
    List<JsonObject> printed(String type) {
        try {
            Path json = Files.createTempFile(file.getParent(), "printed", ".json");
            Process process = new ProcessBuilder(jdk.home().resolve("bin/jfr").toString(), "print", "--json",
                    "--events",
                    type, file.toString()).redirectOutput(json.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (process.waitFor() != 0) {
                throw new AssertionError("jfr print ended with " + process.exitValue());
            }
            JsonArray printed = JsonParser.parseString(Files.readString(json)).getAsJsonObject()
                    .getAsJsonObject("recording").getAsJsonArray("events");
            return printed.asList().stream().map(JsonElement::getAsJsonObject)
                    .map(event -> event.getAsJsonObject("values")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
