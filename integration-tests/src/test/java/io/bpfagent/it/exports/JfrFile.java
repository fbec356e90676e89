package io.bpfagent.it.exports;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jcmd;
import io.bpfagent.it.Jdks.Jdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** What a JFR recording of a host has of the agent's. */
final class JfrFile {
    static final String SLOW = "io.bpfagent.SlowEvent";
    static final String PAUSE = "io.bpfagent.Pause";
    static final String POOLS = "io.bpfagent.PoolStates";
    private static final Pattern SHOWN = Pattern.compile("^(\\S+) \\{$(.*?)^\\}$",
            Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern FIELD = Pattern.compile("^  (\\w+) = (.*)$", Pattern.MULTILINE);

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

    /** The agent's events as JSON, printed by the jfr of the JDK that wrote them: by type, the values of each. */
    Map<String, List<JsonObject>> printed() {
        return JsonParser.parseString(print("--json")).getAsJsonObject().getAsJsonObject("recording")
                .getAsJsonArray("events").asList().stream().map(JsonElement::getAsJsonObject)
                .collect(Collectors.groupingBy(event -> event.get("type").getAsString(),
                        Collectors.mapping(event -> event.getAsJsonObject("values"), Collectors.toList())));
    }

    /** The same as a user reads them (docs/exports.md): by type, the fields of each as text. */
    Map<String, List<Map<String, String>>> shown() {
        return SHOWN.matcher(print()).results().collect(Collectors.groupingBy(event -> event.group(1),
                Collectors.mapping(event -> FIELD.matcher(event.group(2)).results()
                        .collect(Collectors.toMap(field -> field.group(1), field -> field.group(2))),
                        Collectors.toList())));
    }

    private String print(String... format) {
        List<String> command = Stream.of(Stream.of(jdk.home().resolve("bin/jfr").toString(), "print"),
                Stream.of(format), Stream.of("--categories", "bpf-agent", file.toString()))
                .flatMap(words -> words).toList();
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(command + " ended with " + process.exitValue());
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
