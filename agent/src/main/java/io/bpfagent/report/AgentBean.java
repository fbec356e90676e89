package io.bpfagent.report;

import io.bpfagent.control.ProbeChange;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Losses;
import io.bpfagent.correlation.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import javax.management.openmbean.OpenMBeanParameterInfoSupport;
import javax.management.openmbean.SimpleType;

/** The {@code type=Agent} bean: what the agent is doing, its losses and its cost. */
final class AgentBean extends OpenBean<AgentView> {
    private static final class Probes extends OpenRows<Probe> {
        Probes() {
            super("io.bpfagent.Probe", "What the agent attached to, or tried to");
            column("name", "Name", SimpleType.STRING);
            column("status", "attached, unsupported, failed or off", SimpleType.STRING);
            column("detail", "How, or why not and what to do", SimpleType.STRING);
            longColumn("runs", "How often its program ran; 0 if not known");
            column("nsPerRun", "Mean cost of a run, ns; 0 if not known", SimpleType.DOUBLE);
            done();
        }

        @Override
        Object value(Probe probe, int column) {
            return switch (column) {
                case 0 -> probe.name();
                case 1 -> probe.status();
                case 2 -> probe.detail();
                case 3 -> probe.runs();
                case 4 -> probe.nsPerRun();
                default -> throw OpenBeanType.unknown(column);
            };
        }
    }

    /** Columns key and value, as MXBeans show a map from names to numbers. */
    private static final class LossRows extends OpenRows<Map.Entry<String, Long>> {
        LossRows() {
            super("io.bpfagent.Loss", "How much was lost in one way");
            column("key", "The way", SimpleType.STRING);
            longColumn("value", "How much");
            done();
        }

        @Override
        Object value(Map.Entry<String, Long> loss, int column) {
            return column == 0 ? loss.getKey() : loss.getValue();
        }
    }

    private static final class CostRow extends OpenRows<AgentView> {
        private static final int PROGRAM_NS = 2;

        CostRow() {
            super("io.bpfagent.Cost", "What the agent takes");
            longColumn("kernelMemoryBytes", "Memory of the maps");
            longColumn("programRuns", "Runs of all programs together; 0 if not known");
            longColumn("programNs", "Their time, ns; 0 if the kernel does not count it (bpf_stats_enabled)");
            column("share", "The agent's part of the JVM's CPU time in the last five seconds or so, 0 to 1",
                    SimpleType.DOUBLE);
            column("maxShare", "What it may be (max-cost); 0: anything", SimpleType.DOUBLE);
            longColumn("wallNs", "How long that second was");
            longColumn("hostCpuNs", "CPU time of the JVM in it");
            longColumn("threadCpuNs", "Of that the agent's own threads");
            longColumn("programCpuNs", "The agent's programs in the kernel in it, as 'programsKnownBy' says");
            column("programsKnownBy", "kernel, calibration or estimate", SimpleType.STRING);
            longColumn("allocatedBytesPerSecond", "By the agent's threads in the heap; -1 if not known");
            longColumn("mappedBytes", "Of the maps, what is mapped into the JVM");
            longColumn("totalThreadCpuNs", "CPU time of the agent's threads since it began to count");
            longColumn("totalProgramCpuNs", "Of its programs");
            longColumn("totalHostCpuNs", "Of the JVM");
            column("note", "What is to be said about max-cost, or empty", SimpleType.STRING);
            done();
        }

        private static final Cost NONE = new Cost(new Cost.Window(0, 0, 0, 0, -1), new Cost.Window(0, 0, 0, 0, -1), -1,
                Cost.KnownBy.ESTIMATE, 0, 0, 0, null, List.of());

        @Override
        Object value(AgentView agent, int column) {
            if (column == 0) {
                return agent.kernelMemoryBytes();
            }
            return column <= PROGRAM_NS ? ofPrograms(agent, column) : ofBill(agent.cost(), column);
        }

        private static Object ofPrograms(AgentView agent, int column) {
            long runs = 0;
            double ns = 0;
            for (Probe probe : agent.probes()) {
                runs += probe.runs();
                ns += probe.totalNs();
            }
            return column == 1 ? runs : Math.round(ns);
        }

        private static Object ofBill(Cost known, int column) {
            Cost cost = known == null ? NONE : known;
            return switch (column) {
                case 3 -> cost.window().share();
                case 4 -> cost.maxShare();
                case 5 -> cost.window().wallNs();
                case 6 -> cost.window().hostCpuNs();
                case 7 -> cost.window().threadCpuNs();
                case 8 -> cost.window().programNs();
                case 9 -> cost.knownBy().label();
                case 10 -> Math.round(cost.window().allocatedPerSecond());
                case 11 -> cost.mappedBytes();
                case 12 -> cost.total().threadCpuNs();
                case 13 -> cost.total().programNs();
                case 14 -> cost.total().hostCpuNs();
                case 15 -> cost.note() == null ? "" : cost.note();
                default -> throw OpenBeanType.unknown(column);
            };
        }
    }

    private static final Probes PROBES = new Probes();
    private static final LossRows LOSSES = new LossRows();
    private static final CostRow COST = new CostRow();

    private static final OpenBeanType TYPE = new OpenBeanType(AgentBean.class.getName(), "The agent itself")
            .attribute("State", "starting, on, off or failed", SimpleType.STRING)
            .attribute("Error", "Why it failed, or null", SimpleType.STRING)
            .attribute("Version", "The agent's version", SimpleType.STRING)
            .attribute("Arguments", "What counts, defaults too", SimpleType.STRING)
            .attribute("UptimeNanos", "How long the agent has been there", SimpleType.LONG)
            .attribute("Probes", "What it attached to", PROBES.tableType())
            .attribute("Losses", "What was lost, by every way there is", LOSSES.tableType())
            .attribute("Cost", "What it takes", COST.rowType())
            .action("detach", "Takes the agent out of this JVM; returns at once", SimpleType.VOID)
            .action("set", "Changes arguments of the agent; gives nothing, or why nothing has changed",
                    SimpleType.STRING,
                    new OpenMBeanParameterInfoSupport("arguments", "key=value,key=value", SimpleType.STRING))
            .done();

    private static final long LOOK_NS = 10_000_000;

    private final AgentView agent;

    AgentBean(AgentView agent) {
        super(TYPE);
        this.agent = agent;
    }

    @Override
    AgentView capture() {
        return agent;
    }

    @Override
    Object attribute(AgentView captured, String name) {
        return switch (name) {
            case "State" -> captured.state().label();
            case "Error" -> captured.error();
            case "Version" -> captured.version();
            case "Arguments" -> captured.arguments();
            case "UptimeNanos" -> captured.sinceNs();
            case "Probes" -> PROBES.table(captured.probes());
            case "Losses" -> LOSSES.table(losses(captured));
            case "Cost" -> COST.row(captured);
            default -> throw OpenBeanType.unknown(name);
        };
    }

    /** There are two: detach and set. */
    @Override
    Object operation(AgentView captured, String name, Object[] parameters) {
        if (name.equals("set")) {
            return parameters[0] == null ? "arguments must be given" : ended(captured.set((String) parameters[0]));
        }
        captured.requestDetach();
        return null;
    }

    /** Waits for its end, on the client's own thread. @return null, or why nothing has changed */
    private static String ended(ProbeChange change) {
        while (!change.isDone()) {
            LockSupport.parkNanos(LOOK_NS);
        }
        return change.problem();
    }

    private static List<Map.Entry<String, Long>> losses(AgentView agent) {
        Snapshot latest = agent.latest();
        Losses losses = latest == null ? Losses.NONE : latest.losses();
        List<Map.Entry<String, Long>> rows = new ArrayList<>();
        for (Map.Entry<Loss, Long> loss : losses.counts().entrySet()) {
            rows.add(Map.entry(loss.getKey().key(), loss.getValue()));
        }
        return rows;
    }
}
