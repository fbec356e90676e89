package io.bpfagent.cli.text;

/**
 * Which JVM a report is about.
 *
 * @param name main class or jar
 */
public record Title(int pid, String name) {

    /** {@code JVM 4711 (app.Main)}. */
    public String jvm() {
        return "JVM " + pid + " (" + Layout.shorten(name, 30) + ")";
    }

    /** {@code 61.3 s since the agent began} or {@code the last 1.00 s}. */
    public static String covered(boolean interval, long wallNs) {
        if (wallNs <= 0) {
            return interval ? "the last interval" : "since the agent began";
        }
        return interval ? "the last " + Quantity.duration(wallNs)
            : Quantity.duration(wallNs) + " since the agent began";
    }
}
