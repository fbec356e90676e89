package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertInKernel;
import static io.bpfagent.it.guest.Unharmed.assertNothingInKernel;
import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Tools;
import io.bpfagent.workload.OwnJnr;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A host with libraries of the same names as the agent's, and other versions of them. */
class HostLibrariesIT {
    private static final String CALLED = "jnr-ffi-2.2.19.jar jffi-1.3.15.jar getpid ";

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void useAfterTheAgentAreTheHostsOwn(Jdk jdk) {
        try (HostJvm host = withOwnJnr(HostJvm.of(jdk)).agent("interval=100ms").main(OwnJnr.class).start()) {
            host.await("on");
            assertInKernel(host);
            // jnr-ffi opens libraries RTLD_GLOBAL and by SONAME: ours would be taken if it had this one.
            assertOwnLibraries(host, 1);
            assertTrue(host.freshReport().thread("main").wallNs() > 0);
            host.detach();
            assertNothingInKernel(host);
            assertOwnLibraries(host, 3);
            assertEnds(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void useBeforeTheAgentAreTheHostsOwn(Jdk jdk) {
        try (HostJvm host = withOwnJnr(HostJvm.of(jdk)).main(OwnJnr.class).start()) {
            assertOwnLibraries(host, 1);
            Cli.run(host.pid(), "interval=100ms").assertDone();
            assertInKernel(host);
            assertOwnLibraries(host, 3);
            assertTrue(host.freshReport().thread("main").wallNs() > 0);
            host.detach();
            assertNothingInKernel(host);
            assertOwnLibraries(host, 5);
            assertEnds(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void canBeSharedWithTheAgent(Jdk jdk) {
        try (HostJvm host = withOwnJnr(HostJvm.of(jdk)).agent("libbpf=system").main(OwnJnr.class).start()) {
            host.await("on");
            assertInKernel(host);
            assertOwnLibraries(host, 1);
            host.detach();
            assertNothingInKernel(host);
            assertEnds(host);
        }
    }

    private static void assertOwnLibraries(HostJvm host, int firstNumber) {
        host.send("jnr");
        host.send("libbpf");
        assertEquals(CALLED + host.innerPid(), answer(host, firstNumber));
        assertEquals(systemLibbpf(), answer(host, firstNumber + 1));
    }

    private static String answer(HostJvm host, int number) {
        return host.awaitLine(number + " ").substring((number + " ").length());
    }

    private static void assertEnds(HostJvm host) {
        host.send("end");
        assertEquals(0, host.awaitExit(), host::report);
        assertSilent(host);
    }

    /** The file that the dynamic linker takes for libbpf.so.1, without links. */
    private static String systemLibbpf() {
        String line = Tools.run("ldconfig", "-p").lines().filter(entry -> entry.strip().startsWith("libbpf.so.1 "))
                .findFirst().orElseThrow(() -> new AssertionError("no libbpf.so.1 on this machine: run bin/setup"));
        return Tools.run("readlink", "-f", line.replaceFirst(".*=> ", "")).strip();
    }

    /** jnr-ffi and what it needs, from the class path of this test: not the versions in the agent's jar. */
    private static HostCommand withOwnJnr(HostCommand host) {
        return host.classPath(Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of).filter(path -> path.getFileName().toString().matches("(jnr-|jffi|asm).*\\.jar"))
                .toArray(Path[]::new));
    }
}
