package io.bpfagent.bench;

import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;

/** A JVM that runs {@link RateLoad}. */
final class RateHost implements AutoCloseable {
    private final HostJvm jvm;
    private int questions;

    /**
     * What was done since the rate was set.
     *
     * @param perSecond how often
     * @param ns        what one took, the median
     */
    record Done(double perSecond, double ns) {}

    /** @param load {@code handover} or {@code park} */
    RateHost(String load) {
        jvm = HostJvm.of(Jdks.newest()).main(RateLoad.class, load).start();
        jvm.awaitLine("ready");
    }

    HostJvm jvm() {
        return jvm;
    }

    /** From now on so often; 0: as often as possible. */
    void rate(double perSecond) {
        String line = "rate " + questions++ + " " + Samples.number("%.0f", perSecond);
        jvm.send(line);
        jvm.awaitLine(line);
    }

    Done done() {
        String question = "count " + questions++;
        jvm.send(question);
        String[] words = jvm.awaitLine(question + " ").split(" ");
        return new Done(Long.parseLong(words[2]) * 1e9 / Long.parseLong(words[3]), Long.parseLong(words[4]) / 1e3);
    }

    @Override
    public void close() {
        jvm.close();
    }
}
