package io.bpfagent.report;

import io.bpfagent.correlation.Losses;
import io.bpfagent.correlation.Snapshot;
import java.util.List;
import java.util.Map;
import javax.management.DynamicMBean;
import javax.management.MBeanInfo;
import javax.management.openmbean.SimpleType;

/** What the {@code type=Agent} bean has: what the agent is doing, its losses and its cost. */
final class AgentBean {
    private static final OpenRows<Probe> PROBES = new OpenRows<Probe>(
            "io.bpfagent.Probe", "What the agent attached to, or tried to")
            .column("name", "Name", SimpleType.STRING, Probe::name)
            .column("status", "attached, unsupported or failed", SimpleType.STRING, Probe::status)
            .column("detail", "How, or why not and what to do", SimpleType.STRING, Probe::detail)
            .longColumn("runs", "How often its program ran; 0 if not known", Probe::runs)
            .column("nsPerRun", "Mean cost of a run, ns; 0 if not known", SimpleType.DOUBLE, Probe::nsPerRun)
            .done();

    /** Columns key and value, as MXBeans show a map from names to numbers. */
    private static final OpenRows<Map.Entry<String, Long>> LOSSES = new OpenRows<Map.Entry<String, Long>>(
            "io.bpfagent.Loss", "How much was lost in one way")
            .column("key", "The way", SimpleType.STRING, Map.Entry::getKey)
            .longColumn("value", "How much", Map.Entry::getValue)
            .done();

    private static final OpenRows<AgentView> COST = new OpenRows<AgentView>(
            "io.bpfagent.Cost", "What the agent takes")
            .longColumn("kernelMemoryBytes", "Memory of the maps", AgentView::kernelMemoryBytes)
            .longColumn("programRuns", "Runs of all programs together; 0 if not known",
                    agent -> agent.probes().stream().mapToLong(Probe::runs).sum())
            .longColumn("programNs", "Their time, ns; 0 if the kernel does not count it (bpf_stats_enabled)",
                    agent -> Math.round(agent.probes().stream().mapToDouble(Probe::totalNs).sum()))
            .done();

    private static final OpenBeanType<AgentView> TYPE = new OpenBeanType<AgentView>(
            AgentBean.class.getName(), "The agent itself")
            .attribute("State", "starting, on, off or failed", SimpleType.STRING, agent -> agent.state().label())
            .attribute("Error", "Why it failed, or null", SimpleType.STRING, AgentView::error)
            .attribute("Version", "The agent's version", SimpleType.STRING, AgentView::version)
            .attribute("Arguments", "What counts, defaults too", SimpleType.STRING, AgentView::arguments)
            .attribute("UptimeNanos", "How long the agent has been there", SimpleType.LONG, AgentView::sinceNs)
            .attribute("Probes", "What it attached to", PROBES.tableType(), agent -> PROBES.table(agent.probes()))
            .attribute("Losses", "What was lost, by every way there is", LOSSES.tableType(),
                    agent -> LOSSES.table(losses(agent)))
            .attribute("Cost", "What it takes", COST.rowType(), COST::row)
            .action("detach", "Takes the agent out of this JVM; returns at once", SimpleType.VOID, agent -> {
                agent.requestDetach();
                return null;
            });
    private static final MBeanInfo INFO = TYPE.info();

    private AgentBean() {
    }

    static DynamicMBean of(AgentView agent) {
        return new OpenBean<>(TYPE, INFO, () -> agent);
    }

    private static List<Map.Entry<String, Long>> losses(AgentView agent) {
        Snapshot latest = agent.latest();
        Losses losses = latest == null ? Losses.NONE : latest.losses();
        return losses.counts().entrySet().stream()
                .map(loss -> Map.entry(loss.getKey().key(), loss.getValue())).toList();
    }
}
