package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertEndsAsEver;
import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Tools;
import io.bpfagent.workload.Errand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code attach-cli doctor} says before what {@code attach-cli PID} comes to: under the same heading. */
class DoctorIT {
    @TempDir
    Path directory;

    @Test
    void withoutAPidTheProgramsAreLoadedByWayOfTrial() {
        Cli doctor = Cli.run("doctor");
        assertEquals(0, doctor.exitCode(), doctor::toString);
        assertEquals(List.of(), doctor.stderr());
        String report = String.join("\n", doctor.stdout());
        assertTrue(report.contains("loaded by way of trial"), report);
        doctor.stdout().forEach(line -> assertTrue(line.length() <= 80, line));
    }

    @Test
    void whoMayNotLoadHearsThatItDependsOnTheJvm() {
        Cli doctor = Cli.run(List.of(Prefixes.asNobody()), new PublicFiles(directory).cliJar(), "doctor");
        assertEquals(1, doctor.exitCode(), doctor::toString);
        String report = String.join(" ", doctor.stdout()).replaceAll("\\s+", " ");
        assertTrue(report.contains("CAP_BPF and CAP_PERFMON missing (CapEff=0)"), report);
        assertTrue(report.contains("not tried: you may not load any"), report);
        assertTrue(report.endsWith("cannot be told: 1 condition is unknown."), report);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void saysWhatAttachingComesTo(Jdk jdk) {
        assertForetells(HostJvm.of(jdk).jvm("-XX:+DisableAttachMechanism"), "Cannot attach: the JVM forbids it");
        assertForetells(HostJvm.of(jdk).jvm("-XX:-EnableDynamicAgentLoading"),
                "Cannot attach: the JVM refuses agents at run time");
    }

    /** The agent's own refusals come as its words. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void saysOfATmpThatIsNoexec(Jdk jdk) {
        try (HostJvm host = HostJvm.of(jdk).prefix(Prefixes.noexecTmp()).main(Errand.class).start()) {
            host.awaitLine("begin");
            Cli doctor = Cli.run("doctor", host.pid(), "--format", "json");
            assertEquals(List.of("Cannot load the native libraries"), CliJson.headings(doctor, "failed"));
            Cli.run(host.pid()).assertFailed("The agent did not start", "Cannot load the native libraries");
            assertEquals(0, Cli.run("attach", host.pid(), "tmpdir=/var/tmp").exitCode());
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aStoppedJvmIsNotAsked(Jdk jdk) {
        try (HostJvm host = HostJvm.of(jdk).main(Errand.class).start()) {
            host.awaitLine("begin");
            Tools.run("kill", "-STOP", Long.toString(host.pid()));
            try {
                Cli doctor = Cli.run("doctor", host.pid(), "--format", "json");
                assertEquals(1, doctor.exitCode());
                assertEquals(List.of("Cannot attach: the JVM is stopped"), CliJson.headings(doctor, "failed"));
            } finally {
                Tools.run("kill", "-CONT", Long.toString(host.pid()));
            }
            assertEndsAsEver(host, jdk);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aLibjvmWithoutNotesIsAWarning(Jdk jdk) throws IOException {
        try (NotelessJdk noteless = new NotelessJdk(jdk);
                HostJvm host = HostJvm.of(noteless.jdk()).main(Errand.class).start()) {
            host.awaitLine("begin");
            Cli doctor = Cli.run("doctor", host.pid(), "--format", "json");
            assertEquals(0, doctor.exitCode(), doctor::toString);
            assertEquals(List.of("There are no pauses to follow"), CliJson.headings(doctor, "warning"));
        }
    }

    /** Then nothing but the mappings and the command line tell what it is. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void jvmsWithoutAPerformanceFileAreFoundAllTheSame(Jdk jdk) {
        for (String flag : List.of("-XX:+PerfDisableSharedMem", "-XX:-UsePerfData")) {
            try (HostJvm host = HostJvm.of(jdk).jvm(flag).main(Errand.class).start()) {
                host.awaitLine("begin");
                var jvm = CliJson.listed(Cli.run("list", "--format", "json"), host.pid());
                assertEquals(Errand.class.getName(), jvm.get("name").getAsString());
                assertTrue(jvm.get("jdk").getAsString().startsWith(Integer.toString(jdk.release())), jvm::toString);
                assertEquals("root", jvm.get("user").getAsString());
                assertEquals(0, Cli.run("doctor", host.pid()).exitCode());
                Cli.run(host.pid()).assertDone();
                Cli.run("detach", host.pid()).assertDone();
                assertEndsAsEver(host, jdk);
                assertSilent(host);
            }
        }
    }

    private static void assertForetells(HostCommand command, String heading) {
        try (HostJvm host = command.main(Errand.class).start()) {
            host.awaitLine("begin");
            Cli doctor = Cli.run("doctor", host.pid(), "--format", "json");
            assertEquals(1, doctor.exitCode(), doctor::toString);
            assertEquals(List.of(heading), CliJson.headings(doctor, "failed"), doctor::toString);
            Cli.run(host.pid()).assertFailed(heading, Long.toString(host.pid()));
            assertSilent(host);
        }
    }
}
