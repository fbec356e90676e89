package io.bpfagent.bench;

import java.util.List;
import java.util.stream.Stream;

/** How what the agent costs grows with what its user has more of. */
final class CostGrowth implements Chapter {
    private final JvmGrowth jvms = new JvmGrowth();
    private final SwitchGrowth switches = new SwitchGrowth();
    private final HitGrowth hits = new HitGrowth();
    private final ThreadGrowth threads = new ThreadGrowth();
    private final SlowEventGrowth slowEvents = new SlowEventGrowth();

    @Override
    public String name() {
        return "growth";
    }

    @Override
    public String title() {
        return "How cost grows";
    }

    @Override
    public String measure(Effort effort) {
        String kept = ProgramCounters.kept();
        try {
            return "Below each table: by which power the cost grows between the ends, the slope of its logarithm, of"
                    + " each round.\nWorse than linear is a mean that lies two standard errors and more than "
                    + Samples.number("%.1f", Curve.MARGIN) + " above it: ten times as much\nthen costs over "
                    + Samples.number("%.1f", Math.pow(10, 1 + Curve.MARGIN)) + " times as much. Pictures: each round a"
                    + " dot, the medians a line, dashes for\nlinear.\n\n"
                    + String.join("\n", jvms.measure(effort), new HookCost().measure(effort),
                            switches.measure(effort), hits.measure(effort), threads.measure(effort),
                            slowEvents.measure(effort));
        } finally {
            ProgramCounters.keep(kept);
        }
    }

    @Override
    public List<Curve> curves() {
        return Stream.of(List.of(jvms.curve()), switches.curves(), hits.curves(), threads.curves(),
                List.of(slowEvents.curve())).flatMap(List::stream).toList();
    }
}
