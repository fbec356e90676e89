package io.bpfagent.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What all that is on by default takes at a wake-up and a switch, beside the states of threads alone. */
final class SpineCost {
    private static final double TARGET_PERCENT = 5;

    private final Watcher all = new Ours();
    private final Watcher spine = Ours.spine();
    private final Samples spineNs = new Samples();
    private final Samples allNs = new Samples();
    private final Samples wakeMore = new Samples();
    private final Samples changeMore = new Samples();
    private final Samples sumMore = new Samples();
    private final Samples percent = new Samples();

    /** Many short turns: the programs lie elsewhere in memory each time they are loaded, part of the spread. */
    SpineCost measure(LoadHost host, int rounds, int windowMs) {
        Turns<Watcher> turns = new Turns<>(List.of(all, spine));
        for (int round = 0; round < rounds; round++) {
            Map<Watcher, SchedulerCost> found = new HashMap<>();
            for (Watcher watcher : turns.next()) {
                found.put(watcher, SchedulerCost.of(watcher, host, windowMs));
            }
            SchedulerCost whole = found.get(all);
            SchedulerCost alone = found.get(spine);
            spineNs.add(alone.sum());
            allNs.add(whole.sum());
            wakeMore.add(whole.wake() - alone.wake());
            changeMore.add(whole.change() - alone.change());
            sumMore.add(whole.sum() - alone.sum());
            percent.add(100 * (whole.sum() / alone.sum() - 1));
        }
        return this;
    }

    @Override
    public String toString() {
        Table table = new Table("ns", "spine alone", "with defaults", "more", "mean").row("wake-up and switch",
                spineNs.text("%.0f"), allNs.text("%.0f"), sumMore.text("%.0f"), sumMore.meanText("%.1f"))
                .row("of that the wake-up", "", "", wakeMore.text("%.0f"), wakeMore.meanText("%.1f"))
                .row("of that the switch", "", "", changeMore.text("%.0f"), changeMore.meanText("%.1f"))
                .row("more, %", "", "", percent.text("%.1f"), percent.meanText("%.1f"));
        return "The same with all that is on by default beside the spine alone (" + Ours.SPINE_TEXT + "):\n"
                + percent.count() + " pairs of turns, in each of which the programs are loaded anew; means with their"
                + " standard errors.\nTarget: at most " + Samples.number("%.0f", TARGET_PERCENT)
                + " % more, and twice the standard error must leave no doubt: "
                + percent.verdictOfMean(TARGET_PERCENT) + ".\n\n" + table;
    }
}
