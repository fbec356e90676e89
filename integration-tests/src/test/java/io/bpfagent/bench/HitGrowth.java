package io.bpfagent.bench;

import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import java.util.ArrayList;
import java.util.List;

/** What a probe of HotSpot's that a user names takes of a thread the more often it is hit. */
final class HitGrowth implements Chapter {
    private static final String PROBE = "usdt:libjvm:hotspot:thread__park__begin";
    private static final String NAME = "counted";
    /** A second; 0: as often as possible. */
    private static final List<Integer> RATES = List.of(100, 1_000, 10_000, 100_000, 0);
    private static final int SETTLE_MS = 200;

    private final Curve share = Curve.total("growth-hits", "hits of a USDT probe a second",
            "% of a CPU in the trap and the program");
    private final Curve each = Curve.each("growth-hit-ns", "hits of a USDT probe a second", "ns for each hit");

    @Override
    public String name() {
        return "growth-hits";
    }

    @Override
    public String title() {
        return "Growth: hits of a probe";
    }

    @Override
    public List<Curve> curves() {
        return List.of(share, each);
    }

    @Override
    public String measure(Effort effort) {
        List<Samples> hits = samples();
        List<Samples> ns = samples();
        List<Samples> percent = samples();
        try (RateHost host = new RateHost("park")) {
            host.rate(0);
            host.jvm().attach("max-cost=off");
            host.jvm().await("on");
            Await.sleep(effort.warmUpMs() / 4);
            Turns<Integer> rates = new Turns<>(RATES);
            Turns<Boolean> with = new Turns<>(List.of(true, false));
            for (int round = 0; round < effort.rounds(); round++) {
                double[] bare = new double[RATES.size()];
                double[] probed = new double[RATES.size()];
                double[] perSecond = new double[RATES.size()];
                for (boolean isProbed : with.next()) {
                    if (isProbed) {
                        mustBeDone(host.jvm().addProbe(NAME, PROBE));
                    }
                    for (int rate : rates.next()) {
                        int place = RATES.indexOf(rate);
                        host.rate(rate);
                        Await.sleep(SETTLE_MS);
                        host.rate(rate); // counts anew
                        Await.sleep(effort.windowMs() / 2);
                        RateHost.Done done = host.done();
                        (isProbed ? probed : bare)[place] = done.ns();
                        perSecond[place] = isProbed ? done.perSecond() : perSecond[place];
                    }
                    if (isProbed) {
                        mustBeDone(host.jvm().removeProbe(NAME));
                    }
                }
                for (int place = 0; place < RATES.size(); place++) {
                    double more = probed[place] - bare[place];
                    hits.get(place).add(perSecond[place]);
                    ns.get(place).add(more);
                    percent.get(place).add(perSecond[place] * more / 1e7);
                    share.add(place, perSecond[place], perSecond[place] * more / 1e7);
                    each.add(place, perSecond[place], more);
                }
            }
        }
        Table table = new Table("hits a second", "ns more for each", "% of a CPU");
        for (int place = 0; place < RATES.size(); place++) {
            table.row(hits.get(place).text("%,.0f"), ns.get(place).text("%.0f"), percent.get(place).text("%.2f"));
        }
        return "One thread parks with the permit already there, so that it does not wait, at a"
                + " rate and at last without a pause, and a\nprobe of the user's counts that (`" + PROBE + "`).\nThe ns"
                + " are what the median park takes more by the thread's clock than without the probe: trap, program"
                + " and all that they\npush out of the caches.\n\n" + table + "\n" + share + "\n" + each;
    }

    private static void mustBeDone(JsonObject answer) {
        if (answer.has("error")) {
            throw new AssertionError(answer.toString());
        }
    }

    private static List<Samples> samples() {
        List<Samples> samples = new ArrayList<>();
        RATES.forEach(rate -> samples.add(new Samples()));
        return samples;
    }
}
