package io.bpfagent.agent;

import static io.bpfagent.correlation.Snapshots.activity;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.Snapshots;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.kernel.ProgramCost;
import io.bpfagent.kernel.ProgramStatistics;
import io.bpfagent.kernel.ProgramUse;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A snapshot a second, of a JVM that runs one CPU. */
final class CostKeeperTest {
    private static final long SECOND = 1_000_000_000L;

    private final FakeSession session = new FakeSession();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream stderr = System.err;
    private long seconds;
    private long agentMs;

    @BeforeEach
    void catchStderr() {
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void giveStderrBack() {
        System.setErr(stderr);
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private Snapshot next(int agentMsMore) {
        seconds++;
        agentMs += agentMsMore;
        return new Snapshots()
                .pool("worker-#", ThreadKind.JAVA, 1, 0,
                        activity().time(ThreadState.RUNNING, seconds * SECOND - agentMs * 1_000_000))
                .pool("bpf-agent", ThreadKind.JAVA, 1, 0, activity().time(ThreadState.RUNNING, agentMs * 1_000_000))
                .at(seconds * SECOND, 0);
    }

    private void parks(long hits) {
        session.uses = List.of(use("park", "usdt", true, hits));
    }

    private ProgramUse use(String name, String kind, boolean asked, long hits) {
        return new ProgramUse(name, kind, 2, true, asked, session.switches.get(name), "", List.of(name), hits,
                new ProgramCost(100, 500), ProgramStatistics.NONE, name);
    }

    private CostKeeper keeper(MaxCost maxCost) {
        return new CostKeeper(session, maxCost, new Log());
    }

    @Test
    void drawsUpABillAfterASecondAndThenEveryFive() throws KernelException {
        CostKeeper keeper = keeper(MaxCost.DEFAULT);
        keeper.take(next(1));
        assertNull(keeper.cost());
        StringBuilder walls = new StringBuilder();
        long last = 0;
        for (int i = 0; i < 12; i++) {
            keeper.take(next(1));
            long wallNs = keeper.cost().total().wallNs();
            walls.append(wallNs == last ? "" : keeper.cost().window().wallNs() / SECOND + " ");
            last = wallNs;
        }
        assertEquals("1 5 5 ", walls.toString());
        assertEquals(0.001, keeper.cost().window().share(), 1e-6);
        assertTrue(keeper.cost().startCpuNs() > 0);
        assertFalse(keeper.isDue(0, 4 * SECOND));
        assertTrue(keeper.isDue(0, 5 * SECOND), "however long the interval is");
    }

    @Test
    void turnsOffWhatIsTooDearAndSaysSoInOneLine() throws KernelException {
        session.switches.put("park", true);
        CostKeeper keeper = keeper(new MaxCost(0.02, true));
        int off = 0;
        for (int i = 1; i <= 30 && off == 0; i++) {
            parks(i * 100_000L);
            off = keeper.take(next(1)) ? i : 0;
        }
        assertEquals(11, off, "the first second is nobody's");
        assertEquals(false, session.switches.get("park"));
        assertTrue(printed().startsWith("bpf-agent: Cost over max-cost: the agent took 6.1 % of the JVM's CPU time"
                + " for 10 s"
                + " (max-cost=2%) and turned off park, with 100000 hits a second 6.0 % of a CPU. On again:"
                + " attach-cli set"
                + " PID probe.park=on. See "), printed());
        assertEquals(1, printed().lines().count());
        for (int i = 0; i < 30; i++) {
            assertFalse(keeper.take(next(1)));
        }
        assertTrue(keeper.cost().note().contains(" turned off park, "));
        keeper.allow(new MaxCost(0.5, true));
        for (int i = 0; i < 6; i++) {
            keeper.take(next(1));
        }
        assertNull(keeper.cost().note());
    }

    @Test
    void turnsOffWhatNobodyAskedForBeforeItAllTakesMuchAndSaysSo() throws KernelException {
        session.switches.put("opens", true);
        CostKeeper keeper = keeper(MaxCost.DEFAULT);
        int off = 0;
        for (int i = 1; i <= 30 && off == 0; i++) {
            session.uses = List.of(use("opens", "uprobe", false, i * 20_000L));
            off = keeper.take(next(1)) ? i : 0;
        }
        assertEquals(12, off, "a bill after a second, and then every five");
        assertEquals(false, session.switches.get("opens"));
        assertEquals("bpf-agent: Probe turned off: the agent took more than 1.0 % of the JVM's CPU time for 10 s, and"
                + " nobody had asked for opens, with 20000 hits a second 1.2 % of a CPU. On again: attach-cli set PID"
                + " probe.opens=on. See TROUBLESHOOTING.md, \"Probe turned off\".\n", printed());
        assertTrue(keeper.cost().note().startsWith("Probe turned off: "));
    }

    @Test
    void staysWithWhatCannotBeTurnedOffAndTriesItAgainAfterAMinute() throws KernelException {
        session.switches.put("park", true);
        session.stuck = "park";
        CostKeeper keeper = keeper(new MaxCost(0.02, true));
        for (int i = 1; i <= 15; i++) {
            parks(i * 100_000L);
            keeper.take(next(1));
        }
        assertTrue(printed().startsWith("bpf-agent: Cannot run a program (park)."), printed());
        assertEquals(1, printed().lines().count(), printed());
        assertTrue(session.switches.get("park"));
        session.stuck = "";
        int off = 0;
        for (int i = 16; i <= 100 && off == 0; i++) {
            parks(i * 100_000L);
            off = keeper.take(next(1)) ? i : 0;
        }
        assertEquals(11 + 60, off);
        assertEquals(false, session.switches.get("park"));
    }

    @Test
    void saysThatNothingWouldHelpAndGoesOn() throws KernelException {
        CostKeeper keeper = keeper(MaxCost.DEFAULT);
        for (int i = 0; i < 200; i++) {
            keeper.take(next(200));
        }
        assertEquals(1, printed().lines().count());
        assertTrue(printed().contains("nothing that can be turned off is to blame. It goes on. "), printed());
        assertTrue(keeper.cost().note().startsWith("Cost over max-cost: "));
        for (int i = 0; i < 6; i++) {
            keeper.take(next(1));
        }
        assertNull(keeper.cost().note());
    }

    @Test
    void goesAfterAMinuteMoreWhereSomebodyHasSaidWhatItMayTake() {
        CostKeeper keeper = keeper(new MaxCost(0.05, true));
        KernelException end = assertThrows(KernelException.class, () -> {
            for (int i = 0; i < 200; i++) {
                keeper.take(next(200));
            }
        });
        assertEquals(71, seconds);
        assertTrue(end.getMessage()
                .startsWith("Cost over max-cost: the agent took 20.0 % of the JVM's CPU time for more than"
                + " a minute (max-cost=5%), and has turned itself off."), end.getMessage());
        assertTrue(printed().contains("It turns itself off if that lasts for a minute more."), printed());
    }
}
