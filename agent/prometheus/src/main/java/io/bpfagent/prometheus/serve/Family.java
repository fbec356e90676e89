package io.bpfagent.prometheus.serve;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.List;

/**
 * A metric family of one scrape. client_java's own sorts its points, compares them with each other and looks at each
 * bucket; that is done for the formats of text alone, for whom it is written.
 */
sealed interface Family {
    /** Its name, without what a format puts behind it, and what it is. */
    MetricMetadata metadata();

    /** The same in client_java's model; histograms without native buckets, which no format of text has. */
    MetricSnapshot toSnapshot();

    /** What only grows. */
    record Counters(MetricMetadata metadata, List<CounterDataPointSnapshot> points) implements Family {
        @Override
        public MetricSnapshot toSnapshot() {
            return new CounterSnapshot(metadata, points);
        }
    }

    /** What goes up and down. */
    record Gauges(MetricMetadata metadata, List<GaugeDataPointSnapshot> points) implements Family {
        @Override
        public MetricSnapshot toSnapshot() {
            return new GaugeSnapshot(metadata, points);
        }
    }

    /** A count and a sum. */
    record Summaries(MetricMetadata metadata, List<SummaryDataPointSnapshot> points) implements Family {
        @Override
        public MetricSnapshot toSnapshot() {
            return new SummarySnapshot(metadata, points);
        }
    }

    /** What is always 1 and tells by its labels. */
    record Info(MetricMetadata metadata, InfoDataPointSnapshot point) implements Family {
        @Override
        public MetricSnapshot toSnapshot() {
            return new InfoSnapshot(metadata, List.of(point));
        }
    }

    /** Histograms, classic and native ones in one. */
    record Histograms(MetricMetadata metadata, List<HistogramPoint> points) implements Family {
        @Override
        public MetricSnapshot toSnapshot() {
            HistogramBuckets buckets = new HistogramBuckets();
            return new HistogramSnapshot(metadata, points.stream().map(point -> point.toSnapshot(buckets)).toList());
        }
    }
}
