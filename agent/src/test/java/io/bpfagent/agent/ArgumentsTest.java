package io.bpfagent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.Counter;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.slow.SlowLimits;
import io.bpfagent.export.ExportSettings;
import io.bpfagent.export.JfrMode;
import io.bpfagent.export.ListenAddress;
import io.bpfagent.hooks.ContextSettings;
import io.bpfagent.hooks.TracePattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    private static Arguments read(String text) throws ArgumentException {
        return Arguments.read(text, Map.of("java.io.tmpdir", "/var/tmp"), Map.of());
    }

    private static String refusal(String text) {
        return assertThrows(ArgumentException.class, () -> read(text)).getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", ",", " , "})
    void hasDefaults(String text) throws ArgumentException {
        Arguments defaults = new Arguments(Duration.ofSeconds(1), 4096, 2048, KeptMetrics.ALL, Duration.ofMillis(100),
                512, LogLevel.ERROR, Optional.empty(), Path.of("/var/tmp"), Optional.empty(), JmxMode.AUTO,
                Optional.empty(), true, SlowArguments.DEFAULT, Optional.empty(), List.of(), MaxCost.DEFAULT,
                ContextSettings.OFF, ExportSettings.DEFAULT);
        assertEquals(defaults, read(text));
        assertEquals(defaults, read(null));
    }

    @Test
    void askForWhatIsNamed() throws ArgumentException {
        List<ThreadMetric> opens = List.of(ThreadMetric.FILE_OPEN, ThreadMetric.FILE_OPEN_FAILED);
        for (String asking : List.of("metrics=file_open", "slow.file_open_failed=0", "slow.file_open=off")) {
            assertTrue(read(asking).askFor(opens), asking);
        }
        for (String other : List.of("", "metrics=all", "metrics=all+park", "slow=0", "slow.dns=0", "max-cost=3%")) {
            assertFalse(read(other).askFor(opens), other);
        }
        assertTrue(read("").askFor(List.of(ThreadMetric.FILE_READ)), "it is there on request only");
    }

    @Test
    void readsEveryKey() throws ArgumentException {
        Arguments all = read("interval=500ms,threads=64,histograms=32767,metrics=runnable+dns+park+blocked_disk,"
                + "pause-threshold=20s,pause-buffer=16384,log=debug,"
                + "libbpf=/opt/libbpf.so,tmpdir=/run/a b,btf=/tmp/btf,jmx=false,jar=/x/bpf-agent.jar,usdt=off,"
                + "slow=1s,slow.block_io=2ms,slow.file_open=0,slow.blocked_park=off,stacks=1m,"
                + "probe=a:tp:b:c arg1==2;d:uprobe:e:f,counters=instructions + cpu_clock+instructions,max-cost=2.5%,"
                + "contexts=on,trace=a.B.c*,a.D.*,requests=true,virtual=false,"
                + "prometheus=[::1]:9404,extensions=/x/a.jar;b.jar,jfr=off");
        assertEquals(new Arguments(Duration.ofMillis(500), 64, 32767,
                new KeptMetrics(List.of(ThreadState.RUNNABLE, ThreadState.BLOCKED_DISK, EventMetric.PARK,
                        ThreadMetric.DNS)), Duration.ofSeconds(20), 16_384, LogLevel.DEBUG,
                Optional.of("/opt/libbpf.so"), Path.of("/run/a b"), Optional.of(Path.of("/tmp/btf")), JmxMode.FALSE,
                Optional.of("/x/bpf-agent.jar"), false,
                new SlowArguments(1_000_000_000, Map.of(ThreadMetric.BLOCK_READ, 2_000_000L, ThreadMetric.BLOCK_WRITE,
                        2_000_000L, ThreadMetric.FILE_OPEN, 0L, ThreadState.BLOCKED_PARK, SlowLimits.NEVER),
                        60_000_000_000L),
                Optional.of("a:tp:b:c arg1==2;d:uprobe:e:f"), List.of(Counter.INSTRUCTIONS, Counter.CPU_CLOCK),
                new MaxCost(0.025, true), new ContextSettings(true,
                        List.of(new TracePattern("a.B", "c*"), new TracePattern("a.D", "*")), true, false),
                new ExportSettings(Optional.of(new ListenAddress("::1", 9404)),
                        List.of(Path.of("/x/a.jar"), Path.of("b.jar")), JfrMode.OFF)), all);
    }

    @Test
    void textIsReadBackAsTheSame() throws ArgumentException {
        for (String text : new String[] {
            "", "interval=90s,metrics=running,libbpf=system,btf=/b,jmx=false,usdt=off,log=off",
            "metrics=all+park,pause-threshold=1500ms,pause-buffer=64", "metrics=gc_pause",
            "metrics=object_alloc+all+running+monitor_contended", "slow=off,stacks=false",
            "slow=0,slow.dns=250us,stacks=true,slow.block_io=5m",
            "probe=a:tp:b:c value=arg1;d:uprobe:e:f", "counters=cache_misses+cycles", "max-cost=0.5%", "max-cost=off",
            "contexts=on",
            "trace=a.B.*", "trace=a.b.C$D.*e, f.G.h;f.*.i,requests=true", "virtual=true",
            "prometheus=9404", "prometheus=[::]:0,extensions=/a.jar;/b.jar,jfr=off"}) {
            Arguments arguments = read(text);
            assertEquals(arguments.text(), read(arguments.text()).text());
        }
        assertEquals("interval=1s,threads=4096,histograms=2048,metrics=all,pause-threshold=100ms,pause-buffer=512,"
                + "log=error,"
                + "tmpdir=/var/tmp,jmx=auto,usdt=auto,slow=10ms,stacks=50ms,max-cost=5%", read("jar=/internal").text());
    }

    @Test
    void aMetricThatIsNamedAloneCountsBeforeOneOfTwo() throws ArgumentException {
        String expected = "slow.block_read=0,slow.block_write=off,";
        assertTrue(read("slow.block_io=off,slow.block_read=0").text().contains(expected));
        assertTrue(read("slow.block_read=0,slow.block_io=off").text().contains(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "slow=5x|slow must be a whole number with us, ms, s, m or h, from 0 to 1h or off, slow=5x",
        "slow=61m|slow must be a whole number with us, ms, s, m or h, from 0 to 1h or off, slow=61m",
        "slow.dns=-1|slow.dns must be a whole number with us, ms, s, m or h, from 0 to 1h or off, slow.dns=-1",
        "stacks=0|stacks must be a whole number with us, ms, s, m or h, from 1ms to 1h, true or false, stacks=0"})
    void refusesWhatIsNoLimit(String text, String message) {
        assertEquals(message, refusal(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"slow.running=1ms", "slow.gc_pause=1ms", "slow.block_io_size=1", "slow.tcp_rtt=1ms",
        "slow.tcp_life=1ms", "slow.=1ms", "slow.blokc_io=1ms"})
    void refusesALimitOfWhatIsNoWaitAndNoCall(String text) {
        String message = refusal(text);
        assertTrue(message.contains(" must name a wait or a call of docs/metrics.md") && message.length() < 150,
                message);
        assertTrue(!text.contains("blokc") || message.contains("(nearest: block_io)"), message);
    }

    @ParameterizedTest
    @CsvSource({"100ms,100", "100,100", "2s,2000", "1m,60000", "1h,3600000", "60 s,60000"})
    void readsDurations(String text, long ms) throws ArgumentException {
        assertEquals(Duration.ofMillis(ms), read("interval=" + text).interval());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\f', value = {
        "interval=5|interval must be >= 100 ms, interval=5",
        "interval=0s|interval must be >= 100 ms, interval=0s",
        "interval=61m|interval must be <= 1 h, interval=61m",
        "interval=999999999999h|interval must be <= 1 h, interval=999999999999h",
        "interval=1d|interval must be a whole number with ms, s, m or h, interval=1d",
        "interval=-1s|interval must be a whole number with ms, s, m or h, interval=-1s",
        "interval=|interval must be a whole number with ms, s, m or h, interval=",
        "threads=63|threads must be a whole number from 64 to 32767, threads=63",
        "threads=32768|threads must be a whole number from 64 to 32767, threads=32768",
        "threads=1e3|threads must be a whole number from 64 to 32767, threads=1e3",
        "histograms=191|histograms must be a whole number from 192 to 32767, of which 148 are the agent's own, "
                + "histograms=191",
        "histograms=99999999999999|histograms must be a whole number from 192 to 32767, of which 148 are the agent's"
                + " own, histograms=99999999999999",
        "pause-threshold=0|pause-threshold must be >= 1 ms, pause-threshold=0",
        "pause-threshold=2h|pause-threshold must be <= 1 h, pause-threshold=2h",
        "pause-threshold=1us|pause-threshold must be a whole number with ms, s, m or h, pause-threshold=1us",
        "pause-buffer=32|pause-buffer must be a power of two from 64 to 16384, pause-buffer=32",
        "pause-buffer=100|pause-buffer must be a power of two from 64 to 16384, pause-buffer=100",
        "pause-buffer=32768|pause-buffer must be a power of two from 64 to 16384, pause-buffer=32768",
        "pause-buffer=256k|pause-buffer must be a power of two from 64 to 16384, pause-buffer=256k",
        "log=verbose|log must be off, error, info or debug, log=verbose",
        "log=ERROR|log must be off, error, info or debug, log=ERROR",
        "jmx=yes|jmx must be auto, true or false, jmx=yes",
        "usdt=on|usdt must be auto or off, usdt=on",
        "libbpf=|libbpf must not be empty, libbpf=",
        "tmpdir= |tmpdir must not be empty, tmpdir=",
        "threads|an argument must be key=value, threads",
        "=5|an argument must be key=value, =5",
        "threads=64,threads=65|threads must be given once, threads=65",
        "contexts=yes|contexts must be on or off, contexts=yes",
        "contexts=off,requests=true|contexts must be on where trace, requests or virtual is given, contexts=off",
        "requests=on|requests must be true or false, requests=on",
        "virtual=on|virtual must be true or false, virtual=on",
        "trace=|trace must be CLASS.METHOD, such as com.acme.OrderService.place*, or off, trace=",
        "trace=a.B.c,d|trace must be CLASS.METHOD, such as com.acme.OrderService.place*, or off, trace=d",
        "trace=a.B.c,off|trace must be CLASS.METHOD, such as com.acme.OrderService.place*, or off, trace=off",
        "trace=a-b.c|trace must be CLASS.METHOD, such as com.acme.OrderService.place*, or off, trace=a-b.c",
        "trace=a..c|trace must be CLASS.METHOD, such as com.acme.OrderService.place*, or off, trace=a..c",
        "trace=*.*|trace must be CLASS.METHOD, such as com.acme.OrderService.place*: a class of which nothing is"
        + " named would"
                + " be every class, trace=*.*",
        "trace=java.util.List.*|trace cannot name classes of the JDK or of the agent (java.*), trace=java.util.List.*",
    })
    void refusesWithTheRuleThenTheValue(String text, String message) {
        assertEquals(message, refusal(text));
    }

    @Test
    void refusesCountersThatThereAreNot() {
        String known = "counters must be some of cycles, instructions, cache_references, cache_misses, branches,"
                + " branch_misses, stalled_cycles_frontend, stalled_cycles_backend, ref_cycles, llc_loads,"
                + " llc_load_misses,"
                + " l1d_load_misses, dtlb_load_misses, cpu_clock, page_faults, context_switches joined by +, ";
        assertEquals(known + "counters=cycles+bicycles", refusal("counters=cycles+bicycles"));
        assertEquals(known + "counters=", refusal("counters="));
        assertEquals("counters must be 8 at most, counters=cycles+instructions+cache_references+cache_misses+branches+"
                + "branch_misses+ref_cycles+llc_loads+cpu_clock",
                refusal("counters=cycles+instructions+cache_references+"
                + "cache_misses+branches+branch_misses+ref_cycles+llc_loads+cpu_clock"));
    }

    @Test
    void refusesAPathThatIsNone() {
        assertEquals("btf must be a path, btf=a\0b", refusal("btf=a\0b"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"9404|127.0.0.1:9404", "0.0.0.0:0|0.0.0.0:0", "a.b:65535|a.b:65535",
        "[::1]:1|[::1]:1"})
    void readsAnAddress(String text, String shown) throws ArgumentException {
        assertEquals(shown, read("prometheus=" + text).exports().prometheus().orElseThrow().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a:", ":1", "::1:9404", "a:65536", "a:-1", "a:1x", "[]:1", "a:123456"})
    void refusesWhatIsNoAddress(String text) {
        assertTrue(refusal("prometheus=" + text).startsWith("prometheus must be HOST:PORT "),
                refusal("prometheus=" + text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.jar;;b.jar", "/x/a.jar;b", "a\0.jar"})
    void refusesWhatIsNoJar(String text) {
        assertTrue(refusal("extensions=" + text).startsWith("extensions must be paths of jars"), text);
    }

    @Test
    void namesTheKnownKeysAndTheNearest() {
        assertEquals("a key must be one of interval, threads, histograms, metrics, pause-threshold, "
                + "pause-buffer, log, libbpf, tmpdir, btf, jmx, usdt, slow, stacks, probe, counters, max-cost,"
                + " contexts, "
                + "trace, requests, virtual, prometheus, extensions, jfr (nearest: interval), intervall=1s",
                refusal("intervall=1s"));
        assertFalse(refusal("quantum=1").contains("nearest"));
        assertTrue(refusal("Threads=100").contains("(nearest: threads), Threads=100"));
    }

    @Test
    void cutsWhatIsQuotedAt200Characters() {
        assertEquals("interval must be a whole number with ms, s, m or h, interval=" + "x".repeat(191) + "...",
                refusal("interval=" + "x".repeat(100_000)));
    }

    @Test
    void argumentComesBeforePropertyBeforeVariable() throws ArgumentException {
        Map<String, String> properties = Map.of("bpfagent.interval", "2s", "bpfagent.threads", "200");
        Map<String, String> environment = Map.of("BPFAGENT_INTERVAL", "3s", "BPFAGENT_THREADS", "300",
                "BPFAGENT_HISTOGRAMS", "400", "BPFAGENT_PAUSE_THRESHOLD", "7ms");
        Arguments arguments = Arguments.read("interval=1m", properties, environment);
        assertEquals(Duration.ofMinutes(1), arguments.interval());
        assertEquals(200, arguments.threads());
        assertEquals(400, arguments.histograms());
        assertEquals(Duration.ofMillis(7), arguments.pauseThreshold());
        assertEquals(1024, Arguments.read("", Map.of("bpfagent.pause-buffer", "1024"), Map.of()).pauseBufferKib());
    }

    @Test
    void looksOnlyAtTheValueThatCounts() throws ArgumentException {
        assertEquals(100, Arguments.read("threads=100", Map.of("bpfagent.threads", "x"), Map.of()).threads());
    }

    @Test
    void showsTheValueAsItWasGiven() {
        assertEquals("threads must be a whole number from 64 to 32767, bpfagent.threads=1",
                assertThrows(ArgumentException.class,
                        () -> Arguments.read("", Map.of("bpfagent.threads", "1"), Map.of())).getMessage());
        assertEquals("interval must be >= 100 ms, BPFAGENT_INTERVAL=5",
                assertThrows(ArgumentException.class,
                        () -> Arguments.read("", Map.of(), Map.of("BPFAGENT_INTERVAL", "5"))).getMessage());
    }

    @Test
    void refusesUnknownPropertiesAndVariables() {
        assertTrue(assertThrows(ArgumentException.class,
                () -> Arguments.read("", Map.of("bpfagent.thread", "100"), Map.of())).getMessage()
                .endsWith("(nearest: threads), bpfagent.thread=100"));
        assertThrows(ArgumentException.class, () -> Arguments.read("", Map.of(), Map.of("BPFAGENT_X", "1")));
    }

    @Test
    void leavesOtherPropertiesAndVariablesAlone() throws ArgumentException {
        Arguments.read("", Map.of("bpfagents.x", "1", "bpfagent.internal.tier", "1", "bpfagent", "1"),
                Map.of("BPFAGENT", "1", "BPFAGENT_LOG", ""));
    }

    @Test
    void readsThisProcess() throws ArgumentException {
        System.setProperty("bpfagent.log", "info");
        try {
            assertEquals(LogLevel.INFO, Arguments.read("").log());
        } finally {
            System.clearProperty("bpfagent.log");
        }
    }

    @Test
    void aLevelPrintsWhatIsBelowIt() {
        assertTrue(LogLevel.INFO.prints(LogLevel.ERROR));
        assertFalse(LogLevel.ERROR.prints(LogLevel.INFO));
        assertFalse(LogLevel.OFF.prints(LogLevel.ERROR));
        assertFalse(LogLevel.DEBUG.prints(LogLevel.OFF));
    }
}
