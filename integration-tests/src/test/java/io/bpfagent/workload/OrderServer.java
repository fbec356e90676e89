package io.bpfagent.workload;

import com.sun.net.httpserver.HttpServer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/**
 * A server, one of four, that answers each request after exactly one of something:
 *
 * <ul>
 * <li>{@code /orders/N}: 50 ms asleep, one write and fsync, and one insert into a database of its own
 * <li>{@code /tasks/N}: 50 ms asleep in a thread of a pool
 * <li>{@code /spans/N}: 50 ms asleep in a span
 * </ul>
 *
 * <p>Prints {@code ready PORT}; for each line on stdin {@code waits LINE N}, N being how often its threads have waited
 * in the kernel to sleep, as that counts it: HotSpot's timed waits are cut in two now and then. Ends with its stdin.
 */
public final class OrderServer {
    /** The span's of {@code /spans}. */
    public static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    public static final String SPAN = "00f067aa0ba902b7";
    private static final long WAIT_MS = 50;

    private static final ExecutorService POOL = Executors.newFixedThreadPool(2, task -> daemon("order-task", task));
    private static final AtomicLong WAITS = new AtomicLong();
    private static FileChannel file;
    private static Connection database;

    private OrderServer() {}

    /** @param args {@code jdk}, {@code jetty}, {@code tomcat} or {@code netty}, and a directory */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[1]);
        file = FileChannel.open(Files.createTempFile(directory, "orders", ".log"), StandardOpenOption.WRITE);
        database = DriverManager.getConnection("jdbc:h2:mem:orders");
        try (Statement statement = database.createStatement()) {
            statement.execute("create table orders(id int)");
        }
        int port = switch (args[0]) {
            case "jdk" -> OfTheJdk.start();
            case "jetty" -> OfJetty.start();
            case "tomcat" -> OfTomcat.start(directory);
            case "netty" -> OfNetty.start();
            default -> throw new IllegalArgumentException(args[0]);
        };
        System.out.println("ready " + port);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println("waits " + line + " " + WAITS.get());
        }
        System.exit(0);
    }

    private static Thread daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        return thread;
    }

    private static void answer(String uri) {
        try {
            String path = uri.replaceFirst("[?].*", "");
            int number = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
            switch (path.substring(1, path.lastIndexOf('/'))) {
                case "orders" -> order(number);
                case "tasks" -> POOL.submit(OrderServer::sleep).get();
                case "spans" -> span();
                default -> throw new IllegalArgumentException(path);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sleep() {
        try {
            long before = waits();
            Thread.sleep(WAIT_MS);
            WAITS.addAndGet(waits() - before);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of this thread so far. */
    private static long waits() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/thread-self/status"))) {
            if (line.startsWith("voluntary_ctxt_switches:")) {
                return Long.parseLong(line.substring(line.indexOf(':') + 1).trim());
            }
        }
        throw new IllegalStateException("no voluntary_ctxt_switches");
    }

    private static synchronized void order(int number) throws Exception {
        sleep();
        file.write(ByteBuffer.wrap(new byte[4096]), 0);
        file.force(false);
        try (PreparedStatement insert = database.prepareStatement("insert into orders(id) values (?)")) {
            insert.setInt(1, number);
            insert.executeUpdate();
        }
    }

    private static void span() {
        Span span = Span.wrap(SpanContext.create(TRACE, SPAN, TraceFlags.getDefault(), TraceState.getDefault()));
        try (Scope scope = span.makeCurrent()) {
            sleep();
        }
    }

    private static final class OfTheJdk {
        static int start() throws IOException {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newFixedThreadPool(2, task -> daemon("http", task)));
            server.createContext("/", exchange -> {
                answer(exchange.getRequestURI().getPath());
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            server.start();
            return server.getAddress().getPort();
        }
    }

    private static final class OfJetty {
        static int start() throws Exception {
            Server server = new Server();
            ServerConnector connector = new ServerConnector(server);
            connector.setHost("127.0.0.1");
            server.addConnector(connector);
            server.setHandler(new Handler.Abstract() {
                @Override
                public boolean handle(Request request, Response response, Callback callback) {
                    answer(request.getHttpURI().getPath());
                    response.setStatus(204);
                    callback.succeeded();
                    return true;
                }
            });
            server.start();
            return connector.getLocalPort();
        }
    }

    private static final class OfTomcat {
        static int start(Path directory) throws Exception {
            Tomcat tomcat = new Tomcat();
            tomcat.setBaseDir(directory.toString());
            tomcat.setHostname("127.0.0.1");
            tomcat.setPort(0);
            Context context = tomcat.addContext("", directory.toString());
            Tomcat.addServlet(context, "orders", new HttpServlet() {
                private static final long serialVersionUID = 1;

                @Override
                protected void doGet(HttpServletRequest request, HttpServletResponse response) {
                    answer(request.getRequestURI());
                    response.setStatus(204);
                }
            });
            context.addServletMappingDecoded("/*", "orders");
            tomcat.getConnector();
            tomcat.start();
            return tomcat.getConnector().getLocalPort();
        }
    }

    private static final class OfNetty {
        static int start() throws InterruptedException {
            ServerBootstrap server = new ServerBootstrap()
                    .group(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()))
                    .channel(NioServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1024),
                                    new Answer());
                        }
                    });
            return ((InetSocketAddress) server.bind("127.0.0.1", 0).sync().channel().localAddress()).getPort();
        }

        private static final class Answer extends SimpleChannelInboundHandler<FullHttpRequest> {
            @Override
            protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
                answer(request.uri());
                context.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT))
                        .addListener(ChannelFutureListener.CLOSE);
            }
        }
    }
}
