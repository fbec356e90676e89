package io.bpfagent.it.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.workload.Errand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is true of a host at all times, and of its end. */
public final class Unharmed {
    private static final String OURS = "bpf-agent: ";
    private static final Map<Integer, List<String>> WITHOUT_AGENT = new HashMap<>();

    private Unharmed() {}

    /** Ends an {@link Errand}: exit code 0, and what it printed is what it prints without the agent. */
    public static void assertEndsAsEver(HostJvm host, Jdk jdk) {
        host.send("end");
        assertEquals(0, host.awaitExit(), host::report);
        assertEquals(withoutAgent(jdk), host.stdout(), host::report);
    }

    /** What an {@link Errand} prints in this JDK when nobody looks. */
    private static List<String> withoutAgent(Jdk jdk) {
        return WITHOUT_AGENT.computeIfAbsent(jdk.release(), release -> {
            try (HostJvm host = HostJvm.of(jdk).main(Errand.class).start()) {
                host.send("end");
                assertEquals(0, host.awaitExit(), host::report);
                assertEquals(List.of(), host.stderr());
                return host.stdout();
            }
        });
    }

    /** stderr has this line of the agent, and nothing else but what the JDK itself says of agents. */
    static void assertOnlyLine(String line, HostJvm host) {
        assertEquals(List.of(OURS + line), notOfTheJdk(host), host::report);
    }

    /** stderr has nothing but what the JDK itself says of agents. */
    public static void assertSilent(HostJvm host) {
        assertEquals(List.of(), notOfTheJdk(host), host::report);
    }

    /**
     * Without what is the JDK's: JDK 21's warning of attaching, JDK 24's of native access, and of JDK 25
     * a message at a SIGTERM that comes before main, with every -javaagent, be it empty.
     */
    private static List<String> notOfTheJdk(HostJvm host) {
        return host.stderr().stream().filter(line -> !line.isEmpty() && !line.startsWith("WARNING: ")
                && !line.startsWith("Runtime.exit(143) logging failed: ")).toList();
    }

    /**
     * What the agent has said on stderr, without who says it; fails where anything else stands there but the JDK's own.
     */
    public static List<String> linesOfTheAgent(HostJvm host) {
        List<String> lines = notOfTheJdk(host);
        lines.forEach(line -> assertTrue(line.startsWith(OURS), host::report));
        return lines.stream().map(line -> line.substring(OURS.length())).toList();
    }

    /** The process has no program, map or link, and no map's memory. */
    public static void assertNothingInKernel(HostJvm host) {
        OurBpf held = OurBpf.heldBy(host.pid());
        assertTrue(held.isEmpty(), () -> "still held by the host: " + held);
        try (Stream<String> maps = Files.lines(Path.of("/proc", Long.toString(host.pid()), "maps"))) {
            assertEquals(List.of(), maps.filter(line -> line.contains("bpf-map")).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The agent is on and holds something, so that what comes later proves something. */
    public static OurBpf assertInKernel(HostJvm host) {
        OurBpf held = OurBpf.heldBy(host.pid());
        assertTrue(held.programs().size() >= 3 && held.maps().size() >= 6 && held.links().size() >= 3, held::toString);
        return held;
    }
}
