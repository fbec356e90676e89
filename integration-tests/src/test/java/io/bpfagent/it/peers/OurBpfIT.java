package io.bpfagent.it.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.SceneHost;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What other tests take for the agent's in the kernel is all of the agent's, and nobody else's. */
class OurBpfIT {
    /** All there is to load. */
    private static final String ARGUMENTS = SceneHost.INTERVAL + ",metrics=all+monitor_contended+park+object_alloc"
            + "+syscall+file_read+file_write+socket_read+socket_write,counters=cpu_clock,contexts=on,max-cost=off,"
            + "probe=lookups:uprobe:libc.so.6:getaddrinfo;execs:tp:sched:sched_process_exec";
    /** Of programs and links: of each family one at least, some with names of more than 15 characters. */
    private static final List<String> SOME = List.of("sched_switch", "sched_waking", "hotspot_probe", "sys_enter",
            "sys_exit", "io_call_begins", "io_call_ends", "tcp_send_reset", "look_at_connect", "forget_begins",
            "user_begins", "user_ends", "user_event_coun", "stop", "forget_rows", "counters_at_swi");
    private static final int RUNQLAT_LINKS = 3;

    @Test
    void whatAHostHoldsIsFoundByItsNames() {
        OurBpf before = OurBpf.inKernel();
        try (HostJvm host = SceneHost.start(Jdks.newest(), ARGUMENTS)) {
            // By its descriptors: whatever it has loaded, and however that is called.
            OurBpf held = OurBpf.heldBy(host.pid());
            Set<String> names = held.programNames();
            assertTrue(names.containsAll(SOME), names::toString);
            OurBpf missed = held.without(OurBpf.inKernel());
            // libbpf makes some maps too that no program of the object uses.
            assertEquals(Set.of(), missed.programNames());
            assertEquals(Set.of(), missed.programs());
            assertEquals(Set.of(), missed.links());
            assertFalse(held.without(before).isEmpty());
            host.detach();
        }
        before.awaitNothingMore();
    }

    @Test
    void whatAToolHoldsIsNotTakenForOurs() {
        try (PeerTool runqlat = PeerTool.start("runqlat", "3600")) {
            runqlat.awaitAttached(RUNQLAT_LINKS);
            OurBpf theirs = runqlat.held();
            Set<String> both = new TreeSet<>(theirs.programNames());
            both.retainAll(Set.of("sched_switch", "sched_wakeup", "sched_wakeup_ne"));
            assertEquals(3, both.size(), () -> "programs that are called as ours: " + theirs.programNames());
            assertEquals(theirs, theirs.without(OurBpf.inKernel()));
        }
    }
}
