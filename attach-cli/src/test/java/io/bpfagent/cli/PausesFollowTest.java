package io.bpfagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.cli.jvm.Sleep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pauses --follow} until there is nothing to follow any more. */
class PausesFollowTest {

    private static final String HEAD = "JVM 4711 (app.jar): 2 pauses since the agent began\n\n";

    @TempDir
    Path directory;
    private FakeMachine machine;

    @BeforeEach
    void makeMachine() {
        machine = new FakeMachine(directory);
    }

    /** Pauses of 1 ms that begin at midnight plus their number, in ms. */
    private static String document(long seen, long lost, long... numbers) {
        StringBuilder pauses = new StringBuilder();
        for (long number : numbers) {
            pauses.append(pauses.isEmpty() ? "" : ",").append("{\"number\":").append(number).append(",\"atMs\":")
                .append(1774738800000L + number).append(",\"operation\":\"Cleanup\",\"gc\":false,\"totalNs\":1000000,"
                    + "\"timeToSafepointNs\":20000,\"incomplete\":false,"
                    + "\"partsNs\":{\"reaching\":20000,\"working\":980000},\"threads\":[]}");
        }
        return "{\"schema\":1,\"pauses\":[" + pauses + "],\"seen\":" + seen + ",\"losses\":{\"lost_pauses\":" + lost
            + "}}";
    }

    private static String text(int number) {
        return "00:00:00.00" + number + "  Cleanup                           "
            + "  1.00 ms  to safepoint  20.0 us\n    working 980 us (98%)\n";
    }

    private FakeAgent agent(boolean jvmToo, String... answers) {
        return FakeAgent.ending(machine, jvmToo, answers);
    }

    @Test
    void printsWhatIsThereAndThenWhatIsNew() throws IOException {
        try (FakeAgent agent = agent(false, document(2, 0, 1, 2), document(2, 0), document(3, 0, 3),
                document(3, 0), document(5, 0, 4, 5))) {
            FakeMachine.Outcome outcome = machine.run("pauses", "4711", "--follow", "--min", "500us");
            assertEquals("JVM 4711 (app.jar): the last 2 pauses of 500 us or longer, of 2 pauses so far\n\n"
                + text(1) + text(2) + "\nlosses: none\n\n" + text(3) + text(4) + text(5), outcome.out());
            assertEquals("No agent in JVM 4711 any more: it was detached, or the JVM is ending."
                + " Attach again with: attach-cli 4711\n", outcome.err());
            assertEquals(1, outcome.exitCode());
            assertEquals(List.of(request(10, 0), request(256, 2), request(256, 2), request(256, 3), request(256, 3)),
                agent.requests());
        }
    }

    private static String request(int last, int after) {
        return "{\"schema\":1,\"verb\":\"pauses\",\"last\":" + last + ",\"minNs\":500000,\"after\":" + after + "}";
    }

    @Test
    void endsWithTheJvm() throws IOException {
        try (FakeAgent agent = agent(true, document(2, 0, 1, 2), document(3, 0, 3))) {
            FakeMachine.Outcome outcome = machine.run("pauses", "4711", "--follow");
            assertEquals(HEAD + text(1) + text(2) + "\nlosses: none\n\n" + text(3), outcome.out());
            assertEquals("The JVM ended (4711): no more pauses.\n", outcome.err());
            assertEquals(1, outcome.exitCode());
        }
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        try (FakeAgent agent = agent(true, document(2, 0, 1, 2), document(5, 0, 5), document(5, 23), document(5, 23))) {
            assertEquals(HEAD + text(1) + text(2) + "\nlosses: none\n\n"
                + "(2 pauses are missing here: the agent's buffer, or its list of 256, was full)\n"
                + text(5) + "\nlosses: lost_pauses 23\n", machine.run("pauses", "4711", "--follow").out());
        }
        machine = new FakeMachine(directory.resolve("second"));
        try (FakeAgent agent = agent(true, document(2, 0, 1, 2), document(1002, 0, 1001))) {
            String out = machine.run("pauses", "4711", "--follow", "--min", "500us").out();
            assertTrue(out.contains("(744 pauses are missing here: "), out);
        }
    }

    @Test
    void jsonIsOneLineForEachLookThatFoundSome() throws IOException {
        try (FakeAgent agent = agent(true, document(0, 0), document(2, 0, 1, 2), document(2, 0), document(5, 0, 5))) {
            FakeMachine.Outcome outcome = machine.run("pauses", "4711", "--follow", "--format", "json");
            assertEquals(document(2, 0, 1, 2) + "\n" + document(5, 0, 5) + "\n", outcome.out());
            assertEquals("(2 pauses are missing here: the agent's buffer, or its list of 256, was full)\n"
                + "The JVM ended (4711): no more pauses.\n", outcome.err());
        }
    }

    @Test
    void lastZeroBeginsWithWhatComes() throws IOException {
        try (FakeAgent agent = agent(true, document(2, 23, 2), document(3, 23, 3))) {
            assertEquals(text(3), machine.run("pauses", "4711", "--follow", "--last", "0").out());
        }
    }

    @Test
    void whereThereCanBeNoneThereIsNothingToFollow() throws IOException {
        try (FakeAgent agent = agent(true, GoldenFiles.read("pauses-no-probes.json"))) {
            FakeMachine.Outcome outcome = machine.run("pauses", "4711", "--follow");
            assertEquals("There are no pauses to follow (JVM 4711): safepoint__begin is not attached: this libjvm has"
                + " no USDT notes\n", outcome.err());
            assertEquals("", outcome.out());
            assertEquals(1, outcome.exitCode());
        }
    }

    @Test
    void lossesAloneStandApartToo() throws IOException {
        try (FakeAgent agent = agent(true, document(2, 0, 1, 2), document(2, 23), document(5, 23, 5))) {
            String out = machine.run("pauses", "4711", "--follow").out();
            assertTrue(out.startsWith(HEAD + text(1) + text(2) + "\nlosses: none\n\nlosses: lost_pauses 23\n\n"), out);
            assertTrue(out.endsWith(text(5)), out);
        }
    }

    @Test
    void goesOnWithANewAgent() throws IOException {
        try (FakeAgent agent = agent(true, document(2, 0, 1, 2), document(1, 0), document(1, 0, 1))) {
            FakeMachine.Outcome outcome = machine.run("pauses", "4711", "--follow");
            assertEquals(HEAD + text(1) + text(2) + "\nlosses: none\n\n" + text(1), outcome.out());
            assertEquals("The agent in JVM 4711 is a new one: its pauses are counted from 1 again.\n"
                + "The JVM ended (4711): no more pauses.\n", outcome.err());
        }
    }

    @Test
    void waitsForAJvmThatDoesNotAnswer() throws IOException {
        machine.answerTimeoutMs = 100;
        int[] asked = {0};
        FakeAgent[] agents = new FakeAgent[1];
        agents[0] = new FakeAgent(machine.tmp(), request -> {
            if (++asked[0] == 2) {
                Sleep.ms(500); // as in a long pause
            } else if (asked[0] == 10) {
                agents[0].end(machine, true);
            }
            return asked[0] == 1 ? document(2, 0, 1, 2) : document(2, 0);
        });
        try (FakeAgent agent = agents[0]) {
            FakeMachine.Outcome outcome = machine.run("pauses", "4711", "--follow");
            assertEquals(HEAD + text(1) + text(2) + "\nlosses: none\n", outcome.out());
            assertEquals("JVM 4711 does not answer: in a long pause, stopped, or starved. Asking on.\n"
                + "The JVM ended (4711): no more pauses.\n", outcome.err());
        }
    }
}
