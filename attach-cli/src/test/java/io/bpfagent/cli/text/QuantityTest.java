package io.bpfagent.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Numbers for people: at the bounds of the units and never wider than their columns. */
class QuantityTest {

    @Test
    void durationsChangeTheirUnitWhereTheyRound() {
        assertEquals("0 ns", Quantity.duration(0));
        assertEquals("999 ns", Quantity.duration(999));
        assertEquals("1.00 us", Quantity.duration(1_000));
        assertEquals("9.99 us", Quantity.duration(9_994));
        assertEquals("10.0 us", Quantity.duration(9_996));
        assertEquals("999 us", Quantity.duration(999_499));
        assertEquals("1.00 ms", Quantity.duration(999_500));
        assertEquals("61.3 s", Quantity.duration(61_300_000_000L));
        assertEquals("16.7 min", Quantity.duration(1_000_000_000_000L));
        assertEquals("1.00 h", Quantity.duration(3_600_000_000_000L));
        assertEquals("2.00 d", Quantity.duration(172_800_000_000_000L));
    }

    @Test
    void noDurationIsWiderThanItsColumn() {
        for (long ns = 1; ns > 0 && ns < 86_400_000_000_000L * 900; ns = ns * 21 / 20 + 1) {
            assertTrue(Quantity.duration(ns).length() <= 8, Quantity.duration(ns));
        }
    }

    @Test
    void countsAndBytes() {
        assertEquals("999,999", Quantity.count(999_999));
        assertEquals("1.00 M", Quantity.count(1_000_000));
        assertEquals("1.00 G", Quantity.count(999_700_000));
        assertEquals("12k", Quantity.brief(12_999));
        assertEquals("512 B", Quantity.bytes(512));
        assertEquals("7.00 MiB", Quantity.bytes(7 << 20));
    }

    @Test
    void sharesTellNothingFromAlmostNothing() {
        assertEquals("0%", Quantity.share(0, 10));
        assertEquals("0%", Quantity.share(5, 0));
        assertEquals("<0.1%", Quantity.share(1, 100_000));
        assertEquals("12.3%", Quantity.share(123, 1000));
        assertEquals("100%", Quantity.share(10, 10));
        assertEquals("12%", Quantity.roughShare(123, 1000));
        assertEquals("99.9%", Quantity.roughShare(999, 1000));
    }

    @Test
    void namesKeepTheirEnds() {
        assertEquals("main", Layout.shorten("main", 12));
        assertEquals("http-..ec-17", Layout.shorten("http-nio-8080-exec-17", 12));
        assertEquals("a?b", Layout.shorten("a\nb", 12));
        assertEquals("?", Layout.shorten(null, 12));
    }

    /** ESC [, the same in one C1 character, DEL; a right-to-left override, a zero-width blank, a tag. */
    @Test
    void namesDoNotSteerTheTerminal() {
        assertEquals("a?[2Jb?2Jc?", Layout.shorten("a\u001b[2Jb\u009b2Jc\u007f", 20));
        assertEquals("a?b?c?d", Layout.shorten("a\u202eb\u200bc\udb40\udc41d", 20));
        assertEquals("\u00fc\u4e2d", Layout.shorten("\u00fc\u4e2d", 20));
        assertEquals("a? b\n", Layout.wrap("", "a\u202e\nb"));
        assertEquals("a? b\n", Layout.pack("", "", List.of("a\u009b" + Layout.together(" b"))));
    }
}
