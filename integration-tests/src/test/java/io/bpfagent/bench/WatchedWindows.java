package io.bpfagent.bench;

import java.util.ArrayList;
import java.util.List;

/** What was done while something watched, each window beside the unwatched ones just before and after its turn. */
final class WatchedWindows {
    /** Of what was done in an unwatched window, %. */
    private final Samples kept = new Samples();
    /** CPU time of the JVM for each of what was done, more than unwatched, %. */
    private final Samples more = new Samples();
    private final Samples p50 = new Samples();
    private final Samples p99 = new Samples();
    private final Samples p999 = new Samples();
    /** The means of the turns, which are what is independent. */
    private final List<Double> keptByTurn = new ArrayList<>();
    private final List<Double> moreByTurn = new ArrayList<>();

    /**
     * A window, watched or not.
     *
     * @param perSecond as if the compilers had done nothing
     * @param cpuUs     CPU time of the JVM for each, but for its compilers
     * @param latencies null where no client tells them
     */
    record Window(double perSecond, double cpuUs, Wrk.Latencies latencies) {
        /** @param cpus all of them busy */
        static Window of(ApplicationHost.Work work, int cpus) {
            // The compilers would have left their time to the application.
            return new Window(work.done() * 1e9 / (work.ns() - (double) work.jitNs() / cpus), work.cpuUs(),
                    work.latencies());
        }

        /** Halfway between two. */
        static Window between(Window one, Window other) {
            return new Window((one.perSecond + other.perSecond) / 2, (one.cpuUs + other.cpuUs) / 2,
                    one.latencies == null ? null : Wrk.Latencies.between(one.latencies, other.latencies));
        }
    }

    /** Adds a turn. */
    void turn(Window before, List<Window> watched, Window after) {
        Window unwatched = Window.between(before, after);
        Samples keptNow = new Samples();
        Samples moreNow = new Samples();
        for (Window window : watched) {
            double keptPercent = 100 * window.perSecond / unwatched.perSecond;
            double morePercent = 100 * (window.cpuUs / unwatched.cpuUs - 1);
            kept.add(keptPercent);
            more.add(morePercent);
            keptNow.add(keptPercent);
            moreNow.add(morePercent);
            if (window.latencies != null) {
                p50.add(window.latencies.p50() / unwatched.latencies.p50());
                p99.add(window.latencies.p99() / unwatched.latencies.p99());
                p999.add(window.latencies.p999() / unwatched.latencies.p999());
            }
        }
        keptByTurn.add(keptNow.mean());
        moreByTurn.add(moreNow.mean());
    }

    Samples kept() {
        return kept;
    }

    Samples more() {
        return more;
    }

    /** The client's median, times that of unwatched windows; empty where no client tells. */
    Samples p50() {
        return p50;
    }

    /** As {@link #p50}, of the 99th percentile. */
    Samples p99() {
        return p99;
    }

    /** As {@link #p50}, of the 99.9th percentile. */
    Samples p999() {
        return p999;
    }

    /** How much less of the work than the other this leaves, round by round, in percent of the unwatched. */
    Samples lessKeptThan(WatchedWindows other) {
        return differences(other.keptByTurn, keptByTurn);
    }

    /** How much more CPU time than the other this takes, round by round, in percent of the unwatched. */
    Samples dearerThan(WatchedWindows other) {
        return differences(moreByTurn, other.moreByTurn);
    }

    private static Samples differences(List<Double> from, List<Double> less) {
        Samples differences = new Samples();
        for (int i = 0; i < Math.min(from.size(), less.size()); i++) {
            differences.add(from.get(i) - less.get(i));
        }
        return differences;
    }
}
