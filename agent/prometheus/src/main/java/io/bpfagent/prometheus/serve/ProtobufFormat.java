package io.bpfagent.prometheus.serve;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Prometheus' protobuf, the only format that has native histograms: what client_java's own writer writes, without the
 * runtime of Protocol Buffers, which would be 1.2 MB of the jar and calls {@code sun.misc.Unsafe}, of which newer JVMs
 * warn (docs/decisions/0025). Any number of threads, each with a buffer of its own.
 *
 * <p>Source: io/prometheus/client/metrics.proto of client_model 0.6; a field's name stands before its number.
 */
final class ProtobufFormat implements ExpositionFormatWriter {
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

    @Override
    public boolean accepts(String accept) {
        return accept != null && accept.contains(TYPE) && accept.contains(MESSAGE);
    }

    @Override
    public String getContentType() {
        return TYPE + "; " + MESSAGE + "; encoding=delimited";
    }

    /** All names are valid in Prometheus: there is nothing to be escaped. */
    @Override
    public void write(OutputStream out, MetricSnapshots families, EscapingScheme escaping) throws IOException {
        ProtobufBuffer to = new ProtobufBuffer();
        for (MetricSnapshot family : families) {
            to.clear();
            family(to, family);
            to.writeDelimitedTo(out);
        }
    }

    private static void family(ProtobufBuffer to, MetricSnapshot family) {
        String name = family.getMetadata().getPrometheusName();
        int type = TYPE_GAUGE;
        if (family instanceof CounterSnapshot) {
            name = name + "_total";
            type = TYPE_COUNTER;
        } else if (family instanceof InfoSnapshot) {
            name = name + "_info";
        } else if (family instanceof HistogramSnapshot) {
            type = TYPE_HISTOGRAM;
        } else if (family instanceof SummarySnapshot) {
            type = TYPE_SUMMARY;
        } else if (!(family instanceof GaugeSnapshot)) {
            throw new IllegalArgumentException("a family must be one of those that are made here, family=" + family);
        }
        to.text(FAMILY_NAME, name);
        if (family.getMetadata().getHelp() != null) {
            to.text(FAMILY_HELP, family.getMetadata().getHelp());
        }
        to.number(FAMILY_TYPE, type);
        for (DataPointSnapshot point : family.getDataPoints()) {
            int metric = to.begin(FAMILY_METRIC);
            labels(to, METRIC_LABEL, point.getLabels());
            value(to, point);
            to.end(metric);
        }
    }

    private static void value(ProtobufBuffer to, DataPointSnapshot point) {
        if (point instanceof HistogramDataPointSnapshot histogram) {
            histogram(to, histogram);
        } else if (point instanceof CounterDataPointSnapshot counter) {
            int begun = to.begin(METRIC_COUNTER);
            to.real(VALUE, counter.getValue());
            created(to, COUNTER_CREATED, counter);
            to.end(begun);
        } else if (point instanceof SummaryDataPointSnapshot summary) {
            int begun = to.begin(METRIC_SUMMARY);
            to.number(SUMMARY_COUNT, summary.getCount());
            to.real(SUMMARY_SUM, summary.getSum());
            to.end(begun);
        } else {
            int begun = to.begin(METRIC_GAUGE);
            to.real(VALUE, point instanceof GaugeDataPointSnapshot gauge ? gauge.getValue() : 1);
            to.end(begun);
        }
    }

    private static void labels(ProtobufBuffer to, int field, Labels labels) {
        for (int i = 0; i < labels.size(); i++) {
            int begun = to.begin(field);
            to.text(LABEL_NAME, labels.getPrometheusName(i));
            to.text(LABEL_VALUE, labels.getValue(i));
            to.end(begun);
        }
    }

    private static void histogram(ProtobufBuffer to, HistogramDataPointSnapshot histogram) {
        int begun = to.begin(METRIC_HISTOGRAM);
        to.number(HISTOGRAM_COUNT, histogram.getCount());
        to.real(HISTOGRAM_SUM, histogram.getSum());
        Exemplars exemplars = histogram.getExemplars();
        ClassicHistogramBuckets classic = histogram.getClassicBuckets();
        double lower = Double.NEGATIVE_INFINITY;
        long count = 0;
        for (int i = 0; i < classic.size(); i++) {
            double upper = classic.getUpperBound(i);
            count += classic.getCount(i);
            int bucket = to.begin(HISTOGRAM_BUCKET);
            to.number(BUCKET_COUNT, count);
            to.real(BUCKET_BOUND, upper);
            Exemplar exemplar = exemplars.size() == 0 ? null : exemplars.get(lower, upper);
            if (exemplar != null) {
                exemplar(to, BUCKET_EXEMPLAR, exemplar);
            }
            to.end(bucket);
            lower = upper;
        }
        to.signed(HISTOGRAM_SCHEMA, histogram.getNativeSchema());
        to.real(HISTOGRAM_ZERO_THRESHOLD, histogram.getNativeZeroThreshold());
        to.number(HISTOGRAM_ZERO_COUNT, histogram.getNativeZeroCount());
        nativeBuckets(to, histogram.getNativeBucketsForPositiveValues());
        to.end(begun);
    }

    /** Runs of buckets that follow each other, then how each count differs from the one before. */
    private static void nativeBuckets(ProtobufBuffer to, NativeHistogramBuckets buckets) {
        int next = 0;
        int first = 0;
        int size = buckets.size();
        while (first < size) {
            int last = first;
            while (last + 1 < size && buckets.getBucketIndex(last + 1) == buckets.getBucketIndex(last) + 1) {
                last++;
            }
            span(to, buckets.getBucketIndex(first) - next, last - first + 1);
            next = buckets.getBucketIndex(last) + 1;
            first = last + 1;
        }
        long before = 0;
        for (int i = 0; i < size; i++) {
            to.signed(HISTOGRAM_DELTA, buckets.getCount(i) - before);
            before = buckets.getCount(i);
        }
    }

    private static void span(ProtobufBuffer to, int offset, int length) {
        int begun = to.begin(HISTOGRAM_SPAN);
        to.signed(SPAN_OFFSET, offset);
        to.number(SPAN_LENGTH, length);
        to.end(begun);
    }

    private static void exemplar(ProtobufBuffer to, int field, Exemplar exemplar) {
        int begun = to.begin(field);
        labels(to, EXEMPLAR_LABEL, exemplar.getLabels());
        to.real(EXEMPLAR_VALUE, exemplar.getValue());
        if (exemplar.hasTimestamp()) {
            time(to, EXEMPLAR_TIME, exemplar.getTimestampMillis());
        }
        to.end(begun);
    }

    private static void created(ProtobufBuffer to, int field, DataPointSnapshot point) {
        if (point.hasCreatedTimestamp()) {
            time(to, field, point.getCreatedTimestampMillis());
        }
    }

    private static void time(ProtobufBuffer to, int field, long ms) {
        int begun = to.begin(field);
        to.number(TIME_SECONDS, ms / 1000);
        to.number(TIME_NANOS, ms % 1000 * 1_000_000);
        to.end(begun);
    }
}
