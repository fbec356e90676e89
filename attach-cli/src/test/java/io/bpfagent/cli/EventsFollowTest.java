package io.bpfagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code events --follow}: what it does not share with {@code pauses --follow}. */
class EventsFollowTest {

    private static final String HEAD = "JVM 4711 (app.jar): 2 slow events since the agent began\n\n";

    @TempDir
    Path directory;
    private FakeMachine machine;

    @BeforeEach
    void makeMachine() {
        machine = new FakeMachine(directory);
    }

    /** Slow events at midnight plus their number, in ms. */
    private static String document(long seen, long lost, long... numbers) {
        StringBuilder events = new StringBuilder();
        for (long number : numbers) {
            events.append(events.isEmpty() ? "" : ",").append("{\"number\":").append(number).append(",\"atMs\":")
                .append(1774738800000L + number).append(",\"metric\":\"blocked_disk\",\"durationNs\":23000000,"
                    + "\"thread\":{\"name\":\"main\"},\"cpu\":1,\"on\":{\"path\":\"/x\"},\"stack\":[]}");
        }
        return "{\"schema\":1,\"events\":[" + events + "],\"seen\":" + seen + ",\"losses\":{\"lost_slow_events\":"
            + lost
            + "}}";
    }

    private static String text(int number) {
        return "00:00:00.00" + number + "  blocked_disk        23.0 ms  main\n    /x\n";
    }

    @Test
    void printsWhatIsThereAndThenWhatIsNew() throws IOException {
        try (FakeAgent agent = FakeAgent.ending(machine, document(2, 0, 1, 2), document(2, 0), document(4, 0, 3, 4))) {
            FakeMachine.Outcome outcome = machine.run("events", "4711", "--follow");
            assertEquals(HEAD + text(1) + text(2) + "\nlosses: none\n\n" + text(3) + text(4), outcome.out());
            assertEquals("The JVM ended (4711): no more slow events.\n", outcome.err());
            assertEquals(1, outcome.exitCode());
            assertEquals(List.of(request(10, 0), request(1024, 2), request(1024, 2)), agent.requests());
        }
    }

    private static String request(int last, int after) {
        return "{\"schema\":1,\"verb\":\"events\",\"last\":" + last + ",\"minNs\":0,\"after\":" + after
            + ",\"metric\":null,\"pool\":null,\"thread\":null}";
    }

    /** A lost one leaves no gap in the numbers: it is in the losses only. */
    @Test
    void saysWhatWasLostInBetween() throws IOException {
        String lost = "(23 slow events are missing here: the agent's buffer, or its list of 1,024, was full)\n";
        try (FakeAgent agent = FakeAgent.ending(machine, document(2, 7, 1, 2), document(3, 30, 3), document(3, 30))) {
            assertEquals(HEAD + text(1) + text(2) + "\nlosses: lost_slow_events 7\n\n"
                + lost.replace("was full", "was\nfull") + text(3)
                + "\nlosses: lost_slow_events 30\n", machine.run("events", "4711", "--follow").out());
        }
        machine = new FakeMachine(directory.resolve("json"));
        try (FakeAgent agent = FakeAgent.ending(machine, document(2, 7, 1, 2), document(3, 30, 3))) {
            FakeMachine.Outcome outcome = machine.run("events", "4711", "--follow", "--last", "0", "--format", "json");
            assertEquals(document(3, 30, 3) + "\n", outcome.out());
            assertEquals(lost + "The JVM ended (4711): no more slow events.\n", outcome.err());
        }
    }

    @Test
    void saysWhatIsNoLongerInTheList() throws IOException {
        try (FakeAgent agent = FakeAgent.ending(machine, document(2, 0, 1, 2), document(2002, 0, 2001))) {
            String out = machine.run("events", "4711", "--follow", "--metric", "dns").out();
            assertTrue(out.contains("(976 slow events are missing here: "), out);
        }
    }

    @Test
    void goesOnWithANewAgent() throws IOException {
        try (FakeAgent agent = FakeAgent.ending(machine, document(2, 30, 1, 2), document(1, 0), document(1, 1, 1))) {
            FakeMachine.Outcome outcome = machine.run("events", "4711", "--follow");
            assertTrue(outcome.out().contains("(1 slow event is missing here: "), outcome.out());
            assertTrue(outcome.err().startsWith(
                "The agent in JVM 4711 is a new one: its slow events are counted from 1 again.\n"), outcome.err());
        }
    }

    @Test
    void whereThereCanBeNoneThereIsNothingToFollow() throws IOException {
        try (FakeAgent agent = FakeAgent.ending(machine, GoldenFiles.read("events-off.json"))) {
            FakeMachine.Outcome outcome = machine.run("events", "4711", "--follow");
            assertEquals("There are no slow events to follow (JVM 4711): slow=off\n", outcome.err());
            assertEquals("", outcome.out());
            assertEquals(1, outcome.exitCode());
        }
    }
}
