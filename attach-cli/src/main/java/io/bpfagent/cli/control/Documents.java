package io.bpfagent.cli.control;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.bpfagent.cli.errors.CliError;

/** Reading the agent's documents. Keys that are not known are skipped: later agents may add some. */
public final class Documents {

    /** The schema that this command reads. */
    public static final int SCHEMA = 1;

    private static final Gson GSON = new Gson();

    private Documents() {
    }

    /** The line itself, when it is a document of our schema and not an error. */
    static String checked(String line) {
        JsonObject document;
        try {
            document = JsonParser.parseString(line).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException notJson) {
            throw CliError.ANSWER_UNKNOWN.because(" (no JSON object: " + start(line)
                + "). Use the attach-cli that came with the agent.", notJson);
        }
        if (!new JsonPrimitive(SCHEMA).equals(document.get("schema"))) {
            throw CliError.ANSWER_UNKNOWN.because(" (schema=" + document.get("schema") + ", this command reads "
                + SCHEMA + "). Use the attach-cli that came with the agent.");
        }
        // A status document has the key too; only an answer without anything else is a refusal.
        if (document.has("error") && !document.has("state")) {
            throw CliError.ANSWER_ERROR.because(": " + document.get("error").getAsString());
        }
        return line;
    }

    /** A document as a record of the same keys. */
    public static <T> T read(String line, Class<T> type) {
        try {
            return GSON.fromJson(line, type);
        } catch (RuntimeException malformed) {
            throw CliError.ANSWER_UNKNOWN.because(" (" + malformed.getMessage()
                + "). Use the attach-cli that came with the agent.", malformed);
        }
    }

    /** A document of this command's own, for {@code --format json}. */
    public static String write(Object document) {
        return new GsonBuilder().serializeNulls().disableHtmlEscaping().create().toJson(document);
    }

    private static String start(String line) {
        return line.length() <= 60 ? line : line.substring(0, 60) + "...";
    }
}
