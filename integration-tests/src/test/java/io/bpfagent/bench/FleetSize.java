package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.exports.PromServer;
import io.bpfagent.sample.SampleShop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** What JVMs with the agent are to the Prometheus server that scrapes them. */
final class FleetSize implements Chapter {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String PROTOBUF = PromServer.PROTOBUF;
    private static final String TEXT = "text/plain;version=0.0.4";
    private static final String OURS = "{__name__=~\"bpfagent_.+\"}";
    private static final int SETTLE_MS = 10_000;
    /** As many as a server gets by with on a machine that does something else too. */
    private static final int JVMS = 100;
    private static final int POOLS = 50;
    private static final int SCRAPE_S = 5;
    private static final double KIB_PER_MIB = 1024;
    private static final int REPLAY_SCRAPES = 24;

    @Override
    public String name() {
        return "fleet";
    }

    @Override
    public String title() {
        return "Many JVMs";
    }

    @Override
    public String measure(Effort effort) {
        return "What one JVM answers to one scrape, and how many series that are. The shop is the one of `bin/demo"
                + " --contexts`,\n"
                + "with `requests=true`; the others have so many pools of two threads that compute, wait for a lock"
                + " and park, and\n"
                + "each tenth of which syncs a file.\n\n" + sizes() + "\n" + many();
    }

    private static Table sizes() {
        Table table = new Table("", "pools", "series, native", "series, classic", "protobuf, KB", "gzip, KB",
                "text, KB",
                "gzip, KB", "a scrape, ms");
        Map<String, HostCommand> hosts = new LinkedHashMap<>();
        hosts.put("shop", HostJvm.of(Jdks.newest()).main(SampleShop.class));
        for (int pools : new int[] {10, POOLS, 100}) {
            hosts.put(pools + " pools", pools(pools));
        }
        hosts.forEach((name, command) -> {
            int port = PromServer.freePort();
            String arguments = (name.equals("shop") ? "requests=true," : "") + "prometheus=127.0.0.1:" + port;
            try (HostJvm host = command.agent(arguments).start()) {
                host.await("on");
                Await.sleep(SETTLE_MS);
                table.row(row(name, port));
            }
        });
        return table;
    }

    private static HostCommand pools(int pools) {
        return HostJvm.of(Jdks.newest()).jvm("-Xss256k").main(ManyPools.class, Integer.toString(pools));
    }

    private static String[] row(String name, int port) {
        Map<Boolean, Double> series = new LinkedHashMap<>();
        double pools = 0;
        for (boolean nativeHistograms : new boolean[] {true, false}) {
            Path directory = directory();
            PromServer.Command command = PromServer.in(directory).target("one", port);
            try (PromServer server = nativeHistograms ? command.start() : command.classic().start()) {
                server.awaitScrape();
                series.put(nativeHistograms, server.query().number("count(" + OURS + ")"));
                pools = server.query().number("count(bpfagent_threads)");
            } finally {
                delete(directory);
            }
        }
        Samples ms = new Samples();
        byte[] protobuf = new byte[0];
        for (int i = 0; i < 20; i++) {
            long beganNs = System.nanoTime();
            protobuf = scrape(port, PROTOBUF);
            ms.add((System.nanoTime() - beganNs) / 1e6);
        }
        byte[] text = scrape(port, TEXT);
        return new String[] {name, Samples.number("%.0f", pools), Samples.number("%.0f", series.get(true)),
            Samples.number("%.0f", series.get(false)), kb(protobuf), kb(zipped(protobuf)),
            kb(text), kb(zipped(text)), ms.text("%.1f")};
    }

    private static String kb(byte[] bytes) {
        return Samples.number("%.1f", bytes.length / 1e3);
    }

    /** What a hundred JVMs take of a server's memory and CPU: of one the answers, in their order, a hundred times. */
    private static String many() {
        List<byte[]> answers = new ArrayList<>();
        int port = PromServer.freePort();
        try (HostJvm host = pools(POOLS).agent("prometheus=127.0.0.1:" + port).start()) {
            host.await("on");
            Await.sleep(SETTLE_MS);
            for (int i = 0; i < REPLAY_SCRAPES; i++) {
                answers.add(zipped(scrape(port, PROTOBUF)));
                Await.sleep(1_000);
            }
        }
        Path directory = directory();
        try (Replay replay = new Replay(answers, PROTOBUF);
                PromServer server = PromServer.in(directory).job("many", JVMS, replayed(replay.port())).start()) {
            long emptyKb = residentKb(server.pid());
            long cpuBeganMs = cpuMs(server.pid());
            long beganNs = System.nanoTime();
            Await.sleep((REPLAY_SCRAPES - 1) * SCRAPE_S * 1_000L);
            double seconds = (System.nanoTime() - beganNs) / 1e9;
            double cpuSeconds = (cpuMs(server.pid()) - cpuBeganMs) / 1e3;
            double mib = (residentKb(server.pid()) - emptyKb) / KIB_PER_MIB;
            double series = server.query().number("count(" + OURS + ")");
            double samples = server.query().number("sum(sum_over_time(scrape_samples_scraped[10m]))");
            double scrapes = seconds / SCRAPE_S * JVMS;
            long bytes = 0;
            for (byte[] answer : answers) {
                bytes += answer.length;
            }
            Table table = new Table("a server", "of " + JVMS + " JVMs", "that is, for each JVM and scrape");
            table.row("series", Samples.number("%.0f", series), "");
            table.row("resident memory, MiB", Samples.number("%.0f", mib),
                    Samples.number("%.1f KiB a series", mib * KIB_PER_MIB / series));
            table.row("CPUs", Samples.number("%.2f", cpuSeconds / seconds),
                    Samples.number("%.1f ms", cpuSeconds * 1e3 / scrapes));
            table.row("from the network, KB/s", Samples.number("%.0f", scrapes
                    * bytes / answers.size() / seconds / 1e3),
                    Samples.number("%.1f KB", bytes / 1e3 / answers.size()));
            table.row("in a block on the disk, MB", Samples.number("%.1f", server.snapshotBytes() / 1e6),
                    Samples.number("%.1f bytes a sample", server.snapshotBytes() / samples));
            return "The server of a hundred JVMs: what one of " + POOLS + " pools answered to " + REPLAY_SCRAPES
                    + " scrapes, from a"
                    + " hundred targets, a scrape\neach " + SCRAPE_S + " s. Prometheus "
                    + server.version() + ", native histograms; a sample is a number or a whole histogram.\n\n" + table;
        } finally {
            delete(directory);
        }
    }

    /** The configuration of a job whose targets are paths of one server. */
    private static String replayed(int port) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < JVMS; i++) {
            names.append(i == 0 ? "" : ", ").append("jvm-").append(i);
        }
        return "scrape_interval: " + SCRAPE_S + "s\n  scrape_timeout: " + SCRAPE_S + "s\n"
                + "  static_configs:\n  - targets: [" + names + "]\n"
                + "  relabel_configs:\n  - {source_labels: [__address__], target_label: instance}\n"
                + "  - {source_labels: [__address__], target_label: __metrics_path__, replacement: '/$1'}\n"
                + "  - {target_label: __address__, replacement: '127.0.0.1:" + port + "'}";
    }

    private static long residentKb(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return Long.parseLong(lines.filter(line -> line.startsWith("VmRSS:")).findFirst().orElseThrow()
                    .replaceAll("\\D", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long cpuMs(long pid) {
        return ProcessHandle.of(pid).orElseThrow().info().totalCpuDuration().orElseThrow().toMillis();
    }

    private static byte[] scrape(int port, String accept) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                    .header("Accept", accept).build();
            HttpResponse<byte[]> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new AssertionError("a scrape was answered " + response.statusCode());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** As the agent does it for a server on another machine; over loopback it does not. */
    private static byte[] zipped(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        }) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Path directory() {
        try {
            return Files.createTempDirectory("bpf-agent-bench-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
