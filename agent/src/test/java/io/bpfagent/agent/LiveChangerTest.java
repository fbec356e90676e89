package io.bpfagent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.kernel.KernelException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** All that is asked for, or nothing. */
final class LiveChangerTest {
    private final FakeSession session = new FakeSession();

    private void apply(String text) throws ArgumentException, KernelException {
        Arguments now = Arguments.read("", Map.of(), Map.of());
        LiveChanger.apply(session, now, LiveChange.of(now, text));
    }

    @Test
    void turnsWhatIsNamed() throws Exception {
        session.switches.putAll(Map.of("park", false, "calls", true, "tcp", true));
        apply("probe.park=on,probe.calls=off,probe.tcp=on");
        assertEquals(Map.of("park", true, "calls", false, "tcp", true), session.switches);
    }

    @Test
    void leavesAllAsItWasWhenOneCannotBeAttached() {
        session.switches.put("calls", true);
        session.switches.put("tcp", false);
        session.switches.put("park", false);
        session.unattachable = "park";
        String problem = assertThrows(KernelException.class, () -> apply("probe.calls=off,probe.tcp=on,probe.park=on"))
                .getMessage();
        assertTrue(problem.startsWith("Cannot attach a probe (park)"), problem);
        assertEquals(Map.of("calls", true, "tcp", false, "park", false), session.switches);
    }

    @Test
    void namesThoseThatThereAre() {
        session.switches.put("calls", true);
        session.switches.put("tcp", true);
        assertEquals("the name behind probe. must be one of calls, tcp, probe.clals",
                assertThrows(ArgumentException.class, () -> apply("probe.tcp=off,probe.clals=off")).getMessage());
        assertEquals(Map.of("calls", true, "tcp", true), session.switches);
    }
}
