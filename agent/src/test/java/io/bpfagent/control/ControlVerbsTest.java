package io.bpfagent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.bpfagent.agent.AgentState;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.report.FakeAgent;
import io.bpfagent.report.HistogramSelection;
import io.bpfagent.report.JsonDocuments;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ControlVerbsTest {
    private final FakeAgent agent = new FakeAgent();
    private final ControlVerbs verbs = new ControlVerbs(agent);

    private String ask(String request) {
        ControlAnswer answer = verbs.answer(JsonParser.parseString(request).getAsJsonObject());
        assertFalse(answer.last());
        return answer.document();
    }

    private String error(String request) {
        return JsonParser.parseString(ask(request)).getAsJsonObject().get("error").getAsString();
    }

    @Test
    void answersWithTheDocuments() {
        agent.latest = FakeAgent.sample();
        agent.interval = FakeAgent.sample();
        agent.metrics = EnumSet.of(ThreadState.RUNNABLE);
        assertEquals(JsonDocuments.status(agent), ask("{\"schema\":1,\"verb\":\"status\"}"));
        assertEquals(JsonDocuments.threads(agent.latest, false), ask(
                "{\"schema\":1,\"verb\":\"threads\",\"metric\":null,\"pool\":null,\"thread\":null,\"interval\":false}"));
        assertEquals(JsonDocuments.threads(agent.interval, true), ask("{\"verb\":\"threads\",\"interval\":true}"));
        assertEquals(JsonDocuments.hist(agent.latest, HistogramSelection.ALL, agent.metrics, false),
                ask("{\"verb\":\"hist\"}"));
        assertEquals(JsonDocuments.hist(agent.latest, new HistogramSelection("runnable", "worker-#", null),
                agent.metrics, false), ask("{\"verb\":\"hist\",\"metric\":\"runnable\",\"pool\":\"worker-#\"}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', value = {
        "{}|verb must be given, verb=null",
        "{\"verb\":\"top\"}|verb must be threads, hist, status or detach, verb=top",
        "{\"verb\":7}|verb must be a string, verb=7",
        "{\"schema\":2,\"verb\":\"status\"}|schema must be 1, schema=2",
        "{\"verb\":\"hist\",\"pool\":[]}|pool must be a string, pool=[]",
        "{\"verb\":\"hist\",\"interval\":\"true\"}|interval must be true or false, interval=\"true\"",
    })
    void refusesWithTheRuleThenTheValue(String request, String message) {
        assertEquals(message, error(request));
    }

    @ParameterizedTest
    @ValueSource(strings = {"threads", "hist", "detach"})
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
        assertEquals("the agent has failed: Cannot load thread_state: EPERM.", error("{\"verb\":\"hist\"}"));
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
