package io.bpfagent.bench;

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

    /** @param windowMs short: so that whatever makes the machine slower does so to both */
    SpineCost measure(LoadPair loads, int rounds, int windowMs) {
        for (int round = 0; round < rounds; round++) {
            LoadPair.Comparison found = loads.compare(all, spine, windowMs);
            spineNs.add(found.other().sum());
            allNs.add(found.one().sum());
            wakeMore.add(found.one().wake() - found.other().wake());
            changeMore.add(found.one().change() - found.other().change());
            sumMore.add(found.one().sum() - found.other().sum());
            percent.add(found.percent());
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
        return """
                The same with all that is on by default beside the spine alone
                (%s):
                two such JVMs, one with each, whose loads run by turns, %d each; then the other way round; %d rounds, in
                each of which the programs are loaded anew, twice; means with their standard errors.
                Target: at most %.0f %% more, and twice the standard error must leave no doubt: %s.

                %s""".formatted(Ours.SPINE_TEXT, LoadPair.TURNS, percent.count(), TARGET_PERCENT,
                percent.verdictOfMean(TARGET_PERCENT), table);
    }
}
