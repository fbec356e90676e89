package io.bpfagent.export;

import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.prometheus.ScrapeServer;
import io.bpfagent.prometheus.ScrapeServerOpener;
import io.bpfagent.prometheus.ScrapeSource;
import io.bpfagent.report.AgentView;
import io.bpfagent.report.Cost;
import io.bpfagent.report.Probe;
import io.bpfagent.report.SnapshotReport;
import io.bpfagent.tier.PackedTier;
import io.bpfagent.tier.TierException;
import java.io.Closeable;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Answers a Prometheus server, out of a tier of its own. Everything is made of the latest snapshot when it is asked
 * for, on the threads that answer.
 */
final class PrometheusExport implements SnapshotReport {
    private static final String NAME = "prometheus";
    /** Its file's, and some more. */
    private static final int ROOM_MB = 8;

    private final ListenAddress address;
    private final ClassLoader tier;
    private final ScrapeServer server;

    private PrometheusExport(ListenAddress address, ClassLoader tier, ScrapeServer server) {
        this.address = address;
        this.tier = tier;
        this.server = server;
    }

    /** What a scrape sees of the agent. */
    record Source(AgentView agent) implements ScrapeSource {
        @Override
        public String version() {
            return agent.version();
        }

        @Override
        public Snapshot latest() {
            return agent.latest();
        }

        @Override
        public List<Metric> metrics() {
            return agent.metrics();
        }

        @Override
        public long programNs() {
            Cost cost = agent.cost();
            return cost == null ? -1 : cost.total().programNs();
        }

        @Override
        public long threadNs() {
            Cost cost = agent.cost();
            return cost == null ? -1 : cost.total().threadCpuNs();
        }

        @Override
        public long kernelMemoryBytes() {
            return agent.kernelMemoryBytes();
        }
    }

    /**
     * Listens from now on.
     *
     * @param tmpdir where the tier's file is put
     */
    static PrometheusExport open(ListenAddress address, AgentView agent, String tmpdir) throws ExportException {
        ClassLoader tier;
        try {
            tier = PackedTier.load(NAME, tmpdir, ROOM_MB);
        } catch (TierException e) {
            throw new ExportException("Cannot serve Prometheus", ": " + e.getMessage());
        }
        boolean opened = false;
        try {
            ScrapeServerOpener opener = (ScrapeServerOpener) tier.loadClass(ScrapeServerOpener.CLASS).getConstructor()
                    .newInstance();
            PrometheusExport export = new PrometheusExport(address, tier,
                    opener.open(address.host(), address.port(), new Source(agent)));
            opened = true;
            return export;
        } catch (IOException | RuntimeException | ReflectiveOperationException | LinkageError e) {
            throw new ExportException("Cannot serve Prometheus", " at " + address + ": " + why(e));
        } finally {
            if (!opened) {
                close(tier);
            }
        }
    }

    /** The cause and what to do. */
    private static String why(Throwable e) {
        String text = e.getMessage() == null ? "" : e.getMessage();
        if (e instanceof NoClassDefFoundError && text.startsWith("com/sun/net/httpserver")) {
            return "this JVM has no module jdk.httpserver. Start it with --add-modules jdk.httpserver, or make its"
                    + " runtime with that module.";
        }
        if (text.contains("Address already in use")) {
            return "something else listens there. Choose another port with prometheus=HOST:PORT, or 0 for any that is"
                    + " free.";
        }
        if (text.contains("Cannot assign requested address")) {
            return "this machine has no such address. Choose one of its own, 127.0.0.1 or 0.0.0.0.";
        }
        if (text.contains("Permission denied")) {
            return "this user may not listen at that port. Choose one above 1023.";
        }
        if (e instanceof UnknownHostException) {
            return "nobody knows this host. Choose an address of this machine, 127.0.0.1 or 0.0.0.0.";
        }
        return e + ". All else works.";
    }

    /** Those that answer: their work is on the agent's bill. */
    List<Thread> threads() {
        return server.threads();
    }

    @Override
    public void update(Snapshot snapshot) {
        server.note(snapshot); // all else a scrape asks the latest for
    }

    @Override
    public void look() {
        // it has begun
    }

    @Override
    public Probe probe() {
        ListenAddress shown = new ListenAddress(address.host(), server.port());
        return new Probe(NAME, Probe.ATTACHED, "http://" + shown + "/metrics, " + server.scrapes() + " scrapes", 0, 0);
    }

    @Override
    public void close() {
        server.close();
        close(tier);
    }

    private static void close(ClassLoader tier) {
        try {
            ((Closeable) tier).close();
        } catch (IOException e) {
            // what is open of it goes with the JVM
            return;
        }
    }
}
