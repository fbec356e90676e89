package io.bpfagent.cli.report;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.errors.IoReason;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads a recording line by line, one that was compressed with gzip too; never more than one line is in memory.
 *
 * <p>A recording that was killed, or copied while it was written, may end in the middle of a line: all lines before it
 * are good. One thread.
 */
final class RecordingReader {

    /**
     * A line of an interval of 4,096 threads in 512 pools, with all pauses and slow events that an agent keeps, has
     * some 12 million; a file without line breaks must not fill the memory.
     */
    private static final int LONGEST_LINE = 32 << 20;
    /** A status has some 10,000. */
    private static final int LONGEST_BEGIN = 1 << 20;
    /** What is quoted of a file that is none of ours. */
    private static final int QUOTED = 40;
    private static final Gson GSON = new Gson();

    private final Path path;

    RecordingReader(Path path) {
        this.path = path;
    }

    /**
     * Reads it.
     *
     * @return empty where the recording is whole; else why it ends where it does, a sentence
     * @throws CliException where it cannot be read, is no recording, or is one of another schema
     */
    String read(Consumer<RecordedLine> lines) {
        if (Files.isDirectory(path)) {
            throw unreadable("it is a directory", null);
        }
        try (Reader file = new InputStreamReader(plain(Files.newInputStream(path)), StandardCharsets.UTF_8)) {
            Lines all = new Lines(file);
            lines.accept(begin(all.next(LONGEST_BEGIN)));
            for (long number = 2;; number++) {
                String line;
                try {
                    line = all.next(LONGEST_LINE);
                } catch (EOFException | ZipException cut) {
                    return "what gzip has made of it is cut or broken in line " + number;
                }
                if (line == null) {
                    return "it has no end, for whoever recorded was killed or records on";
                }
                RecordedLine read;
                try {
                    read = later(line);
                } catch (RuntimeException malformed) {
                    return "its line " + number + " is cut or broken";
                }
                if (read instanceof RecordedLine.Begin) {
                    return "in line " + number + " another recording begins";
                }
                if (read != null) {
                    lines.accept(read);
                }
                if (read instanceof RecordedLine.End) {
                    return "";
                }
            }
        } catch (NoSuchFileException missing) {
            throw unreadable("there is no such file", missing);
        } catch (IOException failed) {
            throw unreadable(IoReason.of(failed), failed);
        }
    }

    private static InputStream plain(InputStream file) throws IOException {
        PushbackInputStream begin = new PushbackInputStream(file, 2);
        byte[] magic = begin.readNBytes(2);
        begin.unread(magic);
        boolean gzip = magic.length == 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
        return gzip ? new GZIPInputStream(begin, 1 << 16) : begin;
    }

    private CliException unreadable(String why, IOException cause) {
        return CliError.REPORT_READ.because(" (" + path + ": " + why + "). Give a file that attach-cli record has"
            + " written.", cause);
    }

    private RecordedLine.Begin begin(String line) {
        JsonObject document = null;
        try {
            JsonElement parsed = line == null ? null : JsonParser.parseString(line);
            document = parsed != null && parsed.isJsonObject() ? parsed.getAsJsonObject() : null;
        } catch (JsonParseException notJson) {
            // Said below: it is something else.
        }
        if (document == null || !document.has("record") || !"begin".equals(text(document, "record"))) {
            throw CliError.REPORT_NO_RECORDING.because(" (" + path + " begins with "
                + (line == null ? "nothing: it is empty" : "'" + start(line) + "'")
                + "). Give a FILE.json that attach-cli record has written.");
        }
        if (!String.valueOf(Documents.SCHEMA).equals(text(document, "schema"))) {
            throw CliError.REPORT_SCHEMA.because(" (" + path + ": schema=" + text(document, "schema")
                + ", this command reads " + Documents.SCHEMA + "). Use the attach-cli that has recorded it.");
        }
        try {
            return GSON.fromJson(document, RecordedLine.Begin.class);
        } catch (JsonParseException odd) {
            throw CliError.REPORT_NO_RECORDING.because(" (" + path + ": its first line has " + odd.getMessage()
                + "). Give a FILE.json that attach-cli record has written.", odd);
        }
    }

    private static String text(JsonObject document, String key) {
        JsonElement value = document.get(key);
        return value != null && value.isJsonPrimitive() ? value.getAsString() : String.valueOf(value);
    }

    /** Null where it is of a kind that later versions have added. */
    private static RecordedLine later(String line) {
        // Each line begins so; a tree of all of a line would take some ten times its length.
        if (line.startsWith("{\"schema\":1,\"record\":\"interval\"")) {
            return checked(GSON.fromJson(line, RecordedLine.Interval.class));
        }
        JsonObject document = JsonParser.parseString(line).getAsJsonObject();
        return switch (document.get("record").getAsString()) {
            case "begin" -> GSON.fromJson(document, RecordedLine.Begin.class);
            case "interval" -> checked(GSON.fromJson(document, RecordedLine.Interval.class));
            case "end" -> GSON.fromJson(document, RecordedLine.End.class);
            default -> null;
        };
    }

    /** What everything else relies on. */
    private static RecordedLine.Interval checked(RecordedLine.Interval interval) {
        interval.histograms().forEach(one -> one.buckets().forEach(bucket -> {
            if (bucket.length != 2) {
                throw new JsonParseException("a bucket of " + bucket.length);
            }
        }));
        return interval;
    }

    private static String start(String line) {
        return line.length() <= QUOTED ? line : line.substring(0, QUOTED) + "...";
    }
}
