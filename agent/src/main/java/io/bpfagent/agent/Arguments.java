package io.bpfagent.agent;

import io.bpfagent.correlation.Counter;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.slow.SlowLimits;
import io.bpfagent.export.ExportSettings;
import io.bpfagent.hooks.ContextSettings;
import io.bpfagent.records.RecordLayouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the user asked for, checked.
 *
 * <p>Given as {@code key=value,key=value} behind {@code -javaagent:...=} or {@code attach-cli PID},
 * as system property {@code bpfagent.KEY} or as environment variable {@code BPFAGENT_KEY}; the first
 * of these that has a key counts. A value in the string cannot contain a comma; a property can.
 *
 * @param interval   from one snapshot to the next: 100 ms to 1 h, default 1 s
 * @param threads    rows, that is threads alive at once: 64 to 32,767, default 4,096; 640 bytes each
 * @param histograms pages, one per thread and metric: 192 to 32,767, default 2,048; 2 KiB each
 * @param metrics    of what histograms are kept and reported; times are kept of all states
 * @param pauseThreshold how long a pause is of which JMX notifies: 1 ms to 1 h, default 100 ms
 * @param pauseBufferKib the ring for what happens in pauses: a power of two, 64 to 16,384 KiB, default 512
 * @param log        what is printed on stderr, default {@link LogLevel#ERROR}
 * @param libbpf     a libbpf to use in place of the carried one: a path, or {@code system}
 * @param tmpdir     where the carried libraries are extracted, default {@code java.io.tmpdir}
 * @param btf        a file with the kernel's BTF in place of {@code /sys/kernel/btf/vmlinux}
 * @param jmx        when beans are registered, default {@link JmxMode#AUTO}
 * @param jar        the agent's own jar as this JVM sees it; internal, added by attach-cli
 * @param usdt       whether HotSpot's USDT probes are used where it has them, default true
 * @param slow       of what there are slow events
 * @param probe      probes of the user's own, {@code NAME:SPEC;NAME:SPEC}
 * @param counters   what is counted for each thread beside its states, default nothing
 * @param maxCost    which part of the host's CPU time the agent may take, default 5 %
 * @param contexts   which contexts there are, default none
 * @param exports    where snapshots go beside JMX and the control channel, default nowhere
 */
public record Arguments(Duration interval, int threads, int histograms, KeptMetrics metrics,
        Duration pauseThreshold, int pauseBufferKib, LogLevel log,
        Optional<String> libbpf, Path tmpdir, Optional<Path> btf, JmxMode jmx, Optional<String> jar, boolean usdt,
        SlowArguments slow, Optional<String> probe, List<Counter> counters, MaxCost maxCost,
        ContextSettings contexts, ExportSettings exports) {

    /** Whether somebody has said that one of these is wanted: nobody else has that on his bill. */
    public boolean askFor(List<? extends Metric> some) {
        boolean asked = !metrics.hasAll();
        for (Metric metric : some) {
            asked |= metric.isOnRequest() || slow.named().containsKey(metric);
        }
        return asked;
    }

    /** From which length on what is a slow event. */
    public SlowLimits slowLimits() {
        return slow.limits();
    }

    /** From which length on a slow event is to have its Java stack, ns, or {@link SlowLimits#NEVER}. */
    public long stacksNs() {
        return slow.stacksNs();
    }

    /** The value of {@code libbpf} that stands for the system's own library. */
    public static final String SYSTEM_LIBBPF = "system";
    /** Every key that a user gives, in the order in which they are shown. */
    public static final List<String> KEYS = List.of("interval", "threads", "histograms", "metrics",
            "pause-threshold", "pause-buffer", "log", "libbpf", "tmpdir", "btf", "jmx", "usdt",
            "slow", "stacks", "probe", "counters", "max-cost", "contexts", "trace", "requests", "virtual",
            "prometheus", "extensions", "jfr");
    /** Those that can be changed while the agent is there, and whatever begins with {@code slow.}. */
    static final List<String> LIVE_KEYS =
            List.of("interval", "metrics", "pause-threshold", "log", "slow", "stacks", "max-cost", "trace", "requests",
                    "virtual", "prometheus", "extensions", "jfr");
    /** The key that attach-cli adds; no message names it. */
    private static final String INTERNAL_KEY = "jar";

    private static final Duration LEAST_INTERVAL = Duration.ofMillis(100);
    private static final Duration MOST_INTERVAL = Duration.ofHours(1);
    static final Duration PAUSE_THRESHOLD = Duration.ofMillis(100);
    private static final Duration LEAST_THRESHOLD = Duration.ofMillis(1);
    private static final Duration MOST_THRESHOLD = Duration.ofHours(1);
    private static final int LEAST_BUFFER_KIB = 64;
    private static final int MOST_BUFFER_KIB = 16_384;
    private static final int FEWEST_THREADS = 64;
    /** So that some are left for threads. */
    private static final int FEWEST_HISTOGRAMS = 192;
    private static final String OWN_HISTOGRAMS =
            ", of which " + RecordLayouts.RecordSizes.FIRST_SUPPLIED_PAGE + " are the agent's own";
    /** What a supply ring of 32,768 items can hold; rows of that many are 19 MB, pages 67 MB. */
    private static final int MOST = 32_767;

    /**
     * Reads the arguments of this JVM. Any thread.
     *
     * @param text the string given to the agent, or null
     */
    public static Arguments read(String text) throws ArgumentException {
        Map<String, String> properties = new TreeMap<>();
        // stringPropertyNames leaves out values that are not strings, which a host may have put there
        for (String name : System.getProperties().stringPropertyNames()) {
            String value = System.getProperty(name);
            if (value != null) {
                properties.put(name, value);
            }
        }
        return read(text, properties, new TreeMap<>(System.getenv()));
    }

    /** Reads the arguments from the given string, system properties and environment. */
    static Arguments read(String text, Map<String, String> properties,
            Map<String, String> environment) throws ArgumentException {
        Map<String, Argument> given = new ArgumentSources(KEYS, INTERNAL_KEY, SlowArguments.PREFIX)
                .read(text, properties, environment);
        Argument interval = given.get("interval");
        Argument threads = given.get("threads");
        Argument histograms = given.get("histograms");
        KeptMetrics metrics = given.containsKey("metrics") ? KeptMetrics.of(given.get("metrics")) : KeptMetrics.ALL;
        Argument pauseThreshold = given.get("pause-threshold");
        Argument pauseBuffer = given.get("pause-buffer");
        Argument log = given.get("log");
        Argument libbpf = given.get("libbpf");
        Argument tmpdir = given.get("tmpdir");
        Argument btf = given.get("btf");
        Argument jmx = given.get("jmx");
        Argument jar = given.get(INTERNAL_KEY);
        Argument usdt = given.get("usdt");
        Argument probe = given.get("probe");
        return new Arguments(
                interval == null ? Duration.ofSeconds(1) : interval.duration(LEAST_INTERVAL, MOST_INTERVAL),
                threads == null ? 4096 : threads.wholeNumber(FEWEST_THREADS, MOST),
                histograms == null ? 2048 : histograms.wholeNumber(FEWEST_HISTOGRAMS, MOST, OWN_HISTOGRAMS),
                metrics,
                pauseThreshold == null ? PAUSE_THRESHOLD
                        : pauseThreshold.duration(LEAST_THRESHOLD, MOST_THRESHOLD),
                pauseBuffer == null ? 512 : pauseBuffer.powerOfTwo(LEAST_BUFFER_KIB, MOST_BUFFER_KIB),
                log == null ? LogLevel.ERROR : log.oneOf(LogLevel.class),
                libbpf == null ? Optional.empty() : Optional.of(libbpf.text()),
                tmpdir == null ? Path.of(properties.getOrDefault("java.io.tmpdir", "/tmp")) : tmpdir.path(),
                btf == null ? Optional.empty() : Optional.of(btf.path()),
                jmx == null ? JmxMode.AUTO : jmx.oneOf(JmxMode.class),
                jar == null ? Optional.empty() : Optional.of(jar.text()),
                usdt == null || usdt.either("auto", "off"),
                SlowArguments.of(given),
                probe == null ? Optional.empty() : Optional.of(probe.text()),
                given.containsKey("counters") ? CounterArgument.of(given.get("counters")) : List.of(),
                given.containsKey("max-cost") ? MaxCost.of(given.get("max-cost")) : MaxCost.DEFAULT,
                ContextArguments.of(given), ExportArguments.of(given));
    }

    /**
     * These with some changed.
     *
     * @param given by key; only those that can be changed are looked at
     */
    Arguments changedBy(Map<String, Argument> given) throws ArgumentException {
        Argument newInterval = given.get("interval");
        Argument newMetrics = given.get("metrics");
        Argument newThreshold = given.get("pause-threshold");
        Argument newLog = given.get("log");
        Argument newMaxCost = given.get("max-cost");
        return new Arguments(
                newInterval == null ? interval : newInterval.duration(LEAST_INTERVAL, MOST_INTERVAL),
                threads, histograms,
                newMetrics == null ? metrics : KeptMetrics.of(newMetrics),
                newThreshold == null ? pauseThreshold : newThreshold.duration(LEAST_THRESHOLD, MOST_THRESHOLD),
                pauseBufferKib,
                newLog == null ? log : newLog.oneOf(LogLevel.class),
                libbpf, tmpdir, btf, jmx, jar, usdt, slow.changedBy(given), probe, counters,
                newMaxCost == null ? maxCost : MaxCost.of(newMaxCost),
                ContextArguments.changedBy(contexts, given), ExportArguments.changedBy(exports, given));
    }

    /**
     * All that counts, defaults too, as {@code key=value,key=value}: what reports show. Without the
     * internal key.
     */
    public String text() {
        StringBuilder text = new StringBuilder(200)
                .append("interval=").append(Argument.shown(interval, ""))
                .append(",threads=").append(threads)
                .append(",histograms=").append(histograms)
                .append(",metrics=").append(metrics.text())
                .append(",pause-threshold=").append(Argument.shown(pauseThreshold, ""))
                .append(",pause-buffer=").append(pauseBufferKib)
                .append(",log=").append(Argument.label(log));
        if (libbpf.isPresent()) {
            text.append(",libbpf=").append(libbpf.get());
        }
        text.append(",tmpdir=").append(tmpdir);
        if (btf.isPresent()) {
            text.append(",btf=").append(btf.get());
        }
        text.append(",jmx=").append(Argument.label(jmx))
                .append(",usdt=").append(usdt ? "auto" : "off").append(slow.text());
        if (!counters.isEmpty()) {
            text.append(",counters=").append(CounterArgument.text(counters, "+"));
        }
        text.append(",max-cost=").append(maxCost.text()).append(ContextArguments.text(contexts))
                .append(ExportArguments.text(exports));
        return probe.isEmpty() ? text.toString() : text.append(",probe=").append(probe.get()).toString();
    }
}
