package io.bpfagent.export;

import io.bpfagent.correlation.Metric;
import io.bpfagent.extension.ExtensionHost;
import io.bpfagent.report.AgentView;
import io.bpfagent.report.Cost;
import io.bpfagent.report.SnapshotReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The extensions among the exports that are open. On the agent's own thread. */
final class Extensions {
    private static final String ARGUMENT = "extensions";

    private Extensions() {
    }

    /** Opens those; what cannot be had is told, and is a line in the status. */
    static void open(List<SnapshotReport> open, List<Path> wanted, AgentView agent, Consumer<String> complaints) {
        ExtensionHost host = new Host(agent, complaints);
        for (Path path : wanted) {
            try {
                open.add(ExtensionReport.open(path, host));
            } catch (ExportException e) {
                open.add(new FailedExport(ARGUMENT, path.getFileName().toString(), e.getMessage()));
                complaints.accept(e.getMessage());
            }
        }
    }

    /**
     * Opens what is wanted and not open, closes what is not wanted any more.
     *
     * @param open a CopyOnWriteArrayList: others read it meanwhile
     * @throws ExportException if one cannot be had; all is then as it was
     */
    @SuppressWarnings("ModifyCollectionInEnhancedForLoop") // its iterator has a copy
    static void change(List<SnapshotReport> open, List<Path> wanted, AgentView agent, Consumer<String> complaints)
            throws ExportException {
        List<SnapshotReport> added = new ArrayList<>();
        boolean done = false;
        try {
            for (Path path : wanted) {
                if (!isOpen(open, path)) {
                    added.add(ExtensionReport.open(path, new Host(agent, complaints)));
                }
            }
            done = true;
        } finally {
            if (!done) {
                for (SnapshotReport report : added) {
                    report.close();
                }
            }
        }
        for (SnapshotReport report : open) {
            // All of those that are wanted are open now.
            if (report instanceof FailedExport failed && failed.argument().equals(ARGUMENT)
                    || report instanceof ExtensionReport && !isWanted((ExtensionReport) report, wanted)) {
                open.remove(report);
                report.close();
            }
        }
        open.addAll(added);
    }

    private static boolean isOpen(List<SnapshotReport> open, Path path) {
        for (SnapshotReport report : open) {
            if (report instanceof ExtensionReport && ((ExtensionReport) report).isOf(path)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWanted(ExtensionReport report, List<Path> wanted) {
        for (Path path : wanted) {
            if (report.isOf(path)) {
                return true;
            }
        }
        return false;
    }

    private record Host(AgentView agent, Consumer<String> complaints) implements ExtensionHost {
        @Override
        public String version() {
            return agent.version();
        }

        @Override
        public int pid() {
            return agent.pid();
        }

        @Override
        public List<Metric> metrics() {
            return agent.metrics();
        }

        @Override
        public long programNs() {
            Cost cost = agent.cost();
            return cost == null ? -1 : cost.total().programNs();
        }

        @Override
        public long threadNs() {
            Cost cost = agent.cost();
            return cost == null ? -1 : cost.total().threadCpuNs();
        }

        @Override
        public long kernelMemoryBytes() {
            return agent.kernelMemoryBytes();
        }

        @Override
        public void complain(String line) {
            complaints.accept(line);
        }
    }
}
