package io.bpfagent.report;

import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.Snapshot;
import java.util.List;
import javax.management.ListenerNotFoundException;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationFilter;
import javax.management.NotificationListener;
import javax.management.openmbean.OpenMBeanParameterInfoSupport;
import javax.management.openmbean.SimpleType;

/**
 * The {@code type=Pauses} bean: the last pauses as a table, each with its threads on request, and a
 * notification for those over the threshold. The agent's own thread updates and closes it; any thread
 * asks and listens.
 */
final class PausesBean extends OpenBean<List<Pause>> implements NotificationEmitter {
    /** The type of the notifications; the user data is a row of the table. */
    static final String NOTIFICATION = "io.bpfagent.pause";

    private static final MBeanNotificationInfo[] NOTIFICATIONS = {new MBeanNotificationInfo(
            new String[] {NOTIFICATION}, Notification.class.getName(),
            "A pause of ThresholdNs or more is over. The message says so in one line, the user data is the"
                    + " pause's row of the attribute Pauses, the sequence number its number")};

    private static final OpenBeanType TYPE = new OpenBeanType(
            PausesBean.class.getName(), "Every GC, safepoint and VM operation that stopped the application")
            .attribute("Pauses", "The last 256", PauseRows.LINES.tableType())
            .attribute("ThresholdNs", "From which length on there is a notification (pause-threshold=)",
                    SimpleType.LONG)
            .attribute("NotificationsDropped", "Not sent, because a listener was too slow", SimpleType.LONG)
            .question("pause", "One of Pauses with its threads", PauseRows.DETAILS.rowType(),
                    new OpenMBeanParameterInfoSupport("number", "Its number in Pauses", SimpleType.LONG))
            .notification(NOTIFICATIONS[0])
            .done();

    private final AgentView agent;
    private final long thresholdNs;
    private final PauseNotifier notifier = new PauseNotifier();
    /** Up to which pause the listeners know. */
    private long lastNumber;

    PausesBean(AgentView agent) {
        super(TYPE);
        this.agent = agent;
        this.thresholdNs = agent.pauseThresholdNs();
        List<Pause> before = capture();
        this.lastNumber = before.isEmpty() ? 0 : before.get(before.size() - 1).number();
    }

    /** Takes note of a new snapshot. The agent's own thread; never throws, and never waits for a listener. */
    void update(Snapshot snapshot) {
        List<Pause> pauses = snapshot.pauses();
        int first = pauses.size();
        while (first > 0 && pauses.get(first - 1).number() > lastNumber) {
            first--;
        }
        for (Pause pause : pauses.subList(first, pauses.size())) {
            lastNumber = pause.number();
            if (pause.totalNs() >= thresholdNs) {
                notifier.offer(pause);
            }
        }
    }

    /** Forgets all listeners; what has not been delivered is dropped. */
    void close() {
        notifier.close();
    }

    @Override
    List<Pause> capture() {
        Snapshot latest = agent.latest();
        return latest == null ? List.of() : latest.pauses();
    }

    @Override
    Object attribute(List<Pause> pauses, String name) {
        return switch (name) {
            case "Pauses" -> PauseRows.LINES.table(pauses);
            case "ThresholdNs" -> thresholdNs;
            case "NotificationsDropped" -> notifier.dropped();
            default -> throw OpenBeanType.unknown(name);
        };
    }

    /** There is one: pause. */
    @Override
    Object operation(List<Pause> pauses, String name, Object[] parameters) {
        long number = (Long) parameters[0];
        for (Pause pause : pauses) {
            if (pause.number() == number) {
                return PauseRows.DETAILS.row(pause);
            }
        }
        throw new IllegalArgumentException("number must be that of one of the last " + pauses.size()
                + " pauses, number=" + number);
    }

    @Override
    public void addNotificationListener(NotificationListener listener, NotificationFilter filter, Object handback) {
        notifier.add(listener, filter, handback);
    }

    @Override
    public void removeNotificationListener(NotificationListener listener) throws ListenerNotFoundException {
        notifier.remove(listener);
    }

    @Override
    public void removeNotificationListener(NotificationListener listener, NotificationFilter filter, Object handback)
            throws ListenerNotFoundException {
        notifier.remove(listener, filter, handback);
    }

    @Override
    public MBeanNotificationInfo[] getNotificationInfo() {
        return NOTIFICATIONS.clone();
    }
}
