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

/**
 * For any sequence of what the scheduler does, the states of each thread add up to the time since it was first seen,
 * and each stay is counted once, where it belongs.
 *
 * <p>A failure says with which seed it was and the shortest sequence that fails too.
 */
class AccountingPropertyTest {
    private static PlayedKernel kernel;

    @BeforeContainer
    static void start() throws IOException {
        kernel = new PlayedKernel(1 << 14, false);
    }

    @AfterContainer
    static void end() {
        kernel.close();
    }

    @Property(tries = 300, seed = Play.SEED, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void statesAddUp(@ForAll("setups") Setup setup, @ForAll("steps") List<Step> steps) {
        new Play(setup, steps).check(AccountingPropertyTest::play);
    }

    private static void play(Play play) {
        PlayedAgent agent = new PlayedAgent(kernel, play.setup());
        agent.play(play.steps());
        agent.read(true);
    }

    /** Few rows, and no pages for threads alone; or plenty. */
    @Provide
    Arbitrary<Setup> setups() {
        return Combinators.combine(Arbitraries.of(4, 12, 40), Arbitraries.of(32, 60, 800), Arbitraries.integers()
                        .between(1, PlayedKernel.CPUS), Arbitraries.of(false, true),
                        Arbitraries.of(0L, 123_456_789L, -5_000_000_000L), Arbitraries.of(false, true),
                        Arbitraries.of(0, 20), Arbitraries.of(false, true))
                .as(Setup::new);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(Tuple.of(20, Kind.PREEMPT), Tuple.of(20, Kind.BLOCK),
                Tuple.of(25, Kind.WAKE), Tuple.of(2, Kind.WAKE_FOR_NOTHING), Tuple.of(8, Kind.FORK),
                Tuple.of(4, Kind.EXIT), Tuple.of(2, Kind.FAULTS), Tuple.of(1, Kind.ATTACH), Tuple.of(1, Kind.RENAME),
                Tuple.of(2, Kind.NAME), Tuple.of(5, Kind.INITIALIZE), Tuple.of(2, Kind.COMPILE),
                Tuple.of(1, Kind.LAG), Tuple.of(1, Kind.LOSE), Tuple.of(1, Kind.SEED), Tuple.of(3, Kind.READ));
        Arbitrary<Long> times = Arbitraries.frequencyOf(Tuple.of(3, Arbitraries.just(0L)),
                Tuple.of(10, Arbitraries.longs().between(1, 100_000)),
                Tuple.of(5, Arbitraries.longs().between(1, 5_000_000_000L)),
                Tuple.of(1, Arbitraries.longs().between(1, 1L << 43)));
        return Combinators.combine(kinds, Arbitraries.integers().between(0, 100), Arbitraries.integers().between(0,
                Step.MOST_LAG_NS), times).as(Step::new).list().ofMaxSize(200);
    }
}
