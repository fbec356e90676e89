// Generated from records.h by RecordLayoutsTest; do not edit.
package io.bpfagent.records;

/**
 * The shared records' sizes and offsets, in bytes, and the C enums' values. Every number is
 * little-endian. An array has its offset and, with {@code _LENGTH}, the number of its items,
 * unless {@code _LENGTH} is a member of its own, as in {@code ThreadRow.NAME_LENGTH}. What
 * the members mean is said in {@code records.h}.
 */
public final class RecordLayouts {
    private RecordLayouts() { }

    /** {@code enum thread_state} */
    public static final class ThreadState {
        private ThreadState() { }

        public static final int STATE_RUNNING = 0;
        public static final int STATE_RUNNABLE = 1;
        public static final int STATE_BLOCKED_MONITOR = 2;
        public static final int STATE_BLOCKED_PARK = 3;
        public static final int STATE_BLOCKED_WAIT = 4;
        public static final int STATE_BLOCKED_SLEEP = 5;
        public static final int STATE_BLOCKED_SAFEPOINT = 6;
        public static final int STATE_BLOCKED_VM = 7;
        public static final int STATE_BLOCKED_FUTEX = 8;
        public static final int STATE_BLOCKED_POLL = 9;
        public static final int STATE_BLOCKED_SOCKET = 10;
        public static final int STATE_BLOCKED_DISK = 11;
        public static final int STATE_BLOCKED_FAULT = 12;
        public static final int STATE_BLOCKED_RECLAIM = 13;
        public static final int STATE_BLOCKED_PROCESS = 14;
        public static final int STATE_BLOCKED_OTHER = 15;
    }

    /** {@code enum record_sizes} */
    public static final class RecordSizes {
        private RecordSizes() { }

        public static final int STATES = 16;
        public static final int PAGE_BUCKETS = 512;
        public static final int BUCKET_UNIT_SHIFT = 6;
        public static final int COMM_BYTES = 16;
        public static final int NAME_BYTES = 104;
        public static final int POOLS = 513;
    }

    /** {@code enum row_life} */
    public static final class RowLife {
        private RowLife() { }

        public static final int ROW_FREE = 0;
        public static final int ROW_LIVE = 1;
        public static final int ROW_ENDED = 2;
    }

    /** {@code enum row_flags} */
    public static final class RowFlags {
        private RowFlags() { }

        public static final int FLAG_SLEEPING = 1;
    }

    /** {@code enum page_numbers} */
    public static final class PageNumbers {
        private PageNumbers() { }

        public static final int PAGE_NONE = 0;
        public static final int PAGE_SHARED = 65535;
    }

    /** {@code enum supply_kind} */
    public static final class SupplyKind {
        private SupplyKind() { }

        public static final int SUPPLY_ROWS = 0;
        public static final int SUPPLY_PAGES = 1;
        public static final int SUPPLY_SHARED_PAGES = 2;
        public static final int SUPPLIES = 3;
    }

    /** {@code struct state_totals} */
    public static final class StateTotals {
        private StateTotals() { }

        public static final int SIZE = 24;
        public static final int TIME_NS = 0; // __u64
        public static final int MAX_NS = 8; // __u64
        public static final int COUNT = 16; // __u32
        public static final int PAGE = 20; // __u16
    }

    /** {@code struct thread_row} */
    public static final class ThreadRow {
        private ThreadRow() { }

        public static final int SIZE = 576;
        public static final int SINCE_NS = 0; // __u64
        public static final int THREAD = 8; // __u64
        public static final int THREAD_SLOT = 16; // __u64
        public static final int OSTHREAD_STATE = 24; // __u64
        public static final int SEQUENCE = 32; // __u32
        public static final int HOST_TID = 36; // __u32
        public static final int SYSCALL = 40; // __u32
        public static final int STATE = 44; // __u8
        public static final int LIFE = 45; // __u8
        public static final int FLAGS = 46; // __u8
        public static final int NAME_LENGTH = 47; // __u8
        public static final int START_NS = 48; // __u64
        public static final int GENERATION = 56; // __u32
        public static final int TID = 60; // __u32
        public static final int TOTALS = 64; // struct state_totals[16]
        public static final int TOTALS_LENGTH = 16;
        public static final int JAVA_ID = 448; // __u64
        public static final int COMM = 456; // char[16]
        public static final int COMM_LENGTH = 16;
        public static final int NAME = 472; // char[104]
    }

    /** {@code struct histogram_page} */
    public static final class HistogramPage {
        private HistogramPage() { }

        public static final int SIZE = 2048;
        public static final int BUCKETS = 0; // __u32[512]
        public static final int BUCKETS_LENGTH = 512;
    }

    /** {@code struct pool_pages} */
    public static final class PoolPages {
        private PoolPages() { }

        public static final int SIZE = 192;
        public static final int SUM_NS = 0; // __u64[16]
        public static final int SUM_NS_LENGTH = 16;
        public static final int PAGE = 128; // __u32[16]
        public static final int PAGE_LENGTH = 16;
    }

    /** {@code struct row_control} */
    public static final class RowControl {
        private RowControl() { }

        public static final int SIZE = 16;
        public static final int CONTEXT = 0; // __u64
        public static final int POOL = 8; // __u32
        public static final int GENERATION = 12; // __u32
    }

    /** {@code struct supply} */
    public static final class Supply {
        private Supply() { }

        public static final int SIZE = 65664;
        public static final int HEAD = 0; // __u32
        public static final int TAIL = 64; // __u32
        public static final int ITEMS = 128; // __u16[32768]
        public static final int ITEMS_LENGTH = 32768;
    }

    /** {@code struct kernel_losses} */
    public static final class KernelLosses {
        private KernelLosses() { }

        public static final int SIZE = 64;
        public static final int THREADS_WITHOUT_ROW = 0; // __u64
        public static final int EVENTS_WITHOUT_ROW = 8; // __u64
        public static final int THREADS_WITHOUT_INDEX = 16; // __u64
        public static final int MISSED_WAKEUPS = 24; // __u64
        public static final int MISSED_SWITCHES = 32; // __u64
        public static final int NEGATIVE_TIMES = 40; // __u64
        public static final int CROWDED_SUPPLIES = 48; // __u64
        public static final int TRUNCATED_NAMES = 56; // __u64
    }

    /** {@code struct globals} */
    public static final class Globals {
        private Globals() { }

        public static final int SIZE = 216;
        public static final int HOST_TGID = 0; // __u32
        public static final int READER_TID = 4; // __u32
        public static final int CLOCK_OFFSET_NS = 8; // __s64
        public static final int SEEDED_THREADS = 16; // __u64
        public static final int OVERFLOW_SUM_NS = 24; // __u64[16]
        public static final int OVERFLOW_SUM_NS_LENGTH = 16;
        public static final int LOSSES = 152; // struct kernel_losses
    }

    /** {@code struct settings} */
    public static final class Settings {
        private Settings() { }

        public static final int SIZE = 80;
        public static final int WAIT_BARRIER = 0; // __u64
        public static final int SYSCALL_FUNCTION = 8; // __u64
        public static final int TLS_OFFSET = 16; // __u64
        public static final int TLS_MODULE = 24; // __u32
        public static final int OSTHREAD_OFFSET = 28; // __u32
        public static final int OSTHREAD_STATE_OFFSET = 32; // __u32
        public static final int PARKER_OFFSET = 36; // __u32
        public static final int PARKER_BYTES = 40; // __u32
        public static final int SLEEP_EVENT_OFFSET = 44; // __u32
        public static final int SLEEP_EVENT_BYTES = 48; // __u32
        public static final int MONITOR_WAIT = 52; // __u32
        public static final int CONDVAR_WAIT = 56; // __u32
        public static final int OBJECT_WAIT = 60; // __u32
        public static final int INDEX_MASK = 64; // __u32
        public static final int SYSCALL_FUNCTION_BYTES = 68; // __u32
        public static final int HISTOGRAM_STATES = 72; // __u16
        public static final int HAS_STEADY_CLOCK = 74; // __u8
    }
}
