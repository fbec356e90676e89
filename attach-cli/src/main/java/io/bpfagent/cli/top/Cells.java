package io.bpfagent.cli.top;

import io.bpfagent.cli.text.SafeText;
import org.jline.utils.WCWidth;

/** Text by the cells that it takes on a screen: a Chinese character takes two, a combining accent none. */
final class Cells {

    private Cells() {
    }

    /** How many cells it takes. */
    static int width(String text) {
        return text.codePoints().map(WCWidth::wcwidth).map(width -> Math.max(0, width)).sum();
    }

    /** In exactly so many cells: the middle of what is longer becomes "..", for the ends tell threads apart. */
    static String left(String text, int cells) {
        String fitting = shorten(text, cells);
        return fitting + " ".repeat(Math.max(0, cells - width(fitting)));
    }

    /** The same at the right edge. */
    static String right(String text, int cells) {
        String fitting = shorten(text, cells);
        return " ".repeat(Math.max(0, cells - width(fitting))) + fitting;
    }

    /** In so many cells at most, and without what would steer the terminal. */
    static String shorten(String text, int cells) {
        String safe = SafeText.of(text == null ? "?" : text);
        if (width(safe) <= cells) {
            return safe;
        }
        if (cells < 5) {
            return start(safe, cells);
        }
        int tail = (cells - 2) / 2;
        return start(safe, cells - 2 - tail) + ".." + end(safe, tail);
    }

    /** As many characters from the beginning as fit. */
    static String start(String text, int cells) {
        StringBuilder start = new StringBuilder();
        int left = cells;
        for (int codePoint : text.codePoints().toArray()) {
            left -= Math.max(0, WCWidth.wcwidth(codePoint));
            if (left < 0) {
                break;
            }
            start.appendCodePoint(codePoint);
        }
        return start.toString();
    }

    private static String end(String text, int cells) {
        int[] codePoints = text.codePoints().toArray();
        int left = cells;
        int from = codePoints.length;
        while (from > 0 && (left -= Math.max(0, WCWidth.wcwidth(codePoints[from - 1]))) >= 0) {
            from--;
        }
        return new String(codePoints, from, codePoints.length - from);
    }
}
