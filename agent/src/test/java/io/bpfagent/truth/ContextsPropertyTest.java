package io.bpfagent.truth;

import io.bpfagent.truth.Step.Kind;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What threads do is also counted for what they work on, each stay once, or each part of it. */
class ContextsPropertyTest {
    private static PlayedKernel kernel;

    @BeforeContainer
    static void start() throws IOException {
        kernel = new PlayedKernel(1 << 14, true);
    }

    @AfterContainer
    static void end() {
        kernel.close();
    }

    @Property(tries = 150, seed = Play.SEED, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void staysAreTheContexts(@ForAll("setups") Setup setup, @ForAll("steps") List<Step> steps) {
        new Play(setup, steps).check(ContextsPropertyTest::play);
    }

    private static void play(Play play) {
        PlayedAgent agent = new PlayedAgent(kernel, play.setup());
        agent.play(play.steps());
        agent.read(true);
    }

    /** Few rows and pages, or plenty. */
    @Provide
    Arbitrary<Setup> setups() {
        return Combinators.combine(Arbitraries.of(4, 40), Arbitraries.of(32, 1_000), Arbitraries.integers()
                        .between(1, PlayedKernel.CPUS), Arbitraries.of(false, true),
                        Arbitraries.of(0L, 123_456_789L), Arbitraries.of(false, true),
                        Arbitraries.of(0, 20), Arbitraries.of(false, true))
                .as(Setup::new);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(Tuple.of(15, Kind.PREEMPT), Tuple.of(15, Kind.BLOCK),
                Tuple.of(25, Kind.WAKE), Tuple.of(5, Kind.FORK), Tuple.of(2, Kind.EXIT), Tuple.of(25, Kind.CONTEXT),
                Tuple.of(1, Kind.SEED), Tuple.of(3, Kind.READ));
        Arbitrary<Long> times = Arbitraries.frequencyOf(Tuple.of(2, Arbitraries.just(0L)),
                Tuple.of(10, Arbitraries.longs().between(1, 100_000)),
                Tuple.of(1, Arbitraries.longs().between(1, 5_000_000_000L)));
        return Combinators.combine(kinds, Arbitraries.integers().between(0, 100), Arbitraries.integers().between(0,
                1000), times).as(Step::new).list().ofMaxSize(200);
    }
}
