package io.bpfagent.report;

import io.bpfagent.report.LatencyReading.Bucket;
import io.bpfagent.report.LatencyReading.Window;
import javax.management.DynamicMBean;
import javax.management.MBeanInfo;
import javax.management.openmbean.SimpleType;

/**
 * What {@code type=Latency} beans have. All numbers are ns; when Count is 0 the others are 0 too,
 * because a number of JMX cannot be null.
 */
final class LatencyBean {
    private static final OpenRows<Bucket> BUCKETS = new OpenRows<Bucket>("io.bpfagent.Bucket",
            "How many times were at most upToNs, and longer than the bucket before")
            .longColumn("upToNs", "Upper bound, inclusive, ns", Bucket::upToNs)
            .longColumn("count", "How many, not cumulative", Bucket::count)
            .done();

    private static final OpenRows<Window> WINDOW = new OpenRows<Window>("io.bpfagent.Interval",
            "The histogram of the last whole interval, ns")
            .longColumn("lengthNs", "How long the interval was; 0 before the first one", Window::lengthNs)
            .longColumn("count", "How many stays ended in it", window -> window.summary().count())
            .longColumn("sum", "Their sum", window -> window.summary().sum())
            .longColumn("min", "Lower bound of the lowest bucket", window -> window.summary().min())
            .column("mean", "sum / count", SimpleType.DOUBLE, window -> window.summary().mean())
            .longColumn("max", "Upper bound of the longest", window -> window.summary().max())
            .longColumn("p50", "50th percentile", window -> window.summary().p50())
            .longColumn("p90", "90th percentile", window -> window.summary().p90())
            .longColumn("p99", "99th percentile", window -> window.summary().p99())
            .longColumn("p999", "99.9th percentile", window -> window.summary().p999())
            .done();

    /** The attributes take a summary, so that those of one request are of one snapshot. */
    private record Request(LatencyReading reading, Summary summary) {
    }

    private static final OpenBeanType<Request> TYPE = new OpenBeanType<Request>(
            LatencyBean.class.getName(), "Histogram of the times that threads spent in one state, ns")
            .attribute("Unit", "Unit of all times", SimpleType.STRING, request -> "ns")
            .attribute("Count", "How many stays in the state have ended", SimpleType.LONG,
                    request -> request.summary.count())
            .attribute("Sum", "Their sum", SimpleType.LONG, request -> request.summary.sum())
            .attribute("Min", "Lower bound of the lowest bucket", SimpleType.LONG, request -> request.summary.min())
            .attribute("Mean", "Sum / Count", SimpleType.DOUBLE, request -> request.summary.mean())
            .attribute("P50", "50th percentile", SimpleType.LONG, request -> request.summary.p50())
            .attribute("P90", "90th percentile", SimpleType.LONG, request -> request.summary.p90())
            .attribute("P99", "99th percentile", SimpleType.LONG, request -> request.summary.p99())
            .attribute("P999", "99.9th percentile", SimpleType.LONG, request -> request.summary.p999())
            .attribute("Max", "The longest", SimpleType.LONG, request -> request.summary.max())
            .question("histogram", "All buckets in use", BUCKETS.tableType(),
                    request -> BUCKETS.table(request.reading.buckets()))
            .question("interval", "The same numbers, of the last whole interval only", WINDOW.rowType(),
                    request -> WINDOW.row(request.reading.window()));
    private static final MBeanInfo INFO = TYPE.info();

    private LatencyBean() {
    }

    static DynamicMBean of(LatencyReading reading) {
        return new OpenBean<>(TYPE, INFO, () -> new Request(reading, reading.summary()));
    }
}
