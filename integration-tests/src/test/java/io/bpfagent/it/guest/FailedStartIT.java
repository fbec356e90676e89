package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertEndsAsEver;
import static io.bpfagent.it.guest.Unharmed.assertNothingInKernel;
import static io.bpfagent.it.guest.Unharmed.assertOnlyLine;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.workload.Errand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which the agent cannot come up in a JVM that was started with it. */
class FailedStartIT {
    @TempDir
    static Path directory;
    static PublicFiles files;

    /**
     * A way to fail.
     *
     * @param name    for the report of the tests
     * @param phrase  the first phrase of the message
     * @param because what the message names as the cause
     * @param host    adds the way to a host
     */
    record Failure(String name, String phrase, String because, BiFunction<HostCommand, PublicFiles, HostCommand> host) {
        /** By arguments alone. */
        static Failure of(String arguments, String phrase, String because) {
            return new Failure(arguments, phrase, because, (host, files) -> host.agent(arguments));
        }

        /** By what stands before java. */
        static Failure of(String name, String phrase, String because, String... prefix) {
            return new Failure(name, phrase, because, (host, files) ->
                    files.workloadsFor(host.prefix(prefix).agent(files.agentJar(), "")));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void prepareFiles() {
        files = new PublicFiles(directory);
    }

    static List<Failure> failures() throws IOException {
        FakeLibbpf fake = new FakeLibbpf();
        return List.of(
                Failure.of("a kernel before 5.15", "Kernel too old", "(2.6.", Prefixes.OLD_KERNEL),
                Failure.of("a noexec /tmp", "Cannot load the native libraries", "/tmp does not allow execution",
                        Prefixes.noexecTmp()),
                Failure.of("btf=/nonexistent", "No kernel BTF", "/nonexistent"),
                Failure.of("tmpdir=/nonexistent", "Cannot extract the native libraries", "/nonexistent"),
                Failure.of("libbpf=/nonexistent", "Cannot use libbpf", "No such file"),
                Failure.of("libbpf=" + fake.older(), "Cannot use libbpf", "version 1.1 is older than 1.4"),
                Failure.of("libbpf=" + fake.ancient(), "Cannot use libbpf", "it has no function"),
                Failure.of("colour=blue", "Bad argument", "colour=blue"),
                Failure.of("interval=5", "Bad argument", "interval must be >= 100 ms, interval=5"),
                Failure.of("threads=40000", "Bad argument",
                        "threads must be a whole number from 64 to 32767, threads=40000"));
    }

    static Stream<Arguments> failuresOnAllJdks() throws IOException {
        List<Failure> failures = failures();
        return Jdks.all().stream().flatMap(jdk -> failures.stream().map(failure -> Arguments.of(jdk, failure)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("failuresOnAllJdks")
    void leavesTheHostAsItWasAndSaysWhy(Jdk jdk, Failure failure) {
        HostCommand command = failure.host().apply(HostJvm.of(jdk).main(Errand.class), files);
        try (HostJvm host = command.start()) {
            String error = host.await("failed").get("error").getAsString();

            Errors.assertExplained(failure.phrase(), failure.because(), error);
            assertNothingInKernel(host);
            assertEndsAsEver(host, jdk);
            assertOnlyLine(error, host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void letsAPropertyOrVariableFailLikeAnArgument(Jdk jdk) {
        try (HostJvm property = HostJvm.of(jdk).jvm("-Dbpfagent.interval=5").agent("").main(Errand.class).start();
                HostJvm variable = HostJvm.of(jdk).environment("BPFAGENT_LOG", "loud").agent("").main(Errand.class)
                        .start()) {
            String ofProperty = property.await("failed").get("error").getAsString();
            String ofVariable = variable.await("failed").get("error").getAsString();

            Errors.assertExplained("Bad argument", "bpfagent.interval=5", ofProperty);
            Errors.assertExplained("Bad argument", "BPFAGENT_LOG=loud", ofVariable);
            assertEndsAsEver(property, jdk);
            assertEndsAsEver(variable, jdk);
            assertOnlyLine(ofProperty, property);
            assertOnlyLine(ofVariable, variable);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void comesUpWhenTheCauseIsGone(Jdk jdk) {
        try (HostJvm host = HostJvm.of(jdk).agent("libbpf=/nonexistent").main(Errand.class).start()) {
            host.await("failed");
            host.detach();
            host.attach("");
            assertEquals("on", host.await("on").get("state").getAsString());
            host.detach();
            assertNothingInKernel(host);
            assertEndsAsEver(host, jdk);
        }
    }
}
