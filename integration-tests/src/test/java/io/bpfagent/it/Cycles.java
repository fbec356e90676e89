package io.bpfagent.it;

import com.google.gson.JsonObject;
import io.bpfagent.workload.LongLife;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeSet;

/**
 * One JVM into which the agent comes and out of which it goes, again and again: with a probe of the user's own, slow
 * events, pauses and beans. One thread uses it.
 */
public final class Cycles implements AutoCloseable {
    private static final String PROBE = "lookups";
    private static final String ARGUMENTS = "interval=100ms,slow.file_sync=0,probe=" + PROBE
            + ":uprobe:libc.so.6:getaddrinfo";
    /** Of so many cycles one waits until there is something of everything that was asked for. */
    private static final int LOOK_EVERY = 10;
    private static final Duration SOON = Duration.ofSeconds(60);

    private final HostJvm host;
    private final OurBpf seen = new OurBpf(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    private int done;
    private int weighed;

    private Cycles(HostJvm host) {
        this.host = host;
    }

    /** Starts the JVM. Its own threads and heap do not change by themselves, so that what changes is of the agent. */
    public static Cycles in(Jdks.Jdk jdk) {
        HostJvm host = HostJvm.of(jdk).jvm("-XX:+UseSerialGC", "-XX:-UseDynamicNumberOfCompilerThreads", "-Xms32m",
                "-Xmx32m",
                "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1").main(LongLife.class).start();
        host.awaitLine("begin");
        return new Cycles(host);
    }

    public HostJvm host() {
        return host;
    }

    /** Attaches and detaches so often; the agent is gone afterwards, and all that it had in the kernel. */
    public void run(int times) {
        for (int i = 0; i < times; i++) {
            host.attach(ARGUMENTS + ",jar=" + HostJvm.agentJar());
            host.await("on");
            if (done % LOOK_EVERY == 0) {
                look();
            }
            host.detach();
            done++;
        }
        seen.awaitGone();
        OurBpf held = OurBpf.heldBy(host.pid());
        if (!held.isEmpty()) {
            throw new AssertionError("still held after " + done + " cycles: " + held);
        }
    }

    /** Loads another agent so often, which stays; for what the JDK itself takes. */
    public void load(Path agent, int times) {
        for (int i = 0; i < times; i++) {
            host.attach(agent, "");
        }
    }

    private void look() {
        OurBpf held = OurBpf.heldBy(host.pid());
        seen.programs().addAll(held.programs());
        seen.maps().addAll(held.maps());
        seen.links().addAll(held.links());
        Await.until(SOON, () -> "look-ups, pauses and slow events in cycle " + done + "\n" + host.status() + "\n"
                + host.report(),
                () -> count(host.hist(PROBE, null, null)) > 0 && !host.pauses(0).pauses().isEmpty() && hasEvents());
    }

    private static long count(JsonObject histograms) {
        return histograms.getAsJsonArray("histograms").isEmpty() ? 0 : Histogram.only(histograms).count();
    }

    private boolean hasEvents() {
        JsonObject request = ControlClient.request("events");
        request.addProperty("last", 1);
        return !host.control().get(request).getAsJsonArray("events").isEmpty();
    }

    /** What the host holds now. */
    public Footprint weigh() {
        weighed++;
        return Footprint.of(host, weighed);
    }

    @Override
    public void close() {
        host.close();
    }
}
