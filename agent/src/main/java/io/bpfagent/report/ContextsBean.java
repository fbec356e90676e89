package io.bpfagent.report;

import io.bpfagent.correlation.ContextReport;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadState;
import java.util.List;
import javax.management.openmbean.SimpleType;

/**
 * The {@code type=Contexts} bean: where the time of requests, methods and statements went, one row for each. Some 1.2
 * KiB a row, at most 1,024 rows.
 */
final class ContextsBean extends OpenBean<List<ContextReport>> {
    private static final class Rows extends OpenRows<ContextReport> {
        private static final int KEY_COLUMNS = 2;
        private static final int FIRST_STATE = 5;
        private static final int STATES = States.ALL.size();

        Rows() {
            super("io.bpfagent.Context", "What threads worked on, and the ns they spent in each state meanwhile");
            column("kind", "request, poll, task, api, method, statement, or other: all beyond the limit of names",
                    SimpleType.STRING);
            column("name", "For example GET /orders/*", SimpleType.STRING);
            longColumn("count", "How often a thread has entered it");
            longColumn("wallNs", "From each enter to its leave, with the contexts inside of it, ns");
            longColumn("itselfNs", "The same without the contexts inside of it, ns");
            for (ThreadState state : States.ALL) {
                longColumn(state.metric(), "Of wallNs, ns ".concat(state.metric()));
            }
            for (ThreadState state : States.ALL) {
                longColumn("itself_".concat(state.metric()), "Of itselfNs, ns ".concat(state.metric()));
            }
            done(KEY_COLUMNS);
        }

        @Override
        Object value(ContextReport context, int column) {
            return switch (column) {
                case 0 -> context.kind().key();
                case 1 -> context.name();
                case 2 -> context.entered();
                case 3 -> context.inclusive().wallNs();
                case 4 -> context.exclusive().wallNs();
                default -> column < FIRST_STATE + STATES
                        ? context.inclusive().timeNs(States.ALL.get(column - FIRST_STATE))
                        : context.exclusive().timeNs(States.ALL.get(column - FIRST_STATE - STATES));
            };
        }
    }

    private static final Rows ROWS = new Rows();

    private static final OpenBeanType TYPE = new OpenBeanType(
            ContextsBean.class.getName(), "Where the time of requests, methods and statements went")
            .attribute("Contexts", "One row for each", ROWS.tableType())
            .done();

    private final AgentView agent;

    ContextsBean(AgentView agent) {
        super(TYPE);
        this.agent = agent;
    }

    @Override
    List<ContextReport> capture() {
        Snapshot latest = agent.latest();
        return latest == null ? List.of() : latest.contexts().contexts();
    }

    /** There is one: Contexts. */
    @Override
    Object attribute(List<ContextReport> contexts, String name) {
        return ROWS.table(contexts);
    }

    @Override
    Object operation(List<ContextReport> contexts, String name, Object[] parameters) {
        throw OpenBeanType.unknown(name);
    }
}
