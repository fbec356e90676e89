package io.bpfagent.it.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.Report;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.guest.Unharmed;

/** A host that works while everything else happens to it. */
final class WorkingHost {
    private WorkingHost() {}

    /** With the agent on, and at work. */
    static HostJvm start(Jdk jdk, String arguments, String... flags) {
        return start(SceneHost.command(jdk, flags), arguments);
    }

    /** With the agent on, and at work; so little that what the agent takes is a large part of it. */
    static HostJvm start(HostCommand command, String arguments) {
        HostJvm host = SceneHost.start(command, arguments + ",max-cost=off");
        SceneHost.play(host, "work");
        return host;
    }

    /**
     * Its work is right, it ends as it wants to, nothing of the agent's came out on its stderr, and nothing of the
     * agent that was on until then is left in the kernel.
     */
    static void assertEndsRight(HostJvm host) {
        OurBpf held = OurBpf.heldBy(host.pid());
        assertFalse(held.isEmpty(), () -> "no agent at the end\n" + host.report());
        assertWorkedRight(host);
        Unharmed.assertSilent(host);
        held.awaitGone();
    }

    /** Its work is right, and it ends as it wants to. */
    static void assertWorkedRight(HostJvm host) {
        SceneHost.play(host, "enough");
        host.awaitLine("worked right ");
        host.send("end");
        assertEquals(0, host.awaitExit(), host::report);
    }

    /** Of every live thread: it has been in one state at each moment. */
    static void assertAddsUp(Report report) {
        report.threads().forEach(thread -> {
            assertEquals(thread.wallNs(), Report.sum(thread.timesNs()), thread::toString);
            thread.timesNs().forEach((metric, ns) -> assertFalse(ns < 0, () -> metric + " of " + thread));
        });
        report.pools().values().forEach(pool -> pool.timesNs().forEach((metric, ns) ->
                assertFalse(ns < 0, () -> metric + " of " + pool)));
    }
}
