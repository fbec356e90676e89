package io.bpfagent.report;

import io.bpfagent.correlation.Pause;
import javax.management.Notification;

/** Tells JMX listeners about pauses, on the thread {@code bpf-agent-pauses}. */
class PauseNotifier extends Notifier<Pause> {
    PauseNotifier() {
        super("bpf-agent-pauses");
    }

    @Override
    Notification notification(Pause pause) {
        Notification notification = new Notification(PausesBean.NOTIFICATION, BeanNames.pauses(), pause.number(),
                pause.atMs(), PauseLine.of(pause));
        notification.setUserData(PauseRows.LINES.row(pause));
        return notification;
    }
}
