package io.bpfagent.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.bpfagent.report.JsonDocuments;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * One client: reads a line, answers with a line, and so on until the client leaves or is silent for
 * five seconds. Control thread only; never blocks but in the handler.
 */
final class ControlConnection {
    static final int MAX_REQUEST_BYTES = 64 * 1024;
    /** A client asks and reads at once; one that was stopped or forgot us shall not stay. */
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);
    /** Who answers late has its own, shorter bounds. */
    private static final long LATE_NS = TimeUnit.SECONDS.toNanos(60);
    /** The JDK copies through a native buffer of what is passed at once, and keeps that buffer. */
    private static final int STEP_BYTES = 16 * 1024;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final ControlHandler handler;
    private final Runnable beforeLast;
    private byte[] input = new byte[512];
    private int inputBytes;
    private ByteBuffer output;
    private boolean closeAfterOutput;
    private boolean last;
    /** What the client waits for; null where it waits for nothing. */
    private LateAnswer late;
    private long deadlineNs = System.nanoTime() + PATIENCE_NS;

    /**
     * A client that was accepted and whose channel the key watches.
     *
     * @param beforeLast runs before the answer is sent that ends the server
     */
    ControlConnection(SocketChannel channel, SelectionKey key, ControlHandler handler, Runnable beforeLast) {
        this.channel = channel;
        this.key = key;
        this.handler = handler;
        this.beforeLast = beforeLast;
    }

    /** When this client is given up, on the clock of {@link System#nanoTime}. */
    long deadlineNs() {
        return deadlineNs;
    }

    boolean hasOutput() {
        return output != null || isWaiting();
    }

    /** Whether the client has asked for something that is not there yet. */
    boolean isWaiting() {
        return late != null;
    }

    /** Of one that {@link #isWaiting}: whether there is something to be sent now. */
    boolean hasCome() {
        String document;
        try {
            document = late.document();
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            document = unanswered(e);
        }
        if (document == null) {
            return false;
        }
        late = null;
        put(document);
        return true;
    }

    /** Whether the end of this connection is the server's too. */
    boolean wasLast() {
        return last;
    }

    /** Reads or writes what can be now; false when the connection is over. */
    boolean proceed() throws IOException {
        if (isWaiting()) {
            return true;
        }
        if (output == null && !receive()) {
            return false;
        }
        while (true) {
            if (output != null && !send()) {
                key.interestOps(SelectionKey.OP_WRITE);
                return true;
            }
            if (closeAfterOutput) {
                return false;
            }
            if (!answerLine()) {
                // Who waits is not listened to: what is asked next has time until then.
                key.interestOps(isWaiting() ? 0 : SelectionKey.OP_READ);
                return true;
            }
        }
    }

    void close() {
        output = null;
        late = null;
        try {
            channel.close();
        } catch (IOException e) {
            // the descriptor is given back all the same
        }
    }

    private boolean receive() throws IOException {
        if (inputBytes == input.length) {
            input = Arrays.copyOf(input, Math.min(2 * input.length, MAX_REQUEST_BYTES + 1));
        }
        int step = Math.min(STEP_BYTES, input.length - inputBytes);
        int read = channel.read(ByteBuffer.wrap(input, inputBytes, step));
        inputBytes += Math.max(0, read);
        return read >= 0;
    }

    /** Sends on; true when all is out. */
    private boolean send() throws IOException {
        int end = output.limit();
        int sent;
        do {
            output.limit(Math.min(end, output.position() + STEP_BYTES));
            sent = channel.write(output);
            output.limit(end);
            if (sent > 0) {
                deadlineNs = System.nanoTime() + PATIENCE_NS;
            }
        } while (sent > 0 && output.hasRemaining());
        if (output.hasRemaining()) {
            return false;
        }
        output = null;
        return true;
    }

    /** Answers the next line if there is a whole one, or one that is too long. */
    private boolean answerLine() {
        int end = 0;
        while (end < inputBytes && input[end] != '\n') {
            end++;
        }
        if (end > MAX_REQUEST_BYTES) {
            closeAfterOutput = true;
            put(JsonDocuments.error("a request must be at most 65536 bytes"));
            return true;
        }
        if (end == inputBytes) {
            return false;
        }
        String line = new String(input, 0, end, StandardCharsets.UTF_8);
        inputBytes -= end + 1;
        System.arraycopy(input, end + 1, input, 0, inputBytes);
        ControlAnswer answer = answer(line);
        if (answer.late() != null) {
            late = answer.late();
            deadlineNs = System.nanoTime() + LATE_NS;
            return false;
        }
        if (answer.last()) {
            last = true;
            closeAfterOutput = true;
            beforeLast.run();
        }
        put(answer.document());
        return true;
    }

    private void put(String document) {
        byte[] text = document.getBytes(StandardCharsets.UTF_8);
        byte[] line = Arrays.copyOf(text, text.length + 1);
        line[text.length] = '\n';
        output = ByteBuffer.wrap(line);
        deadlineNs = System.nanoTime() + PATIENCE_NS;
    }

    private ControlAnswer answer(String line) {
        try {
            return handler.answer(parse(line));
        } catch (IllegalArgumentException e) {
            return ControlAnswer.of(JsonDocuments.error(e.getMessage()));
        } catch (RuntimeException | LinkageError | OutOfMemoryError | StackOverflowError e) {
            return ControlAnswer.of(unanswered(e));
        }
    }

    private static String unanswered(Throwable e) {
        return JsonDocuments.error("the agent could not answer: " + e);
    }

    private static JsonObject parse(String line) {
        JsonReader reader = new JsonReader(new StringReader(line));
        reader.setStrictness(Strictness.STRICT);
        try {
            JsonElement element = JsonParser.parseReader(reader);
            if (element.isJsonObject() && reader.peek() == JsonToken.END_DOCUMENT) {
                return element.getAsJsonObject();
            }
        } catch (JsonParseException | IOException e) {
            throw new IllegalArgumentException("a request must be one JSON object: " + firstLine(e.getMessage()), e);
        }
        throw new IllegalArgumentException("a request must be one JSON object");
    }

    /** Gson's messages go on with an address to read more at. */
    private static String firstLine(String message) {
        return message == null ? "no reason given" : message.lines().findFirst().orElse("");
    }
}
