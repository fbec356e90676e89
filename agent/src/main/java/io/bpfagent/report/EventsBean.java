package io.bpfagent.report;

import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.Snapshot;
import java.util.List;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.openmbean.OpenMBeanParameterInfoSupport;
import javax.management.openmbean.SimpleType;

/** The {@code type=Events} bean: the last slow events as a table, each with its stack on request, and notifications. */
final class EventsBean extends NumberedBean<SlowEvent> {
    /** The type of the notifications; the user data is a row of the table. */
    static final String NOTIFICATION = "io.bpfagent.event";

    private static final MBeanNotificationInfo TOLD = new MBeanNotificationInfo(
            new String[] {NOTIFICATION}, Notification.class.getName(),
            "A slow event. The message says so in one line, the user data is the event's row of the attribute Events,"
                    + " the sequence number its number");

    private static final OpenBeanType TYPE = new OpenBeanType(
            EventsBean.class.getName(), "Every single latency of a thread that reached its threshold (slow=)")
            .attribute("Events", "The last 1,024", EventRows.LINES.tableType())
            .attribute("NotificationsDropped", "Not sent, because a listener was too slow", SimpleType.LONG)
            .question("event", "One of Events with its stack", EventRows.DETAILS.rowType(),
                    new OpenMBeanParameterInfoSupport("number", "Its number in Events", SimpleType.LONG))
            .notification(TOLD)
            .done();

    EventsBean(AgentView agent) {
        super(TYPE, agent, new EventNotifier(), TOLD);
    }

    @Override
    List<SlowEvent> of(Snapshot snapshot) {
        return snapshot.slow();
    }

    @Override
    long number(SlowEvent event) {
        return event.number();
    }

    @Override
    boolean isTold(SlowEvent event) {
        return true;
    }

    @Override
    Object attribute(List<SlowEvent> events, String name) {
        return name.equals("Events") ? EventRows.LINES.table(events) : (Object) dropped();
    }

    /** There is one: event. */
    @Override
    Object operation(List<SlowEvent> events, String name, Object[] parameters) {
        return EventRows.DETAILS.row(numbered(events, parameters[0], "slow events"));
    }
}
