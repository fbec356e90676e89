package io.bpfagent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.Pause;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.LongStream;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners are the host's code: they may be slow, throw, or never return. */
@Timeout(30)
class PauseNotifierTest {
    private final PauseNotifier notifier = new PauseNotifier();
    private final BlockingQueue<Long> told = new LinkedBlockingQueue<>();
    private final NotificationListener teller = (notification, handback) -> told.add(notification.getSequenceNumber());

    @AfterEach
    void close() {
        notifier.close();
    }

    private void offer(long number) {
        notifier.offer(FakeAgent.pause(number, 1));
    }

    private static Thread ours() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("bpf-agent-pauses")).findAny().orElse(null);
    }

    private static void awaitNoThread() throws InterruptedException {
        for (Thread thread = ours(); thread != null; thread = ours()) {
            thread.join();
        }
    }

    /** Holds up the thread until it is released, and notes an interrupt. */
    private static final class Holder implements NotificationListener {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private volatile boolean interrupted;

        @Override
        public void handleNotification(javax.management.Notification notification, Object handback) {
            entered.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    @Test
    void hasAThreadOnlyWhileThereIsAListener() throws Exception {
        offer(1);
        assertNull(ours());
        notifier.add(teller, null, null);
        assertNull(ours(), "nothing to tell yet");
        offer(2);
        assertEquals(2, told.take());
        Thread thread = ours();
        assertTrue(thread.isDaemon());
        assertNull(thread.getContextClassLoader());
        offer(3);
        assertEquals(3, told.take());
        assertEquals(thread, ours());
        notifier.remove(teller);
        thread.join();
        offer(4);
        assertNull(ours());
        notifier.add(teller, null, null);
        offer(5);
        assertEquals(5, told.take());
        assertEquals(0, notifier.dropped());
    }

    @Test
    void dropsTheOldestWhileAListenerIsBusy() throws Exception {
        Holder holder = new Holder();
        notifier.add(holder, null, null);
        notifier.add(teller, null, null);
        offer(1);
        holder.entered.await();
        for (int number = 2; number <= 1 + 256 + 23; number++) {
            offer(number);
        }
        assertEquals(23, notifier.dropped());
        holder.released.countDown();
        List<Long> expected = new ArrayList<>(List.of(1L));
        LongStream.rangeClosed(25, 280).forEach(expected::add);
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            numbers.add(told.take());
        }
        assertEquals(expected, numbers);
        assertEquals(23, notifier.dropped());
    }

    @Test
    void whatAListenerThrowsStaysInside() throws Exception {
        notifier.add((notification, handback) -> {
            throw new IllegalStateException("the host's");
        }, null, null);
        notifier.add((notification, handback) -> {
            throw new StackOverflowError();
        }, null, null);
        notifier.add(teller, notification -> {
            throw new OutOfMemoryError();
        }, null);
        notifier.add(teller, null, null);
        offer(1);
        offer(2);
        assertEquals(1, told.take());
        assertEquals(2, told.take());
        assertTrue(told.isEmpty());
    }

    @Test
    void keepsToTheFilters() throws Exception {
        notifier.add(teller, notification -> notification.getSequenceNumber() == 2, null);
        notifier.add(teller, null, null);
        for (int number = 1; number <= 3; number++) {
            offer(number);
        }
        assertEquals(List.of(1L, 2L, 2L, 3L), List.of(told.take(), told.take(), told.take(), told.take()));
    }

    @Test
    void removesOneOrAllOfAListener() throws Exception {
        Object handback = new Object();
        notifier.add(teller, null, handback);
        notifier.add(teller, null, null);
        notifier.add(teller, null, null);
        assertThrows(ListenerNotFoundException.class, () -> notifier.remove(teller, null, new Object()));
        notifier.remove(teller, null, handback);
        offer(1);
        assertEquals(List.of(1L, 1L), List.of(told.take(), told.take()));
        notifier.remove(teller);
        assertThrows(ListenerNotFoundException.class, () -> notifier.remove(teller));
        assertThrows(ListenerNotFoundException.class, () -> notifier.remove(teller, null, null));
        assertThrows(IllegalArgumentException.class, () -> notifier.add(null, null, null));
        awaitNoThread();
        assertTrue(told.isEmpty());
    }

    @Test
    void aListenerMayLeaveFromWithin() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        notifier.add(new NotificationListener() {
            @Override
            public void handleNotification(javax.management.Notification notification, Object handback) {
                try {
                    notifier.remove(this);
                    left.countDown();
                } catch (ListenerNotFoundException e) {
                    throw new IllegalStateException(e);
                }
            }
        }, null, null);
        offer(1);
        left.await();
        awaitNoThread();
        offer(2);
        assertNull(ours());
    }

    /** Else the agent's class loader could not be collected. The host's code is left alone until it returns. */
    @Test
    void closingEndsTheThreadWhenItsListenerReturns() throws Exception {
        Holder holder = new Holder();
        notifier.add(holder, null, null);
        notifier.add(teller, null, null);
        offer(1);
        offer(2);
        holder.entered.await();
        notifier.close();
        notifier.close();
        assertTrue(ours().isAlive());
        holder.released.countDown();
        awaitNoThread();
        assertFalse(holder.interrupted);
        assertTrue(told.isEmpty(), "nobody is told after the close");
        notifier.add(teller, null, null);
        offer(3);
        assertNull(ours());
    }

    /** An interrupt in the middle of a read or write closes the channel. */
    @Test
    void closingLeavesAListenersChannelsOpen() throws Exception {
        Pipe pipe = Pipe.open();
        CountDownLatch entered = new CountDownLatch(1);
        BlockingQueue<Integer> read = new LinkedBlockingQueue<>();
        notifier.add((notification, handback) -> {
            entered.countDown();
            try {
                read.add(pipe.source().read(ByteBuffer.allocate(8)));
            } catch (IOException e) {
                read.add(-23);
            }
        }, null, null);
        offer(1);
        entered.await();
        notifier.close();
        pipe.sink().write(ByteBuffer.wrap(new byte[7]));
        assertEquals(7, read.take());
        assertTrue(pipe.source().isOpen());
        pipe.source().close();
        pipe.sink().close();
        awaitNoThread();
    }

    @Test
    void aPauseThatCannotBeToldIsDropped() throws Exception {
        PauseNotifier failing = new PauseNotifier() {
            @Override
            Notification notification(Pause pause) {
                if (pause.number() != 3) {
                    throw new OutOfMemoryError("no words");
                }
                return super.notification(pause);
            }
        };
        failing.add(teller, null, null);
        for (int number = 1; number <= 3; number++) {
            failing.offer(FakeAgent.pause(number, 1));
        }
        assertEquals(3, told.take());
        assertEquals(2, failing.dropped());
        assertTrue(ours().isAlive());
        failing.close();
        awaitNoThread();
    }

    @Test
    void closingDoesNotWaitForAListenerThatWillNotReturn() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        notifier.add((notification, handback) -> {
            entered.countDown();
            boolean over = false;
            while (!over) {
                try {
                    released.await();
                    over = true;
                } catch (InterruptedException e) {
                    continue;
                }
            }
        }, null, null);
        offer(1);
        entered.await();
        notifier.close();
        assertTrue(ours().isAlive());
        released.countDown();
        awaitNoThread();
    }

    @Test
    void aHostThatInterruptsAllThreadsDoesNotEndIt() throws Exception {
        notifier.add(teller, null, null);
        for (int number = 1; number <= 23; number++) {
            offer(number);
            assertEquals(number, told.take());
            ours().interrupt();
        }
        assertTrue(ours().isAlive());
    }
}
