package io.bpfagent.export;

import io.bpfagent.correlation.Snapshot;
import io.bpfagent.export.jfr.JfrExport;
import io.bpfagent.report.AgentView;
import io.bpfagent.report.Probe;
import io.bpfagent.report.SnapshotReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The exports that are wanted now. All on the agent's own thread, but for {@link #probes}, which any thread calls.
 */
public final class Exports implements AutoCloseable {
    private final AgentView agent;
    private final String tmpdir;
    private final Consumer<String> complaints;
    /** Null: none is wanted, or it could not be had. */
    private SnapshotReport prometheus;
    private final List<SnapshotReport> open = new CopyOnWriteArrayList<>();

    /**
     * Without any.
     *
     * @param tmpdir     where classes of exports are put
     * @param complaints told, in a line, what cannot be had
     */
    public Exports(AgentView agent, String tmpdir, Consumer<String> complaints) {
        this.agent = agent;
        this.tmpdir = tmpdir;
        this.complaints = complaints;
    }

    /** Opens what is wanted. What cannot be had is told, and keeps nothing else from working. */
    public void open(ExportSettings settings) {
        if (settings.prometheus().isPresent()) {
            try {
                openPrometheus(settings.prometheus().get());
            } catch (ExportException e) {
                prometheus = new FailedExport("prometheus", "prometheus", e.getMessage());
                open.add(prometheus);
                complaints.accept(e.getMessage());
            }
        }
        if (!settings.extensions().isEmpty()) {
            Extensions.open(open, settings.extensions(), agent, complaints);
        }
        changeJfr(JfrMode.OFF, settings.jfr());
    }

    private void openPrometheus(ListenAddress address) throws ExportException {
        prometheus = PrometheusExport.open(address, agent, tmpdir);
        open.add(prometheus);
    }

    private void closePrometheus() {
        if (prometheus != null) {
            open.remove(prometheus);
            prometheus.close();
            prometheus = null;
        }
    }

    /**
     * Goes from what is open to what is wanted now.
     *
     * @throws ExportException if something cannot be had; all is then as it was
     */
    public void change(ExportSettings from, ExportSettings to) throws ExportException {
        if (!from.prometheus().equals(to.prometheus())) {
            changePrometheus(from.prometheus(), to.prometheus());
        }
        if (!from.extensions().isEmpty() || !to.extensions().isEmpty()) {
            try {
                Extensions.change(open, to.extensions(), agent, complaints);
            } catch (ExportException e) {
                if (!from.prometheus().equals(to.prometheus())) {
                    changePrometheus(to.prometheus(), from.prometheus());
                }
                throw e;
            }
        }
        // Last: this cannot fail.
        changeJfr(from.jfr(), to.jfr());
    }

    private void changePrometheus(Optional<ListenAddress> from, Optional<ListenAddress> to) throws ExportException {
        // First: the new address may be the old port's at all addresses.
        closePrometheus();
        if (to.isPresent()) {
            try {
                openPrometheus(to.get());
            } catch (ExportException e) {
                open(new ExportSettings(from, List.of(), JfrMode.OFF));
                throw e;
            }
        }
    }

    /** As {@link SnapshotReport#update}. */
    public void update(Snapshot snapshot) {
        for (SnapshotReport export : open) {
            export.update(snapshot);
        }
    }

    /** As {@link SnapshotReport#look}. */
    public void look() {
        for (SnapshotReport export : open) {
            export.look();
        }
    }

    /** Threads of exports, whose work is on the agent's bill. */
    public List<Thread> threads() {
        return prometheus instanceof PrometheusExport export ? export.threads() : List.of();
    }

    /** Whether each works. */
    public List<Probe> probes() {
        List<Probe> probes = new ArrayList<>();
        for (SnapshotReport export : open) {
            probes.add(export.probe());
        }
        return probes;
    }

    @SuppressWarnings("ModifyCollectionInEnhancedForLoop") // a CopyOnWriteArrayList: its iterator has a copy
    private void changeJfr(JfrMode from, JfrMode to) {
        if (from == JfrMode.OFF && to == JfrMode.AUTO) {
            open.add(new JfrExport(agent.latest(), complaints));
        } else if (from == JfrMode.AUTO && to == JfrMode.OFF) {
            for (SnapshotReport export : open) {
                if (export instanceof JfrExport) {
                    open.remove(export);
                    export.close();
                }
            }
        }
    }

    @Override
    public void close() {
        for (SnapshotReport export : open) {
            export.close();
        }
        open.clear();
    }
}
