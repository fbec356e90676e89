package io.bpfagent.report;

import io.bpfagent.report.LatencyReading.Bucket;
import io.bpfagent.report.LatencyReading.Window;
import javax.management.openmbean.SimpleType;

/**
 * A {@code type=Latency} bean. All numbers are in the metric's unit; when Count is 0 the others are 0 too, because a
 * number of JMX cannot be null. The attributes of one request are of one snapshot.
 */
final class LatencyBean extends OpenBean<Summary> {
    private static final class Buckets extends OpenRows<Bucket> {
        Buckets(String typeName, String upTo) {
            super(typeName, "How many values were at most " + upTo + ", and more than the bucket before");
            longColumn(upTo, "Upper bound, inclusive");
            longColumn("count", "How many, not cumulative");
            done();
        }

        @Override
        Object value(Bucket bucket, int column) {
            return column == 0 ? bucket.upTo() : bucket.count();
        }
    }

    private static final class Windows extends OpenRows<Window> {
        Windows() {
            super("io.bpfagent.Interval", "The histogram of the last whole interval, in the bean's Unit");
            longColumn("lengthNs", "How long the interval was; 0 before the first one");
            longColumn("count", "How many values were counted in it");
            longColumn("sum", "Their sum");
            longColumn("min", "Lower bound of the lowest bucket");
            column("mean", "sum / count", SimpleType.DOUBLE);
            longColumn("max", "Upper bound of the largest");
            longColumn("p50", "50th percentile");
            longColumn("p90", "90th percentile");
            longColumn("p99", "99th percentile");
            longColumn("p999", "99.9th percentile");
            done();
        }

        @Override
        Object value(Window window, int column) {
            Summary summary = window.summary();
            return switch (column) {
                case 0 -> window.lengthNs();
                case 1 -> summary.count();
                case 2 -> summary.sum();
                case 3 -> summary.min();
                case 4 -> summary.mean();
                case 5 -> summary.max();
                case 6 -> summary.p50();
                case 7 -> summary.p90();
                case 8 -> summary.p99();
                case 9 -> summary.p999();
                default -> throw OpenBeanType.unknown(column);
            };
        }
    }

    private static final Windows WINDOW = new Windows();

    /** What beans of one unit have in common. */
    private record Kind(Buckets buckets, OpenBeanType type) {
        static final Kind NS = of("io.bpfagent.Bucket", "upToNs", "Histogram of times, ns: those that threads spent"
                + " in one state, or that something took in the whole process");

        static Kind of(String bucketName, String upTo, String description) {
            Buckets buckets = new Buckets(bucketName, upTo);
            OpenBeanType type = new OpenBeanType(LatencyBean.class.getName(), description)
                    .attribute("Unit", "Unit of all values", SimpleType.STRING)
                    .attribute("Count", "How many there are, of those that have ended", SimpleType.LONG)
                    .attribute("Sum", "Their sum", SimpleType.LONG)
                    .attribute("Min", "Lower bound of the lowest bucket", SimpleType.LONG)
                    .attribute("Mean", "Sum / Count", SimpleType.DOUBLE)
                    .attribute("P50", "50th percentile", SimpleType.LONG)
                    .attribute("P90", "90th percentile", SimpleType.LONG)
                    .attribute("P99", "99th percentile", SimpleType.LONG)
                    .attribute("P999", "99.9th percentile", SimpleType.LONG)
                    .attribute("Max", "The largest", SimpleType.LONG)
                    .question("histogram", "All buckets in use", buckets.tableType())
                    .question("interval", "The same numbers, of the last whole interval only", WINDOW.rowType())
                    .done();
            return new Kind(buckets, type);
        }
    }

    /** On request only. */
    private static final class Bytes {
        static final Kind KIND = Kind.of("io.bpfagent.ByteBucket", "upToBytes", "Histogram of sizes, bytes");
    }

    /** Of user's probes only. */
    private static final class Numbers {
        static final Kind KIND = Kind.of("io.bpfagent.NumberBucket", "upTo",
                "Histogram of numbers; where Unit is count, there is a Count and nothing else");
    }

    private final LatencyReading reading;
    private final Buckets buckets;

    LatencyBean(LatencyReading reading) {
        this(reading, kind(reading.unit()));
    }

    private static Kind kind(MetricUnit unit) {
        if (unit.shift() == 0) {
            return Kind.NS;
        }
        return unit.name().equals("bytes") ? Bytes.KIND : Numbers.KIND;
    }

    private LatencyBean(LatencyReading reading, Kind kind) {
        super(kind.type());
        this.reading = reading;
        this.buckets = kind.buckets();
    }

    @Override
    Summary capture() {
        return reading.summary();
    }

    @Override
    Object attribute(Summary summary, String name) {
        return switch (name) {
            case "Unit" -> reading.unit().name();
            case "Count" -> summary.count();
            case "Sum" -> summary.sum();
            case "Min" -> summary.min();
            case "Mean" -> summary.mean();
            case "P50" -> summary.p50();
            case "P90" -> summary.p90();
            case "P99" -> summary.p99();
            case "P999" -> summary.p999();
            case "Max" -> summary.max();
            default -> throw OpenBeanType.unknown(name);
        };
    }

    @Override
    Object operation(Summary summary, String name, Object[] parameters) {
        return name.equals("histogram") ? buckets.table(reading.buckets()) : WINDOW.row(reading.window());
    }
}
