package io.bpfagent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadState;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LiveChangeTest {
    private static final Map<String, String> NOTHING = Map.of();

    private static Arguments begun() throws ArgumentException {
        return Arguments.read("threads=100,slow=1s,slow.dns=5ms,stacks=false", NOTHING, NOTHING);
    }

    @Test
    void changesWhatIsGivenAndNothingElse() throws ArgumentException {
        LiveChange change = LiveChange.of(begun(),
                "interval=250ms, slow.blocked_park=2s,probe.park=off,probe.calls=on,log=info");
        Arguments now = change.arguments();
        assertEquals(Duration.ofMillis(250), now.interval());
        assertEquals(100, now.threads());
        assertEquals(LogLevel.INFO, now.log());
        assertEquals(1_000_000_000, now.slow().slowNs());
        assertEquals(Map.of(ThreadMetric.DNS, 5_000_000L, ThreadState.BLOCKED_PARK, 2_000_000_000L), now.slow()
                .named());
        assertEquals(begun().slow().stacksNs(), now.slow().stacksNs());
        assertEquals(Map.of("park", false, "calls", true), change.switches());
        assertFalse(change.hasMetrics());
        assertFalse(now.maxCost().given());
        assertEquals(new MaxCost(0.02, true), LiveChange.of(now, "max-cost=2%").arguments().maxCost());
        LiveChange metrics = LiveChange.of(begun(), "metrics=all+park,pause-threshold=1s,slow=off,stacks=100ms");
        assertTrue(metrics.hasMetrics());
        assertEquals("slow=off,slow.dns=5ms,stacks=100ms", metrics.arguments().slow().text().substring(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "threads=5       | threads cannot be changed while the agent is there: detach, and attach with it",
        "probe=a:tp:b:c  | probe cannot be changed while the agent is there",
        "interval=5      | interval must be >= 100 ms, interval=5",
        "max-cost=5      | max-cost must be a percentage such as 5% or 0.5%, from 0.1% to 100%, or off, max-cost=5",
        "max-cost=0%     | max-cost must be a percentage",
        "max-cost=101%   | max-cost must be a percentage",
        "max-cost=1.2.3% | max-cost must be a percentage",
        "probe.park=yes  | probe.park must be on or off, probe.park=yes",
        "probe.a=on,probe.a=off | probe.a must be given once",
        "trace=a.B.c     | trace needs an agent that began with contexts: detach, and attach with it",
        "contexts=on     | contexts cannot be changed while the agent is there",
        "nonsense=1      | a key must be one of",
        "interval        | an argument must be key=value, interval",
        "', ,'           | something must be given that is to be changed"
    })
    void refusesTheRest(String text, String rule) throws ArgumentException {
        Arguments begun = begun();
        String refusal = assertThrows(ArgumentException.class, () -> LiveChange.of(begun, text)).getMessage();
        assertTrue(refusal.startsWith(rule), refusal);
    }

    @Test
    void contextsOfAnAgentThatHasSomeAreChanged() throws ArgumentException {
        Arguments begun = Arguments.read("contexts=on", NOTHING, NOTHING);
        Arguments traced = LiveChange.of(begun, "trace=a.B.c,d.E.*,interval=250ms").arguments();
        assertEquals(",contexts=on,trace=a.B.c;d.E.*", ContextArguments.text(traced.contexts()));
        Arguments requests = LiveChange.of(traced, "trace=off,requests=true").arguments();
        assertEquals(",contexts=on,requests=true", ContextArguments.text(requests.contexts()));
        Arguments none = LiveChange.of(requests, "requests=false").arguments();
        assertEquals(begun.contexts(), none.contexts());
    }

    @Test
    void tellsPercentages() {
        assertEquals("5%", MaxCost.percent(0.05));
        assertEquals("0.5%", MaxCost.percent(0.005));
        assertEquals("12.125%", MaxCost.percent(0.12125));
        assertEquals("100%", MaxCost.percent(1));
    }
}
