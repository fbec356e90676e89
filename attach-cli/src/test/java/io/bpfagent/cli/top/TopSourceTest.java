package io.bpfagent.cli.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.cli.FakeMachine;
import io.bpfagent.cli.GoldenFiles;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.interval.AgentWatch;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.text.Title;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked for frames, and what comes of the answers. */
class TopSourceTest {

    @TempDir
    Path directory;
    private FakeMachine machine;
    private final Deque<Object> threads = new ArrayDeque<>();
    /** To none there is the answer of an agent that knows none. */
    private final Deque<String> contexts = new ArrayDeque<>();
    /** To which there is no answer when it is asked for the second time. */
    private String failing = "";
    private final List<String> asked = new ArrayList<>();
    private final List<TopData> told = new ArrayList<>();
    private final List<String> silent = new ArrayList<>();

    @BeforeEach
    void makeMachine() {
        machine = new FakeMachine(directory);
    }

    /** What the JVM has done after so many seconds: its only thread sleeps half of the time. */
    private static String document(double seconds) {
        long ns = (long) (seconds * 1e9);
        String times = "\"timesNs\":{\"running\":" + ns / 2 + ",\"blocked_sleep\":" + ns / 2 + "}";
        return "{\"schema\":1,\"interval\":false,\"wallNs\":" + ns
                + ",\"threads\":[{\"tid\":7,\"javaId\":1,\"name\":\"m\","
            + "\"pool\":\"m\",\"wallNs\":" + ns + "," + times + "}],\"pools\":[{\"pool\":\"m\",\"threads\":1," + times
            + "}],\"losses\":{\"torn_rows\":" + (long) seconds + "}}";
    }

    private String answer(Request request) {
        asked.add(request.verb());
        if (request.verb().equals(failing) && asked.stream().filter(failing::equals).count() == 2) {
            throw CliError.REACH_TIMEOUT.because(" from JVM 4711");
        }
        if (request.verb().equals("contexts")) {
            if (contexts.isEmpty()) {
                throw CliError.ANSWER_ERROR.because(": verb must be");
            }
            return contexts.removeFirst();
        }
        if (!request.verb().equals("threads")) {
            return GoldenFiles.read(request.verb() + ".json");
        }
        Object next = threads.removeFirst();
        if (next instanceof CliException failure) {
            if (threads.isEmpty()) {
                machine.end(Integer.toString(FakeMachine.PID));
            }
            throw failure;
        }
        return (String) next;
    }

    private CliException run() {
        return run(false);
    }

    private CliException run(boolean contexts) {
        TargetProcess process = TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow();
        TopSource source = new TopSource(this::answer, new AgentWatch(process), new Title(4711, "x"), FakeMachine.CLOCK,
            1);
        source.wantContexts(contexts);
        return assertThrows(CliException.class, () -> source.run(told::add, silent::add));
    }

    @Test
    void framesAreDifferencesAndLeaveNothingOut() {
        threads.addAll(List.of(document(1), document(10), document(10), document(11), document(11), document(13.5),
            CliError.NO_AGENT.because(" 4711")));
        assertEquals("The JVM ended (4711).", run().getMessage());
        assertEquals(List.of(1_000_000_000L, 1_000_000_000L, 2_500_000_000L),
            told.stream().map(data -> data.threads().wallNs()).toList());
        assertEquals(1_250_000_000L, told.get(2).threads().threads().get(0).timesNs().get("running"));
        assertEquals(11L, told.get(2).earlierLosses().get("torn_rows"));
        assertEquals(13L, told.get(2).threads().losses().get("torn_rows"));
        assertEquals(List.of(), silent);
    }

    @Test
    void pausesAndEventsAreAskedForOnceAndKept() {
        threads.addAll(List.of(document(1), document(10), document(11), document(12), CliError.NO_AGENT.because("")));
        run();
        assertEquals(3, asked.stream().filter("pauses"::equals).count());
        assertEquals(1, asked.stream().filter("status"::equals).count());
        assertTrue(told.get(2).pauses().listed().size() >= 8);
    }

    @Test
    void aJvmThatIsSilentIsAskedOn() {
        threads.addAll(List.of(document(1), document(10), CliError.REACH_TIMEOUT.because(" from JVM 4711"),
            document(13), CliError.REACH_BROKEN.because("x"), document(14), CliError.NO_AGENT.because("")));
        run();
        assertEquals(List.of("JVM 4711 does not answer: in a long pause, stopped, or starved. Asking on."), silent);
        assertEquals(List.of(1_000_000_000L, 3_000_000_000L, 1_000_000_000L),
            told.stream().map(data -> data.threads().wallNs()).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pauses", "events"})
    void anIntervalOfWhichNotAllWasAnsweredIsInTheNext(String verb) {
        failing = verb;
        threads.addAll(List.of(document(1), document(10), document(12), document(13), CliError.NO_AGENT.because("")));
        run();
        assertEquals(1, silent.size());
        assertEquals(List.of(1_000_000_000L, 3_000_000_000L), told.stream().map(data -> data.threads().wallNs())
                .toList());
        assertEquals(10L, told.get(1).earlierLosses().get("torn_rows"));
    }

    /** What contexts did in so many seconds: one request of half a second in each. */
    private static String contexts(double seconds, boolean interval) {
        long ns = (long) (seconds * 1e9);
        return "{\"schema\":1,\"interval\":" + interval + ",\"wallNs\":" + ns + ",\"contexts\":[{\"name\":\"GET /\","
            + "\"kind\":\"request\",\"count\":" + (long) seconds + ",\"wallNs\":" + ns / 2
            + ",\"inclusive\":{\"running\":"
            + ns / 2 + "},\"exclusive\":{\"running\":{\"ns\":" + ns / 2 + ",\"count\":" + (long) seconds
            + ",\"maxNs\":7}}}],\"outsideNs\":{\"running\":" + ns / 2 + "},\"reason\":null,\"losses\":{}}";
    }

    /** Nobody looks at them most of the time, and there may be a thousand. */
    @Test
    void contextsAreAskedForWhereSomebodyLooksAtThem() {
        threads.addAll(List.of(document(1), document(10), document(11), CliError.NO_AGENT.because("")));
        run();
        assertFalse(asked.contains("contexts"));
        assertNull(told.get(1).contexts());
    }

    @Test
    void contextsAreDifferencesToo() {
        contexts.addAll(List.of(contexts(9, false), contexts(1, true), contexts(11, false), contexts(14, false)));
        threads.addAll(List.of(document(1), document(10), document(11), document(14), CliError.NO_AGENT.because("")));
        run(true);
        assertEquals(List.of(1L, 2L, 3L), told.stream().map(data -> data.contexts().contexts().get(0).count())
                .toList());
        assertEquals(1_500_000_000L, told.get(2).contexts().contexts().get(0).exclusiveWallNs());
        assertEquals(1_500_000_000L, told.get(2).contexts().outsideNs().get("running"));
    }

    @Test
    void anAgentWithoutContextsIsNoError() {
        threads.addAll(List.of(document(1), document(10), document(11), CliError.NO_AGENT.because("")));
        run(true);
        assertEquals("The agent refused the request: verb must be", told.get(1).contexts().reason());
        assertEquals(2, told.size());
    }

    @Test
    void anotherAgentBeginsAnew() {
        threads.addAll(List.of(document(1), document(10), document(2), document(1), document(3),
            CliError.NO_AGENT.because("")));
        run();
        assertEquals(List.of(1_000_000_000L, 1_000_000_000L, 1_000_000_000L),
            told.stream().map(data -> data.threads().wallNs()).toList());
    }

    @Test
    void anAgentThatWasDetachedIsTold() {
        threads.addAll(List.of(document(1), document(10)));
        threads.add(CliError.NO_AGENT.because(""));
        threads.add("never asked for");
        assertTrue(run().getMessage().startsWith("No agent in JVM 4711 any more: it was detached"), "the message");
    }
}
