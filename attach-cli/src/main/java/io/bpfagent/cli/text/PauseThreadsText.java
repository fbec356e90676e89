package io.bpfagent.cli.text;

import io.bpfagent.cli.control.PausesDocument.Entry;
import io.bpfagent.cli.control.PausesDocument.PausedThread;
import java.util.List;
import java.util.Map;

/** The table of a pause's threads, and below each who had the CPU for which it waited. */
final class PauseThreadsText {

    /** What the table's words mean; once for all tables. */
    static final String LEGEND = "BLOCKED has all reasons, with the name of the longest (* others too);"
        + " FAULTS are page faults, minor+major as the kernel counts them.";

    private static final int NAME_WIDTH = 17;
    private static final String BLOCKED = "blocked_";

    private PauseThreadsText() {
    }

    static String of(Entry pause) {
        if (pause.threads().isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        text.append(row("ROLE", "THREAD", "TID", "RUNNING", "RUNNABLE", "BLOCKED", "", "FAULTS"));
        for (PausedThread thread : pause.threads()) {
            text.append(row(thread));
            OccupantWords occupants = OccupantWords.of(List.of(thread));
            if (!occupants.isEmpty() && thread.timeNs("runnable") >= pause.totalNs() * PauseVerdict.WORTH) {
                text.append(Layout.wrap("          ", "runnable behind " + occupants.times(Integer.MAX_VALUE)));
            }
        }
        return text.toString();
    }

    private static String row(PausedThread thread) {
        List<Map.Entry<String, Long>> blocked = PauseVerdict.longest(thread.timesNs()).stream()
            .filter(state -> state.getKey().startsWith(BLOCKED)).toList();
        long blockedNs = blocked.stream().mapToLong(Map.Entry::getValue).sum();
        boolean others = !blocked.isEmpty() && blockedNs - blocked.get(0).getValue() >= blockedNs * PauseVerdict.WORTH;
        return row(thread.role(), thread.name() == null || thread.name().isEmpty() ? "?" : thread.name(),
            thread.tid() == 0 ? "-" : Integer.toString(thread.tid()),
            Quantity.durationOrDash(positive(thread.timeNs("running"))),
            Quantity.durationOrDash(positive(thread.timeNs("runnable"))),
            Quantity.durationOrDash(positive(blockedNs)),
            blocked.isEmpty() ? "" : blocked.get(0).getKey().substring(BLOCKED.length()) + (others ? "*" : ""),
            Quantity.brief(thread.minorFaults()) + "+" + Quantity.brief(thread.majorFaults()));
    }

    private static String row(String role, String name, String tid, String running, String runnable, String blocked,
        String reason, String faults) {
        return "    " + Layout.left(Layout.shorten(role, 4), 6)
            + Layout.left(Layout.shorten(name, NAME_WIDTH), NAME_WIDTH)
            + Layout.right(tid, 8) + Layout.right(running, 9) + Layout.right(runnable, 9) + Layout.right(blocked, 9)
            + " " + Layout.left(reason, 10) + Layout.right(faults, 7) + "\n";
    }

    private static Long positive(long ns) {
        return ns > 0 ? ns : null;
    }
}
