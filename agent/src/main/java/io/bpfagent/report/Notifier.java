package io.bpfagent.report;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationFilter;
import javax.management.NotificationListener;

/**
 * Tells JMX listeners about what comes one by one, on a daemon thread of its own, which there is from the first one
 * for a listener until the last listener leaves.
 *
 * <p>Assumptions: {@link #offer} and {@link #close} are called by the agent's own thread; listeners come and go
 * on any thread; they are the host's code, may take their time, throw, or never return.
 *
 * <p>Guarantees: {@link #offer} waits for nobody and throws nothing. While a listener is busy, 256 wait for it;
 * of more the oldest is dropped and counted. After {@link #close} no listener is called, and the
 * thread ends as soon as the listener that it is in returns. It is never interrupted: that would close the
 * channel for good that a listener may be writing to.
 *
 * @param <T> what listeners are told about
 */
abstract class Notifier<T> implements Runnable {
    /** The bean shows so many or more: who was told too late finds them there. */
    private static final int MOST_WAITING = 256;
    /** What close waits for the thread; most listeners return sooner. */
    private static final long CLOSE_WAIT_MS = 200;

    private record Listener(NotificationListener listener, NotificationFilter filter, Object handback) {
        /** As JMX has it: filter and handback are compared by identity too. */
        boolean is(NotificationListener otherListener, NotificationFilter otherFilter, Object otherHandback) {
            return listener == otherListener && filter == otherFilter && handback == otherHandback;
        }
    }

    private final String threadName;
    private final Object lock = new Object();
    /** All guarded by the lock. The list is replaced, never changed. */
    private List<Listener> listeners = List.of();
    private final Deque<T> waiting = new ArrayDeque<>();
    private Thread thread;
    private boolean closed;
    private long dropped;

    /** @param threadName of the thread of its own */
    Notifier(String threadName) {
        this.threadName = threadName;
    }

    /** What the listeners get. Called on the thread of its own. */
    abstract Notification notification(T one);

    /** How many listeners were not told about. */
    long dropped() {
        synchronized (lock) {
            return dropped;
        }
    }

    void add(NotificationListener listener, NotificationFilter filter, Object handback) {
        if (listener == null) {
            throw new IllegalArgumentException("a listener must be given, listener=null");
        }
        synchronized (lock) {
            if (!closed) {
                List<Listener> more = new ArrayList<>(listeners);
                more.add(new Listener(listener, filter, handback));
                listeners = more;
            }
        }
    }

    /** Removes it as often as it was added. */
    void remove(NotificationListener listener) throws ListenerNotFoundException {
        synchronized (lock) {
            List<Listener> rest = new ArrayList<>();
            for (Listener one : listeners) {
                if (one.listener != listener) {
                    rest.add(one);
                }
            }
            replaceBy(rest);
        }
    }

    /** Removes it once. */
    void remove(NotificationListener listener, NotificationFilter filter, Object handback)
            throws ListenerNotFoundException {
        synchronized (lock) {
            List<Listener> rest = new ArrayList<>(listeners);
            for (int i = 0; i < rest.size(); i++) {
                if (rest.get(i).is(listener, filter, handback)) {
                    rest.remove(i);
                    break;
                }
            }
            replaceBy(rest);
        }
    }

    /** Under the lock. */
    private void replaceBy(List<Listener> rest) throws ListenerNotFoundException {
        if (rest.size() == listeners.size()) {
            throw new ListenerNotFoundException("no such listener");
        }
        listeners = rest;
        if (rest.isEmpty()) {
            waiting.clear();
            lock.notifyAll();
        }
    }

    /** Lets the listeners know, soon. */
    void offer(T one) {
        synchronized (lock) {
            if (closed || listeners.isEmpty()) {
                return;
            }
            if (waiting.size() == MOST_WAITING) {
                waiting.remove();
                dropped++;
            }
            waiting.add(one);
            if (thread == null) {
                startThread();
            }
            lock.notifyAll();
        }
    }

    /** On the agent's own thread and not on that which brings a listener: a new thread inherits from its maker. */
    private void startThread() {
        try {
            Thread made = new Thread(null, this, threadName, 0, false);
            made.setDaemon(true);
            made.setContextClassLoader(null); // the host's must not be kept alive by us
            made.setUncaughtExceptionHandler(new Silence());
            made.start();
            thread = made;
        } catch (RuntimeException | OutOfMemoryError e) { // out of threads is an OutOfMemoryError
            dropped += waiting.size();
            waiting.clear();
        }
    }

    private static final class Silence implements Thread.UncaughtExceptionHandler {
        @Override
        public void uncaughtException(Thread failed, Throwable e) {
            // nothing of ours reaches the host's default handler
        }
    }

    /** The life of the thread; nobody else calls it. */
    @Override
    public void run() {
        try {
            deliverAll();
        } finally {
            synchronized (lock) {
                if (thread == Thread.currentThread()) {
                    thread = null;
                }
                lock.notifyAll();
            }
        }
    }

    private void deliverAll() {
        while (true) {
            T one;
            List<Listener> told;
            synchronized (lock) {
                while (waiting.isEmpty() && !listeners.isEmpty() && !closed) {
                    waitQuietly();
                }
                if (listeners.isEmpty() || closed) {
                    thread = null; // here, so that what is offered from now on gets another one
                    return;
                }
                one = waiting.remove();
                told = listeners;
            }
            tell(one, told);
        }
    }

    private void tell(T offered, List<Listener> told) {
        Notification notification;
        try {
            notification = notification(offered);
        } catch (Throwable e) { // for want of memory, say; the next one may do
            synchronized (lock) {
                dropped++;
            }
            return;
        }
        for (Listener one : told) {
            deliver(notification, one);
        }
    }

    /** Nobody of ours interrupts; a host that interrupts all threads must not end us. */
    private void waitQuietly() {
        try {
            lock.wait();
        } catch (InterruptedException e) {
            // the conditions say whether to go on
            return;
        }
    }

    private void deliver(Notification notification, Listener to) {
        synchronized (lock) {
            if (closed) {
                return;
            }
        }
        try {
            if (to.filter == null || to.filter.isNotificationEnabled(notification)) {
                to.listener.handleNotification(notification, to.handback);
            }
        } catch (Throwable e) { // whatever the host's code throws stays here; the others are told
            return;
        }
    }

    /** Forgets all listeners and ends the thread. Twice is harmless. */
    void close() {
        synchronized (lock) {
            closed = true;
            listeners = List.of();
            waiting.clear();
            lock.notifyAll();
            waitForEnd();
        }
    }

    /** Under the lock, which waiting gives up. */
    private void waitForEnd() {
        long endNs = System.nanoTime() + CLOSE_WAIT_MS * 1_000_000;
        try {
            while (thread != null && System.nanoTime() - endNs < 0) {
                lock.wait(Math.max(1, (endNs - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException e) {
            // it ends without us
            return;
        }
    }
}
