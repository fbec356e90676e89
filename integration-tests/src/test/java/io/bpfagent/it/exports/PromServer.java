package io.bpfagent.it.exports;

import io.bpfagent.it.Await;
import io.bpfagent.it.Output;
import io.bpfagent.it.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Prometheus server on a free port of loopback, with a data directory of its own, that scrapes each second.
 *
 * <pre>{@code
 * try (PromServer server = PromServer.in(directory).target("shop", 9404).rules(file).start()) {
 *     server.awaitScrape();
 *     double jvms = server.query().number("count(bpfagent_info)");
 * }
 * }</pre>
 *
 * <p>One thread uses it. {@link #close} kills this server, and nothing else.
 */
public final class PromServer implements AutoCloseable {
    /** What one that keeps native histograms accepts. */
    public static final String PROTOBUF =
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
    /** For everything that takes a second on an idle machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Pattern LISTENING = Pattern.compile(".*msg=\"Listening on\" address=(127\\.0\\.0\\.1:\\d+)");

    private final Process process;
    private final Output log;
    private final Path data;
    private final int targets;
    private PromQuery query;

    private PromServer(Process process, Path data, int targets) {
        this.process = process;
        this.data = data;
        this.targets = targets;
        this.log = new Output(process.getErrorStream(), "log of prometheus");
    }

    /** A server yet to be described and started, with its files below {@code directory}. */
    public static Command in(Path directory) {
        return new Command(directory);
    }

    /** A port of loopback that nobody listens on now. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a server is started with. */
    public static final class Command {
        private final Path directory;
        private final StringBuilder scrapes = new StringBuilder();
        private final StringBuilder rules = new StringBuilder();
        private boolean nativeHistograms = true;
        private int targets;

        Command(Path directory) {
            this.directory = directory;
        }

        /** Without native histograms: it scrapes text, and gets the classic buckets. */
        public Command classic() {
            nativeHistograms = false;
            return this;
        }

        /** A job that consists of these ports of loopback. */
        public Command target(String job, int... ports) {
            List<String> addresses = new ArrayList<>();
            for (int port : ports) {
                addresses.add("'127.0.0.1:" + port + "'");
            }
            return job(job, ports.length, "static_configs:\n  - targets: " + addresses);
        }

        /** A job of so many targets, with its configuration, indented by two spaces but for the first line. */
        public Command job(String job, int size, String configuration) {
            targets += size;
            scrapes.append("- job_name: ").append(job).append("\n  ").append(configuration).append('\n');
            return this;
        }

        /**
         * Rules that it evaluates each second, over the last 20 s, whatever their files say: a test has no five
         * minutes.
         */
        public Command rules(Path... files) {
            try {
                for (Path file : files) {
                    Path quick = directory.resolve(file.getFileName());
                    Files.writeString(quick, Files.readString(file).replaceAll("(?m)^( *interval:).*", "$1 1s")
                            .replaceAll("\\[\\d+m\\]", "[20s]"));
                    rules.append("- ").append(quick).append('\n');
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }

        /** Starts it, and returns when it answers. */
        public PromServer start() {
            List<String> command = new ArrayList<>(List.of(Tools.find("prometheus").toString(),
                    "--config.file=" + directory.resolve("prometheus.yml"),
                    "--storage.tsdb.path=" + directory.resolve("data"), "--web.listen-address=127.0.0.1:0",
                    "--web.enable-admin-api"));
            String features = "exemplar-storage,extra-scrape-metrics";
            command.add("--enable-feature=" + (nativeHistograms ? "native-histograms," : "") + features);
            Process process;
            try {
                Files.writeString(directory.resolve("prometheus.yml"), "global:\n  scrape_interval: 1s\n"
                        + "  scrape_timeout: 1s\n  evaluation_interval: 1s\nrule_files:\n" + rules + "scrape_configs:\n"
                        + scrapes);
                process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            PromServer server = new PromServer(process, directory.resolve("data"), targets);
            try {
                server.awaitReady();
                return server;
            } catch (RuntimeException | Error e) {
                server.close();
                throw e;
            }
        }
    }

    private void awaitReady() {
        Await.until(PATIENCE, () -> "prometheus is ready\n" + log.lines(), () -> {
            if (!process.isAlive()) {
                throw new AssertionError("prometheus has ended: " + log.all());
            }
            for (String line : log.lines()) {
                Matcher listening = LISTENING.matcher(line);
                if (query == null && listening.matches()) {
                    query = new PromQuery(URI.create("http://" + listening.group(1)));
                }
            }
            return query != null && query.isReady();
        });
    }

    /** What it is asked through. */
    public PromQuery query() {
        return query;
    }

    public long pid() {
        return process.pid();
    }

    /** Returns when every target has been scraped whole in a scrape that began after this call. */
    public void awaitScrape() {
        double now = System.currentTimeMillis() / 1e3;
        Await.until(PATIENCE, () -> targets + " targets scraped: " + query.ask("up") + log.lines(), () -> {
            List<PromQuery.Sample> scraped = query.samples("timestamp(up) * up");
            return scraped.size() == targets && scraped.stream().allMatch(sample -> sample.value() > now);
        });
    }

    /** The size of what it has so far as a block on the disk. Makes one. */
    public long snapshotBytes() {
        String name = query.makeSnapshot();
        try (Stream<Path> files = Files.walk(data.resolve("snapshots").resolve(name))) {
            long bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its version, as it says it. */
    public String version() {
        return query.api("status/buildinfo").get("version").getAsString();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
