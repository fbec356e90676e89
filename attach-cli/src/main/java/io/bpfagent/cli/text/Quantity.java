package io.bpfagent.cli.text;

import java.util.Locale;

/** Numbers with their units, three digits that count. */
public final class Quantity {

    private static final String[] DURATIONS = {"ns", "us", "ms", "s", "min", "h", "d"};
    private static final double[] DURATION_STEPS = {1000, 1000, 1000, 1000, 60, 24, Double.MAX_VALUE};
    private static final String[] COUNTS = {"", " k", " M", " G", " T"};
    private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Quantity() {
    }

    /** At most eight characters: {@code 12.3 us}, {@code 1.00 ms}, {@code 61.3 s}, {@code 16.7 min}. */
    public static String duration(double ns) {
        double value = ns;
        int unit = 0;
        while (rounded(value) >= DURATION_STEPS[unit]) {
            // Seconds go up to 999, then they are minutes: 17 min says more than 1020 s.
            value /= unit < 3 ? 1000 : unit < 5 ? 60 : 24;
            unit++;
        }
        return (unit == 0 ? String.format(Locale.ROOT, "%.0f", value) : digits(value)) + " " + DURATIONS[unit];
    }

    /** A dash where the document has null. */
    public static String durationOrDash(Number ns) {
        return ns == null ? "-" : duration(ns.doubleValue());
    }

    /** At most seven characters: exact below a million, then three digits: {@code 1.23 M}. */
    public static String count(long count) {
        if (count < 1_000_000) {
            return exact(count);
        }
        double value = count;
        int unit = 0;
        while (rounded(value) >= 1000 && unit < COUNTS.length - 1) {
            value /= 1000;
            unit++;
        }
        return digits(value) + COUNTS[unit];
    }

    /** At most four characters: {@code 999}, {@code 12k}, {@code 3M}. */
    public static String brief(long count) {
        return count < 1_000 ? Long.toString(count)
            : count < 1_000_000 ? count / 1_000 + "k" : count / 1_000_000 + "M";
    }

    /** So many of a thing: {@code 1 thread}, {@code 25 threads}. */
    public static String counted(int count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }

    /** With a comma between thousands. */
    public static String exact(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** At most five characters; what is there but below a tenth of a percent is {@code <0.1%}. */
    public static String share(double part, double whole) {
        double percent = whole <= 0 ? 0 : 100 * part / whole;
        if (percent <= 0) {
            return "0%";
        }
        if (percent < 0.1) {
            return "<0.1%";
        }
        return percent >= 99.95 ? "100%" : String.format(Locale.ROOT, "%.1f%%", percent);
    }

    /** The same without the decimal where two digits are enough: {@code 45%}. */
    public static String roughShare(double part, double whole) {
        double percent = whole <= 0 ? 0 : 100 * part / whole;
        return percent >= 9.95 && percent < 99.5 ? Math.round(percent) + "%" : share(part, whole);
    }

    /** What a histogram counts, in {@code ns}, {@code bytes} or {@code number}. */
    public static String of(double value, String unit) {
        return "bytes".equals(unit) ? bytes(value) : "number".equals(unit) ? number(value) : duration(value);
    }

    /** At most eight characters, exact below a thousand where it is whole: {@code 23}, {@code 2.50}, {@code 1.23 k}. */
    public static String number(double value) {
        int unit = 0;
        double scaled = value;
        while (rounded(scaled) >= 1000 && unit < COUNTS.length - 1) {
            scaled /= 1000;
            unit++;
        }
        boolean whole = unit == 0 && value == Math.rint(value);
        return (whole ? String.format(Locale.ROOT, "%.0f", value) : digits(scaled)) + COUNTS[unit];
    }

    /** The same with a dash where the document has null. */
    public static String orDash(Number value, String unit) {
        return value == null ? "-" : of(value.doubleValue(), unit);
    }

    /** At most eight characters: {@code 5.22 MiB}. */
    public static String bytes(double bytes) {
        double value = bytes;
        int unit = 0;
        while (rounded(value) >= 1000 && unit < BYTES.length - 1) {
            value /= 1024;
            unit++;
        }
        return (unit == 0 ? String.format(Locale.ROOT, "%.0f", value) : digits(value)) + " " + BYTES[unit];
    }

    /** What the three digits will show, so that 999.7 is not printed as 1000. */
    private static double rounded(double value) {
        return value >= 99.95 ? Math.rint(value) : value;
    }

    private static String digits(double value) {
        String format = value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, format, value);
    }
}
