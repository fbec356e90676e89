package io.bpfagent.prometheus.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusProtobufWriter;
import io.prometheus.metrics.expositionformats.internal.PrometheusProtobufWriterImpl;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What we write, read by the classes that protoc made, against what client_java's own writer makes of the same. */
class ProtobufFormatTest {
    private static final long CREATED_MS = 1_700_000_000_123L;
    private static final String UMLAUTS = "Größe-\u4f60\ud83d\ude00";

    @Test
    void writesWhatTheLibraryWrites() throws IOException {
        sameAsTheLibrary(new CounterSnapshot(new MetricMetadata("bpfagent_state_seconds", "Times.", Unit.SECONDS),
                List.of(
                new CounterDataPointSnapshot(1.5, Labels.of("pool", "a", "state", "running"), null, CREATED_MS),
                new CounterDataPointSnapshot(0, Labels.of("pool", UMLAUTS, "state", "running"), null, 0))));
        sameAsTheLibrary(new GaugeSnapshot(new MetricMetadata("bpfagent_threads", "Threads."), List.of(
                new GaugeDataPointSnapshot(-3, Labels.EMPTY, null))));
        sameAsTheLibrary(new InfoSnapshot(new MetricMetadata("bpfagent", "The agent."), List.of(
                new InfoDataPointSnapshot(Labels.of("version", "1")))));
        sameAsTheLibrary(new SummarySnapshot(new MetricMetadata("bpfagent_rtt_seconds", "Round trips.", Unit.SECONDS),
                List.of(new SummaryDataPointSnapshot(3, 0.25, Quantiles.EMPTY, Labels.of("remote", "a"),
                        Exemplars.EMPTY, CREATED_MS))));
    }

    @Test
    void writesHistogramsAsTheLibraryDoes() throws IOException {
        sameAsTheLibrary(histogram(new int[] {-160, -159, -150, 0, 1, 2, 700},
                new long[] {1, 300, 2, 1_000_000_000_000L, 5, 4, 3}));
        sameAsTheLibrary(histogram(new int[0], new long[0]));
        sameAsTheLibrary(histogram(new int[] {5}, new long[] {7}));
    }

    private static HistogramSnapshot histogram(int[] numbers, long[] counts) {
        Exemplar exemplar = new Exemplar(0.2, Labels.of("trace_id", "12", "span_id", "34"), CREATED_MS);
        long[] classic = {2, 5, 0};
        long zeros = 4;
        for (long count : counts) {
            classic[2] += count;
        }
        classic[2] -= 3;
        if (counts.length == 0) {
            classic = new long[] {4, 0, 0};
        }
        return new HistogramSnapshot(new MetricMetadata("bpfagent_blocked_seconds", "Blocked.", Unit.SECONDS), List.of(
                new HistogramDataPointSnapshot(ClassicHistogramBuckets.of(
                        new double[] {0.1, 1, Double.POSITIVE_INFINITY}, classic), 4, zeros, 63e-9,
                        NativeHistogramBuckets.of(numbers, counts), NativeHistogramBuckets.EMPTY, 12.5,
                        Labels.of("pool", "a"), Exemplars.of(exemplar), CREATED_MS)));
    }

    private static void sameAsTheLibrary(MetricSnapshot family) throws IOException {
        var expected = new PrometheusProtobufWriterImpl().convert(family, EscapingScheme.UNDERSCORE_ESCAPING);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ProtobufFormat().write(out, new MetricSnapshots(family), EscapingScheme.UNDERSCORE_ESCAPING);
        ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
        assertEquals(expected, expected.getParserForType().parseDelimitedFrom(in));
        assertEquals(0, in.available());
    }

    @Test
    void writesOneFamilyAfterTheOther() throws IOException {
        GaugeSnapshot one = new GaugeSnapshot(new MetricMetadata("one"), List.of(
                new GaugeDataPointSnapshot(1, Labels.EMPTY, null)));
        GaugeSnapshot two = new GaugeSnapshot(new MetricMetadata("two"), List.of(
                new GaugeDataPointSnapshot(2, Labels.EMPTY, null)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        MetricSnapshots both = new MetricSnapshots(one, two);
        new ProtobufFormat().write(out, both, EscapingScheme.UNDERSCORE_ESCAPING);
        new PrometheusProtobufWriter().write(expected, both, EscapingScheme.UNDERSCORE_ESCAPING);
        assertEquals(expected.size(), out.size());
    }

    @Test
    void refusesWhatIsNeverMade() {
        UnknownSnapshot unknown = UnknownSnapshot.builder().name("x").build();
        assertThrows(IllegalArgumentException.class, () -> new ProtobufFormat().write(new ByteArrayOutputStream(),
                new MetricSnapshots(unknown), EscapingScheme.UNDERSCORE_ESCAPING));
    }

    @Test
    void acceptsWhatThePrometheusServerSends() {
        ProtobufFormat format = new ProtobufFormat();
        assertTrue(format.accepts("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
                + "encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,"
                + "text/plain;version=0.0.4;q=0.7"));
        assertFalse(format.accepts("application/openmetrics-text;version=1.0.0,application/openmetrics-text"));
        assertFalse(format.accepts(null));
    }
}
