package io.bpfagent.report;

import io.bpfagent.correlation.SlowEvent;
import javax.management.Notification;

/** Tells JMX listeners about slow events, on the thread {@code bpf-agent-events}. */
final class EventNotifier extends Notifier<SlowEvent> {
    EventNotifier() {
        super("bpf-agent-events");
    }

    @Override
    Notification notification(SlowEvent event) {
        Notification notification = new Notification(EventsBean.NOTIFICATION, BeanNames.events(), event.number(),
                event.atMs(), EventLine.of(event));
        notification.setUserData(EventRows.LINES.row(event));
        return notification;
    }
}
