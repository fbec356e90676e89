package io.bpfagent.bench;

import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import java.util.ArrayList;
import java.util.List;

/** What it costs a virtual thread to be followed: its yields. */
final class VirtualThreads implements Chapter {
    private static final double TARGET = 1.3;
    private static final int FEWEST_ROUNDS = 5;
    private static final int SETTLE_MS = 2_000;
    private static final int WEAVE_MS = 1_000;
    private static final List<Case> CASES = List.of(new Case(1, false, "one, which yields to nobody"),
            new Case(64, false, "64 that yield to each other"),
            new Case(64, true, "the same, each in one of eight contexts"));

    private record Case(int threads, boolean contexts, String text) {
        /** Without the agent there are none. */
        String[] arguments(boolean withAgent) {
            List<String> words = new ArrayList<>(List.of(Integer.toString(threads)));
            if (contexts && withAgent) {
                words.add("contexts");
            }
            return words.toArray(new String[0]);
        }
    }

    @Override
    public String name() {
        return "virtual";
    }

    @Override
    public String title() {
        return "Virtual threads";
    }

    @Override
    public String measure(Effort effort) {
        if (Jdks.newest().release() < 21) {
            return "There are none on " + Jdks.newest() + ".\n";
        }
        Table table = new Table("virtual threads, one carrier", "without the agent, ns", "not followed, ns",
                "followed, ns", "times as long");
        Samples worst = new Samples();
        for (Case one : CASES) {
            Samples without = new Samples();
            Samples plain = new Samples();
            Samples followed = new Samples();
            Samples ratio = new Samples();
            try (HostJvm host = start(one, ""); HostJvm with = start(one, "contexts=on")) {
                Turns<Integer> turns = new Turns<>(List.of(0, 1, 2));
                for (int round = 0; round < Math.max(FEWEST_ROUNDS, effort.rounds()); round++) {
                    double[] ns = new double[3];
                    for (int turn : turns.next()) {
                        ns[turn] = turn == 0 ? yieldNs(host, effort) : yieldNs(with, turn == 2, effort);
                    }
                    without.add(ns[0]);
                    plain.add(ns[1]);
                    followed.add(ns[2]);
                    ratio.add(ns[2] / ns[1]);
                }
            }
            worst.add(ratio.median());
            table.row(one.text, without.text("%.0f"), plain.text("%.0f"), followed.text("%.0f"), ratio.text("%.2f"));
        }
        return "What a `Thread.yield` of a virtual thread takes, of the process's CPU time, while the agent with\n"
                + "contexts is there and does not follow virtual threads, and when it does. Target: at most "
                + Samples.number("%.1f", TARGET) + " times as long: "
                + (worst.most() <= TARGET ? "met" : "**missed**") + ". "
                + Jdks.newest() + ".\n\n" + table;
    }

    private static HostJvm start(Case one, String arguments) {
        HostCommand command = HostJvm.of(Jdks.newest()).jvm("-Djdk.virtualThreadScheduler.parallelism=1",
                "-Djdk.virtualThreadScheduler.maxPoolSize=1")
                .main(YieldLoad.class, one.arguments(!arguments.isEmpty()));
        HostJvm host = (arguments.isEmpty() ? command : command.agent(arguments)).start();
        host.awaitLine("ready");
        if (!arguments.isEmpty()) {
            host.await("on");
            // What is not followed enters no context, and they begin with one.
            set(host, true);
            Await.sleep(WEAVE_MS);
            host.send("go");
            Await.sleep(SETTLE_MS);
            host.send("stop");
        }
        return host;
    }

    private static void set(HostJvm host, boolean virtual) {
        JsonObject request = ControlClient.request("set");
        request.addProperty("arguments", "virtual=" + virtual);
        host.control().get(request);
    }

    private static double yieldNs(HostJvm host, boolean virtual, Effort effort) {
        set(host, virtual);
        // Until it is woven in; it is compiled again in the time that it runs before it is measured.
        Await.sleep(WEAVE_MS);
        return yieldNs(host, effort);
    }

    /** While the other one rests. */
    private static double yieldNs(HostJvm host, Effort effort) {
        host.send("go");
        Await.sleep(SETTLE_MS);
        String[] from = count(host);
        Await.sleep(effort.windowMs());
        String[] to = count(host);
        host.send("stop");
        return (double) (Long.parseLong(to[3]) - Long.parseLong(from[3]))
                / (Long.parseLong(to[2]) - Long.parseLong(from[2]));
    }

    private static String[] count(HostJvm host) {
        String question = "count " + System.nanoTime() + " ";
        host.send(question);
        return host.awaitLine(question).split(" +");
    }
}
