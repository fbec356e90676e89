package io.bpfagent.bench;

/** What it costs to measure calls and disk requests. */
final class Latencies implements Chapter {
    @Override
    public String name() {
        return "latencies";
    }

    @Override
    public String title() {
        return "Calls and disk requests";
    }

    @Override
    public String measure(Effort effort) {
        return "Metrics of threads that are kept by default: with one of them, and with none. "
                + new EventCost().measure(EventCost.CALLS, effort.rounds(), effort.windowMs());
    }
}
