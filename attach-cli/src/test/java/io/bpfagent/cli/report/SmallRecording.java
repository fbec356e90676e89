package io.bpfagent.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A recording with one thread, line by line, each interval of a second. */
final class SmallRecording {

    static final String BEGIN = "{\"schema\":1,\"record\":\"begin\",\"atMs\":1000,\"attachCli\":\"0.1.0\",\"pid\":4711,"
        + "\"name\":\"app.jar\",\"intervalNs\":1000000000,"
        + "\"machine\":{\"kernel\":\"6.18.0\",\"cpus\":2,\"jdk\":\"17\"},"
        + "\"status\":{\"schema\":1,\"state\":\"on\"}}\n";

    private final StringBuilder lines = new StringBuilder(BEGIN);
    private int intervals;
    private int pauses;
    private int events;

    /** An interval in which the thread ran for so long, and waited for a CPU once for each so many ns. */
    SmallRecording interval(long runningNs, long... runnableNs) {
        return line(runningNs, "", "", runnableNs);
    }

    /** One with a pause. */
    SmallRecording pause(long totalNs) {
        return line(1, "{\"number\":" + ++pauses + ",\"atMs\":1,\"operation\":\"X\",\"gc\":false,\"totalNs\":" + totalNs
            + ",\"partsNs\":{\"reaching\":0,\"working\":" + totalNs + "},\"threads\":[]}", "");
    }

    /** One with a slow event. */
    SmallRecording event(String metric, long durationNs, String... stack) {
        return line(1, "", "{\"number\":" + ++events + ",\"atMs\":1,\"metric\":\"" + metric + "\",\"durationNs\":"
            + durationNs + ",\"cpu\":0,\"stack\":" + (stack.length == 0 ? "[]" : "[\"" + String.join("\",\"", stack)
            + "\"]") + "}");
    }

    private SmallRecording line(long runningNs, String pause, String event, long... runnableNs) {
        long sum = 0;
        StringBuilder buckets = new StringBuilder();
        for (long ns : runnableNs) {
            sum += ns;
            buckets.append(buckets.isEmpty() ? "[" : ",[").append(ns).append(",1]");
        }
        String times = "\"timesNs\":{\"running\":" + runningNs + (sum == 0 ? "" : ",\"runnable\":" + sum)
            + "},\"waitedNs\":{},\"migrations\":1";
        lines.append("{\"schema\":1,\"record\":\"interval\",\"number\":").append(++intervals)
            .append(",\"fromMs\":").append(intervals * 1_000L).append(",\"toMs\":").append(intervals * 1_000L + 1_000)
            .append(",\"wallNs\":1000000000,\"threads\":[{\"tid\":7,\"javaId\":1,\"name\":\"main\",\"pool\":\"main\",")
            .append("\"kind\":\"java\",").append(times).append("}],\"pools\":[{\"pool\":\"main\",\"threads\":1,")
            .append(times).append("}],\"histograms\":[");
        for (String pool : new String[] {"", "\"pool\":\"main\","}) {
            lines.append(sum == 0 ? "" : (pool.isEmpty() ? "" : ",") + "{\"metric\":\"runnable\"," + pool
                + "\"unit\":\"ns\",\"count\":" + runnableNs.length + ",\"sum\":" + sum + ",\"max\":"
                + runnableNs[runnableNs.length - 1] + ",\"buckets\":[" + buckets + "]}");
        }
        lines.append("],\"pauses\":[").append(pause).append("],\"missingPauses\":2,\"events\":[").append(event)
            .append("],\"missingEvents\":3,\"disks\":{\"disks\":[]},\"remotes\":{\"remotes\":[]},\"losses\":{}}\n");
        return this;
    }

    /** A line as it is. */
    SmallRecording raw(String line) {
        lines.append(line);
        return this;
    }

    SmallRecording end() {
        return raw("{\"schema\":1,\"record\":\"end\",\"atMs\":9,\"reason\":\"duration\",\"intervals\":" + intervals
            + ",\"losses\":{\"torn_rows\":5}}\n");
    }

    String text() {
        return lines.toString();
    }

    Path in(Path directory) throws IOException {
        return Files.writeString(directory.resolve("recording.json"), lines);
    }
}
