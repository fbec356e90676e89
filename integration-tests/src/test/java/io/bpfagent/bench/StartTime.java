package io.bpfagent.bench;

import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/** How much later main begins and a short program ends, and when the probes are live. */
final class StartTime implements Chapter {
    private static final double DELAY_TARGET_MS = 50;
    private static final double LIVE_TARGET_MS = 600;
    /** As the agent's log has it. */
    private static final String ON = "bpf-agent: on,";

    /** Of one start, ms since the process was asked for. */
    private record Start(double mainMs, double endMs) {}

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String title() {
        return "Start of the application";
    }

    @Override
    public String measure(Effort effort) {
        Table table = new Table("ms", "bare: main after", "empty agent: main later by", "bpf-agent: main later by",
                "bpf-agent: end later by", "bpf-agent: live after");
        StringBuilder verdicts = new StringBuilder();
        Path emptyAgent = EmptyAgentJar.make();
        Random random = new Random(1);
        for (Jdk jdk : Jdks.all()) {
            Samples bare = new Samples();
            Samples empty = new Samples();
            Samples ours = new Samples();
            Samples longer = new Samples();
            Samples live = new Samples();
            hello(jdk, Guest.OURS, emptyAgent); // for the page cache
            for (int i = 0; i < effort.starts(); i++) {
                Map<Guest, Start> starts = new EnumMap<>(Guest.class);
                Guest.shuffled(random).forEach(guest -> starts.put(guest, hello(jdk, guest, emptyAgent)));
                Start without = starts.get(Guest.NONE);
                bare.add(without.mainMs());
                empty.add(starts.get(Guest.EMPTY_AGENT).mainMs() - without.mainMs());
                ours.add(starts.get(Guest.OURS).mainMs() - without.mainMs());
                longer.add(starts.get(Guest.OURS).endMs() - without.endMs());
                live.add(untilLiveMs(jdk));
            }
            table.row(jdk.toString(), bare.text("%.0f"), empty.text("%.0f"), ours.text("%.0f"), longer.text("%.0f"),
                    live.text("%.0f"));
            verdicts.append(verdicts.length() == 0 ? "" : "; ").append(jdk).append(": main ")
                    .append(ours.verdict(DELAY_TARGET_MS)).append(", live ").append(live.verdict(LIVE_TARGET_MS));
        }
        return "A hello world, " + effort.starts()
                + " times each, from the moment the process is asked for; the empty agent has a\n"
                + "`premain` that does nothing: the JVM's own price of `-javaagent`. Targets: main at most 50 ms"
                + " later,\n"
                + "probes live within 600 ms. " + verdicts + ".\n\n" + table;
    }

    private static Start hello(Jdk jdk, Guest guest, Path emptyAgent) {
        HostCommand command = guest.in(HostJvm.of(jdk).main(Hello.class), emptyAgent);
        long askedNs = System.nanoTime();
        try (HostJvm jvm = command.start()) {
            jvm.awaitExit();
            long endedNs = System.nanoTime();
            long mainNs = Long.parseLong(jvm.awaitLine("main ").substring("main ".length()));
            return new Start((mainNs - askedNs) / 1e6, (endedNs - askedNs) / 1e6);
        }
    }

    /** The moment at which the agent's line arrives here: nobody asks it meanwhile. */
    private static double untilLiveMs(Jdk jdk) {
        HostCommand command = HostJvm.of(jdk).agent("log=info").main(Idlers.class);
        long askedNs = System.nanoTime();
        Process process;
        try {
            process = new ProcessBuilder(command.words()).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (BufferedReader err =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            StringBuilder lines = new StringBuilder();
            for (String line = err.readLine(); line != null; line = err.readLine()) {
                if (line.startsWith(ON)) {
                    return (System.nanoTime() - askedNs) / 1e6;
                }
                lines.append(line).append('\n');
            }
            throw new AssertionError("the agent was never on: " + lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
