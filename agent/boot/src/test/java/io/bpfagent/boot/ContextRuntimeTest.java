package io.bpfagent.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.records.RecordLayouts.ContextSizes;
import io.bpfagent.records.RecordLayouts.ContextSlot;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

class ContextRuntimeTest {
    private static final int OUTER = ContextRuntime.context(ContextRuntime.REQUEST, "outer");
    private static final int INNER = ContextRuntime.context(ContextRuntime.METHOD, "inner");

    private final Memory memory = new Memory();

    @BeforeEach
    void install() {
        // The first row is this thread's.
        ContextRuntime.install(memory.slots, memory, 0);
    }

    @AfterEach
    void uninstall() {
        ContextRuntime.uninstall();
    }

    @Test
    void aContextEndsInTheOneAroundIt() {
        long before = ContextRuntime.enter(OUTER);
        int outer = memory.node(0);
        long inside = ContextRuntime.enter(INNER);
        int inner = memory.node(0);
        assertEquals(OUTER, ContextRuntime.contextOf(outer));
        assertEquals(0, ContextRuntime.parentOf(outer));
        assertEquals(INNER, ContextRuntime.contextOf(inner));
        assertEquals(outer, ContextRuntime.parentOf(inner));
        assertEquals(inner, ContextRuntime.current());
        ContextRuntime.leave(inside);
        assertEquals(outer, memory.node(0));
        ContextRuntime.leave(before);
        assertEquals(0, memory.node(0));
        assertEquals(1, memory.asked);
    }

    @Test
    void aContextWithinItselfIsTheSameNodeAndEnteredTwice() {
        long before = ContextRuntime.enter(OUTER);
        int outer = memory.node(0);
        long inside = ContextRuntime.enter(OUTER);
        assertEquals(outer, memory.node(0));
        ContextRuntime.leave(inside);
        assertEquals(outer, memory.node(0));
        ContextRuntime.leave(before);
        assertEquals(0, memory.node(0));
        assertEquals(2, memory.entered(0, outer));
    }

    @Test
    void aThreadGoesOnWithAnothersContext() throws InterruptedException {
        long before = ContextRuntime.enter(OUTER);
        long handed = ContextRuntime.current();
        AtomicLong found = new AtomicLong();
        Thread other = new Thread(() -> {
            long own = ContextRuntime.resume(handed);
            found.set(memory.node(1));
            ContextRuntime.leave(own);
        });
        other.start();
        other.join();
        ContextRuntime.leave(before);
        assertEquals(handed, found.get());
        assertEquals(0, memory.node(1));
    }

    @Test
    void aStayIsDividedAmongTheContextsInIt() {
        long since = System.nanoTime();
        long before = ContextRuntime.enter(OUTER);
        int outer = memory.node(0);
        spin(3_000_000);
        long inside = ContextRuntime.enter(INNER);
        int inner = memory.node(0);
        spin(5_000_000);
        ContextRuntime.leave(inside);
        spin(1_000_000);
        ContextRuntime.leave(before);
        long now = System.nanoTime();
        Map<Integer, Long> parts = memory.leaveCpu(0, since, now);
        assertEquals(now - since, parts.values().stream().mapToLong(Long::longValue).sum());
        assertTrue(parts.get(outer) >= 4_000_000, parts::toString);
        assertTrue(parts.get(inner) >= 5_000_000, parts::toString);
        assertTrue(parts.get(0) < now - since - 9_000_000 + 1, parts::toString);
        // A new stay begins anew.
        ContextRuntime.enter(OUTER);
        assertEquals(1, memory.pieces(0));
    }

    @Test
    void changesThatAreTooFastGoByWithoutTheClock() {
        boolean skipped = false;
        for (int i = 0; i < 100_000 && !skipped; i++) {
            ContextRuntime.leave(ContextRuntime.enter(OUTER));
            skipped = memory.skip(0) > 0;
        }
        assertTrue(skipped);
        assertEquals(0, memory.node(0));
        assertTrue(memory.pieces(0) <= 3, () -> memory.pieces(0) + " pieces of two nodes");
    }

    @Test
    void aChangeThatTheSwitchInterruptedIsNoChangeOfTheNextStay() {
        long before = ContextRuntime.enter(OUTER);
        ContextRuntime.leave(before);
        int log = memory.log(0);
        memory.leaveCpu(0, 0, System.nanoTime());
        // What a thread writes that was interrupted right before its last store.
        memory.slots.putInt(ContextSlot.LOG, log);
        assertEquals(Map.of(0, 1_000L), memory.leaveCpu(0, 5_000, 6_000));
        ContextRuntime.enter(OUTER);
        assertEquals(1, memory.pieces(0));
    }

    @Test
    void whatTheLastStayWouldHaveSkippedIsNotSkippedInTheNext() {
        skipSome();
        int log = memory.log(0);
        memory.leaveCpu(0, 0, System.nanoTime());
        memory.slots.putInt(ContextSlot.LOG, log);
        ContextRuntime.enter(OUTER);
        assertEquals(1, memory.pieces(0));
        assertEquals(0, memory.skip(0));
    }

    @Test
    void aLongContextAfterManyShortOnesIsTimed() {
        int getter = ContextRuntime.context(ContextRuntime.METHOD, "getter");
        int longOne = ContextRuntime.context(ContextRuntime.METHOD, "a long one");
        long since = System.nanoTime();
        long before = ContextRuntime.enter(OUTER);
        skipAfter(getter);
        long around = ContextRuntime.enter(longOne);
        int node = memory.node(0);
        assertEquals(0, memory.skip(0));
        spin(5_000_000);
        ContextRuntime.leave(around);
        ContextRuntime.leave(before);
        Map<Integer, Long> parts = memory.leaveCpu(0, since, System.nanoTime());
        assertTrue(parts.get(node) >= 5_000_000, parts::toString);
    }

    @Test
    void whatTakesTooLongForChangesWithoutTheClockIsTheOuterOnes() {
        int getter = ContextRuntime.context(ContextRuntime.METHOD, "getter");
        long since = System.nanoTime();
        long before = ContextRuntime.enter(OUTER);
        int outer = memory.node(0);
        skipAfter(getter);
        spin(5_000_000);
        while (memory.skip(0) > 0) {
            ContextRuntime.leave(ContextRuntime.enter(getter));
        }
        ContextRuntime.leave(ContextRuntime.enter(getter));
        ContextRuntime.leave(before);
        assertTrue(memory.slots.getLong(ContextSlot.SKIPPED_NS) < 1_000_000);
        assertTrue(memory.slots.getLong(ContextSlot.GUESSED_NS) >= 4_000_000);
        Map<Integer, Long> parts = memory.leaveCpu(0, since, System.nanoTime());
        assertTrue(parts.get(outer) >= 4_000_000, parts::toString);
    }

    /** Short contexts until some go by without the clock, and some more will. */
    private void skipAfter(int getter) {
        for (int i = 0; i < 100_000 && (memory.skip(0) < 50 || memory.skip(0) > 110); i++) {
            ContextRuntime.leave(ContextRuntime.enter(getter));
        }
        assertTrue(memory.skip(0) >= 50);
    }

    @Test
    void moreNodesThanThereIsRoomForAreNotDividedByTheClock() {
        long before = ContextRuntime.current();
        for (int i = 0; i < 40; i++) {
            ContextRuntime.enter(ContextRuntime.context(ContextRuntime.API, "many " + i));
            spin(2_000);
        }
        assertEquals(ContextSizes.CONTEXT_PIECES, memory.pieces(0));
        ContextRuntime.leave(before);
        assertEquals(0, memory.node(0));
    }

    @Test
    void aThreadWithoutARowIsInNoContextAndAskedForAgainLater() {
        Memory full = new Memory();
        full.isFull = true;
        ContextRuntime.install(full.slots, full, 0);
        long lost = ContextRuntime.withoutRow();
        assertEquals(ContextRuntime.NOTHING, ContextRuntime.enter(OUTER));
        assertEquals(ContextRuntime.NOTHING, ContextRuntime.enter(OUTER));
        ContextRuntime.leave(ContextRuntime.NOTHING);
        assertEquals(0, ContextRuntime.current());
        assertEquals(lost + 2, ContextRuntime.withoutRow());
        assertEquals(1, full.asked);
        full.isFull = false;
        ContextRuntime.forgetMissingRows();
        assertEquals(0, ContextRuntime.enter(OUTER));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void theSpanOfAVirtualThreadThatIsNotFollowedIsNobodys() throws ReflectiveOperationException, InterruptedException {
        // The first row would be that of another thread.
        memory.slots.putInt(ContextSlot.SPAN, 7);
        AtomicLong found = new AtomicLong(-1);
        Runnable task = () -> {
            ContextRuntime.setSpan(9);
            found.set(ContextRuntime.span());
        };
        ((Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task)).join();
        assertEquals(0, found.get());
        assertEquals(7, memory.slots.getInt(ContextSlot.SPAN));
    }

    @Test
    void whatTheFinderThrowsIsSwallowed() {
        ContextRuntime.install(memory.slots, () -> {
            throw new StackOverflowError();
        }, 0);
        assertEquals(ContextRuntime.NOTHING, ContextRuntime.enter(OUTER));
    }

    @Test
    void aRowThatIsNotInTheMemoryIsNone() {
        ContextRuntime.install(memory.slots, () -> 8, 0);
        assertEquals(ContextRuntime.NOTHING, ContextRuntime.enter(OUTER));
    }

    @Test
    void withoutAnAgentNothingIsDone() {
        long before = ContextRuntime.enter(OUTER);
        int outer = memory.node(0);
        ContextRuntime.uninstall();
        assertEquals(ContextRuntime.NOTHING, ContextRuntime.enter(INNER));
        assertEquals(0, ContextRuntime.current());
        ContextRuntime.leave(before);
        assertEquals(outer, memory.node(0));
    }

    @Test
    void nothingThatIsPassedThrows() {
        for (int context : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1024, 999}) {
            ContextRuntime.leave(ContextRuntime.enter(context));
        }
        for (long node : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 2047, 2048, 1L << 32}) {
            ContextRuntime.leave(ContextRuntime.resume(node));
            ContextRuntime.leave(node);
            assertTrue(Memory.isNode(memory.node(0)));
        }
        ContextRuntime.hookFailed(-1, null);
        ContextRuntime.hookFailed(Integer.MAX_VALUE, new Error());
    }

    @Test
    void countsWhatManyNodesWereEntered() {
        int contexts = 20;
        for (int round = 0; round < 7; round++) {
            for (int i = 0; i < contexts; i++) {
                ContextRuntime.leave(ContextRuntime.enter(ContextRuntime.context(ContextRuntime.TASK, "one of many "
                        + i)));
            }
        }
        int found = 0;
        for (int node = 1; node < ContextRuntime.nodes(); node++) {
            String name = ContextRuntime.name(ContextRuntime.contextOf(node));
            if (name != null && name.startsWith("one of many ")) {
                found++;
                assertEquals(7, ContextRuntime.entered(node) + memory.entered(0, node), name);
            }
        }
        assertEquals(contexts, found);
    }

    @Test
    void aNameIsTheSameNumberAndAnotherKindAnother() {
        assertEquals(OUTER, ContextRuntime.context(ContextRuntime.REQUEST, new String("outer")));
        assertNotEquals(OUTER, ContextRuntime.context(ContextRuntime.API, "outer"));
        assertEquals("outer", ContextRuntime.name(OUTER));
        assertEquals(ContextRuntime.REQUEST, ContextRuntime.kind(OUTER));
        assertEquals(ContextRuntime.OTHER, ContextRuntime.context(ContextRuntime.API, null));
        String longName = "x".repeat(1000);
        assertEquals(256, ContextRuntime.name(ContextRuntime.context(ContextRuntime.API, longName)).length());
    }

    @Test
    void remembersWhatAHookThrewFirst() {
        ContextRuntime.forgetHook(7);
        ContextRuntime.hookFailed(7, new IllegalStateException("first"));
        ContextRuntime.hookFailed(7, new IllegalArgumentException("second"));
        assertEquals(2, ContextRuntime.hookFailures(7));
        assertEquals("java.lang.IllegalStateException", ContextRuntime.firstFailure(7));
        ContextRuntime.forgetHook(7);
        assertEquals(0, ContextRuntime.hookFailures(7));
    }

    private void skipSome() {
        for (int i = 0; i < 100_000 && memory.skip(0) < 2; i++) {
            ContextRuntime.leave(ContextRuntime.enter(OUTER));
        }
        assertTrue(memory.skip(0) >= 2);
    }

    private static void spin(long ns) {
        long end = System.nanoTime() + ns;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
