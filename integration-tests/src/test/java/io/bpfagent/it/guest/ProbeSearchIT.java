package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertNothingInKernel;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Tools;
import io.bpfagent.workload.FindProbes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code attach-cli probe PID search} on a JVM without the agent: compared with what binutils and bpftool list, and
 * with what the agent's own classes find inside that JVM.
 */
class ProbeSearchIT {
    private static final String CLASSES = "META-INF/bpf-agent/agent/";
    private static final Pattern NOTE = Pattern.compile("Provider: (\\S+)\\s+Name: (\\S+)");
    private static final Pattern TRACEPOINT = Pattern.compile("TYPEDEF 'btf_trace_(\\w+)'");

    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void listsWhatTheJvmHasAndTheAgentWouldFind(Jdk jdk) throws IOException {
        extractAgentClasses();
        try (HostJvm host = HostJvm.of(jdk).classPath(directory).main(FindProbes.class).start()) {
            host.awaitLine("ready");
            List<JsonObject> usdt = search(host, "usdt:libjvm:*");
            assertEquals(notes(jdk), names(usdt, "usdt:libjvm:"));
            List<JsonObject> tracepoints = search(host, "tp:*");
            assertEquals(tracepointsOfBpftool(), names(tracepoints, "tp:\\S+:"));
            assertEquals(4, only(search(host, "tp:*:sched_switch")).get("arguments").getAsInt());
            assertEquals("uprobe:libc.so.6:getaddrinfo",
                    only(search(host, "uprobe:*:getaddrinfo")).get("probe").getAsString());
            assertTrue(only(search(host, "uprobe:libjvm:javacalls::call_virtual")).get("places").getAsInt() >= 3);

            List<JsonObject> functions = search(host, "uprobe:*");
            assertTrue(functions.size() > 10_000, () -> functions.size() + " functions");
            List<JsonObject> some = new ArrayList<>(usdt);
            for (int i = 0; i < functions.size(); i += functions.size() / 100) {
                some.add(functions.get(i));
            }
            assertFoundInside(host, some);
            assertNothingInKernel(host);
            host.send("end");
            assertEquals(0, host.awaitExit(), host::report);
        }
    }

    /** The same classes look from inside. */
    private static void assertFoundInside(HostJvm host, List<JsonObject> probes) {
        Set<String> expected = new TreeSet<>();
        for (JsonObject probe : probes) {
            int places = probe.get("places").getAsInt();
            if (places <= 64) {
                String spec = probe.get("probe").getAsString()
                        + (probe.get("singleStepped").getAsBoolean() ? " slow-site=yes" : "");
                expected.add(spec + " places " + places);
                host.send(spec);
            }
        }
        host.send("uprobe:libc:no_such_function");
        String refusal = host.awaitLine("uprobe:libc:no_such_function");
        assertTrue(refusal.contains("refused No such function ("), refusal);
        Set<String> found = new TreeSet<>(host.stdout());
        found.remove("ready");
        found.remove(refusal);
        assertEquals(expected, found);
    }

    private static List<JsonObject> search(HostJvm host, String pattern) {
        Cli cli = Cli.run("probe", host.pid(), "search", pattern, "--limit", "1000000", "--format", "json");
        JsonObject document = JsonParser.parseString(cli.assertDone()).getAsJsonObject();
        List<JsonObject> probes = new ArrayList<>();
        for (JsonElement probe : document.getAsJsonArray("probes")) {
            probes.add(probe.getAsJsonObject());
        }
        assertEquals(document.get("found").getAsInt(), probes.size());
        return probes;
    }

    private static JsonObject only(List<JsonObject> probes) {
        assertEquals(1, probes.size(), probes::toString);
        return probes.get(0);
    }

    private static Set<String> names(List<JsonObject> probes, String head) {
        Set<String> names = new TreeSet<>();
        for (JsonObject probe : probes) {
            names.add(probe.get("probe").getAsString().replaceFirst("^" + head, ""));
        }
        return names;
    }

    private static Set<String> notes(Jdk jdk) {
        Set<String> notes = new TreeSet<>();
        Matcher note = NOTE.matcher(Tools.run("readelf", "-n", jdk.home().resolve("lib/server/libjvm.so").toString()));
        while (note.find()) {
            notes.add(note.group(1) + ':' + note.group(2));
        }
        return notes;
    }

    private static Set<String> tracepointsOfBpftool() {
        Set<String> tracepoints = new TreeSet<>();
        Matcher typedef = TRACEPOINT.matcher(Tools.run("bpftool", "btf", "dump", "file", "/sys/kernel/btf/vmlinux"));
        while (typedef.find()) {
            tracepoints.add(typedef.group(1));
        }
        return tracepoints;
    }

    private void extractAgentClasses() throws IOException {
        try (JarFile jar = new JarFile(HostJvm.agentJar().toFile())) {
            for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
                if (entry.getName().startsWith(CLASSES) && entry.getName().endsWith(".class")) {
                    Path file = directory.resolve(entry.getName().substring(CLASSES.length()));
                    Files.createDirectories(file.getParent());
                    Files.write(file, jar.getInputStream(entry).readAllBytes());
                }
            }
        }
    }
}
