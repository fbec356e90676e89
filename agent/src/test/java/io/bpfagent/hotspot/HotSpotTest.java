package io.bpfagent.hotspot;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test is a scenario of {@link HotSpotScenarios} in a JVM of its own; no privilege is needed. */
final class HotSpotTest {
    private static final String AMD64 = "amd64|x86_64";

    @TempDir
    Path directory;

    @Test
    @EnabledIfSystemProperty(named = "os.arch", matches = AMD64)
    void everythingIsFound() throws Exception {
        ChildJvm.run(directory, "everythingIsFound");
    }

    @Test
    void namesAreExact() throws Exception {
        ChildJvm.run(directory, "namesAreExact");
    }

    @Test
    void onlyRenamesAreAnsweredAgain() throws Exception {
        ChildJvm.run(directory, "onlyRenamesAreAnsweredAgain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Serial", "Parallel", "G1", "Z"})
    void everyThreadOfTheJvmHasItsKind(String collector) throws Exception {
        ChildJvm.run(directory, "everyThreadOfTheJvmHasItsKind", "-XX:+Use" + collector + "GC",
                "-Dno.gc.threads=" + collector.equals("Serial"));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void carriersAreFoundAndVirtualThreadsAreNot() throws Exception {
        ChildJvm.run(directory, "carriersAreFoundAndVirtualThreadsAreNot");
    }

    @Test
    void endedThreadsHaveTheNameTheyStartedWith() throws Exception {
        ChildJvm.run(directory, "endedThreadsHaveTheNameTheyStartedWith");
    }

    @Test
    void aTidThatWasTakenOverIsNotConfused() throws Exception {
        ChildJvm.run(directory, "aTidThatWasTakenOverIsNotConfused");
    }

    @Test
    @EnabledIfSystemProperty(named = "os.arch", matches = AMD64)
    void tlsHoldsForLaterThreads() throws Exception {
        ChildJvm.run(directory, "tlsHoldsForLaterThreads");
    }

    @Test
    @EnabledIfSystemProperty(named = "os.arch", matches = AMD64)
    void waitCluesHoldForOtherThreads() throws Exception {
        ChildJvm.run(directory, "waitCluesHoldForOtherThreads");
    }

    @Test
    void endingThreadsDoNoHarm() throws Exception {
        ChildJvm.run(directory, "endingThreadsDoNoHarm");
    }
}
