package io.bpfagent.bench;

/** What it costs to measure calls, disk requests, connections, reads and writes, and what a user names. */
final class Latencies implements Chapter {
    @Override
    public String name() {
        return "latencies";
    }

    @Override
    public String title() {
        return "Calls, disk requests and connections";
    }

    @Override
    public String measure(Effort effort) {
        return "Metrics of threads that are kept by default: with one of them, and with none. "
                + new EventCost().measure(EventCost.CALLS, effort.rounds(), effort.windowMs())
                + "\nMetrics that are kept on request only: with one of them beside all that is kept by default, and"
                + " without. "
                + new EventCost().measure(EventCost.TRANSFERS, effort.rounds(), effort.windowMs())
                + "\nProbes that a user names, `probe=`: with one of them beside all that is kept by default, and"
                + " without. "
                + new EventCost().measure(EventCost.PROBES, effort.rounds(), effort.windowMs());
    }
}
