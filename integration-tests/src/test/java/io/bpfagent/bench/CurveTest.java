package io.bpfagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CurveTest {
    private static final double TOLERANCE = 1e-9;
    private static final int ROUNDS = 6;

    @Test
    void powerIsThatBetweenTheEnds() {
        Curve curve = growing(1.5);
        assertEquals(ROUNDS, curve.powers().count());
        assertEquals(1.5, curve.powers().mean(), TOLERANCE);
    }

    @Test
    void powersOfRoundsAreTheirSpread() {
        Curve curve = total().add(1, 1, 100).add(1, 1, 100).add(2, 10, 100).add(2, 10, 1_000);
        assertEquals("0.50 (0.00–1.00)", curve.powers().text("%.2f"));
        assertTrue(curve.sentence().endsWith("linear is 1: too few rounds to say whether it is worse than linear."),
                curve.sentence());
    }

    @Test
    void saysWhatIsWorseThanLinear() {
        assertEquals("*ns* by *things*,\nfrom 1 to 1,000: to the power of 1.50 (1.50–1.50), mean 1.50 ± 0.00;\n"
                + "linear is 1: **worse than linear**. Steepest from 1 to 10: 1.50 (1.50–1.50).",
                growing(1.5).sentence());
        assertTrue(growing(1).sentence().contains("linear is 1: **not worse than linear**"));
        assertTrue(growing(0.2).sentence().contains("linear is 1: **not worse than linear**"));
    }

    @Test
    void isNotSureOfWhatItsRoundsDoNotAgreeIn() {
        Curve curve = total();
        for (double power : new double[] {0.8, 0.9, 1.0, 1.1, 1.2, 1.3}) {
            curve.add(0, 1, 1).add(1, 10, Math.pow(10, power));
        }
        assertTrue(curve.sentence().endsWith("linear is 1: whether it is worse than linear is not decided."),
                curve.sentence());
    }

    @Test
    void ofWhatEachCostsLinearIsTheSameForAll() {
        Curve same = Curve.each("name", "things", "ns");
        Curve dearer = Curve.each("name", "things", "ns");
        for (int round = 0; round < ROUNDS; round++) {
            same.add(0, 1, 7).add(1, 1_000, 7);
            dearer.add(0, 1, 7).add(1, 1_000, 70);
        }
        assertTrue(same.sentence().contains("linear is 0: **not worse than linear**"), same.sentence());
        assertTrue(dearer.sentence().contains("linear is 0: **worse than linear**"), dearer.sentence());
    }

    @Test
    void steepestStepIsFoundWhereTheEndsHideIt() {
        Curve curve = total();
        for (int round = 0; round < ROUNDS; round++) {
            curve.add(0, 1, 100).add(1, 10, 100).add(2, 100, 10_000);
        }
        assertTrue(curve.sentence().endsWith("**not worse than linear**. Steepest from 10 to 100: 2.00 (2.00–2.00)."),
                curve.sentence());
    }

    @Test
    void placesCloseTogetherAreNoStep() {
        Curve curve = total();
        for (int round = 0; round < ROUNDS; round++) {
            curve.add(0, 1, 100).add(1, 10, 100).add(2, 11, 500).add(3, 110, 5_000);
        }
        assertTrue(curve.sentence().endsWith(" Steepest from 11 to 110: 1.00 (1.00–1.00)."), curve.sentence());
    }

    @Test
    void whatHasNoLogarithmIsLeftOut() {
        Curve curve = total().add(1, 1, 0).add(1, 1, 10).add(2, 10, 100).add(2, 10, 100);
        assertEquals("1.00", curve.powers().text("%.2f"));
        assertEquals(3, curve.points().size());
        assertEquals("*ns* by *things*: too little was measured to say how it grows.", total().sentence());
        assertEquals("*ns* by *things*: too little was measured to say how it grows.",
                total().add(1, 1, 0).add(2, 10, 100).sentence());
    }

    @Test
    void numbersHaveThreeDigits() {
        assertEquals("16", Curve.number(16));
        assertEquals("0", Curve.number(0));
        assertEquals("1,000", Curve.number(1_000));
        assertEquals("123,000", Curve.number(123_456));
        assertEquals("1.23", Curve.number(1.2345));
        assertEquals("0.0123", Curve.number(0.012345));
    }

    private static Curve total() {
        return Curve.total("name", "things", "ns");
    }

    private static Curve growing(double power) {
        Curve curve = total();
        for (int round = 0; round < ROUNDS; round++) {
            for (int place = 0; place <= 3; place++) {
                double x = Math.pow(10, place);
                // Rounds differ in what all costs, not in how it grows.
                curve.add(place, x, (round + 1) * Math.pow(x, power));
            }
        }
        return curve;
    }
}
