package io.bpfagent.cli.text;

import java.util.regex.Pattern;

/** Text from elsewhere (names of threads and processes, messages of the JDK and the agent), made safe to be printed. */
public final class SafeText {

    /**
     * What steers a terminal or turns what it shows around: control characters, C1 too, format characters, and
     * Unicode's own ends of lines and paragraphs.
     */
    private static final Pattern STEERING = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private SafeText() {
    }

    /** The same with a '?' for each character that would steer a terminal, line ends among them. */
    public static String of(String text) {
        return STEERING.matcher(text).replaceAll("?");
    }
}
