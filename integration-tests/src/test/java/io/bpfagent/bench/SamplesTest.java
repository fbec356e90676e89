package io.bpfagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SamplesTest {
    private static final double TOLERANCE = 1e-9;

    @Test
    void nothingHasNoMean() {
        Samples none = new Samples();
        assertTrue(Double.isNaN(none.mean()));
        assertTrue(Double.isNaN(none.median()));
        assertEquals("–", none.text("%.1f"));
        assertEquals("–", none.meanText("%.1f"));
    }

    @Test
    void timesIsOfEach() {
        assertEquals("4.0 (2.0–8.0)", samples(1, 2, 4).times(2).text("%.1f"));
    }

    @Test
    void oneValueHasNoStandardError() {
        Samples one = samples(3);
        assertEquals(3, one.mean(), TOLERANCE);
        assertTrue(Double.isNaN(one.standardError()));
        assertEquals("–", one.meanText("%.1f"));
    }

    @Test
    void standardErrorIsThatOfTheMean() {
        // The deviation of 2, 4, 4, 4, 5, 5, 7, 9 from their mean, 5, is the root of 32 / 7.
        Samples eight = samples(2, 4, 4, 4, 5, 5, 7, 9);
        assertEquals(5, eight.mean(), TOLERANCE);
        assertEquals(Math.sqrt(32.0 / 7 / 8), eight.standardError(), TOLERANCE);
        assertEquals("5.00 ± 0.76", eight.meanText("%.2f"));
        assertEquals("4.5 (2.0–9.0)", eight.text("%.1f"));
    }

    @Test
    void targetIsMetOrMissedOnlyBeyondTwoStandardErrors() {
        Samples samples = samples(0.9, 0.9, 1.0, 1.1, 1.1); // 1.0 ± 0.045
        assertEquals("met", samples.verdictOfMean(1.2));
        assertEquals("**missed**", samples.verdictOfMean(0.8));
        assertEquals("not decided", samples.verdictOfMean(1.05));
        assertEquals("not decided", samples.verdictOfMean(0.95));
    }

    @Test
    void fewValuesSayNothingOfATarget() {
        assertEquals("not measured often enough", samples(1, 1, 1, 1).verdictOfMean(2));
    }

    private static Samples samples(double... values) {
        Samples samples = new Samples();
        for (double value : values) {
            samples.add(value);
        }
        return samples;
    }
}
