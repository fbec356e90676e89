package io.bpfagent.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.ContextKind;
import io.bpfagent.correlation.DiskUsage;
import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.RemoteUsage;
import io.bpfagent.correlation.SampleDistribution;
import io.bpfagent.correlation.SampleSnapshot;
import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadIdentity;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.TraceSpan;
import io.bpfagent.correlation.UserMetric;
import io.bpfagent.correlation.WaitedOn;
import io.bpfagent.extension.Extension;
import io.bpfagent.extension.ExtensionException;
import io.bpfagent.extension.Note;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OtlpExtensionTest {
    private static final String SEE = " Check the receiver and the OTEL_* variables."
            + " See TROUBLESHOOTING.md, \"Cannot export by OTLP\".";

    /** What the jar has none of. Kept, because the JDK forgets the level of a logger that nobody has. */
    private static final Logger SDK = Logger.getLogger("io.opentelemetry");

    /** Three or more, because this thread may look late. */
    private static final String LOST = ".*, 0 arrived, ([3-9]|\\d\\d+) lost; the last: no connection";

    private final List<String> properties = new ArrayList<>();
    private final FakeHost host = new FakeHost();
    private Receiver receiver;

    @BeforeEach
    void open() throws Exception {
        SDK.setLevel(Level.OFF);
        receiver = new Receiver();
        set("otel.exporter.otlp.endpoint", receiver.endpoint());
        set("otel.metric.export.interval", "100");
    }

    @AfterEach
    void close() {
        receiver.close();
        properties.forEach(System::clearProperty);
    }

    private void set(String property, String value) {
        properties.add(property);
        System.setProperty(property, value);
    }

    private Receiver.Export exported(Snapshot snapshot) throws Exception {
        try (Extension extension = OtlpExtension.open(host)) {
            extension.update(snapshot);
            return receiver.next();
        }
    }

    private static SampleSnapshot sample() {
        return new SampleSnapshot().pool("main", Map.of(ThreadState.RUNNING, new long[] {1_000, 2_000_000},
                ThreadState.BLOCKED_DISK, new long[] {23_000_000}), Map.of());
    }

    private static Snapshot taken(SampleSnapshot sample) {
        return sample.at(System.nanoTime(), System.nanoTime() - 5_000_000_000L);
    }

    private static Map<Map<String, String>, Double> values(Metric metric) {
        Map<Map<String, String>, Double> values = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        List<NumberDataPoint> points = metric.hasSum() ? metric.getSum().getDataPointsList()
                : metric.getGauge().getDataPointsList();
        for (NumberDataPoint point : points) {
            values.put(Receiver.labels(point.getAttributesList()), point.hasAsDouble() ? point.getAsDouble()
                    : point.getAsInt());
        }
        return values;
    }

    private static ExponentialHistogramDataPoint only(Metric metric) {
        assertEquals(1, metric.getExponentialHistogram().getDataPointsCount());
        return metric.getExponentialHistogram().getDataPoints(0);
    }

    /** The upper bound of the bucket in which this part of the values ends. */
    private static double quantile(ExponentialHistogramDataPoint point, double quantile) {
        long rank = Math.max(1, (long) Math.ceil(quantile * point.getCount()));
        long seen = point.getZeroCount();
        for (int i = 0; seen < rank; i++) {
            seen += point.getPositive().getBucketCounts(i);
            if (seen >= rank) {
                double index = point.getPositive().getOffset() + i + 1;
                return Math.pow(2, index / (1 << point.getScale()));
            }
        }
        return 0;
    }

    @Test
    void timesOfStatesAreExactSums() throws Exception {
        Receiver.Export export = exported(taken(sample()));
        assertEquals("/v1/metrics", export.path());
        Metric states = export.metric("bpfagent.state");
        assertEquals("s", states.getUnit());
        assertTrue(states.getSum().getIsMonotonic());
        assertEquals(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE,
                states.getSum().getAggregationTemporality());
        assertEquals(Map.of(Map.of("pool", "main", "state", "running"), 0.002001,
                Map.of("pool", "main", "state", "blocked_disk"), 0.023), Map.copyOf(values(states)));
        assertEquals(Map.of(Map.of("pool", "main"), 2.0), Map.copyOf(values(export.metric("bpfagent.threads"))));
        assertEquals(Map.of(Map.of("pool", "main", "who", "process"), 0.003),
                Map.copyOf(values(export.metric("bpfagent.runnable_behind"))));
        assertEquals(Map.of(Map.of("pool", "main", "kind", "minor"), 23.0, Map.of("pool", "main", "kind", "major"),
                0.0),
                Map.copyOf(values(export.metric("bpfagent.page_faults"))));
        assertEquals(Map.of(Map.of("part", "programs"), 1.5, Map.of("part", "threads"), 0.25),
                Map.copyOf(values(export.metric("bpfagent.agent.cpu"))));
        assertEquals(Map.of(Map.of(), 8e6), Map.copyOf(values(export.metric("bpfagent.agent.kernel_memory"))));
        assertEquals(Map.of(Map.of("pool", "main"), 1.0), Map.copyOf(values(export.metric("bpfagent.threads_ended"))));
        assertEquals(Map.of(Map.of("version", "1.2.3"), 1.0), Map.copyOf(values(export.metric("bpfagent.info"))));
    }

    @Test
    void histogramsAreExponentialWithExactCountSumAndMaximum() throws Exception {
        Receiver.Export export = exported(taken(sample()));
        ExponentialHistogramDataPoint running = only(export.metric("bpfagent.running"));
        assertEquals(Map.of("pool", "main"), Receiver.labels(running.getAttributesList()));
        assertEquals(2, running.getCount());
        assertEquals(0.002001, running.getSum());
        assertEquals(0.002, running.getMax());
        assertEquals(4, running.getScale());
        assertEquals(2, running.getPositive().getBucketCountsList().stream().mapToLong(Long::longValue).sum());
        ExponentialHistogramDataPoint blocked = only(export.metric("bpfagent.blocked"));
        assertEquals(Map.of("pool", "main", "reason", "disk"), Receiver.labels(blocked.getAttributesList()));
        assertEquals(0.023, quantile(blocked, 1), 0.023 * 0.045);
        // What began 5 s ago and is of now.
        long ageNs = blocked.getTimeUnixNano() - blocked.getStartTimeUnixNano();
        assertEquals(5e9, ageNs, 1e9);
        assertEquals(System.currentTimeMillis() * 1e6, blocked.getTimeUnixNano(), 60e9);
    }

    @Test
    void percentilesAreThoseOfHdrHistogramWithinABucket() throws Exception {
        long[] values = new long[20_011];
        for (int i = 0; i < values.length; i++) {
            // From 70 ns to 40 s, each power of two alike.
            values[i] = (long) (70 * Math.pow(2, 29.0 * i / values.length));
        }
        Distribution distribution = SampleDistribution.of(values);
        ExponentialHistogramDataPoint point = only(exported(taken(new SampleSnapshot().pool("p",
                Map.of(ThreadState.RUNNABLE, values), Map.of()))).metric("bpfagent.runnable"));
        assertEquals(values.length, point.getCount());
        for (double percentile : new double[] {1, 10, 25, 50, 75, 90, 99, 99.9, 100}) {
            double hdr = distribution.percentileNs(percentile) * 1e-9;
            double exported = quantile(point, percentile / 100);
            assertTrue(exported >= hdr * 0.999999 && exported <= hdr * 1.0453, percentile + ": " + hdr + ", "
                    + exported);
        }
    }

    @Test
    void bytesNumbersAndCountsHaveTheirUnits() throws Exception {
        UserMetric counted = new UserMetric(RecordSizes.FIRST_USER_METRIC, "calls", UserMetric.Values.COUNTS, 1);
        UserMetric sizes = new UserMetric(RecordSizes.FIRST_USER_METRIC + 1, "sizes", UserMetric.Values.NUMBERS, 2,
                1_700_000_000_000L);
        host.metrics.add(counted);
        host.metrics.add(sizes);
        Receiver.Export export = exported(taken(new SampleSnapshot().pool("p", Map.of(),
                Map.of(ThreadMetric.BLOCK_IO_SIZE, SampleSnapshot.numbers(4096, 4096, 65536)), List.of(counted, sizes),
                List.of(SampleSnapshot.numbers(1, 1, 1), SampleSnapshot.numbers(0, 17)))));
        Metric bytes = export.metric("bpfagent.block_io_size");
        assertEquals("By", bytes.getUnit());
        assertEquals(73728, only(bytes).getSum());
        assertEquals(65536, only(bytes).getMax());
        assertEquals(65536, quantile(only(bytes), 1), 65536 * 0.045);
        assertEquals(Map.of(Map.of("pool", "p", "probe", "calls"), 3.0),
                Map.copyOf(values(export.metric("bpfagent.probe.hits"))));
        ExponentialHistogramDataPoint numbers = only(export.metric("bpfagent.probe.value"));
        assertEquals(1, numbers.getZeroCount());
        assertEquals(2, numbers.getCount());
        assertEquals(17, numbers.getSum());
        assertEquals(1_700_000_000_000_000_000L, numbers.getStartTimeUnixNano());
    }

    @Test
    void pausesOperationsContextsDisksRemotesAndLossesAreThere() throws Exception {
        Receiver.Export export = exported(taken(sample().event(EventMetric.GC_PAUSE, 5_000_000)
                .event(EventMetric.TIME_TO_SAFEPOINT, 30_000).event(EventMetric.VM_OPERATION, 6_000_000, 70_000)
                .operation("G1CollectForAllocation", 6_000_000).context(ContextKind.REQUEST, "GET /a", 7_000_000)
                .disk(new DiskUsage("vda", 254, 0, List.of(new DiskUsage.Use(DiskUsage.User.HOST,
                        DiskUsage.Operation.WRITE, 3, 12_288, 1_000, 2_000_000, 1_000_000, 1)), Map.of()))
                .remote(new RemoteUsage("::1", 443, false, 1, 2, 0, 1, 0, 7, 1, 0, 100, 200,
                        new RemoteUsage.Rtt(1, 1, 1, 1, 1), new RemoteUsage.Life(0, 0, 0)))
                .loss(Loss.MISSED_WAKEUPS, 11).loss(Loss.THREADS_SHARING_PAGES, 4)));
        assertEquals(2, export.metric("bpfagent.pause").getExponentialHistogram().getDataPointsCount());
        Map<String, Long> operations = new TreeMap<>();
        for (ExponentialHistogramDataPoint point : export.metric("bpfagent.vm_operation").getExponentialHistogram()
                .getDataPointsList()) {
            operations.put(Receiver.labels(point.getAttributesList()).get("operation"), point.getCount());
        }
        assertEquals(Map.of("G1CollectForAllocation", 1L, "other", 1L), operations);
        assertEquals(Map.of(Map.of("context", "GET /a", "kind", "request", "state", "running"), 0.007),
                Map.copyOf(values(export.metric("bpfagent.context"))));
        assertEquals(Map.of(Map.of("disk", "vda", "user", "host", "operation", "write"), 12288.0),
                Map.copyOf(values(export.metric("bpfagent.disk"))));
        assertEquals(Map.of(Map.of("remote", "[::1]:443", "direction", "outgoing"), 7.0),
                Map.copyOf(values(export.metric("bpfagent.remote.retransmits"))));
        assertEquals(1, export.metric("bpfagent.remote.round_trip").getSummary().getDataPoints(0).getCount());
        assertEquals(Map.of(Map.of("context", "GET /a", "kind", "request"), 1.0),
                Map.copyOf(values(export.metric("bpfagent.context.entered"))));
        Map<Map<String, String>, Double> lost = values(export.metric("bpfagent.lost"));
        assertEquals(11, lost.get(Map.of("what", "missed_wakeups")));
        assertEquals(0, lost.get(Map.of("what", "otlp_exports")));
        assertFalse(lost.containsKey(Map.of("what", "threads_sharing_pages")));
        assertEquals(Map.of(Map.of(), 4.0), Map.copyOf(values(export.metric("bpfagent.threads_sharing_pages"))));
    }

    @Test
    void slowEventsOfTracesAreExemplarsOnce() throws Exception {
        String trace = "0af7651916cd43dd8448eb211c80319c";
        SlowEvent event = new SlowEvent(1, 1_700_000_000_123L, ThreadState.BLOCKED_DISK, 23_000_000, 12, 12,
                new ThreadIdentity(1, "main", ThreadKind.JAVA), "main", 0, WaitedOn.UNKNOWN, null, List.of(), List.of(),
                new TraceSpan(trace, "b7ad6b7169203331"), null);
        try (Extension extension = OtlpExtension.open(host)) {
            extension.update(taken(sample()).withSlow(List.of(event)));
            ExponentialHistogramDataPoint blocked = only(receiver.next().metric("bpfagent.blocked"));
            assertEquals(1, blocked.getExemplarsCount());
            assertEquals(0.023, blocked.getExemplars(0).getAsDouble());
            assertEquals(1_700_000_000_123_000_000L, blocked.getExemplars(0).getTimeUnixNano());
            assertEquals(trace, HexFormat.of().formatHex(blocked.getExemplars(0).getTraceId().toByteArray()));
            assertEquals("b7ad6b7169203331", HexFormat.of().formatHex(blocked.getExemplars(0).getSpanId()
                    .toByteArray()));
            extension.update(taken(sample()).withSlow(List.of(event)));
            assertEquals(0, only(receiver.next().metric("bpfagent.blocked")).getExemplarsCount());
        }
    }

    @Test
    void saysWhoseTheNumbersAre() throws Exception {
        set("otel.resource.attributes", "deployment.environment.name=prod,host.name=by%20hand");
        set("otel.service.name", "orders");
        set("otel.exporter.otlp.headers", "authorization=Basic%20abc");
        set("otel.exporter.otlp.compression", "gzip");
        Receiver.Export export = exported(taken(sample()));
        Map<String, String> resource = export.resource();
        assertEquals("orders", resource.get("service.name"));
        assertEquals("prod", resource.get("deployment.environment.name"));
        assertEquals("by hand", resource.get("host.name"));
        assertEquals("4711", resource.get("process.pid"));
        assertEquals("linux", resource.get("os.type"));
        assertEquals("opentelemetry", resource.get("telemetry.sdk.name"));
        assertEquals(36, resource.get("service.instance.id").length());
        assertEquals("Basic abc", export.headers().getFirst("Authorization"));
        assertEquals("gzip", export.headers().getFirst("Content-Encoding"));
        assertEquals("application/x-protobuf", export.headers().getFirst("Content-Type"));
        assertEquals("io.bpfagent", export.scope().getScope().getName());
        assertEquals("1.2.3", export.scope().getScope().getVersion());
    }

    @Test
    void theServiceIsTheJarOrTheMainClassByDefault() {
        assertEquals("app", HostResource.serviceName("/opt/my/app.jar --port 80"));
        assertEquals("com.acme.Main", HostResource.serviceName("com.acme.Main"));
        assertEquals("jdk.jfr/jdk.jfr.Main", HostResource.serviceName("jdk.jfr/jdk.jfr.Main x"));
        assertEquals(null, HostResource.serviceName(" "));
        assertEquals(null, HostResource.serviceName(null));
    }

    @Test
    void aReceiverThatIsDownIsToldOnceAndCounted() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        set("otel.exporter.otlp.endpoint", "http://127.0.0.1:" + port);
        try (Extension extension = OtlpExtension.open(host)) {
            String endpoint = "http://127.0.0.1:" + port + "/v1/metrics, every 100 ms, ";
            assertEquals(new Note(true, endpoint + "none yet"), extension.note());
            for (int i = 0; i < 200 && !extension.note().text().matches(LOST); i++) {
                extension.update(taken(sample()));
                Thread.sleep(20);
            }
            Note note = extension.note();
            assertTrue(!note.works() && note.text().startsWith(endpoint) && note.text().matches(LOST), note::text);
            assertEquals(List.of("Cannot export by OTLP: http://127.0.0.1:" + port + "/v1/metrics: no connection."
                    + " Numbers are cumulative: the next export that arrives has them all." + SEE), host.told);
            try (Receiver late = new Receiver(port)) {
                Receiver.Export export = null;
                for (int i = 0; i < 200 && export == null; i++) {
                    extension.update(taken(sample()));
                    Thread.sleep(20);
                    if (extension.note().works()) {
                        export = late.next();
                    }
                }
                long lost = values(export.metric("bpfagent.lost")).get(Map.of("what", "otlp_exports")).longValue();
                assertTrue(lost >= 3, () -> "lost " + lost);
            }
            assertEquals(1, host.told.size());
        }
    }

    @Test
    void aHostThatNobodyKnowsIsTold() throws Exception {
        set("otel.exporter.otlp.endpoint", "http://nobody.invalid:4318");
        try (Extension extension = OtlpExtension.open(host)) {
            extension.update(taken(sample()));
            await(() -> !host.told.isEmpty());
            assertTrue(host.told.get(0).contains(": no connection, the host's name is not known. "),
                    host.told::toString);
        }
    }

    @Test
    void aReceiverThatRefusesIsTold() throws Exception {
        receiver.status = 401;
        try (Extension extension = OtlpExtension.open(host)) {
            extension.update(taken(sample()));
            receiver.next();
            await(() -> !host.told.isEmpty());
            assertEquals("Cannot export by OTLP: " + receiver.endpoint()
                    + "/v1/metrics: the receiver answered with status"
                    + " 401. Numbers are cumulative: the next export that arrives has them all." + SEE,
                    host.told.get(0));
        }
    }

    @Test
    void whatAReceiverHasNotTakenIsCounted() throws Exception {
        receiver.answer = ExportMetricsServiceResponse.newBuilder().setPartialSuccess(
                ExportMetricsPartialSuccess.newBuilder().setRejectedDataPoints(23).setErrorMessage("too\nold")).build();
        try (Extension extension = OtlpExtension.open(host)) {
            extension.update(taken(sample()));
            receiver.next();
            await(() -> !host.told.isEmpty());
            assertEquals("Cannot export by OTLP: " + receiver.endpoint()
                    + "/v1/metrics: the receiver has not taken 23 of the"
                    + " numbers (too old)." + SEE, host.told.get(0));
            assertTrue(extension.note().text().endsWith("1 arrived, 0 lost, 23 numbers not taken; the last: the"
                    + " receiver has"
                    + " not taken 23 of the numbers (too old)"), extension.note()::text);
        }
    }

    @Test
    void aReceiverThatNeverAnswersIsGivenUp() throws Exception {
        receiver.delayMs = 3_000;
        set("otel.exporter.otlp.timeout", "200");
        try (Extension extension = OtlpExtension.open(host)) {
            extension.update(taken(sample()));
            receiver.next();
            await(() -> !host.told.isEmpty());
            assertTrue(host.told.get(0).contains(": TimeoutException: no answer in 200 ms. ")
                    || host.told.get(0).contains(": HttpTimeoutException: request timed out. "), host.told::toString);
        }
    }

    @Test
    void whatCameSinceTheLastExportIsSentAtTheEnd() throws Exception {
        set("otel.metric.export.interval", "60000");
        long beganNs = System.nanoTime();
        try (Extension extension = OtlpExtension.open(host)) {
            extension.update(taken(sample()));
        }
        assertTrue(receiver.next().names().contains("bpfagent.state"));
        assertTrue(System.nanoTime() - beganNs < 5_000_000_000L);
        assertEquals(0, Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(OtlpExtension.THREAD)).count());
    }

    @Test
    void closingWaitsForNoReceiver() throws Exception {
        receiver.delayMs = 10_000;
        set("otel.metric.export.interval", "60000");
        Extension extension = OtlpExtension.open(host);
        extension.update(taken(sample()));
        long beganNs = System.nanoTime();
        extension.close();
        assertTrue(System.nanoTime() - beganNs < 2_000_000_000L);
        await(() -> !host.told.isEmpty());
        assertTrue(host.told.get(0).contains(": no answer by the time that the extension was closed. "),
                host.told::toString);
    }

    @Test
    void nothingIsSentWithoutASnapshot() throws Exception {
        try (Extension extension = OtlpExtension.open(host)) {
            Thread.sleep(300);
            assertTrue(extension.note().text().endsWith("none yet"), extension.note()::text);
        }
    }

    @Test
    void badSettingsAreOneLine() {
        assertEquals("Cannot export by OTLP: OTLP endpoint scheme must be http or https: ftp. Correct the OTEL_*"
                + " variable or"
                + " -Dotel.* property that says so. All else works. See TROUBLESHOOTING.md, \"Cannot export by OTLP\".",
                refused("otel.exporter.otlp.endpoint", "ftp://host"));
        System.clearProperty("otel.exporter.otlp.endpoint");
        assertTrue(refused("otel.exporter.otlp.protocol", "grpc")
                .startsWith("Cannot export by OTLP: the protocol asked for"
                + " is 'grpc', and this extension speaks http/protobuf only. Set"
                + " OTEL_EXPORTER_OTLP_METRICS_PROTOCOL="));
        System.clearProperty("otel.exporter.otlp.protocol");
        assertTrue(refused("otel.metric.export.interval", "5").startsWith("Cannot export by OTLP:"
                + " OTEL_METRIC_EXPORT_INTERVAL must be at least 100 ms, interval=5 ms. "));
        assertTrue(refused("otel.metric.export.interval", "soon").startsWith("Cannot export by OTLP: "));
    }

    private String refused(String property, String value) {
        set(property, value);
        String line = assertThrows(ExtensionException.class, () -> OtlpExtension.open(host)).getMessage();
        assertEquals(1, line.lines().count());
        return line;
    }

    /** Waits up to 20 s. */
    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 2_000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
    }
}
