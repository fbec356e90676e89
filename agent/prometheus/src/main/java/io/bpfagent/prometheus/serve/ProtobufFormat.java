package io.bpfagent.prometheus.serve;

import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Prometheus' protobuf, the only format that has native histograms: what client_java's own writer writes, without the
 * runtime of Protocol Buffers, which would be 1.2 MB of the jar and calls {@code sun.misc.Unsafe}, of which newer JVMs
 * warn, and without its model in between, which took two thirds of the time (docs/decisions/0025). One thread.
 *
 * <p>Source: io/prometheus/client/metrics.proto of client_model 0.6; a field's name stands before its number.
 */
final class ProtobufFormat {
    /** What {@code Content-Type} says. */
    static final String CONTENT_TYPE =
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

    private static final String TYPE = "application/vnd.google.protobuf";
    private static final String MESSAGE = "proto=io.prometheus.client.MetricFamily";

    private static final int FAMILY_NAME = 1;
    private static final int FAMILY_HELP = 2;
    private static final int FAMILY_TYPE = 3;
    private static final int FAMILY_METRIC = 4;
    private static final int TYPE_COUNTER = 0;
    private static final int TYPE_GAUGE = 1;
    private static final int TYPE_SUMMARY = 2;
    private static final int TYPE_HISTOGRAM = 4;

    private static final int METRIC_LABEL = 1;
    private static final int METRIC_GAUGE = 2;
    private static final int METRIC_COUNTER = 3;
    private static final int METRIC_SUMMARY = 4;
    private static final int METRIC_HISTOGRAM = 7;
    private static final int LABEL_NAME = 1;
    private static final int LABEL_VALUE = 2;
    /** Of a gauge and of a counter. */
    private static final int VALUE = 1;
    private static final int COUNTER_CREATED = 3;
    private static final int SUMMARY_COUNT = 1;
    private static final int SUMMARY_SUM = 2;

    private static final int HISTOGRAM_COUNT = 1;
    private static final int HISTOGRAM_SUM = 2;
    private static final int HISTOGRAM_BUCKET = 3;
    private static final int HISTOGRAM_SCHEMA = 5;
    private static final int HISTOGRAM_ZERO_THRESHOLD = 6;
    private static final int HISTOGRAM_ZERO_COUNT = 7;
    private static final int HISTOGRAM_SPAN = 12;
    private static final int HISTOGRAM_DELTA = 13;
    private static final int BUCKET_COUNT = 1;
    private static final int BUCKET_BOUND = 2;
    private static final int BUCKET_EXEMPLAR = 3;
    private static final int SPAN_OFFSET = 1;
    private static final int SPAN_LENGTH = 2;
    private static final int EXEMPLAR_LABEL = 1;
    private static final int EXEMPLAR_VALUE = 2;
    private static final int EXEMPLAR_TIME = 3;
    private static final int TIME_SECONDS = 1;
    private static final int TIME_NANOS = 2;

    private final ProtobufBuffer to = new ProtobufBuffer();
    /** Of one family, whose length stands before it. */
    private final Pieces points = new Pieces();
    private final HistogramBuckets buckets = new HistogramBuckets();

    /** Whether who asks can read it; what {@code Accept} says, or null. */
    static boolean isAccepted(String accept) {
        return accept != null && accept.contains(TYPE) && accept.contains(MESSAGE);
    }

    /** Writes one after the other. All names are valid in Prometheus: there is nothing to be escaped. */
    void write(OutputStream out, List<Family> families) throws IOException {
        for (Family family : families) {
            points.clear();
            family(family);
            to.length(points.size());
            to.moveTo(out);
            points.writeTo(out);
        }
    }

    private void family(Family family) throws IOException {
        MetricMetadata metadata = family.metadata();
        if (family instanceof Family.Histograms histograms) {
            head(metadata, "", TYPE_HISTOGRAM);
            points(histograms.points(), HistogramPoint::labels, this::histogram);
        } else if (family instanceof Family.Counters counters) {
            head(metadata, "_total", TYPE_COUNTER);
            points(counters.points(), DataPointSnapshot::getLabels, this::counter);
        } else if (family instanceof Family.Gauges gauges) {
            head(metadata, "", TYPE_GAUGE);
            points(gauges.points(), DataPointSnapshot::getLabels, gauge -> gauge(gauge.getValue()));
        } else if (family instanceof Family.Summaries summaries) {
            head(metadata, "", TYPE_SUMMARY);
            points(summaries.points(), DataPointSnapshot::getLabels, this::summary);
        } else {
            head(metadata, "_info", TYPE_GAUGE);
            points(List.of(((Family.Info) family).point()), DataPointSnapshot::getLabels, info -> gauge(1));
        }
    }

    private void head(MetricMetadata metadata, String suffix, int type) {
        to.text(FAMILY_NAME, metadata.getPrometheusName() + suffix);
        if (metadata.getHelp() != null) {
            to.text(FAMILY_HELP, metadata.getHelp());
        }
        to.number(FAMILY_TYPE, type);
    }

    private <P> void points(List<P> all, Function<P, Labels> labels, Consumer<P> value) throws IOException {
        for (P point : all) {
            int metric = to.begin(FAMILY_METRIC);
            labels(METRIC_LABEL, labels.apply(point));
            value.accept(point);
            to.end(metric);
            to.moveTo(points);
        }
    }

    private void counter(CounterDataPointSnapshot counter) {
        int begun = to.begin(METRIC_COUNTER);
        to.real(VALUE, counter.getValue());
        if (counter.hasCreatedTimestamp()) {
            time(COUNTER_CREATED, counter.getCreatedTimestampMillis());
        }
        to.end(begun);
    }

    private void gauge(double value) {
        int begun = to.begin(METRIC_GAUGE);
        to.real(VALUE, value);
        to.end(begun);
    }

    private void summary(SummaryDataPointSnapshot summary) {
        int begun = to.begin(METRIC_SUMMARY);
        to.number(SUMMARY_COUNT, summary.getCount());
        to.real(SUMMARY_SUM, summary.getSum());
        to.end(begun);
    }

    private void labels(int field, Labels labels) {
        for (int i = 0; i < labels.size(); i++) {
            int begun = to.begin(field);
            to.text(LABEL_NAME, labels.getPrometheusName(i));
            to.text(LABEL_VALUE, labels.getValue(i));
            to.end(begun);
        }
    }

    private void histogram(HistogramPoint point) {
        buckets.fill(point);
        int begun = to.begin(METRIC_HISTOGRAM);
        to.number(HISTOGRAM_COUNT, buckets.count());
        to.real(HISTOGRAM_SUM, point.sum());
        Exemplars exemplars = point.exemplars();
        double[] bounds = point.table().bounds();
        long[] classic = buckets.classic();
        double lower = Double.NEGATIVE_INFINITY;
        long count = 0;
        for (int i = 0; i < bounds.length; i++) {
            count += classic[i];
            int bucket = to.begin(HISTOGRAM_BUCKET);
            to.number(BUCKET_COUNT, count);
            to.real(BUCKET_BOUND, bounds[i]);
            Exemplar exemplar = exemplars.size() == 0 ? null : exemplars.get(lower, bounds[i]);
            if (exemplar != null) {
                exemplar(BUCKET_EXEMPLAR, exemplar);
            }
            to.end(bucket);
            lower = bounds[i];
        }
        to.signed(HISTOGRAM_SCHEMA, NativeBuckets.SCHEMA);
        to.real(HISTOGRAM_ZERO_THRESHOLD, point.table().zeroThreshold());
        to.number(HISTOGRAM_ZERO_COUNT, buckets.zeros());
        positive(buckets.positive());
        to.end(begun);
    }

    /** Runs of buckets that follow each other, then how each count differs from the one before. */
    private void positive(NativeBuckets positive) {
        int next = 0;
        int first = 0;
        int size = positive.size();
        while (first < size) {
            int last = first;
            while (last + 1 < size && positive.numberAt(last + 1) == positive.numberAt(last) + 1) {
                last++;
            }
            span(positive.numberAt(first) - next, last - first + 1);
            next = positive.numberAt(last) + 1;
            first = last + 1;
        }
        long before = 0;
        for (int i = 0; i < size; i++) {
            to.signed(HISTOGRAM_DELTA, positive.countAt(i) - before);
            before = positive.countAt(i);
        }
    }

    private void span(int offset, int length) {
        int begun = to.begin(HISTOGRAM_SPAN);
        to.signed(SPAN_OFFSET, offset);
        to.number(SPAN_LENGTH, length);
        to.end(begun);
    }

    private void exemplar(int field, Exemplar exemplar) {
        int begun = to.begin(field);
        labels(EXEMPLAR_LABEL, exemplar.getLabels());
        to.real(EXEMPLAR_VALUE, exemplar.getValue());
        if (exemplar.hasTimestamp()) {
            time(EXEMPLAR_TIME, exemplar.getTimestampMillis());
        }
        to.end(begun);
    }

    private void time(int field, long ms) {
        int begun = to.begin(field);
        to.number(TIME_SECONDS, ms / 1000);
        to.number(TIME_NANOS, ms % 1000 * 1_000_000);
        to.end(begun);
    }
}
