package io.bpfagent.report;

import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.Snapshot;
import java.util.List;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.openmbean.OpenMBeanParameterInfoSupport;
import javax.management.openmbean.SimpleType;

/**
 * The {@code type=Pauses} bean: the last pauses as a table, each with its threads on request, and a
 * notification for those over the threshold.
 */
final class PausesBean extends NumberedBean<Pause> {
    /** The type of the notifications; the user data is a row of the table. */
    static final String NOTIFICATION = "io.bpfagent.pause";

    private static final MBeanNotificationInfo TOLD = new MBeanNotificationInfo(
            new String[] {NOTIFICATION}, Notification.class.getName(),
            "A pause of ThresholdNs or more is over. The message says so in one line, the user data is the"
                    + " pause's row of the attribute Pauses, the sequence number its number");

    private static final OpenBeanType TYPE = new OpenBeanType(
            PausesBean.class.getName(), "Every GC, safepoint and VM operation that stopped the application")
            .attribute("Pauses", "The last 256", PauseRows.LINES.tableType())
            .attribute("ThresholdNs", "From which length on there is a notification (pause-threshold=)",
                    SimpleType.LONG)
            .attribute("NotificationsDropped", "Not sent, because a listener was too slow", SimpleType.LONG)
            .question("pause", "One of Pauses with its threads", PauseRows.DETAILS.rowType(),
                    new OpenMBeanParameterInfoSupport("number", "Its number in Pauses", SimpleType.LONG))
            .notification(TOLD)
            .done();

    private final long thresholdNs;

    PausesBean(AgentView agent) {
        super(TYPE, agent, new PauseNotifier(), TOLD);
        this.thresholdNs = agent.pauseThresholdNs();
    }

    @Override
    List<Pause> of(Snapshot snapshot) {
        return snapshot.pauses();
    }

    @Override
    long number(Pause pause) {
        return pause.number();
    }

    @Override
    boolean isTold(Pause pause) {
        return pause.totalNs() >= thresholdNs;
    }

    @Override
    Object attribute(List<Pause> pauses, String name) {
        return switch (name) {
            case "Pauses" -> PauseRows.LINES.table(pauses);
            case "ThresholdNs" -> thresholdNs;
            case "NotificationsDropped" -> dropped();
            default -> throw OpenBeanType.unknown(name);
        };
    }

    /** There is one: pause. */
    @Override
    Object operation(List<Pause> pauses, String name, Object[] parameters) {
        return PauseRows.DETAILS.row(numbered(pauses, parameters[0], "pauses"));
    }
}
