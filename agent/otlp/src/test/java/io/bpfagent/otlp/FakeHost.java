package io.bpfagent.otlp;

import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Metrics;
import io.bpfagent.extension.ExtensionHost;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An agent that keeps what it is told. */
final class FakeHost implements ExtensionHost {
    final List<String> told = new CopyOnWriteArrayList<>();
    volatile List<Metric> metrics = new ArrayList<>(Metrics.ALL);

    @Override
    public String version() {
        return "1.2.3";
    }

    @Override
    public int pid() {
        return 4711;
    }

    @Override
    public List<Metric> metrics() {
        return metrics;
    }

    @Override
    public long programNs() {
        return 1_500_000_000L;
    }

    @Override
    public long threadNs() {
        return 250_000_000L;
    }

    @Override
    public long kernelMemoryBytes() {
        return 8_000_000;
    }

    @Override
    public void complain(String line) {
        told.add(line);
    }
}
