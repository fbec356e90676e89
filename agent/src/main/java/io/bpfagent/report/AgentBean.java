package io.bpfagent.report;

import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Losses;
import io.bpfagent.correlation.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.management.openmbean.SimpleType;

/** The {@code type=Agent} bean: what the agent is doing, its losses and its cost. */
final class AgentBean extends OpenBean<AgentView> {
    private static final class Probes extends OpenRows<Probe> {
        Probes() {
            super("io.bpfagent.Probe", "What the agent attached to, or tried to");
            column("name", "Name", SimpleType.STRING);
            column("status", "attached, unsupported or failed", SimpleType.STRING);
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

    private static final class Cost extends OpenRows<AgentView> {
        Cost() {
            super("io.bpfagent.Cost", "What the agent takes");
            longColumn("kernelMemoryBytes", "Memory of the maps");
            longColumn("programRuns", "Runs of all programs together; 0 if not known");
            longColumn("programNs", "Their time, ns; 0 if the kernel does not count it (bpf_stats_enabled)");
            done();
        }

        @Override
        Object value(AgentView agent, int column) {
            if (column == 0) {
                return agent.kernelMemoryBytes();
            }
            long runs = 0;
            double ns = 0;
            for (Probe probe : agent.probes()) {
                runs += probe.runs();
                ns += probe.totalNs();
            }
            return column == 1 ? runs : Math.round(ns);
        }
    }

    private static final Probes PROBES = new Probes();
    private static final LossRows LOSSES = new LossRows();
    private static final Cost COST = new Cost();

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
            .done();

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

    /** There is one: detach. */
    @Override
    Object operation(AgentView captured, String name, Object[] parameters) {
        captured.requestDetach();
        return null;
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
