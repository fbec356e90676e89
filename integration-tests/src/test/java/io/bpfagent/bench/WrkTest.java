package io.bpfagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WrkTest {
    /** What wrk 4.1.0 prints, and below it what its script does. */
    private static final String OUT = """
            Running 2s test @ http://127.0.0.1:40001/page?visitor-1
              1 threads and 16 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency    62.01ms   45.57ms 417.18ms   90.00%
                Req/Sec   196.65     93.59   400.00     75.00%
              412 requests in 2.12s, 84.38KB read
            Requests/sec:    194.56
            Transfer/sec:     39.85KB
            told requests=412 us=2117607 failed=0 p50=47976 p99=232032 p99.9=417176
            """;
    /** As it prints it where there is no such page. */
    private static final String NO_PAGE = """
            Running 1s test @ http://127.0.0.1:40001/nothing
              1 threads and 4 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency    15.78ms   29.16ms 147.82ms   88.93%
                Req/Sec   466.75    372.68     1.13k    75.00%
              443 requests in 1.43s, 224.96KB read
              Non-2xx or 3xx responses: 443
            Requests/sec:    308.80
            Transfer/sec:    156.81KB
            told requests=443 us=1434592 failed=443 p50=2819 p99=134784 p99.9=147825
            """;

    @Test
    void readsWhatTheScriptSays() {
        Wrk.Answers answers = Wrk.answers(OUT);
        assertEquals(412, answers.requests());
        assertEquals(2_117_607_000, answers.ns());
        assertEquals(new Wrk.Latencies(47_976, 232_032, 417_176), answers.latencies());
    }

    @Test
    void refusesAnswersThatFailed() {
        AssertionError error = assertThrows(AssertionError.class, () -> Wrk.answers(NO_PAGE));
        assertTrue(error.getMessage().contains("responses: 443"), error.getMessage());
    }

    @Test
    void refusesWindowsWithoutAnswers() {
        assertThrows(AssertionError.class, () -> Wrk.answers(OUT.replace("told requests=412", "told requests=0")));
        assertThrows(AssertionError.class,
                () -> Wrk.answers("unable to connect to 127.0.0.1:40009 Connection refused\n"));
    }

    @Test
    void latenciesBetweenTwoAreHalfway() {
        assertEquals(new Wrk.Latencies(2, 30, 400),
                Wrk.Latencies.between(new Wrk.Latencies(1, 20, 300), new Wrk.Latencies(3, 40, 500)));
    }
}
