package io.bpfagent.hooks;

/**
 * Methods that become contexts: {@code com.acme.OrderService.place*}. {@code *} stands for any characters, dots too;
 * what stands behind the last dot is the method's name.
 *
 * <p>Immutable; any thread.
 *
 * @param classes of the classes' names, as {@link Class#getName} has them: {@code com.acme.Orders$Line}
 * @param methods of the methods' names
 */
public record TracePattern(String classes, String methods) {
    /** More would be hard to read, and every class that is loaded is compared with each. */
    public static final int MOST = 64;
    private static final int MOST_CHARACTERS = 300;
    /** What follows contexts uses these itself. */
    private static final String[] THE_JDKS = {"java.", "jdk.", "sun.", "io.bpfagent.boot."};

    /** What a pattern looks like. */
    public static final String RULE = "must be CLASS.METHOD, such as com.acme.OrderService.place*";

    /** Reads {@code CLASS.METHOD}. Null if it is none: {@link #problem} says why. */
    public static TracePattern of(String text) {
        if (problem(text) != null) {
            return null;
        }
        int dot = text.lastIndexOf('.');
        return new TracePattern(text.substring(0, dot), text.substring(dot + 1));
    }

    /** Why a text is no pattern: the end of a sentence that begins with {@code trace}; or null. */
    public static String problem(String text) {
        int dot = text.lastIndexOf('.');
        if (dot < 1 || dot == text.length() - 1 || text.length() > MOST_CHARACTERS || !hasOnlyNames(text)) {
            return RULE;
        }
        if (!hasLetter(text.substring(0, dot))) {
            return RULE + ": a class of which nothing is named would be every class";
        }
        for (String begin : THE_JDKS) {
            if (text.startsWith(begin)) {
                return "cannot name classes of the JDK or of the agent (" + begin + "*)";
            }
        }
        return null;
    }

    private static boolean hasOnlyNames(String text) {
        if (text.charAt(0) == '.' || text.contains("..")) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '.' && c != '*' && !Character.isJavaIdentifierPart(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasLetter(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isJavaIdentifierStart(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a class is meant. @param name with dots */
    public boolean matchesClass(String name) {
        return matches(classes, name);
    }

    /** Whether a method of such a class is meant. */
    public boolean matchesMethod(String name) {
        return matches(methods, name);
    }

    /** As it was given. */
    public String text() {
        return classes + "." + methods;
    }

    // Not those that the compiler makes for records: the JDK's part of them remembers a class that it was used for, and
    // with it the agent's whole tier, for the JVM's life.

    @Override
    public boolean equals(Object other) {
        return other instanceof TracePattern pattern && classes.equals(pattern.classes)
                && methods.equals(pattern.methods);
    }

    @Override
    public int hashCode() {
        return classes.hashCode() * 31 + methods.hashCode();
    }

    @Override
    public String toString() {
        return text();
    }

    /** Goes back to the last star only, so that the time is at most the product of both lengths. */
    private static boolean matches(String pattern, String text) {
        int at = 0;
        int inPattern = 0;
        int star = -1;
        int afterStar = 0;
        while (at < text.length()) {
            if (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
                star = inPattern++;
                afterStar = at;
            } else if (inPattern < pattern.length() && pattern.charAt(inPattern) == text.charAt(at)) {
                inPattern++;
                at++;
            } else if (star >= 0) {
                inPattern = star + 1;
                at = ++afterStar;
            } else {
                return false;
            }
        }
        while (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
            inPattern++;
        }
        return inPattern == pattern.length();
    }
}
