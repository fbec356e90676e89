package io.bpfagent.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A Jetty that makes a page for each request: it waits for one of a few permits, as one waits for a connection of a
 * pool, reads a template, fills it in, and sends it compressed, with a digest as its tag. Or one that answers a word,
 * which is as little as a server can do.
 *
 * <p>Prints {@code ready PORT}; then see {@link Questions}.
 */
public final class HttpServerLoad {
    private static final int THREADS = 24;
    /** Fewer than there are connections: some requests wait, parked. */
    private static final int PERMITS = 4;
    /** With them a page has 30 KiB, as pages mostly have. */
    private static final int ROWS = 550;

    private static final LongAdder REQUESTS = new LongAdder();

    private HttpServerLoad() {}

    /** @param args {@code page} or {@code word}, and a directory for the template */
    public static void main(String[] args) throws Exception {
        QueuedThreadPool pool = new QueuedThreadPool(THREADS, THREADS);
        pool.setName("http");
        pool.setDaemon(true);
        Server server = new Server(pool);
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(args[0].equals("page") ? new Page(Path.of(args[1], "page.html")) : new Word());
        server.start();
        System.out.println("ready " + connector.getLocalPort());
        Questions.answer(REQUESTS);
        System.exit(0);
    }

    /** Answers each request with the same word. */
    private static final class Word extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
            response.write(true, ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)), callback);
            REQUESTS.increment();
            return true;
        }
    }

    /** Answers each request with a page. */
    private static final class Page extends Handler.Abstract {
        private final Semaphore permits = new Semaphore(PERMITS);
        private final Path template;

        Page(Path template) throws IOException {
            this.template = template;
            StringBuilder text = new StringBuilder("<!DOCTYPE html><html><body><h1>$NAME</h1><table>\n");
            for (int row = 0; row < ROWS; row++) {
                text.append("<tr><td>").append(row).append("</td><td>$NAME</td><td>$VALUE</td></tr>\n");
            }
            Files.writeString(template, text.append("</table></body></html>\n"));
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            byte[] page;
            String tag;
            permits.acquire();
            try {
                page = compressed(filled(Files.readString(template), request.getHttpURI().getQuery()));
                tag = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(page));
            } finally {
                permits.release();
            }
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html; charset=utf-8");
            response.getHeaders().put(HttpHeader.CONTENT_ENCODING, "gzip");
            response.getHeaders().put(HttpHeader.ETAG, "\"" + tag + "\"");
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, page.length);
            response.write(true, ByteBuffer.wrap(page), callback);
            REQUESTS.increment();
            return true;
        }

        private static byte[] compressed(String page) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(page.length());
            try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
                out.write(page.getBytes(StandardCharsets.UTF_8));
            }
            return bytes.toByteArray();
        }

        private static String filled(String template, String name) {
            StringBuilder page = new StringBuilder(2 * template.length());
            int from = 0;
            for (int at = template.indexOf('$'); at >= 0; at = template.indexOf('$', from)) {
                page.append(template, from, at);
                boolean isName = template.startsWith("$NAME", at);
                if (isName) {
                    page.append(name);
                } else {
                    page.append(name.hashCode() * (long) at);
                }
                from = at + (isName ? "$NAME" : "$VALUE").length();
            }
            return page.append(template, from, template.length()).toString();
        }
    }
}
