package io.bpfagent.cli.record;

import io.bpfagent.cli.control.Request;

/** An agent whose numbers are a function of how many snapshots it has taken. */
public final class TickingAgent {

    /** Of the golden documents. */
    public static final String POOL = "io, \u00e9-#";
    private static final String LOSSES = "\"losses\":{\"missed_wakeups\":%d,\"torn_rows\":0,\"lost_slow_events\":%d}";

    private TickingAgent() {
    }

    /** The answer after {@code ticks} snapshots, of {@code tickNs} each. */
    public static String answer(Request request, long ticks, long tickNs) {
        return answer(request.toJson(), ticks, tickNs);
    }

    /** The same of a request's JSON. */
    public static String answer(String request, long ticks, long tickNs) {
        long wallNs = ticks * tickNs;
        String head = "{\"schema\":1,\"interval\":false,\"wallNs\":" + wallNs + ",";
        String tail = String.format(LOSSES, ticks, ticks) + "}";
        if (request.contains("\"verb\":\"threads\"")) {
            return head + "\"threads\":[" + thread(4712, 1, "main", "main", wallNs, wallNs / 10) + ","
                + thread(4720, 0, "io, \u00e9-1", POOL, wallNs, 0) + "],\"pools\":[" + pool("main", wallNs, wallNs / 10)
                + "," + pool(POOL, wallNs, wallNs / 20) + "," + pool("idle", wallNs, 0) + "]," + tail;
        }
        if (request.contains("\"verb\":\"hist\"")) {
            String pool = request.contains("\"pool\":null") ? "null" : request.contains("\"main\"") ? "\"main\""
                : "\"" + POOL + "\"";
            String operation = request.contains("\"operation\":\"all\"") ? "\"G1CollectForAllocation\"" : "null";
            String metric = operation.equals("null") ? "runnable" : "vm_operation";
            return request.contains("syscall") ? "{\"schema\":1,\"error\":\"metric must be kept, metric=syscall\"}"
                : head + "\"sharesPages\":false,\"histograms\":[" + histogram(metric, pool, operation, ticks)
                    + (pool.equals("null") && operation.equals("null")
                        ? "," + histogram("vm_operation", pool, operation, ticks) : "")
                    + ",{\"metric\":\"park\",\"unit\":\"ns\",\"count\":0,\"sum\":0,\"buckets\":[]}]," + tail;
        }
        if (request.contains("\"verb\":\"pauses\"")) {
            return "{\"schema\":1,\"pauses\":" + (request.contains("\"last\":0") ? "[]" : "[{\"number\":" + ticks
                + ",\"atMs\":1774778590000,\"operation\":\"G1CollectForAllocation\",\"gc\":true,\"totalNs\":23000000,"
                + "\"timeToSafepointNs\":40000,\"incomplete\":false,\"partsNs\":{\"working\":23000000},"
                + "\"threads\":[]}]")
                + ",\"seen\":" + ticks + ",\"reason\":null," + tail;
        }
        if (request.contains("\"verb\":\"events\"")) {
            return "{\"schema\":1,\"events\":" + (request.contains("\"last\":0") ? "[]" : "[{\"number\":" + ticks
                + ",\"atMs\":1774778590500,\"metric\":\"file_sync\",\"durationNs\":11000000,\"thread\":{\"tid\":4712,"
                + "\"hostTid\":5712,\"javaId\":1,\"name\":\"main\",\"pool\":\"main\"},\"cpu\":1,"
                + "\"on\":{\"path\":\"/srv/journal\"},\"stack\":[]}]") + ",\"seen\":" + ticks + ",\"reason\":null,"
                + tail;
        }
        if (request.contains("\"verb\":\"status\"")) {
            return "{\"schema\":1,\"version\":\"0.1.0\",\"pid\":7,\"state\":\"on\",\"error\":null,\"sinceNs\":" + wallNs
                + ",\"arguments\":\"interval=1s\",\"kernelMemoryBytes\":7340032,\"probes\":[{\"name\":\"sched_switch\","
                + "\"status\":\"attached\",\"detail\":\"tp_btf\",\"runs\":1234,\"nsPerRun\":104.2}],"
                + cost(wallNs) + "," + tail;
        }
        if (request.contains("\"verb\":\"contexts\"")) {
            return head + "\"contexts\":[" + context(wallNs, ticks) + "],\"outsideNs\":{\"running\":" + wallNs / 20
                + ",\"blocked_park\":" + wallNs + ",\"blocked_disk\":0},\"reason\":null," + tail;
        }
        return head + (request.contains("\"disks\"") ? "\"disks\":[]" : "\"remotes\":[]") + ",\"reason\":null," + tail;
    }

    private static String cost(long wallNs) {
        return "\"cost\":{\"wallNs\":5000000000,\"hostCpuNs\":2150000000,\"threadCpuNs\":11200000,"
            + "\"programNs\":35400000,\"share\":0.021674,\"maxShare\":0.05,\"note\":null,"
            + "\"programsKnownBy\":\"calibration\",\"allocatedBytesPerSecond\":31204,\"kernelMemoryBytes\":7340032,"
            + "\"mappedBytes\":1236992,\"total\":{\"wallNs\":" + wallNs + ",\"hostCpuNs\":" + wallNs / 2
            + ",\"threadCpuNs\":" + wallNs / 500 + ",\"programNs\":" + wallNs / 200
            + ",\"startCpuNs\":152000000,\"allocatedBytes\":2411724}}";
    }

    /** A request that the pool of the main thread has been in for half of the time, and one that never came again. */
    private static String context(long wallNs, long ticks) {
        String none = "{\"ns\":0,\"count\":0,\"maxNs\":0}";
        return "{\"name\":\"POST /orders\",\"kind\":\"request\",\"count\":" + 7 * ticks + ",\"wallNs\":" + wallNs / 2
            + ",\"inclusive\":{\"running\":" + wallNs / 20 + ",\"runnable\":0,\"blocked_park\":" + wallNs * 9 / 20
            + "},\"exclusive\":{\"running\":{\"ns\":" + wallNs / 40 + ",\"count\":" + 3 * ticks + ",\"maxNs\":900},"
            + "\"runnable\":" + none + ",\"blocked_park\":{\"ns\":" + wallNs * 9 / 20 + ",\"count\":0,\"maxNs\":0}}},"
            + "{\"name\":\"GET /once\",\"kind\":\"request\",\"count\":1,\"wallNs\":5,\"inclusive\":{\"running\":5},"
            + "\"exclusive\":{\"running\":{\"ns\":5,\"count\":1,\"maxNs\":5}}}";
    }

    private static String thread(int tid, long javaId, String name, String pool, long wallNs, long runningNs) {
        return "{\"tid\":" + tid + ",\"javaId\":" + javaId + ",\"name\":\"" + name + "\",\"pool\":\"" + pool
            + "\",\"kind\":\"java\",\"state\":\"blocked_park\",\"wallNs\":" + wallNs + "," + usage(wallNs, runningNs)
            + "}";
    }

    private static String pool(String pool, long wallNs, long runningNs) {
        return "{\"pool\":\"" + pool + "\",\"threads\":1,\"ended\":" + runningNs / 100_000_000 + ","
            + usage(wallNs, runningNs) + "}";
    }

    private static String usage(long wallNs, long runningNs) {
        return "\"timesNs\":{\"running\":" + runningNs + ",\"runnable\":" + runningNs / 10 + ",\"blocked_park\":"
            + (wallNs - runningNs - runningNs / 10) + ",\"blocked_disk\":0},\"waitedNs\":{\"own\":" + runningNs / 20
            + ",\"process\":0},\"migrations\":" + runningNs / 50_000_000 + ",\"minorFaults\":" + runningNs / 25_000_000
            + ",\"majorFaults\":" + runningNs / 100_000_000;
    }

    /** Three stays of 5 us and one of a millisecond in each snapshot. */
    private static String histogram(String metric, String pool, String operation, long ticks) {
        return "{\"metric\":\"" + metric + "\",\"pool\":" + pool + ",\"thread\":null,\"operation\":" + operation
            + ",\"unit\":\"ns\",\"count\":" + 4 * ticks + ",\"sum\":" + 1_015_000 * ticks
            + ",\"min\":4864,\"mean\":253750.0,\"max\":1000000,\"p50\":5119,\"p90\":1000000,\"p99\":1000000,"
            + "\"p999\":1000000,\"buckets\":[[5119," + 3 * ticks + "],[1015807," + ticks + "]]}";
    }
}
