package io.bpfagent.otlp;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.Compressor;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Sends the exporter's requests by the JDK's own HTTP client, on the calling thread, and within the exporter's timeout
 * as a whole. Nothing is sent twice: the next export has all numbers again.
 *
 * <p>The SDK's own sender for the JDK's client would start threads whose names are not the agent's, so that the bill
 * would not have them, and keeps a buffer for each of them.
 */
final class ClientSender implements HttpSender {
    private static final String THREAD = "bpf-agent-otlp-http";
    private static final long IDLE_S = 1;
    /** More than any receiver has to say. */
    private static final int MOST_BODY = 64 * 1024;

    private final HttpSenderConfig config;
    private final Consumer<Sent> outcomes;
    private final ThreadPoolExecutor executor;
    private final HttpClient client;

    /** @param outcomes told, on the thread that sends, how each request went */
    ClientSender(HttpSenderConfig config, Consumer<Sent> outcomes) {
        this.config = config;
        this.outcomes = outcomes;
        this.executor = new ThreadPoolExecutor(1, 1, IDLE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                task -> Threads.daemon(task, THREAD));
        executor.allowCoreThreadTimeOut(true);
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER).connectTimeout(config.getConnectTimeout())
                .executor(executor);
        if (config.getSslContext() != null) {
            builder.sslContext(config.getSslContext());
        }
        if (config.getProxyOptions() != null) {
            builder.proxy(config.getProxyOptions().getProxySelector());
        }
        this.client = builder.build();
    }

    @Override
    public void send(MessageWriter message, Consumer<HttpResponse> onResponse, Consumer<Throwable> onError) {
        try {
            HttpResponse response = send(request(message));
            outcomes.accept(response.getStatusCode() / 100 == 2
                    ? new Sent(null, PartialSuccess.of(response.getResponseBody()))
                    : Sent.lost("the receiver answered with status " + response.getStatusCode()));
            onResponse.accept(response);
        } catch (ExecutionException e) {
            fail(e.getCause(), onError);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcomes.accept(Sent.lost("no answer by the time that the extension was closed"));
            onError.accept(e);
        } catch (TimeoutException e) {
            fail(new TimeoutException("no answer in " + config.getTimeout().toMillis() + " ms"), onError);
        } catch (IOException | RuntimeException e) {
            fail(e, onError);
        }
    }

    private void fail(Throwable thrown, Consumer<Throwable> onError) {
        outcomes.accept(Sent.lost(described(thrown)));
        onError.accept(thrown);
    }

    /** Of a connection that was not made the JDK's exception has no text, and a cause that says something else. */
    private static String described(Throwable thrown) {
        if (thrown instanceof ConnectException) {
            return thrown.getCause() != null && thrown.getCause().getCause() instanceof UnresolvedAddressException
                    || thrown.getCause() instanceof UnresolvedAddressException
                    ? "no connection, the host's name is not known" : "no connection";
        }
        String name = thrown.getClass().getSimpleName();
        return OtlpExtension.oneLine(thrown.getMessage() == null ? name : name + ": " + thrown.getMessage());
    }

    private HttpRequest request(MessageWriter message) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(config.getEndpoint()).timeout(config.getTimeout());
        for (Map.Entry<String, List<String>> header : config.getHeadersSupplier().get().entrySet()) {
            for (String value : header.getValue()) {
                request.header(header.getKey(), value);
            }
        }
        request.setHeader("Content-Type", config.getContentType());
        Body body = new Body(Math.max(0, message.getContentLength()));
        Compressor compressor = config.getCompressor();
        if (compressor == null) {
            message.writeMessage(body);
        } else {
            request.setHeader("Content-Encoding", compressor.getEncoding());
            try (OutputStream compressed = compressor.compress(body)) {
                message.writeMessage(compressed);
            }
        }
        return request.POST(HttpRequest.BodyPublishers.ofByteArray(body.bytes(), 0, body.size())).build();
    }

    /** The request's own timeout ends with the head of the answer; this one is for all of it. */
    private HttpResponse send(HttpRequest request) throws ExecutionException, InterruptedException, TimeoutException {
        int most = (int) Math.max(1, Math.min(MOST_BODY, config.getMaxResponseBodySize()));
        CompletableFuture<java.net.http.HttpResponse<byte[]>> answer =
                client.sendAsync(request, head -> new BoundedBody(most));
        try {
            java.net.http.HttpResponse<byte[]> whole =
                    answer.get(config.getTimeout().toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(whole.statusCode(), whole.body());
        } finally {
            answer.cancel(true);
        }
    }

    /** Of some 100 KB, which are not copied once more. */
    private static final class Body extends ByteArrayOutputStream {
        Body(int bytes) {
            super(bytes);
        }

        byte[] bytes() {
            return buf;
        }
    }

    /** What a receiver answered. */
    private record Answer(int status, byte[] body) implements HttpResponse {
        @Override
        public int getStatusCode() {
            return status;
        }

        @Override
        public String getStatusMessage() {
            return "";
        }

        @Override
        public byte[] getResponseBody() {
            return body;
        }
    }

    /** Ends the client's threads, on JDK 17 as soon as the client has been collected. */
    @Override
    public CompletableResultCode shutdown() {
        try {
            // Since JDK 21.
            HttpClient.class.getMethod("shutdownNow").invoke(client);
        } catch (ReflectiveOperationException e) {
            // Nobody refers to the client any more, and then it ends by itself.
            return CompletableResultCode.ofSuccess();
        }
        return CompletableResultCode.ofSuccess();
    }
}
