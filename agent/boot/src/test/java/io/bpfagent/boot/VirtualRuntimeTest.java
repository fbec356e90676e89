package io.bpfagent.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.records.RecordLayouts.ContextLog;
import io.bpfagent.records.RecordLayouts.ContextSlot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With threads that play virtual ones: what calls these methods is not looked at. This thread is the carrier. */
class VirtualRuntimeTest {
    private static final int ROWS = 8;
    private static final int ROW = 3;
    private static final int RUNNING = 2;
    private static final int PARKING = 3;
    private static final int UNPARKED = 9;
    private static final int YIELDING = 10;
    private static final int YIELDED = 11;
    private static final int OUTER = ContextRuntime.context(ContextRuntime.REQUEST, "outer of virtual");
    private static final int INNER = ContextRuntime.context(ContextRuntime.METHOD, "inner of virtual");

    private final ByteBuffer memory = ByteBuffer.allocateDirect(ROWS * ContextSlot.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    private final Thread carrier = Thread.currentThread();
    private final Thread one = new Thread(null, null, "one of them");
    private final Thread other = new Thread(null, null, "other");
    private int row = ROW;

    @BeforeEach
    void follow() {
        ContextRuntime.install(memory, () -> row, 0);
        VirtualRuntime.forget();
        VirtualRuntime.follow(RUNNING, YIELDING, YIELDED);
    }

    @AfterEach
    void unfollow() {
        VirtualRuntime.unfollow();
        ContextRuntime.uninstall();
    }

    private int node() {
        return Short.toUnsignedInt(memory.getShort(ROW * ContextSlot.SIZE + ContextSlot.NODE));
    }

    private long mounted() {
        boolean flag = (memory.getInt(ROW * ContextSlot.SIZE + ContextSlot.LOG) & ContextLog.CONTEXT_MOUNTED) != 0;
        long id = memory.getLong(ROW * ContextSlot.SIZE + ContextSlot.VIRTUAL_THREAD);
        assertEquals(flag, id != 0);
        return id;
    }

    private void mount(Thread virtual) {
        VirtualRuntime.mount(virtual, carrier);
    }

    private void unmount(Thread virtual, int state) {
        VirtualRuntime.unmount(virtual, carrier, state);
    }

    private static long count(int what) {
        long[] numbers = new long[VirtualRuntime.NUMBERS];
        VirtualRuntime.read(what, numbers);
        long count = 0;
        for (int i = 0; i < VirtualRuntime.NUMBERS - 2; i++) {
            count += numbers[i];
        }
        return count;
    }

    private static long sum(int what) {
        long[] numbers = new long[VirtualRuntime.NUMBERS];
        VirtualRuntime.read(what, numbers);
        return numbers[VirtualRuntime.NUMBERS - 2];
    }

    @Test
    void aNodeComesBackWithItsThread() {
        mount(one);
        assertEquals(one.getId(), mounted());
        ContextRuntime.enter(OUTER);
        long before = ContextRuntime.enter(INNER);
        int inner = node();
        unmount(one, PARKING);
        assertEquals(0, node());
        assertEquals(0, mounted());
        mount(other);
        assertEquals(0, node(), "it is in no context");
        ContextRuntime.enter(INNER);
        assertNotEquals(inner, node());
        unmount(other, YIELDING);
        VirtualRuntime.submit(one, UNPARKED);
        mount(one);
        assertEquals(inner, node());
        ContextRuntime.leave(before);
        assertNotEquals(inner, node());
        unmount(one, RUNNING);
        assertEquals(0, node());
    }

    @Test
    void anEndedThreadLeavesNothing() {
        mount(one);
        ContextRuntime.enter(OUTER);
        unmount(one, RUNNING);
        mount(one);
        assertEquals(0, node());
        unmount(one, RUNNING);
    }

    @Test
    void aCarrierHasItsOwnContextBackAfterwards() {
        long before = ContextRuntime.enter(OUTER);
        int own = node();
        mount(one);
        assertEquals(0, node());
        ContextRuntime.enter(INNER);
        unmount(one, PARKING);
        assertEquals(own, node());
        ContextRuntime.leave(before);
        assertEquals(0, node());
    }

    @Test
    void waitsForACarrierAreCountedFromTheFirstSubmission() throws InterruptedException {
        VirtualRuntime.submit(one, 1);
        Thread.sleep(20);
        VirtualRuntime.submit(one, 1); // the JDK's methods call each other
        mount(one);
        assertEquals(1, count(VirtualRuntime.RUNNABLE));
        long waited = sum(VirtualRuntime.RUNNABLE);
        assertTrue(waited >= 20_000_000 && waited < 2_000_000_000L, "waited " + waited);
        Thread.sleep(20);
        unmount(one, PARKING);
        assertEquals(1, count(VirtualRuntime.MOUNTED));
        assertTrue(sum(VirtualRuntime.MOUNTED) >= 20_000_000);
        mount(one); // nobody has said since when it could run
        assertEquals(1, count(VirtualRuntime.RUNNABLE));
        unmount(one, RUNNING);
        assertEquals(2, count(VirtualRuntime.MOUNTED));
    }

    @Test
    void aYieldIsAWaitToo() {
        mount(one);
        for (int i = 0; i < 1000; i++) {
            unmount(one, YIELDING);
            VirtualRuntime.submit(one, YIELDED);
            mount(one);
        }
        unmount(one, RUNNING);
        assertEquals(1000, count(VirtualRuntime.RUNNABLE));
        assertEquals(1001, count(VirtualRuntime.MOUNTED));
        assertEquals(0, VirtualRuntime.lost());
    }

    @Test
    void theClockIsReadAgainWhenTheCarrierHasLeftItsCpu() throws InterruptedException {
        mount(one);
        unmount(one, YIELDING);
        Thread.sleep(5);
        mount(one);
        assertEquals(0, sum(VirtualRuntime.RUNNABLE), "straight from one to the other, for all that is known");
        unmount(one, YIELDING);
        Thread.sleep(5);
        // What the BPF programs do at the end of a stay.
        int slot = ROW * ContextSlot.SIZE;
        memory.putShort(slot + ContextSlot.STAY, (short) (memory.getShort(slot + ContextSlot.STAY) + 1));
        memory.putInt(slot + ContextSlot.LOG, 0);
        mount(one);
        assertTrue(sum(VirtualRuntime.RUNNABLE) >= 5_000_000);
        unmount(one, RUNNING);
    }

    @Test
    void whoHadACarrierForLongIsKnownByName() throws InterruptedException {
        assertNull(VirtualRuntime.nameOf(one.getId()));
        mount(one);
        Thread.sleep(3);
        unmount(one, PARKING);
        mount(other);
        unmount(other, PARKING);
        assertEquals("one of them", VirtualRuntime.nameOf(one.getId()));
        assertNull(VirtualRuntime.nameOf(other.getId()), "that was too short to be told of");
    }

    @Test
    void aCarrierWithoutARowLosesNoNode() {
        mount(one);
        ContextRuntime.enter(OUTER);
        int outer = node();
        unmount(one, PARKING);
        VirtualRuntime.submit(one, UNPARKED);
        row = -1;
        Thread unknown = new Thread(null, null, "carrier without a row");
        VirtualRuntime.mount(one, unknown);
        VirtualRuntime.unmount(one, unknown, PARKING);
        row = ROW;
        mount(one);
        assertEquals(outer, node());
        assertEquals(0, count(VirtualRuntime.RUNNABLE), "since when it waited is not known");
        unmount(one, RUNNING);
    }

    @Test
    void aThreadUsesNoRowOfACarrierThatIsAnothersByNow() throws InterruptedException {
        Thread first = new Thread(() -> ContextRuntime.enter(OUTER));
        mount(first);
        mount(other); // the unmount of the first was not seen
        first.start(); // on another carrier, for all that is known
        first.join();
        assertEquals(0, node());
        ContextRuntime.enter(INNER);
        assertNotEquals(0, node());
        unmount(other, RUNNING);
        assertEquals(0, node());
    }

    @Test
    void aNodeOfAnUnmountThatWasNotSeenIsNotTheCarriersOwn() {
        long before = ContextRuntime.enter(OUTER);
        int own = node();
        mount(one);
        ContextRuntime.enter(INNER);
        mount(other);
        assertEquals(0, node());
        unmount(other, PARKING);
        assertEquals(own, node());
        ContextRuntime.leave(before);
        assertEquals(0, node());
    }

    @Test
    void aCarrierIsACarrierAgainWhenNobodyFollows() {
        mount(one);
        ContextRuntime.enter(OUTER);
        VirtualRuntime.unfollow();
        assertEquals(0, node());
        assertEquals(0, mounted());
        assertFalse(VirtualRuntime.follows());
        unmount(one, PARKING);
        assertEquals(0, count(VirtualRuntime.MOUNTED));
    }

    /** As a thread does that was within mount when following ended. */
    private void takeLate(int row, Thread virtual, int node) {
        memory.putLong(row * ContextSlot.SIZE + ContextSlot.VIRTUAL_THREAD, virtual.getId());
        memory.putShort(row * ContextSlot.SIZE + ContextSlot.NODE, (short) node);
        memory.putInt(row * ContextSlot.SIZE + ContextSlot.LOG, ContextLog.CONTEXT_MOUNTED);
    }

    @Test
    void aCarrierThatHasARowInBetweenLosesNoNodeEither() {
        mount(one);
        ContextRuntime.enter(OUTER);
        int outer = node();
        unmount(one, PARKING);
        Thread fresh = new Thread(null, null, "carrier that gets a row");
        row = -1;
        VirtualRuntime.mount(one, fresh);
        row = ROW;
        mount(other); // on the same row, as if it were the fresh one's
        VirtualRuntime.unmount(one, carrier, PARKING);
        assertEquals(other.getId(), mounted(), "not mounted here, so not unmounted here");
        unmount(other, RUNNING);
        mount(one);
        assertEquals(outer, node());
        unmount(one, RUNNING);
    }

    @Test
    void eachCarrierWithoutARowIsLookedUpAtItsOwn64thMount() {
        Thread first = new Thread(null, null, "first without a row");
        Thread second = new Thread(null, null, "second without a row");
        row = -1;
        for (int i = 0; i < 64; i++) {
            VirtualRuntime.mount(one, first);
            VirtualRuntime.unmount(one, first, PARKING);
        }
        row = ROW;
        VirtualRuntime.mount(other, second);
        assertEquals(other.getId(), mounted(), "the first time it is looked up at once");
        VirtualRuntime.unmount(other, second, RUNNING);
        VirtualRuntime.mount(one, first);
        assertEquals(one.getId(), mounted());
        VirtualRuntime.unmount(one, first, RUNNING);
    }

    @Test
    void aCarrierThatHasEndedIsLetGoAndWhatItCountedIsKept() throws InterruptedException {
        VirtualThreads threads = new VirtualThreads(ContextRuntime.slots(), RUNNING, YIELDING, YIELDED);
        long[] numbers = new long[VirtualRuntime.NUMBERS];
        for (int i = 0; i < 100; i++) {
            row = i % ROWS;
            Thread carried = new Thread(() -> {
                threads.submit(one, UNPARKED);
                threads.mount(one, Thread.currentThread());
                threads.unmount(one, Thread.currentThread(), RUNNING);
            });
            carried.start();
            carried.join();
            if (i % 3 == 0) {
                threads.letGo();
                assertEquals(0, threads.carriers());
            }
        }
        threads.mount(one, carrier);
        threads.letGo();
        assertEquals(1, threads.carriers(), "this thread lives");
        threads.unmount(one, carrier, RUNNING);
        threads.read(VirtualRuntime.MOUNTED, numbers);
        long count = 0;
        for (int i = 0; i < VirtualRuntime.NUMBERS - 2; i++) {
            count += numbers[i];
        }
        assertEquals(101, count);
        assertTrue(numbers[VirtualRuntime.NUMBERS - 1] > 0 && numbers[VirtualRuntime.NUMBERS - 2] > 0);
    }

    @Test
    void aCarrierThatWasTakenLateIsGivenBackLater() {
        mount(one);
        VirtualRuntime.unfollow();
        takeLate(ROW, one, 17);
        VirtualRuntime.refresh();
        assertEquals(0, node());
        assertEquals(0, mounted());
        takeLate(ROW, one, 17); // a program had read it before
        VirtualRuntime.refresh();
        assertEquals(0, mounted());
        VirtualRuntime.refresh();
        takeLate(ROW, one, 17);
        VirtualRuntime.refresh();
        assertEquals(one.getId(), mounted(), "nobody looks for ever");
    }

    @Test
    void thoseThatAreFollowedByThenKeepTheirCarriers() {
        mount(one);
        VirtualRuntime.unfollow();
        VirtualRuntime.follow(RUNNING, YIELDING, YIELDED);
        mount(other);
        ContextRuntime.enter(OUTER);
        int outer = node();
        int late = ROW + 1;
        takeLate(late, one, 17);
        VirtualRuntime.refresh();
        assertEquals(other.getId(), mounted());
        assertEquals(outer, node());
        int flagOnly = ROW + 2;
        memory.putInt(flagOnly * ContextSlot.SIZE + ContextSlot.LOG, ContextLog.CONTEXT_MOUNTED);
        VirtualRuntime.refresh();
        assertEquals(0, memory.getInt(flagOnly * ContextSlot.SIZE + ContextSlot.LOG));
        assertEquals(0, memory.getShort(late * ContextSlot.SIZE + ContextSlot.NODE));
        assertEquals(0, memory.getInt(late * ContextSlot.SIZE + ContextSlot.LOG));
        unmount(other, RUNNING);
    }

    @Test
    void whatWasCountedStaysUntilAnotherAgentBegins() {
        for (int i = 1; i <= 3; i++) {
            mount(one);
            unmount(one, RUNNING);
            assertEquals(i, count(VirtualRuntime.MOUNTED));
            VirtualRuntime.unfollow();
            assertEquals(i, count(VirtualRuntime.MOUNTED));
            VirtualRuntime.follow(RUNNING, YIELDING, YIELDED);
            assertEquals(i, count(VirtualRuntime.MOUNTED));
        }
        VirtualRuntime.forget();
        assertEquals(0, count(VirtualRuntime.MOUNTED));
    }

    @Test
    void thereMustBeContexts() {
        VirtualRuntime.unfollow();
        ContextRuntime.uninstall();
        assertThrows(IllegalStateException.class, () -> VirtualRuntime.follow(RUNNING, YIELDING, YIELDED));
    }
}
