package io.bpfagent.it;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Asks an agent by its unix socket: one connection for each request, so it can be kept for long. */
public final class ControlClient {
    private final Path socket;

    ControlClient(Path socket) {
        this.socket = socket;
    }

    /** Where it listens, as this process sees it. */
    public Path socket() {
        return socket;
    }

    /** A request of that verb, to which more can be added. */
    public static JsonObject request(String verb) {
        JsonObject request = new JsonObject();
        request.addProperty("schema", 1);
        request.addProperty("verb", verb);
        return request;
    }

    /**
     * The answer, be it a document with an error.
     *
     * @throws UncheckedIOException if nobody listens or the answer is cut off
     */
    public JsonObject ask(JsonObject request) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer line = ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                channel.write(line);
            }
            String answer = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8)).readLine();
            if (answer == null) {
                throw new IOException("no answer to " + request);
            }
            return JsonParser.parseString(answer).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #ask}, of an answer that must not be an error. */
    public JsonObject get(JsonObject request) {
        JsonObject answer = ask(request);
        boolean failed = answer.has("error") && !answer.get("error").isJsonNull() && !answer.has("state");
        if (failed) {
            throw new AssertionError(request + " was answered " + answer);
        }
        return answer;
    }
}
