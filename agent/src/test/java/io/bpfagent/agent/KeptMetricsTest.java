package io.bpfagent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Metrics;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeptMetricsTest {
    private static KeptMetrics of(String text) throws ArgumentException {
        return KeptMetrics.of(new Argument("metrics", text, "metrics"));
    }

    private static String refusal(String text) {
        return assertThrows(ArgumentException.class, () -> of(text)).getMessage();
    }

    private static String names(List<? extends Metric> metrics) {
        return metrics.stream().map(Metric::metric).collect(Collectors.joining("+"));
    }

    @Test
    void everyNameIsReadBackAsTheSame() throws ArgumentException {
        for (Metric metric : Metrics.ALL) {
            KeptMetrics one = of(metric.metric());
            assertEquals(new KeptMetrics(List.of(metric)), one);
            assertEquals(metric.metric(), one.text());
            KeptMetrics more = of("all+" + metric.metric());
            assertTrue(more.keeps(metric), metric.metric());
            assertEquals(more, of(more.text()));
        }
    }

    @Test
    void allLeavesOutWhatIsOnRequest() throws ArgumentException {
        List<Metric> left = new ArrayList<>(Metrics.ALL);
        left.removeAll(of("all").metrics());
        assertEquals(List.of(EventMetric.MONITOR_CONTENDED, EventMetric.PARK, EventMetric.OBJECT_ALLOC,
                EventMetric.SYSCALL, ThreadMetric.FILE_READ, ThreadMetric.FILE_WRITE, ThreadMetric.SOCKET_READ,
                ThreadMetric.SOCKET_WRITE), left);
        assertFalse(KeptMetrics.ALL.keeps(EventMetric.PARK));
        assertTrue(KeptMetrics.ALL.keeps(ThreadMetric.FILE_SYNC));
    }

    @ParameterizedTest
    @CsvSource({
        "all,39,all", "all+park,40,all+park", "park+all+running,40,all+park",
        "object_alloc+all+park,41,all+park+object_alloc", "running,1,running", "object_alloc,1,object_alloc",
        " dns + runnable ,2,runnable+dns", "block_read+park+runnable,3,runnable+park+block_read",
        "running+running,1,running",
    })
    void readsMetrics(String metrics, int count, String text) throws ArgumentException {
        KeptMetrics kept = of(metrics);
        assertEquals(count, kept.metrics().size());
        assertEquals(text, kept.text());
    }

    @Test
    void allByNameAreAll() throws ArgumentException {
        assertEquals("all", of(names(KeptMetrics.ALL.metrics())).text());
        assertEquals("all+monitor_contended+park+object_alloc+syscall+file_read+file_write+socket_read+socket_write",
                of(names(Metrics.ALL)).text());
    }

    @Test
    void knowsWhetherReadsOrWritesAreAmongThem() throws ArgumentException {
        assertFalse(of("all+syscall").keepsReadsOrWrites());
        for (String metric : List.of("file_read", "file_write", "socket_read", "socket_write")) {
            assertTrue(of("park+" + metric).keepsReadsOrWrites(), metric);
        }
    }

    @Test
    void allStatesWithoutTheRestAreNotAll() throws ArgumentException {
        String states = names(List.of(ThreadState.values()));
        assertEquals(states, of(states).text());
    }

    @Test
    void keepsStatesThenEventsThenWhatElseThreadsDo() throws ArgumentException {
        assertEquals(List.of(ThreadState.RUNNING, ThreadState.RUNNABLE, EventMetric.GC_PAUSE, EventMetric.PARK,
                ThreadMetric.FILE_OPEN, ThreadMetric.RECLAIM),
                of("reclaim+park+file_open+gc_pause+runnable+running").metrics());
    }

    @Test
    void refusesUnknownMetrics() {
        String message = refusal("running+parked");
        assertTrue(message.startsWith("metrics must be some of all, running, runnable, blocked_monitor, "), message);
        assertTrue(message.contains(" blocked_other, gc_pause, safepoint, "), message);
        assertTrue(message.contains(" object_alloc, syscall, file_open, file_open_failed, "), message);
        assertTrue(message.endsWith(" socket_read, socket_write, tcp_rtt, tcp_life joined by +, metrics=running+parked"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "running+", "+all", "all park", "ALL", "Running"})
    void refusesWhatIsNoName(String text) {
        assertTrue(refusal(text).endsWith(" joined by +, metrics=" + text));
    }
}
