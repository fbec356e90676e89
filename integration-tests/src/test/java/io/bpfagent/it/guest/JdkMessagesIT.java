package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertEndsAsEver;
import static io.bpfagent.it.guest.Unharmed.assertNothingInKernel;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.workload.Errand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Line for line what stands on stderr of a host, with the agent and with the flags that TROUBLESHOOTING.md names. */
class JdkMessagesIT {
    private static final Path JAR = HostJvm.agentJar();
    /** JEP 451. */
    private static final int WARNS_OF_ATTACHING = 21;
    /** JEP 472. */
    private static final int WARNS_OF_NATIVE_ACCESS = 24;
    private static final String ALLOW_ATTACHING = "-XX:+EnableDynamicAgentLoading";
    private static final String ALLOW_NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    private static List<String> attaching(Jdk jdk) {
        return jdk.release() < WARNS_OF_ATTACHING ? List.of() : List.of(
                "WARNING: A Java agent has been loaded dynamically (" + JAR + ")",
                "WARNING: If a serviceability tool is in use, please run with"
                        + " -XX:+EnableDynamicAgentLoading to hide this warning",
                "WARNING: If a serviceability tool is not in use, please run with -Djdk.instrument.traceUsage for more"
                        + " information",
                "WARNING: Dynamic loading of agents will be disallowed by default in a future release");
    }

    private static List<String> nativeAccess(Jdk jdk) {
        return jdk.release() < WARNS_OF_NATIVE_ACCESS ? List.of() : List.of(
                "WARNING: A restricted method in java.lang.System has been called",
                "WARNING: java.lang.System::load has been called by com.kenai.jffi.Init in an unnamed module (file:"
                + JAR + ")",
                "WARNING: Use --enable-native-access=ALL-UNNAMED to avoid a warning for callers in this module",
                "WARNING: Restricted methods will be blocked in a future release unless native access is enabled");
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void onlyTheJdksOwnLinesAreThere(Jdk jdk) {
        try (HostJvm host = HostJvm.of(jdk).agent("").main(Errand.class).start()) {
            host.await("on");
            host.detach();
            assertEndsAsEver(host, jdk);
            assertEquals(nativeAccess(jdk), printed(host));
        }
        try (HostJvm host = HostJvm.of(jdk).main(Errand.class).start()) {
            host.awaitLine("begin");
            for (int time = 0; time < 2; time++) {
                host.attach("");
                host.await("on");
                host.detach();
            }
            assertEndsAsEver(host, jdk);
            // The one at each attaching, the other once for each class that loads a library.
            List<String> expected = new ArrayList<>(attaching(jdk));
            expected.addAll(nativeAccess(jdk));
            expected.addAll(attaching(jdk));
            assertEquals(expected, printed(host));
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void theFlagsTakeThemAway(Jdk jdk) {
        List<String> flags = new ArrayList<>(List.of(ALLOW_ATTACHING));
        if (jdk.release() >= WARNS_OF_NATIVE_ACCESS) {
            flags.add(ALLOW_NATIVE_ACCESS);
        }
        try (HostJvm host = HostJvm.of(jdk).jvm(flags.toArray(String[]::new)).main(Errand.class).start()) {
            host.awaitLine("begin");
            host.attach("");
            host.await("on");
            host.detach();
            assertEndsAsEver(host, jdk);
            assertEquals(List.of(), host.stderr());
        }
    }

    static List<Jdk> jdksThatCanDenyNativeAccess() {
        return Jdks.all().stream().filter(jdk -> jdk.release() >= WARNS_OF_NATIVE_ACCESS).toList();
    }

    @ParameterizedTest
    @MethodSource("jdksThatCanDenyNativeAccess")
    void nativeAccessThatIsDeniedIsExplained(Jdk jdk) {
        try (HostJvm host = HostJvm.of(jdk).jvm("--illegal-native-access=deny").agent("").main(Errand.class).start()) {
            String error = host.await("failed").get("error").getAsString();
            Errors.assertExplained("Cannot load the native libraries", "--enable-native-access=ALL-UNNAMED", error);
            assertNothingInKernel(host);
            assertEndsAsEver(host, jdk);
            assertEquals(List.of("bpf-agent: " + error), printed(host));
        }
        try (HostJvm host = HostJvm.of(jdk).jvm("--illegal-native-access=deny", ALLOW_NATIVE_ACCESS).agent("")
                .main(Errand.class).start()) {
            host.await("on");
            assertEndsAsEver(host, jdk);
            assertEquals(List.of(), printed(host));
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void thePageHasTheLinesAndTheFlags(Jdk jdk) {
        for (List<String> message : List.of(attaching(jdk), nativeAccess(jdk))) {
            if (!message.isEmpty()) {
                String first = message.get(0).replaceFirst(" \\(.*", "");
                assertTrue(Errors.headings().contains(first), () -> first + " is no heading of TROUBLESHOOTING.md");
            }
        }
        assertTrue(Errors.page().contains(ALLOW_ATTACHING) && Errors.page().contains(ALLOW_NATIVE_ACCESS));
    }

    /** Without the empty line that the JDK puts between some of its messages. */
    private static List<String> printed(HostJvm host) {
        return host.stderr().stream().filter(line -> !line.isEmpty()).toList();
    }
}
