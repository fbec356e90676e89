package io.bpfagent.truth;

import static org.junit.jupiter.api.Assertions.assertTrue;

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

/** Safepoints: each is counted and told of once, and its parts and its threads' times are what happened in it. */
class PausesPropertyTest {
    private static final long TAIL_NS = 30_000_000;
    private static PlayedKernel kernel;
    private static long exact;

    @BeforeContainer
    static void start() throws IOException {
        kernel = new PlayedKernel(1 << 14, false);
    }

    @AfterContainer
    static void end() {
        kernel.close();
        assertTrue(exact > 0, "no pause was compared to the nanosecond");
    }

    @Property(tries = 200, seed = Play.SEED, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void pausesAreWhatHappened(@ForAll("setups") Setup setup, @ForAll("steps") List<Step> steps) {
        new Play(setup, steps).check(PausesPropertyTest::play);
    }

    private static void play(Play play) {
        PlayedAgent agent = new PlayedAgent(kernel, play.setup());
        agent.play(play.steps());
        agent.play(new Step(Kind.READ, 0, 0, TAIL_NS));
        agent.read(true);
        exact += agent.exactPauses();
    }

    /** With clocks that differ and events that nobody sees parts and times add up all the same. */
    @Property(tries = 100, seed = Play.SEED, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void pausesAddUp(@ForAll("setups") Setup setup, @ForAll("stepsWithFaults") List<Step> steps) {
        new Play(setup, steps).check(PausesPropertyTest::play);
    }

    /** Rows for all, or for some. */
    @Provide
    Arbitrary<Setup> setups() {
        return Combinators.combine(Arbitraries.of(8, 40, 64), Arbitraries.of(32, 800), Arbitraries.integers()
                        .between(1, PlayedKernel.CPUS), Arbitraries.of(false, true),
                        Arbitraries.of(0L, 123_456_789L), Arbitraries.of(false, true),
                        Arbitraries.of(0, 20), Arbitraries.of(false, true))
                .as(Setup::new);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return steps(0);
    }

    @Provide
    Arbitrary<List<Step>> stepsWithFaults() {
        return steps(3);
    }

    private static Arbitrary<List<Step>> steps(int faults) {
        Arbitrary<Kind> kinds = Arbitraries.frequency(Tuple.of(faults, Kind.LAG), Tuple.of(faults, Kind.LOSE),
                Tuple.of(30, Kind.PREEMPT), Tuple.of(20, Kind.BLOCK),
                Tuple.of(30, Kind.WAKE), Tuple.of(5, Kind.FORK), Tuple.of(1, Kind.EXIT), Tuple.of(1, Kind.FAULTS),
                Tuple.of(10, Kind.PAUSE), Tuple.of(15, Kind.OPERATION), Tuple.of(2, Kind.COLLECT),
                Tuple.of(3, Kind.READ), Tuple.of(3, Kind.LOOK));
        Arbitrary<Long> times = Arbitraries.frequencyOf(Tuple.of(1, Arbitraries.just(0L)),
                Tuple.of(10, Arbitraries.longs().between(1, 300_000)),
                Tuple.of(1, Arbitraries.longs().between(1, 50_000_000)));
        return Combinators.combine(kinds, Arbitraries.integers().between(0, 100), Arbitraries.integers().between(0,
                faults == 0 ? 1000 : Step.MOST_LAG_NS), times).as(Step::new).list().ofMinSize(20).ofMaxSize(300);
    }
}
