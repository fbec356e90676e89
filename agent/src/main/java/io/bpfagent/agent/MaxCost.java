package io.bpfagent.agent;

/**
 * Which part of the host's CPU time the agent may take: {@code max-cost}.
 *
 * @param share 0.05 is 5 %; 0: there is no limit
 * @param given whether somebody has said so; then the agent rather goes than takes more
 */
public record MaxCost(double share, boolean given) {
    private static final String OFF = "off";
    private static final double LEAST_PERCENT = 0.1;
    private static final double MOST_PERCENT = 100;
    private static final int MOST_DIGITS = 8;

    /** When nothing is said. */
    static final MaxCost DEFAULT = new MaxCost(0.05, false);

    static MaxCost of(Argument argument) throws ArgumentException {
        String value = argument.value();
        if (value.equals(OFF)) {
            return new MaxCost(0, true);
        }
        double percent = value.endsWith("%") ? number(value.substring(0, value.length() - 1).strip()) : -1;
        if (percent < LEAST_PERCENT || percent > MOST_PERCENT) {
            throw argument.refused("must be a percentage such as 5% or 0.5%, from 0.1% to 100%, or off");
        }
        return new MaxCost(percent / 100, true);
    }

    /** Digits with at most one point among them; -1 for all else. */
    private static double number(String text) {
        boolean valid = !text.isEmpty() && text.length() <= MOST_DIGITS && text.charAt(0) != '.'
                && text.charAt(text.length() - 1) != '.';
        int points = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            points += c == '.' ? 1 : 0;
            valid &= c == '.' || c >= '0' && c <= '9';
        }
        return valid && points <= 1 ? Double.parseDouble(text) : -1;
    }

    /** The inverse of {@link #of}. */
    String text() {
        return share == 0 ? OFF : percent(share);
    }

    /** As a percentage of as many digits as are needed, three after the point at most: {@code 2.5%}. */
    static String percent(double share) {
        long thousandths = Math.round(share * 100_000);
        String whole = Long.toString(thousandths / 1000);
        String rest = Long.toString(1000 + thousandths % 1000).substring(1);
        while (rest.endsWith("0")) {
            rest = rest.substring(0, rest.length() - 1);
        }
        return (rest.isEmpty() ? whole : whole + "." + rest) + "%";
    }
}
