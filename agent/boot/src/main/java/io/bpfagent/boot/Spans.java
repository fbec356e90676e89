package io.bpfagent.boot;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which span of a trace a thread is in, for hooks in OpenTelemetry's API. A thread's slot has room for a number of 32
 * bits, and that is what the kernel side copies when something was slow; what the number stands for is here, for as
 * long as it takes the agent to look (an eighth of a second): the last {@value #PLACES} spans of all threads. A span to
 * which a thread comes back, or another one comes too, keeps its number as long as that is not old.
 *
 * <p>Any thread. Nothing throws, allocates, locks or waits.
 */
public final class Spans {
    private static final int PLACES = 8192;
    /** Of a place: the number that it is for, both halves of the trace's id, and the span's. 256 KiB. */
    private static final int WORDS = 4;
    private static final int TRACE_CHARACTERS = 32;
    private static final int SPAN_CHARACTERS = 16;
    private static final AtomicLongArray TABLE = new AtomicLongArray(PLACES * WORDS);
    /** By hash of a span: the number that it got last. 32 KiB. */
    private static final AtomicIntegerArray NUMBERS = new AtomicIntegerArray(PLACES);
    private static final int NUMBER_SHIFT = Long.SIZE - 13;
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final AtomicInteger LAST = new AtomicInteger();

    private Spans() {}

    /**
     * The current thread is in this span from now on.
     *
     * @param trace 32 hexadecimal digits, and
     * @param span  16; else it is in none
     */
    public static void set(String trace, String span) {
        if (trace == null || span == null || trace.length() != TRACE_CHARACTERS || span.length() != SPAN_CHARACTERS) {
            clear();
            return;
        }
        long high = hex(trace, 0);
        long low = hex(trace, SPAN_CHARACTERS);
        long id = hex(span, 0);
        int now = current();
        if (now != 0 && isOf(now, high, low, id)) {
            return;
        }
        int hash = (int) ((high ^ low ^ id) * GOLDEN >>> NUMBER_SHIFT);
        int before = NUMBERS.get(hash);
        // What is written over soon might be so before the agent has looked.
        if (before != 0 && LAST.get() - before < PLACES / 2 && isOf(before, high, low, id)) {
            ContextRuntime.setSpan(before);
            return;
        }
        int number;
        do {
            number = LAST.incrementAndGet();
        } while (number == 0);
        int at = place(number);
        TABLE.set(at, 0);
        TABLE.set(at + 1, high);
        TABLE.set(at + 2, low);
        TABLE.set(at + 3, id);
        TABLE.set(at, number);
        NUMBERS.lazySet(hash, number);
        ContextRuntime.setSpan(number);
    }

    private static boolean isOf(int number, long high, long low, long id) {
        int at = place(number);
        return TABLE.get(at) == number && TABLE.get(at + 1) == high && TABLE.get(at + 2) == low
                && TABLE.get(at + 3) == id;
    }

    /** The current thread is in no span from now on. */
    public static void clear() {
        ContextRuntime.setSpan(0);
    }

    /** The number of the span that the current thread is in; 0: in none. */
    public static int current() {
        return ContextRuntime.span();
    }

    /**
     * For the agent: what a number stands for.
     *
     * @param into both halves of the trace's id, and the span's
     * @return whether that is still known
     */
    public static boolean read(int number, long[] into) {
        int at = place(number);
        if (number == 0 || TABLE.get(at) != number) {
            return false;
        }
        into[0] = TABLE.get(at + 1);
        into[1] = TABLE.get(at + 2);
        into[2] = TABLE.get(at + 3);
        return TABLE.get(at) == number;
    }

    private static int place(int number) {
        return (number & PLACES - 1) * WORDS;
    }

    /** 16 digits; what is none counts as 0. */
    private static long hex(String text, int from) {
        long value = 0;
        for (int i = from; i < from + SPAN_CHARACTERS; i++) {
            value = value << 4 | Math.max(0, Character.digit(text.charAt(i), 16));
        }
        return value;
    }
}
