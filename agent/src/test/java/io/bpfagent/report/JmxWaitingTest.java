package io.bpfagent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.agent.JmxMode;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With jmx=auto it is the host that begins; in a JVM of its own, because there is one platform server for good. */
class JmxWaitingTest {
    private static final String WAITS = "attached Waits for the host or a client to start JMX";

    public static void main(String[] arguments) throws Exception {
        FakeAgent agent = new FakeAgent();
        SnapshotReport report = JmxStart.of(agent, JmxMode.AUTO);
        say(report);
        agent.latest = FakeAgent.sample();
        report.update(agent.latest);
        report.look();
        say(report);
        // The host's own, which has nothing to do with the platform's.
        var own = MBeanServerFactory.createMBeanServer("host");
        report.look();
        say(report);
        System.out.println(own.getMBeanCount());
        var platform = ManagementFactory.getPlatformMBeanServer();
        report.update(agent.latest);
        report.look();
        say(report);
        System.out.println(platform.queryNames(new ObjectName("io.bpfagent:*"), null).size());
        report.look();
        report.close();
        report.look();
        System.out.println(platform.queryNames(new ObjectName("io.bpfagent:*"), null).size());
    }

    private static void say(SnapshotReport report) {
        System.out.println(report.probe().status() + " " + report.probe().detail());
    }

    @Test
    @Timeout(60)
    void registersWhenThePlatformsServerIsThere() throws Exception {
        Process jvm = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), JmxWaitingTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String said = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, jvm.waitFor());
        // A server of one's own has one bean, the delegate.
        assertEquals(String.join("\n", WAITS, WAITS, WAITS, "1", "attached 52 beans", "52", "0", ""), said);
    }
}
