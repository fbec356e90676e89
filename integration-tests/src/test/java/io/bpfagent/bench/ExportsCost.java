package io.bpfagent.bench;

import com.google.gson.JsonElement;
import com.sun.net.httpserver.HttpServer;
import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Report;
import io.bpfagent.it.exports.PromServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** What it costs a JVM to be scraped each second, which is fifteen times as often as usual. */
final class ExportsCost implements Chapter {
    private static final int POOLS = 100;
    private static final int MOST_PERCENT = 1;
    private static final int LONG_S = 1_800;
    private static final int ROWS = 6;
    private static final Path OTLP = Path.of(System.getProperty("otlp.jar", "")).toAbsolutePath();
    private static final String SERVER = "bpf-agent-prometheus";
    private static final String AGENT = "bpf-agent";
    private static final String PROTOBUF = PromServer.PROTOBUF;
    private static final String TEXT = "application/openmetrics-text;version=1.0.0";

    private final HttpClient client = HttpClient.newHttpClient();
    private String problem = "";

    /** CPU time, ns. */
    private record Cpu(long serverNs, long agentNs) {
        static Cpu of(HostJvm host) {
            Map<String, Report.PoolReport> pools = host.freshReport().pools();
            long server = 0;
            long agent = 0;
            for (Map.Entry<String, Report.PoolReport> pool : pools.entrySet()) {
                long ns = pool.getValue().timeNs("running");
                server += pool.getKey().equals(SERVER) ? ns : 0;
                agent += pool.getKey().startsWith(AGENT) ? ns : 0;
            }
            return new Cpu(server, agent);
        }
    }

    @Override
    public String name() {
        return "exports";
    }

    @Override
    public String title() {
        return "Exports";
    }

    @Override
    public String measure(Effort effort) {
        int seconds = effort == Effort.QUICK ? 20 : 120;
        Table table = new Table("scraped each second", "answer, KB", "threads that answer, % of a CPU",
                "all of the agent's, % of a CPU");
        measure(table, "not at all", null, seconds);
        measure(table, "protobuf", PROTOBUF, seconds);
        measure(table, "OpenMetrics", TEXT, seconds);
        String alone = "A JVM with " + POOLS + " pools of two threads that compute, wait for a lock and park (as in"
                + " \"Many JVMs\"), over " + seconds + " s after\nas many. At most " + MOST_PERCENT + " % of a CPU is"
                + " wanted for protobuf, which is what a server asks for that keeps\nnative histograms.\n\n" + table;
        try {
            return alone + "\n" + together(effort == Effort.QUICK ? 20 : LONG_S);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All exports at once, over a long time: what they take, and whether anything grows. */
    private String together(int seconds) throws IOException {
        Table table = new Table("after, s", "agent's threads, % of a CPU", "of that for exports",
                "heap after a collection, KiB", "buckets that were hit", "anonymous memory, KiB", "threads",
                "descriptors");
        Samples exports = new Samples();
        int port = PromServer.freePort();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        Path recording = Files.createTempDirectory("bpf-agent-bench-").resolve("all.jfr");
        try (HostJvm host = HostJvm.of(Jdks.newest()).jvm("-Xss256k", "-Xmx256m",
                "-Dotel.exporter.otlp.endpoint=http://127.0.0.1:" + receiver.getAddress().getPort(),
                "-XX:StartFlightRecording:maxsize=50m,filename=" + recording)
                .main(ManyPools.class, Integer.toString(POOLS))
                .agent("max-cost=off,prometheus=" + port + ",extensions=" + OTLP).start()) {
            host.await("on");
            scrape(port, PROTOBUF, seconds / ROWS);
            for (int row = 1; row <= ROWS; row++) {
                ThreadTimes before = ThreadTimes.of(host.pid());
                long beganNs = System.nanoTime();
                scrape(port, PROTOBUF, seconds / ROWS);
                double ns = System.nanoTime() - beganNs;
                ThreadTimes after = ThreadTimes.of(host.pid());
                long all = after.since(before, ExportsCost::isOfExports);
                long reader = after.since(before, AGENT::equals);
                exports.add((all - reader) / ns * 100);
                String weigh = "weigh " + row;
                host.send(weigh);
                table.row(Integer.toString(seconds / ROWS * (row + 1)), Samples.number("%.2f", all / ns * 100),
                        Samples.number("%.2f", (all - reader) / ns * 100), host.awaitLine(weigh + " ").split(" ")[2],
                        Long.toString(buckets(host)), host.procStatus("RssAnon").replaceFirst(" kB$", ""),
                        host.procStatus("Threads"),
                        Long.toString(descriptors(host.pid())));
            }
            if (exports.median() > MOST_PERCENT) {
                problem = "all exports take " + exports.text("%.2f") + " % of a CPU";
            }
            return "All exports at once: a scrape in protobuf each second, OTLP each minute, a recording of JFR with"
                    + " all of the\nagent's events; with the threads of the JDK that work for them. Wanted are at most "
                    + MOST_PERCENT + " %: " + exports.verdict(MOST_PERCENT) + ". The same JVM over "
                    + seconds * (ROWS + 1) / ROWS + " s. Histograms keep\nthe buckets that were hit, ever fewer new"
                    + " ones with time (counted here: the pools'; each is kept for its thread too).\n\n" + table;
        } finally {
            receiver.stop(0);
            Files.deleteIfExists(recording);
            Files.delete(recording.getParent());
        }
    }

    /** The agent's; and the JDK's that sends, and that asks for the events of pools, among JFR's own. */
    private static boolean isOfExports(String name) {
        return name.startsWith(AGENT) || name.startsWith("HttpClient-") || name.startsWith("JFR Periodic");
    }

    /** Of the histograms of all pools. */
    private static long buckets(HostJvm host) {
        long buckets = 0;
        for (String pool : host.freshReport().pools().keySet()) {
            for (JsonElement histogram : host.hist(null, pool, null).getAsJsonArray("histograms")) {
                buckets += histogram.getAsJsonObject().getAsJsonArray("buckets").size();
            }
        }
        return buckets;
    }

    private static long descriptors(long pid) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return entries.count();
        }
    }

    private void measure(Table table, String name, String accept, int seconds) {
        int port = PromServer.freePort();
        try (HostJvm host = HostJvm.of(Jdks.newest()).jvm("-Xss256k").main(ManyPools.class, Integer.toString(POOLS))
                .agent("max-cost=off" + (accept == null ? "" : ",prometheus=" + port)).start()) {
            host.await("on");
            Await.sleep(1_000);
            long bytes = scrape(port, accept, seconds);
            Cpu before = Cpu.of(host);
            long beganNs = System.nanoTime();
            bytes = Math.max(bytes, scrape(port, accept, seconds));
            Cpu after = Cpu.of(host);
            double ns = System.nanoTime() - beganNs;
            double server = (after.serverNs - before.serverNs) / ns * 100;
            table.row(name, Samples.number("%.0f", bytes / 1e3), Samples.number("%.2f", server),
                    Samples.number("%.2f", (after.agentNs - before.agentNs) / ns * 100));
            if (PROTOBUF.equals(accept) && server > MOST_PERCENT) {
                problem = "scrapes take " + Samples.number("%.2f", server) + " % of a CPU";
            }
        }
    }

    /** The length of the last answer. */
    private long scrape(int port, String accept, int seconds) {
        long bytes = 0;
        for (int i = 0; i < seconds; i++) {
            try {
                bytes = accept == null ? 0 : client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port
                        + "/metrics")).header("Accept", accept).build(), BodyHandlers.ofByteArray()).body().length;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            Await.sleep(1_000);
        }
        return bytes;
    }

    @Override
    public String problem() {
        return problem;
    }
}
