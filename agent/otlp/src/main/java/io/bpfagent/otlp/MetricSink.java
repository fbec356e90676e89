package io.bpfagent.otlp;

import io.bpfagent.correlation.Distribution;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.data.SummaryData;
import io.opentelemetry.sdk.metrics.data.SummaryPointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableGaugeData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableMetricData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the points of one export by metric; all are cumulative. One thread, one export. */
final class MetricSink {
    /** Nanoseconds of a second. A quotient is the double that is nearest to the decimal number, a product is not. */
    static final double SECONDS = 1e9;
    static final String SECOND = "s";
    static final String BYTE = "By";
    /** Of what is only counted. */
    static final String NONE = "";
    /** By so many bits what is no time stands shifted in a distribution: each is counted as 64 ns. */
    static final int NUMBER_SHIFT = 6;

    private final Resource resource;
    private final InstrumentationScopeInfo scope;
    private final long beganNs;
    private final long atNs;
    private final List<MetricData> finished = new ArrayList<>();
    private final ExponentialBuckets exponential = new ExponentialBuckets();
    private final Map<String, Histograms> histograms = new LinkedHashMap<>();

    private record Histograms(String unit, String description, List<ExponentialHistogramPointData> points) {}

    /**
     * @param beganNs since when the numbers count, ns since 1970
     * @param atNs    of when they are, ns since 1970
     */
    MetricSink(Resource resource, InstrumentationScopeInfo scope, long beganNs, long atNs) {
        this.resource = resource;
        this.scope = scope;
        this.beganNs = beganNs;
        this.atNs = atNs;
    }

    /** Points of a metric whose values are whole numbers. */
    final class Counts {
        private final List<LongPointData> points = new ArrayList<>();

        Counts add(Attributes attributes, long value) {
            points.add(LongPointData.create(beganNs, atNs, attributes, value));
            return this;
        }

        /** As a sum that only grows. */
        void sum(String name, String unit, String description) {
            if (!points.isEmpty()) {
                finished.add(ImmutableMetricData.createLongSum(resource, scope, name, description, unit,
                        SumData.createLongSumData(true, AggregationTemporality.CUMULATIVE, points)));
            }
        }

        /** As a level. */
        void gauge(String name, String unit, String description) {
            if (!points.isEmpty()) {
                GaugeData<LongPointData> data = ImmutableGaugeData.create(points);
                finished.add(ImmutableMetricData.createLongGauge(resource, scope, name, description, unit, data));
            }
        }
    }

    /** Points of a metric whose values are times. */
    final class Times {
        private final List<DoublePointData> points = new ArrayList<>();

        Times add(Attributes attributes, long ns) {
            points.add(DoublePointData.create(beganNs, atNs, attributes, ns / SECONDS, List.of()));
            return this;
        }

        /** As a sum that only grows, in seconds. */
        void sum(String name, String description) {
            if (!points.isEmpty()) {
                finished.add(ImmutableMetricData.createDoubleSum(resource, scope, name, description, SECOND,
                        SumData.createDoubleSumData(true, AggregationTemporality.CUMULATIVE, points)));
            }
        }
    }

    /** Points of a metric of which only number and sum are known. */
    final class Summaries {
        private final List<SummaryPointData> points = new ArrayList<>();

        void add(Attributes attributes, long count, long sumNs) {
            if (count > 0) {
                points.add(SummaryPointData.create(beganNs, atNs, attributes, count, sumNs / SECONDS, List.of()));
            }
        }

        /** In seconds. */
        void summary(String name, String description) {
            if (!points.isEmpty()) {
                finished.add(ImmutableMetricData.createDoubleSummary(resource, scope, name, description, SECOND,
                        SummaryData.create(points)));
            }
        }
    }

    Summaries summaries() {
        return new Summaries();
    }

    Counts counts() {
        return new Counts();
    }

    Times times() {
        return new Times();
    }

    /** Adds one of times. */
    void seconds(String name, String description, Attributes attributes, Distribution distribution) {
        seconds(name, description, attributes, distribution, List.of());
    }

    /** Adds one of times, with some of its values. */
    void seconds(String name, String description, Attributes attributes, Distribution distribution,
            List<DoubleExemplarData> exemplars) {
        histogram(Names.PREFIX + name, SECOND, description, attributes, distribution, SECONDS, 0, 0, exemplars);
    }

    /** Adds one of sizes. */
    void bytes(String name, String description, Attributes attributes, Distribution distribution) {
        histogram(Names.PREFIX + name, BYTE, description, attributes, distribution, 1, NUMBER_SHIFT, 0, List.of());
    }

    /**
     * Adds one histogram to those of {@code name}; nothing if it is empty.
     *
     * @param divisor by which a value is divided for {@code unit}
     * @param shift  by how many bits values stand shifted in the distribution
     * @param since  since when it counts, ns since 1970; 0: as all others
     * @param exemplars some of its values
     */
    void histogram(String name, String unit, String description, Attributes attributes, Distribution distribution,
            double divisor, int shift, long since, List<DoubleExemplarData> exemplars) {
        if (distribution.count() == 0) {
            return;
        }
        ExponentialBuckets buckets = exponential.of(distribution, divisor, shift);
        histograms.computeIfAbsent(name, key -> new Histograms(unit, description, new ArrayList<>())).points
                .add(ExponentialHistogramPointData.create(ExponentialBuckets.SCALE,
                        (distribution.sumNs() >> shift) / divisor, buckets.zeros(), false, 0, true,
                        (distribution.maxNs() >> shift) / divisor, buckets.positive(), ExponentialBuckets.none(),
                        since == 0 ? beganNs : since, atNs, attributes, exemplars));
    }

    /** All metrics. */
    List<MetricData> finish() {
        histograms.forEach((name, of) -> finished.add(ImmutableMetricData.createExponentialHistogram(resource, scope,
                name, of.description, of.unit,
                ExponentialHistogramData.create(AggregationTemporality.CUMULATIVE, of.points))));
        return finished;
    }
}
