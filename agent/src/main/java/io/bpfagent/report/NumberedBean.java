package io.bpfagent.report;

import io.bpfagent.correlation.Snapshot;
import java.util.List;
import javax.management.ListenerNotFoundException;
import javax.management.MBeanNotificationInfo;
import javax.management.NotificationEmitter;
import javax.management.NotificationFilter;
import javax.management.NotificationListener;

/**
 * A bean of what comes one by one and is numbered: the last of it as a table, one of it by its number, and
 * notifications. The agent's own thread updates and closes it; any thread asks and listens.
 *
 * @param <T> what is numbered, from 1 on, without a step back
 */
abstract class NumberedBean<T> extends OpenBean<List<T>> implements NotificationEmitter {
    private final AgentView agent;
    private final Notifier<T> notifier;
    private final MBeanNotificationInfo told;
    /** Up to which number the listeners know. */
    private long lastNumber;

    /** @param told what the notifications are */
    NumberedBean(OpenBeanType type, AgentView agent, Notifier<T> notifier, MBeanNotificationInfo told) {
        super(type);
        this.agent = agent;
        this.notifier = notifier;
        this.told = told;
        List<T> before = capture();
        this.lastNumber = before.isEmpty() ? 0 : number(before.get(before.size() - 1));
    }

    /** The last ones, oldest first. */
    abstract List<T> of(Snapshot snapshot);

    abstract long number(T one);

    /** Whether listeners are told about this one. */
    abstract boolean isTold(T one);

    /** Takes note of a new snapshot. The agent's own thread; never throws, and never waits for a listener. */
    final void update(Snapshot snapshot) {
        List<T> all = of(snapshot);
        int first = all.size();
        while (first > 0 && number(all.get(first - 1)) > lastNumber) {
            first--;
        }
        for (T one : all.subList(first, all.size())) {
            lastNumber = number(one);
            if (isTold(one)) {
                notifier.offer(one);
            }
        }
    }

    /** Forgets all listeners; what has not been delivered is dropped. */
    final void close() {
        notifier.close();
    }

    /** About how many listeners were not told. */
    final long dropped() {
        return notifier.dropped();
    }

    @Override
    final List<T> capture() {
        Snapshot latest = agent.latest();
        return latest == null ? List.of() : of(latest);
    }

    /**
     * The one with this number.
     *
     * @param number a Long
     * @param what   what they are called, for whoever gives a wrong number
     */
    final T numbered(List<T> all, Object number, String what) {
        for (T one : all) {
            if (number(one) == (Long) number) {
                return one;
            }
        }
        throw new IllegalArgumentException("number must be that of one of the last " + all.size() + " " + what
                + ", number=" + number);
    }

    @Override
    public final void addNotificationListener(NotificationListener listener, NotificationFilter filter,
            Object handback) {
        notifier.add(listener, filter, handback);
    }

    @Override
    public final void removeNotificationListener(NotificationListener listener) throws ListenerNotFoundException {
        notifier.remove(listener);
    }

    @Override
    public final void removeNotificationListener(NotificationListener listener, NotificationFilter filter,
            Object handback) throws ListenerNotFoundException {
        notifier.remove(listener, filter, handback);
    }

    @Override
    public final MBeanNotificationInfo[] getNotificationInfo() {
        return new MBeanNotificationInfo[] {told};
    }
}
