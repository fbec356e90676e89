package io.bpfagent.bench;

import io.bpfagent.it.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What agents cost a process that none of them is in, and their hosts, by how they hang on to the scheduler: the
 * figures of docs/decisions/0029. Two threads hand over on one CPU while nobody counts, so that it is the whole price,
 * entering programs included. Needs clang and libbpf's headers, as building does.
 */
final class HookCost implements Chapter {
    private static final Path SOURCES = Path.of("integration-tests/src/test/bpf");
    private static final Run NOBODY = new Run("none", 0);
    private static final int MOST = 16;
    /** Short ones, and so many for each of others: programs lie elsewhere in memory each time they are loaded. */
    private static final int ROUNDS = 3;

    /** @param way as hooks.c takes it */
    private record Run(String way, int agents) {}

    /** What a handover took, ns; and how many of the handovers a program ran for that meant them. */
    private record Handovers(double ns, double seen) {}

    @Override
    public String name() {
        return "hooks";
    }

    @Override
    public String title() {
        return "Ways to hang on to the scheduler";
    }

    @Override
    public String measure(Effort effort) {
        Map<String, String> strangers = new LinkedHashMap<>();
        strangers.put("empty", "a pair of programs each, which are empty");
        strangers.put("own", "a pair of programs each, which compare the process: as it is");
        strangers.put("alone", "a program each at switches alone, which compares the process");
        strangers.put("hash", "one pair for all, which looks the process up in a hash");
        strangers.put("bytes", "one pair for all, which looks a byte up by the process' number");
        strangers.put("perf", "a software event of each host's threads, `context-switches`");
        Map<String, String> hosts = new LinkedHashMap<>();
        hosts.put("empty", "a pair of programs of its own, which are empty");
        hosts.put("hash-host", "one pair for all, which goes on by a tail call to the agent's, which are empty");
        hosts.put("perf-host", "a software event of each thread, with an empty program, at switches alone");
        int[] counts = {1, 4, MOST};
        List<Run> runs = new ArrayList<>();
        strangers.keySet().forEach(way -> {
            for (int agents : counts) {
                runs.add(new Run(way, agents));
            }
        });
        hosts.keySet().stream().map(way -> new Run(way, 1)).filter(run -> !runs.contains(run)).forEach(runs::add);
        Map<Run, Samples> more = new LinkedHashMap<>();
        runs.forEach(run -> more.put(run, new Samples()));
        Samples bare = new Samples();
        Map<String, Samples> seen = new LinkedHashMap<>();
        hosts.keySet().forEach(way -> seen.put(way, new Samples()));
        Path program;
        try {
            program = compiled();
        } catch (AssertionError e) {
            return "Not measured: clang or libbpf's headers are missing (bin/setup installs them).\n";
        }
        Turns<Run> turns = new Turns<>(runs);
        int ms = effort.windowMs() / 10;
        for (int round = 0; round < ROUNDS * effort.rounds(); round++) {
            double before = run(program, NOBODY, ms).ns;
            for (Run run : turns.next()) {
                Handovers handovers = run(program, run, ms);
                double after = run(program, NOBODY, ms).ns;
                more.get(run).add(handovers.ns - (before + after) / 2);
                bare.add(after);
                before = after;
                if (run.agents == 1 && seen.containsKey(run.way)) {
                    seen.get(run.way).add(handovers.seen);
                }
            }
        }
        Table others = new Table("ns more at a wake-up and a switch of another process", "1 agent", "4", "16");
        strangers.forEach((way, text) -> others.row(text, more.get(new Run(way, 1)).text("%.0f"),
                more.get(new Run(way, 4)).text("%.0f"), more.get(new Run(way, MOST)).text("%.0f")));
        Table own = new Table("ns more at a wake-up and a switch of the host", "1 agent",
                "runs of its programs for each handover");
        hosts.forEach((way, text) -> own.row(text, more.get(new Run(way, 1)).text("%.0f"),
                way.equals("empty") ? "–" : seen.get(way).text("%.2f")));
        return "Not the agent, but what its programs do for another process, and what could be done"
                + " instead\n([decision 29](decisions/0029-many-jvms-on-one-machine.md)): two threads hand over through"
                + " pipes on one CPU, a wake-up\nand a switch each time, which take " + bare.text("%.0f")
                + " ns without anybody. The ns\nare what they take more than just before and after, without the"
                + " kernel's counting: the whole price.\n\n" + others
                + "\n" + own;
    }

    private static Handovers run(Path program, Run run, int ms) {
        try {
            Process process = new ProcessBuilder(program.toString(), program.resolveSibling("hooks.bpf.o").toString(),
                    run.way, Integer.toString(run.agents), Integer.toString(ms))
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new AssertionError(run + " failed: " + out);
            }
            String[] words = out.split(" ");
            return new Handovers(Double.parseDouble(words[0]),
                    Double.parseDouble(words[1]) / Double.parseDouble(words[2]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Path compiled() {
        try {
            Path directory = Files.createTempDirectory("bpf-agent-hooks");
            // linux/types.h wants asm/types.h, which Debian keeps in a directory of the architecture.
            String include = "-I/usr/include/" + System.getProperty("os.arch").replace("amd64", "x86_64")
                    + "-linux-gnu";
            Tools.run("clang", "-O2", "-g", "-target", "bpf", include, "-c",
                    SOURCES.resolve("hooks.bpf.c").toString(), "-o", directory.resolve("hooks.bpf.o").toString());
            Path program = directory.resolve("hooks");
            Tools.run("clang", "-O2", SOURCES.resolve("hooks.c").toString(), "-lbpf", "-lpthread", "-o",
                    program.toString());
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
