package io.bpfagent.cli.record;

import io.bpfagent.cli.control.HistogramsDocument.Entry;
import io.bpfagent.cli.text.SafeText;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * HdrHistogram's log format 1.3, which its own tools read: a line for each interval and histogram to which something
 * was added, with a tag. Histograms alone; what was lost stands in comments.
 *
 * <p>A tag is {@code METRIC} (of the whole process), {@code METRIC/POOL}, or {@code METRIC.OPERATION}. The format has
 * no way to quote: a comma or a blank in a tag spoils the line (its readers split there), so that all characters but
 * letters, digits and {@code _-.:/#@+()[]} are written as {@code %XX}, the bytes of their UTF-8.
 */
final class HlogRecord implements RecordForm {

    private static final String PLAIN = "_-.:/#@+()[]";
    /** Of the agent's buckets: docs/json.md, hist. */
    private static final long UNIT_NS = 64;
    private static final int DIGITS = 1;
    /** To begin with; a histogram grows. */
    private static final long ABOUT_ONE_SECOND_NS = 1L << 30;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final HistogramLogWriter log = new HistogramLogWriter(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    private Map<String, Long> losses = Map.of();

    @Override
    public String begin(RecordedJvm jvm) {
        log.outputComment("[bpf-agent, JVM " + jvm.pid() + " (" + SafeText.of(jvm.name())
            + "); values in ns, of sizes in bytes; tags METRIC, METRIC/POOL, METRIC.OPERATION]");
        log.outputLogFormatVersion();
        log.outputStartTime(jvm.atMs());
        log.outputLegend();
        return taken();
    }

    @Override
    public String interval(RecordedInterval interval) {
        for (Entry entry : interval.histograms()) {
            if (entry.buckets().isEmpty()) {
                continue; // a probe that only counts has no values
            }
            Histogram histogram = histogram(entry);
            histogram.setTag(tag(entry));
            histogram.setStartTimeStamp(interval.fromMs());
            histogram.setEndTimeStamp(interval.toMs());
            log.outputIntervalHistogram(histogram);
        }
        note(interval.threads().losses());
        return taken();
    }

    @Override
    public String end(long atMs, String reason, long intervals, Map<String, Long> last) {
        log.outputComment("[End: " + reason + " after " + intervals + " intervals]");
        return taken();
    }

    /** The agent's buckets are HdrHistogram's own: each count comes into the bucket that it was in. */
    static Histogram histogram(Entry entry) {
        boolean time = "ns".equals(entry.unit());
        Histogram histogram = new Histogram(time ? UNIT_NS : 1, ABOUT_ONE_SECOND_NS, DIGITS);
        histogram.setAutoResize(true);
        entry.buckets().forEach(bucket -> histogram.recordValueWithCount(bucket[0], bucket[1]));
        return histogram;
    }

    static String tag(Entry entry) {
        return escaped(entry.metric()) + (entry.pool() != null ? "/" + escaped(entry.pool())
            : entry.operation() != null ? "." + escaped(entry.operation()) : "");
    }

    private static String escaped(String name) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (letter || PLAIN.indexOf(c) >= 0) {
                escaped.append(c);
            } else {
                escaped.append('%').append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                    .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return escaped.toString();
    }

    /** The losses since the agent began, at the first interval and whenever they have grown. */
    private void note(Map<String, Long> now) {
        if (now.equals(losses)) {
            return;
        }
        losses = now;
        StringBuilder text = new StringBuilder();
        new TreeMap<>(now).forEach((key, count) -> {
            if (count != null && count != 0) {
                text.append(text.isEmpty() ? " " : ", ").append(key).append(' ').append(count);
            }
        });
        log.outputComment("[Losses:" + (text.isEmpty() ? " none" : text) + "]");
    }

    private String taken() {
        String text = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        return text;
    }
}
