package io.bpfagent.export.jfr;

import io.bpfagent.correlation.Occupant;
import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.PauseParts;
import io.bpfagent.correlation.PauseRole;
import io.bpfagent.correlation.PauseThread;
import io.bpfagent.correlation.ThreadState;
import java.util.HashMap;
import java.util.Map;

/** Says in a {@link PauseType} what a pause says. */
final class PauseMaker {
    private static final String BLOCKED = "blocked_";

    private PauseMaker() {
    }

    /** All but the thread itself. Takes the pause apart, unless somebody has done so before. */
    static void fill(PauseType to, Pause pause) {
        to.number = pause.number();
        to.operation = pause.operation();
        to.gc = pause.gc();
        to.exactDuration = pause.totalNs();
        to.timeToSafepoint = pause.timeToSafepointNs();
        to.incomplete = pause.incomplete();
        PauseParts parts = pause.parts();
        to.reaching = parts.reachingNs();
        to.working = parts.workingNs();
        to.noCpu = parts.noCpuNs();
        to.blocked = parts.vmBlocked().wallNs();
        to.blockedOn = longest(parts);
        to.behind = behind(pause);
        to.lateThreads = late(pause);
    }

    private static String longest(PauseParts parts) {
        ThreadState longest = null;
        long longestNs = 0;
        for (ThreadState state : ThreadState.ALL) {
            long ns = parts.vmBlocked().timeNs(state);
            if (ns > longestNs) {
                longestNs = ns;
                longest = state;
            }
        }
        return longest == null ? null : longest.metric().substring(BLOCKED.length());
    }

    private static String behind(Pause pause) {
        Map<String, Long> nsOf = new HashMap<>();
        String longest = null;
        for (PauseThread thread : pause.threads()) {
            if (thread.role() != PauseRole.LATE) {
                for (Occupant occupant : thread.occupants()) {
                    Long before = nsOf.get(occupant.who());
                    nsOf.put(occupant.who(), occupant.ns() + (before == null ? 0 : before));
                    if (longest == null || nsOf.get(occupant.who()) > nsOf.get(longest)) {
                        longest = occupant.who();
                    }
                }
            }
        }
        return longest;
    }

    private static String late(Pause pause) {
        StringBuilder names = new StringBuilder();
        for (PauseThread thread : pause.threads()) {
            if (thread.role() == PauseRole.LATE) {
                names.append(names.isEmpty() ? "" : ", ")
                        .append(thread.name().isEmpty() ? "tid " + thread.tid() : thread.name());
            }
        }
        return names.isEmpty() ? null : names.toString();
    }

    /** The OS thread id of the one that stopped last; 0 where none was late. */
    static int latest(Pause pause) {
        int tid = 0;
        for (PauseThread thread : pause.threads()) {
            if (thread.role() == PauseRole.LATE) {
                tid = thread.tid();
            }
        }
        return tid;
    }
}
