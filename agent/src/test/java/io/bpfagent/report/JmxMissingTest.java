package io.bpfagent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.agent.JmxMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A JVM without java.management: the agent goes on without beans and says so. */
class JmxMissingTest {
    public static void main(String[] arguments) {
        SnapshotReport report = JmxStart.of(new FakeAgent(), JmxMode.valueOf(arguments[0]));
        report.update(FakeAgent.sample());
        System.out.print(report.probe().status() + " " + report.probe().detail());
        report.close();
        // Documents need no beans.
        JsonDocuments.pauses(FakeAgent.sampleWithPauses(), new LatestSelection(20, 0, 0), FakeAgent.PAUSE_PROBES);
        JsonDocuments.events(FakeAgent.sampleWithEvents(),
                new EventSelection(new LatestSelection(20, 0, 0), null, null, null), FakeAgent.ALL,
                FakeAgent.LIMITS, List.of());
    }

    @ParameterizedTest
    @EnumSource(value = JmxMode.class, names = {"AUTO", "TRUE"})
    @Timeout(60)
    void goesOnWithout(JmxMode mode) throws Exception {
        Process jvm = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--limit-modules", "java.base", "-cp", System.getProperty("java.class.path"),
                JmxMissingTest.class.getName(), mode.name()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String said = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, jvm.waitFor());
        assertTrue(said.startsWith("unsupported No beans: java.lang.NoClassDefFoundError: javax/management/"), said);
    }
}
