package io.bpfagent.find;

/**
 * What an argument must be for a hit to count.
 *
 * @param argument 1 .. 6
 * @param constant what it is compared with, both as signed 64-bit numbers
 */
public record Condition(int argument, Operator operator, long constant) {
    /** Two-character ones first: the text of the others is the beginning of theirs. */
    public enum Operator {
        LESS_OR_EQUAL("<="), GREATER_OR_EQUAL(">="), EQUAL("=="), NOT_EQUAL("!="), LESS("<"), GREATER(">");

        private static final Operator[] ALL = values();

        private final String text;

        Operator(String text) {
            this.text = text;
        }

        /** As it is written. */
        public String text() {
            return text;
        }

        /** The one that stands there, or null. */
        static Operator at(String text, int begin) {
            for (Operator operator : ALL) {
                if (text.startsWith(operator.text, begin)) {
                    return operator;
                }
            }
            return null;
        }
    }

    public Condition {
        if (argument < 1 || argument > ProbeSpec.MAX_ARGUMENT || operator == null) {
            throw new IllegalArgumentException("argument=" + argument + ", operator=" + operator);
        }
    }

    /** As it is written: {@code arg1>4096}. */
    public String text() {
        return "arg" + argument + operator.text() + constant;
    }
}
