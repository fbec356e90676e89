package io.bpfagent.hooks.requests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.ReferenceCountUtil;
import java.io.File;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NettyHookTest {
    private final List<String> seen = new ArrayList<>();

    private static Woven woven;

    @BeforeAll
    static void weave() {
        woven = new Woven();
    }

    @AfterAll
    static void restore() {
        woven.close();
    }

    private static void write(EmbeddedChannel channel, String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    @Test
    void namesRequestsThatAreCollected() {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec(), new HttpObjectAggregator(1024),
                new SimpleChannelInboundHandler<FullHttpRequest>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
                        seen.add(Woven.path());
                    }
                });
        for (int i = 0; i < 23; i++) {
            write(channel, "POST /netty/full/" + i + " HTTP/1.1\r\ncontent-length: 4\r\n\r\nab");
            assertEquals("", Woven.path());
            write(channel, "cd");
        }
        assertEquals(23, seen.size());
        assertEquals("POST /netty/full/*", seen.get(22));
        assertEquals(23, woven.entered("POST /netty/full/*"));
        channel.finishAndReleaseAll();
        assertEquals(1, woven.report("netty http").classes());
    }

    @Test
    void namesRequestsInParts() {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec(), new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                seen.add((message instanceof HttpRequest ? "head " : "part ") + Woven.path());
                ReferenceCountUtil.release(message);
            }
        });
        write(channel, "PUT /netty/parts HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n");
        write(channel, "2\r\nab\r\n");
        write(channel, "0\r\n\r\n");
        write(channel, "GET /netty/parts HTTP/1.1\r\n\r\n");
        channel.finishAndReleaseAll();
        assertEquals(List.of("head PUT /netty/parts", "part PUT /netty/parts", "part PUT /netty/parts",
                "head GET /netty/parts", "part GET /netty/parts"), seen);
        assertEquals(1, woven.entered("PUT /netty/parts"));
        assertEquals(1, woven.entered("GET /netty/parts"));
    }

    @Test
    void outlivesAHandlerThatThrows() {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec(), new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                ReferenceCountUtil.release(message);
                throw new IllegalStateException("of the test");
            }
        });
        assertThrows(IllegalStateException.class, () -> write(channel, "GET /netty/bad HTTP/1.1\r\n\r\n"));
        assertEquals("", Woven.path());
        assertEquals(1, woven.entered("GET /netty/bad"));
    }

    /** A host that has Netty, and not its HTTP codec: gRPC's clients and drivers of databases are such. */
    @Test
    void leavesNettyAloneWhereThereIsNoHttp() throws Exception {
        try (URLClassLoader loader = new WithoutHttp()) {
            Object channel = loader.loadClass(EmbeddedChannel.class.getName()).getConstructor().newInstance();
            Method write = channel.getClass().getMethod("writeInbound", Object[].class);
            for (int i = 0; i < 23; i++) {
                write.invoke(channel, (Object) new Object[] {"message"});
            }
            woven.report("netty http");
        }
    }

    /** The class path without that codec. */
    private static final class WithoutHttp extends URLClassLoader {
        WithoutHttp() throws MalformedURLException {
            super(urls(), ClassLoader.getPlatformClassLoader());
        }

        private static URL[] urls() throws MalformedURLException {
            List<URL> urls = new ArrayList<>();
            for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
                if (path.contains("netty-") && !path.contains("codec-http")) {
                    urls.add(new File(path).toURI().toURL());
                }
            }
            return urls.toArray(new URL[0]);
        }
    }
}
