package io.bpfagent.prometheus.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.SampleDistribution;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusProtobufWriter;
import io.prometheus.metrics.expositionformats.internal.PrometheusProtobufWriterImpl;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBucket;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

/** What we write, read by the classes that protoc made, against what client_java's own writer makes of the same. */
class ProtobufFormatTest {
    private static final long CREATED_MS = 1_700_000_000_123L;
    private static final String UMLAUTS = "Größe-\u4f60\ud83d\ude00";
    private static final MetricMetadata BLOCKED =
            new MetricMetadata("bpfagent_blocked_seconds", "Blocked.", Unit.SECONDS);
    private static final Labels POOL = Labels.of("pool", "a");
    private static final Exemplars SLOW =
            Exemplars.of(new Exemplar(0.2, Labels.of("trace_id", "12", "span_id", "34"), CREATED_MS));

    @Test
    void writesWhatTheLibraryWrites() throws IOException {
        sameAsTheLibrary(new Family.Counters(
                new MetricMetadata("bpfagent_state_seconds", "Times.", Unit.SECONDS), List.of(
                // As the library sorts them.
                new CounterDataPointSnapshot(0, Labels.of("pool", UMLAUTS, "state", "running"), null, 0),
                new CounterDataPointSnapshot(1.5, Labels.of("pool", "a", "state", "running"), null, CREATED_MS))));
        sameAsTheLibrary(new Family.Gauges(new MetricMetadata("bpfagent_threads", "Threads."), List.of(
                new GaugeDataPointSnapshot(-3, Labels.EMPTY, null))));
        sameAsTheLibrary(new Family.Info(new MetricMetadata("bpfagent", "The agent."),
                new InfoDataPointSnapshot(Labels.of("version", "1"))));
        sameAsTheLibrary(new Family.Summaries(
                new MetricMetadata("bpfagent_rtt_seconds", "Round trips.", Unit.SECONDS), List.of(
                new SummaryDataPointSnapshot(3, 0.25, Quantiles.EMPTY, Labels.of("remote", "a"), Exemplars.EMPTY,
                        CREATED_MS))));
    }

    @Test
    void writesHistogramsAsTheLibraryDoes() throws IOException {
        // The first has no width; 100 us twice and 101 us are in one bucket, 120 us in one further on.
        sameAsTheLibrary(20, 63, 100_000, 100_000, 101_000, 120_000, 200_000_000, 3_000_000_000L);
        sameAsTheLibrary(40);
        sameAsTheLibrary(700);
        long[] many = new long[1_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = 64L << i % 30;
        }
        sameAsTheLibrary(many);
    }

    private static void sameAsTheLibrary(long... ns) throws IOException {
        Distribution distribution = SampleDistribution.of(ns);
        sameAsTheLibrary(distribution, BucketTable.SECONDS, distribution.sumNs() / 1e9, 63e-9,
                upToNs -> upToNs / 1e9, upToNs -> upToNs / 1e9);
        // One of them is 64 ns, of the classic buckets one has what begins within it.
        sameAsTheLibrary(distribution, BucketTable.NUMBERS, distribution.sumNs() / 64, 0, upToNs -> upToNs / 64,
                upToNs -> lowest(upToNs / 64));
    }

    /** Of a bucket that ends with this: of 32 and more each power of two has sixteen. */
    private static double lowest(long upTo) {
        return upTo < 32 ? upTo : upTo + 1 - Long.highestOneBit(upTo) / 16;
    }

    private static void sameAsTheLibrary(Distribution distribution, BucketTable table, double sum, double threshold,
            LongToDoubleFunction value, LongToDoubleFunction classicValue) throws IOException {
        double[] bounds = table.bounds();
        long[] classic = new long[bounds.length];
        long[] zeros = {0};
        SortedMap<Integer, Long> positive = new TreeMap<>();
        distribution.forEachBucket((upToNs, count) -> {
            int at = 0;
            while (bounds[at] < classicValue.applyAsDouble(upToNs)) {
                at++;
            }
            classic[at] += count;
            if (upToNs < 64) {
                zeros[0] += count;
            } else {
                double power = Math.log(value.applyAsDouble(upToNs)) / Math.log(2) * 16;
                // Powers of two are bounds, whatever logarithms make of them.
                positive.merge((int) Math.ceil(power - 1e-9), count, Long::sum);
            }
        });
        NativeHistogramBuckets.Builder natives = NativeHistogramBuckets.builder();
        positive.forEach(natives::bucket);
        sameAs(new HistogramSnapshot(BLOCKED, List.of(new HistogramDataPointSnapshot(
                ClassicHistogramBuckets.of(bounds, classic), 4, zeros[0], threshold, natives.build(),
                NativeHistogramBuckets.EMPTY, sum, POOL, SLOW, CREATED_MS))),
                new Family.Histograms(BLOCKED, List.of(
                        new HistogramPoint(distribution, table, POOL, SLOW, CREATED_MS))));
    }

    private static void sameAsTheLibrary(Family family) throws IOException {
        sameAs(family.toSnapshot(), family);
    }

    private static void sameAs(MetricSnapshot library, Family family) throws IOException {
        var expected = new PrometheusProtobufWriterImpl().convert(library, EscapingScheme.UNDERSCORE_ESCAPING);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ProtobufFormat().write(out, List.of(family));
        ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
        assertEquals(expected, expected.getParserForType().parseDelimitedFrom(in));
        assertEquals(0, in.available());
    }

    @Test
    void textHasTheClassicBuckets() {
        Distribution numbers = SampleDistribution.of(1 << 6, 256 << 6, 4096 << 6, 4096 << 6);
        HistogramSnapshot made = (HistogramSnapshot) new Family.Histograms(BLOCKED, List.of(
                new HistogramPoint(numbers, BucketTable.NUMBERS, POOL, SLOW, CREATED_MS),
                new HistogramPoint(SampleDistribution.of(700), BucketTable.NUMBERS, Labels.of("pool", "b"), SLOW, 1)))
                .toSnapshot();
        HistogramDataPointSnapshot first = made.getDataPoints().get(0);
        assertEquals(List.of(1L, 0L, 1L, 0L, 2L, 0L, 0L, 0L, 0L, 0L, 0L, 0L),
                first.getClassicBuckets().stream().map(ClassicHistogramBucket::getCount).toList());
        assertEquals(4, first.getCount());
        assertEquals(1 + 256 + 2 * 4096, first.getSum());
        assertEquals(CREATED_MS, first.getCreatedTimestampMillis());
        assertEquals(SLOW, first.getExemplars());
        assertEquals(1, made.getDataPoints().get(1).getCount());
    }

    @Test
    void writesOneFamilyAfterTheOther() throws IOException {
        Family one = new Family.Gauges(new MetricMetadata("one"), List.of(
                new GaugeDataPointSnapshot(1, Labels.EMPTY, null)));
        Family two = new Family.Gauges(new MetricMetadata("two"), List.of(
                new GaugeDataPointSnapshot(2, Labels.EMPTY, null)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        new ProtobufFormat().write(out, List.of(one, two));
        new PrometheusProtobufWriter().write(expected, new MetricSnapshots(one.toSnapshot(), two.toSnapshot()),
                EscapingScheme.UNDERSCORE_ESCAPING);
        assertEquals(expected.size(), out.size());
    }

    @Test
    void acceptsWhatThePrometheusServerSends() {
        assertTrue(ProtobufFormat.isAccepted("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
                + "encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,"
                + "text/plain;version=0.0.4;q=0.7"));
        assertFalse(ProtobufFormat.isAccepted("application/openmetrics-text;version=1.0.0,"
                + "application/openmetrics-text"));
        assertFalse(ProtobufFormat.isAccepted(null));
    }
}
