package io.bpfagent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.bpfagent.agent.AgentState;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.UserMetric;
import io.bpfagent.report.EventSelection;
import io.bpfagent.report.FailedProbe;
import io.bpfagent.report.FakeAgent;
import io.bpfagent.report.HistogramSelection;
import io.bpfagent.report.JsonDocuments;
import io.bpfagent.report.LatestSelection;
import io.bpfagent.report.UserProbeReport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ControlVerbsTest {
    private final FakeAgent agent = new FakeAgent();
    private final FakeProbes probes = new FakeProbes();
    private final ControlVerbs verbs = new ControlVerbs(agent, probes,
            () -> this::listening);
    private HandOverControl.Answer listening;

    /** One probe at most; a second is refused. */
    private static final class FakeProbes implements ProbeControl {
        private final List<UserProbeReport> probes = new ArrayList<>();
        private final List<FailedProbe> failed = new ArrayList<>();

        @Override
        public ProbeChange add(String name, String spec) {
            if (!probes.isEmpty()) {
                return new Done("Too many probes (" + name + ").");
            }
            probes.add(new UserProbeReport(new UserMetric(21, name, UserMetric.Values.COUNTS, 1, 1_700_000_000_123L),
                    spec,
                    "raw tracepoint", 46, 1, 80.5));
            return new Done(null);
        }

        @Override
        public ProbeChange remove(String name) {
            return new Done(probes.removeIf(probe -> probe.metric().metric().equals(name)) ? null : "No such probe: "
                    + name);
        }

        @Override
        public List<UserProbeReport> list() {
            return probes;
        }

        @Override
        public List<FailedProbe> failed() {
            return failed;
        }
    }

    /** It takes no time. */
    private record Done(String problem) implements ProbeChange {
        @Override
        public boolean isDone() {
            return true;
        }
    }

    @Test
    void addsListsAndRemovesProbes() {
        agent.latest = FakeAgent.sample();
        String list = "{\"verb\":\"probe\",\"action\":\"list\"}";
        assertEquals(JsonDocuments.probes(List.of(), probes.failed, agent.latest), ask(list));
        String added = ask("{\"verb\":\"probe\",\"action\":\"add\",\"name\":\"x\",\"spec\":\"tp:a:b\"}");
        assertEquals(JsonDocuments.probes(probes.list(), probes.failed, agent.latest), added);
        assertTrue(added.contains("\"probes\":[{\"name\":\"x\",\"spec\":\"tp:a:b\",\"unit\":\"count\",\"detail\":"
                + "\"raw tracepoint\",\"atMs\":1700000000123,\"count\":0,\"hits\":46,"
                + "\"unmatched\":1,\"nsPerHit\":80.5}],\"failed\":[],\"free\":6"), added);
        assertEquals(added, ask(list));
        assertEquals("Too many probes (y).",
                error("{\"verb\":\"probe\",\"action\":\"add\",\"name\":\"y\",\"spec\":\"tp:a:b\"}"));
        assertEquals("No such probe: y", error("{\"verb\":\"probe\",\"action\":\"remove\",\"name\":\"y\"}"));
        assertEquals(JsonDocuments.probes(List.of(), probes.failed, agent.latest),
                ask("{\"verb\":\"probe\",\"action\":\"remove\",\"name\":\"x\"}"));
    }

    @Test
    void changesNoProbesOfAnAgentThatIsNotOn() {
        agent.state = AgentState.FAILED;
        agent.error = "Cannot load";
        assertEquals("the agent has failed: Cannot load", error("{\"verb\":\"probe\",\"action\":\"list\"}"));
        agent.state = AgentState.STARTING;
        assertTrue(error("{\"verb\":\"probe\",\"action\":\"list\"}").startsWith("not ready"));
    }

    /** Others are served until the agent listens. */
    @Test
    void tellsWhereProgramsCanBeHandedOverOnceItIsKnown() {
        ControlAnswer answer = verbs.answer(JsonParser.parseString("{\"verb\":\"handover\"}").getAsJsonObject());
        assertNull(answer.late().document());
        listening = new HandOverControl.Answer("/tmp/.bpf-agent-1/handover.sock", null);
        assertTrue(answer.late().document().contains("/tmp/.bpf-agent-1/handover.sock"));
        listening = new HandOverControl.Answer(null, "a reason");
        assertEquals("a reason", error("{\"verb\":\"handover\"}"));
    }

    private HandOverControl.Answer listening() {
        return listening;
    }

    private String ask(String request) {
        ControlAnswer answer = verbs.answer(JsonParser.parseString(request).getAsJsonObject());
        assertFalse(answer.last());
        return answer.late() == null ? answer.document() : answer.late().document();
    }

    private String error(String request) {
        return JsonParser.parseString(ask(request)).getAsJsonObject().get("error").getAsString();
    }

    @Test
    void comparesArgumentsWithThoseInForce() {
        assertEquals("{\"schema\":1,\"differing\":[\"interval=1s, not 2s\"]}",
                ask("{\"verb\":\"compare\",\"arguments\":\"interval=2s,threads=4096\"}"));
        assertEquals("{\"schema\":1,\"differing\":[]}", ask("{\"verb\":\"compare\"}"));
        assertTrue(error("{\"verb\":\"compare\",\"arguments\":\"no=sense\"}").endsWith(", no=sense"));
    }

    @Test
    void answersWithTheDocuments() {
        agent.latest = FakeAgent.sample();
        agent.interval = FakeAgent.sample();
        agent.metrics = List.of(ThreadState.RUNNABLE, EventMetric.VM_OPERATION);
        assertEquals(JsonDocuments.status(agent), ask("{\"schema\":1,\"verb\":\"status\"}"));
        assertEquals(JsonDocuments.threads(agent.latest, agent.probes, false), ask(
                "{\"schema\":1,\"verb\":\"threads\",\"metric\":null,\"pool\":null,\"thread\":null,"
                + "\"interval\":false}"));
        assertEquals(JsonDocuments.threads(agent.interval, agent.probes, true),
                ask("{\"verb\":\"threads\",\"interval\":true}"));
        assertEquals(JsonDocuments.hist(agent.latest, HistogramSelection.ALL, agent.metrics, false),
                ask("{\"verb\":\"hist\"}"));
        assertEquals(JsonDocuments.hist(agent.latest, new HistogramSelection("runnable", "worker-#", null, null),
                agent.metrics, false), ask("{\"verb\":\"hist\",\"metric\":\"runnable\",\"pool\":\"worker-#\"}"));
        agent.latest = FakeAgent.sampleWithPauses();
        assertEquals(JsonDocuments.hist(agent.latest, new HistogramSelection("vm_operation", null, null, "ThreadDump"),
                agent.metrics, false),
                ask("{\"verb\":\"hist\",\"metric\":\"vm_operation\",\"operation\":\"ThreadDump\"}"));
    }

    @Test
    void answersWithTheContexts() {
        agent.latest = FakeAgent.sample();
        agent.interval = FakeAgent.sampleWithDisks();
        assertEquals(JsonDocuments.contexts(agent.latest, false), ask("{\"verb\":\"contexts\"}"));
        assertEquals(JsonDocuments.contexts(agent.interval, true), ask("{\"verb\":\"contexts\",\"interval\":true}"));
        assertTrue(error("{\"verb\":\"hist\",\"context\":\"GET /\"}").startsWith("no such context: GET / ("));
        assertEquals("context must be a string, context=7", error("{\"verb\":\"hist\",\"context\":7}"));
    }

    @Test
    void answersWithTheDisks() {
        agent.latest = FakeAgent.sampleWithDisks();
        agent.interval = FakeAgent.sample();
        assertEquals(JsonDocuments.disks(agent.latest, agent.probes, false), ask("{\"verb\":\"disks\"}"));
        assertEquals(JsonDocuments.disks(agent.interval, agent.probes, true),
                ask("{\"verb\":\"disks\",\"interval\":true}"));
        assertEquals(JsonDocuments.remotes(agent.latest, agent.probes, false), ask("{\"verb\":\"remotes\"}"));
        assertEquals(JsonDocuments.remotes(agent.interval, agent.probes, true),
                ask("{\"verb\":\"remotes\",\"interval\":true}"));
    }

    @Test
    void answersWithWhatProbesCostOnceThatIsKnown() {
        assertEquals(JsonDocuments.error("not ready: the first second is not over. Try again"),
                ask("{\"verb\":\"probes\"}"));
        agent.cost = FakeAgent.sampleCost();
        assertEquals(JsonDocuments.probeCosts(agent), ask("{\"verb\":\"probes\"}"));
    }

    @Test
    void changesArguments() {
        assertEquals(JsonDocuments.set(agent, "interval=2s"), ask("{\"verb\":\"set\",\"arguments\":\"interval=2s\"}"));
        assertEquals("interval=2s", agent.given);
        agent.refusal = "Bad argument: no";
        assertEquals(JsonDocuments.error("Bad argument: no"), ask("{\"verb\":\"set\",\"arguments\":\"x\"}"));
        assertEquals(JsonDocuments.error("arguments must be given, arguments=null"), ask("{\"verb\":\"set\"}"));
    }

    @Test
    void answersWithThePauses() {
        agent.probes = FakeAgent.PAUSE_PROBES;
        List<Pause> pauses = new ArrayList<>();
        for (int number = 1; number <= 23; number++) {
            pauses.add(FakeAgent.pause(number, 1_000));
        }
        agent.latest = FakeAgent.sample().withPauses(pauses);
        assertEquals(pauses(20, 0, 0), ask("{\"verb\":\"pauses\"}"));
        assertEquals(pauses(20, 0, 0), ask("{\"verb\":\"pauses\",\"last\":null,\"interval\":true}"));
        assertEquals(pauses(256, 1_000, 17),
                ask("{\"schema\":1,\"verb\":\"pauses\",\"last\":256,\"minNs\":1000,\"after\":17}"));
    }

    private String pauses(int last, long minNs, long after) {
        return JsonDocuments.pauses(agent.latest, new LatestSelection(last, minNs, after), agent.probes);
    }

    @Test
    void answersWithTheSlowEvents() {
        List<SlowEvent> events = new ArrayList<>();
        for (int number = 1; number <= 23; number++) {
            events.add(FakeAgent.event(number, ThreadState.RUNNABLE, 1_000));
        }
        agent.latest = FakeAgent.sample().withSlow(events);
        assertEquals(events(20, 0, 0, null, null, null), ask("{\"verb\":\"events\"}"));
        assertEquals(events(20, 0, 0, null, null, null), ask("{\"verb\":\"events\",\"interval\":true}"));
        assertEquals(events(1024, 1_000, 17, "runnable", "worker-#", null), ask("{\"schema\":1,\"verb\":\"events\","
                + "\"last\":1024,\"minNs\":1000,\"after\":17,\"metric\":\"runnable\",\"pool\":\"worker-#\"}"));
        assertEquals(events(20, 0, 0, null, null, "12"), ask("{\"verb\":\"events\",\"thread\":\"12\"}"));
    }

    private String events(int last, long minNs, long after, String metric, String pool, String thread) {
        return JsonDocuments.events(agent.latest, new EventSelection(new LatestSelection(last, minNs, after), metric,
                pool, thread), agent.metrics, FakeAgent.LIMITS, agent.probes);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', value = {
        "{}|verb must be given, verb=null",
        "{\"verb\":\"top\"}|verb must be threads, hist, pauses, disks, events, remotes, contexts, probe, probes,"
        + " set, status, compare or detach, verb=top",
        "{\"verb\":\"probe\"}|action must be add, remove or list, action=null",
        "{\"verb\":\"probe\",\"action\":\"stop\"}|action must be add, remove or list, action=stop",
        "{\"verb\":\"probe\",\"action\":\"add\"}|name must be given, name=null",
        "{\"verb\":\"probe\",\"action\":\"add\",\"name\":\"x\"}|spec must be given, spec=null",
        "{\"verb\":\"probe\",\"action\":\"remove\"}|name must be given, name=null",
        "{\"verb\":7}|verb must be a string, verb=7",
        "{\"schema\":2,\"verb\":\"status\"}|schema must be 1, schema=2",
        "{\"verb\":\"hist\",\"pool\":[]}|pool must be a string, pool=[]",
        "{\"verb\":\"pauses\",\"last\":257}|last must be a whole number from 0 to 256, last=257",
        "{\"verb\":\"events\",\"last\":1025}|last must be a whole number from 0 to 1024, last=1025",
        "{\"verb\":\"pauses\",\"last\":-1}|last must be a whole number from 0 to 256, last=-1",
        "{\"verb\":\"pauses\",\"last\":1.5}|last must be a whole number from 0 to 256, last=1.5",
        "{\"verb\":\"pauses\",\"last\":\"7\"}|last must be a whole number from 0 to 256, last=\"7\"",
        "{\"verb\":\"pauses\",\"minNs\":-1}|minNs must be a whole number >= 0, minNs=-1",
        "{\"verb\":\"pauses\",\"after\":99999999999999999999}|after must be a whole number >= 0,"
        + " after=99999999999999999999",
        "{\"verb\":\"pauses\",\"after\":{}}|after must be a whole number >= 0, after={}",
        "{\"verb\":\"hist\",\"interval\":\"true\"}|interval must be true or false, interval=\"true\"",
    })
    void refusesWithTheRuleThenTheValue(String request, String message) {
        assertEquals(message, error(request));
    }

    @ParameterizedTest
    @ValueSource(strings = {"threads", "hist", "pauses", "events", "detach"})
    void isNotReadyWhileStarting(String verb) {
        agent.state = AgentState.STARTING;
        assertTrue(error("{\"verb\":\"" + verb + "\"}").startsWith("not ready: the agent is starting"));
        assertTrue(ask("{\"verb\":\"status\"}").contains("\"state\":\"starting\""));
        assertFalse(agent.detachRequested);
    }

    @Test
    void isNotReadyBeforeTheFirstIntervalIsOver() {
        agent.latest = FakeAgent.sample();
        assertTrue(error("{\"verb\":\"threads\",\"interval\":true}").startsWith("not ready: the first interval"));
        agent.latest = null;
        assertTrue(error("{\"verb\":\"threads\"}").startsWith("not ready"));
    }

    @Test
    void saysThatTheAgentHasFailed() {
        agent.state = AgentState.FAILED;
        agent.error = "Cannot load thread_state: EPERM.";
        for (String verb : List.of("threads", "hist", "pauses", "events")) {
            assertEquals("the agent has failed: Cannot load thread_state: EPERM.",
                    error("{\"verb\":\"" + verb + "\"}"));
        }
    }

    @Test
    void answersDetachWhenAllIsClosed() {
        long[] closedNs = {0};
        agent.onDetach = () -> new Thread(() -> {
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            closedNs[0] = System.nanoTime();
            agent.state = AgentState.OFF;
        }).start();
        ControlAnswer answer = verbs.answer(JsonParser.parseString("{\"verb\":\"detach\"}").getAsJsonObject());
        assertEquals(new ControlAnswer(JsonDocuments.detached(), true), answer);
        assertTrue(closedNs[0] != 0 && System.nanoTime() >= closedNs[0]);
    }
}
