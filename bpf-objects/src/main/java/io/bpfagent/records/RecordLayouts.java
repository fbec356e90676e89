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
        public static final int LONG_WAIT_NS = 16384;
        public static final int NAME_BYTES = 72;
        public static final int CPU_TAIL_NS = 20000000;
        public static final int POOLS = 513;
        public static final int EVENT_METRICS = 16;
        public static final int OPERATIONS = 64;
        public static final int EVENT_HISTOGRAMS = 80;
        public static final int THREAD_METRICS = 28;
        public static final int SYSCALLS = 512;
        public static final int DISKS = 8;
        public static final int DISK_NAME_BYTES = 32;
        public static final int REMOTES = 128;
        public static final int ADDRESS_BYTES = 16;
        public static final int MOST_CONNECTIONS = 16384;
        public static final int FIRST_EVENT_PAGE = 16;
        public static final int FIRST_METRIC_PAGE = 96;
        public static final int FIRST_DISK_PAGE = 124;
        public static final int FIRST_SUPPLIED_PAGE = 148;
        public static final int OPERATION_NAME_BYTES = 47;
        public static final int SLOW_TEXT_BYTES = 256;
        public static final int NAME_PART_BYTES = 64;
        public static final int PROBE_SITES = 64;
        public static final int PROBE_ARGUMENTS = 4;
        public static final int FIRST_USER_METRIC = 21;
        public static final int USER_METRICS = 7;
        public static final int USER_SITES = 64;
        public static final int COUNTERS = 8;
        public static final int ROWS_AT_ONCE = 256;
        public static final int HITS = 64;
        public static final int HITS_OF_METRICS = 32;
        public static final int HITS_OF_SYSCALLS = 60;
        public static final int HITS_OF_WAKERS = 61;
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
        public static final int FLAG_THROTTLED = 2;
        public static final int FLAG_TOLD = 4;
    }

    /** {@code enum waited_behind} */
    public static final class WaitedBehind {
        private WaitedBehind() { }

        public static final int BEHIND_OWN = 0;
        public static final int BEHIND_CGROUP = 1;
        public static final int BEHIND_PROCESS = 2;
        public static final int BEHIND_KERNEL = 3;
        public static final int BEHIND_IDLE = 4;
        public static final int BEHIND_THROTTLED = 5;
        public static final int WAITED_BEHIND = 6;
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

    /** {@code enum event_metric} */
    public static final class EventMetric {
        private EventMetric() { }

        public static final int EVENT_GC_PAUSE = 0;
        public static final int EVENT_SAFEPOINT = 1;
        public static final int EVENT_TIME_TO_SAFEPOINT = 2;
        public static final int EVENT_VM_OPERATION = 3;
        public static final int EVENT_CLASS_INIT = 4;
        public static final int EVENT_JIT_COMPILE = 5;
        public static final int EVENT_MONITOR_CONTENDED = 6;
        public static final int EVENT_PARK = 7;
        public static final int EVENT_OBJECT_ALLOC = 8;
        public static final int EVENT_SYSCALL = 9;
        public static final int EVENT_VIRTUAL_RUNNABLE = 10;
        public static final int EVENT_VIRTUAL_MOUNTED = 11;
        public static final int EVENT_VIRTUAL_PINNED = 12;
    }

    /** {@code enum thread_metric} */
    public static final class ThreadMetric {
        private ThreadMetric() { }

        public static final int METRIC_FILE_OPEN = 0;
        public static final int METRIC_FILE_OPEN_FAILED = 1;
        public static final int METRIC_FILE_SYNC = 2;
        public static final int METRIC_SOCKET_CONNECT = 3;
        public static final int METRIC_SOCKET_ACCEPT = 4;
        public static final int METRIC_DNS = 5;
        public static final int METRIC_BLOCK_READ = 6;
        public static final int METRIC_BLOCK_WRITE = 7;
        public static final int METRIC_BLOCK_READ_QUEUE = 8;
        public static final int METRIC_BLOCK_WRITE_QUEUE = 9;
        public static final int METRIC_BLOCK_IO_SIZE = 10;
        public static final int METRIC_RECLAIM = 11;
        public static final int METRIC_COMPACTION = 12;
        public static final int METRIC_TCP_CONNECT = 13;
        public static final int METRIC_TCP_CONNECT_FAILED = 14;
        public static final int METRIC_FILE_READ = 15;
        public static final int METRIC_FILE_WRITE = 16;
        public static final int METRIC_SOCKET_READ = 17;
        public static final int METRIC_SOCKET_WRITE = 18;
        public static final int METRIC_TCP_RTT = 19;
        public static final int METRIC_TCP_LIFE = 20;
    }

    /** {@code enum call_cookie} */
    public static final class CallCookie {
        private CallCookie() { }

        public static final int CALL_METRIC = 255;
        public static final int CALL_CAN_FAIL = 256;
        public static final int CALL_HAS_NAME = 512;
        public static final int CALL_OF_CHANNEL = 1024;
        public static final int CALL_ARGUMENT_SHIFT = 12;
        public static final int CALL_ARGUMENT = 7;
        public static final int CALL_FIELD_SHIFT = 16;
    }

    /** {@code enum disk_user} */
    public static final class DiskUser {
        private DiskUser() { }

        public static final int DISK_USER_HOST = 0;
        public static final int DISK_USER_KERNEL = 1;
        public static final int DISK_USER_OTHER = 2;
        public static final int DISK_USERS = 3;
    }

    /** {@code enum disk_operation} */
    public static final class DiskOperation {
        private DiskOperation() { }

        public static final int DISK_READ = 0;
        public static final int DISK_WRITE = 1;
        public static final int DISK_FLUSH = 2;
        public static final int DISK_FLUSH_WAIT = 3;
        public static final int DISK_OTHER = 4;
        public static final int DISK_OPERATIONS = 5;
    }

    /** {@code enum pause_role} */
    public static final class PauseRole {
        private PauseRole() { }

        public static final int ROLE_UNKNOWN = 0;
        public static final int ROLE_STOPPED = 1;
        public static final int ROLE_WORKER = 2;
    }

    /** {@code enum pause_record_kind} */
    public static final class PauseRecordKind {
        private PauseRecordKind() { }

        public static final int RECORD_STAY = 1;
        public static final int RECORD_OCCUPANT = 2;
        public static final int RECORD_PAUSE = 3;
    }

    /** {@code enum stay_flags} */
    public static final class StayFlags {
        private StayFlags() { }

        public static final int STAY_THROTTLED = 1;
        public static final int STAY_ENDED = 2;
        public static final int STAY_OF_MANY = 4;
    }

    /** {@code enum occupant_kind} */
    public static final class OccupantKind {
        private OccupantKind() { }

        public static final int OCCUPANT_IDLE = 1;
        public static final int OCCUPANT_KERNEL = 2;
        public static final int OCCUPANT_CGROUP = 3;
        public static final int OCCUPANT_PROCESS = 4;
    }

    /** {@code enum pause_flags} */
    public static final class PauseFlags {
        private PauseFlags() { }

        public static final int PAUSE_REACHED = 1;
        public static final int PAUSE_GC = 2;
        public static final int PAUSE_OPERATED = 4;
    }

    /** {@code enum hotspot_probe} */
    public static final class HotspotProbe {
        private HotspotProbe() { }

        public static final int PROBE_NONE = 0;
        public static final int PROBE_THREAD_START = 1;
        public static final int PROBE_SLEEP_BEGIN = 2;
        public static final int PROBE_SLEEP_END = 3;
        public static final int PROBE_SAFEPOINT_BEGIN = 4;
        public static final int PROBE_SAFEPOINT_END = 5;
        public static final int PROBE_VMOPS_BEGIN = 6;
        public static final int PROBE_VMOPS_END = 7;
        public static final int PROBE_GC_BEGIN = 8;
        public static final int PROBE_CLASS_INIT_BEGIN = 9;
        public static final int PROBE_CLASS_INIT_END = 10;
        public static final int PROBE_COMPILE_BEGIN = 11;
        public static final int PROBE_COMPILE_END = 12;
        public static final int PROBE_MONITOR_ENTER = 13;
        public static final int PROBE_MONITOR_ENTERED = 14;
        public static final int PROBE_PARK_BEGIN = 15;
        public static final int PROBE_PARK_END = 16;
        public static final int PROBE_OBJECT_ALLOC = 17;
    }

    /** {@code enum argument_kind} */
    public static final class ArgumentKind {
        private ArgumentKind() { }

        public static final int ARGUMENT_NONE = 0;
        public static final int ARGUMENT_CONSTANT = 1;
        public static final int ARGUMENT_REGISTER = 2;
        public static final int ARGUMENT_MEMORY = 3;
    }

    /** {@code enum actor_kind} */
    public static final class ActorKind {
        private ActorKind() { }

        public static final int ACTOR_UNKNOWN = 0;
        public static final int ACTOR_OWN = 1;
        public static final int ACTOR_CGROUP = 2;
        public static final int ACTOR_PROCESS = 3;
        public static final int ACTOR_KERNEL = 4;
        public static final int ACTOR_INTERRUPT = 5;
        public static final int ACTOR_IDLE = 6;
        public static final int ACTOR_THROTTLED = 7;
    }

    /** {@code enum slow_flags} */
    public static final class SlowFlags {
        private SlowFlags() { }

        public static final int SLOW_STATE = 1;
        public static final int SLOW_PATH = 2;
        public static final int SLOW_PATH_CUT = 4;
        public static final int SLOW_STRING = 8;
        public static final int SLOW_SOCKET = 16;
        public static final int SLOW_DISK = 32;
        public static final int SLOW_FUTEX = 64;
        public static final int SLOW_SYSCALL = 128;
    }

    /** {@code enum comparison} */
    public static final class Comparison {
        private Comparison() { }

        public static final int COMPARES_NOTHING = 0;
        public static final int COMPARES_LESS_OR_EQUAL = 1;
        public static final int COMPARES_GREATER_OR_EQUAL = 2;
        public static final int COMPARES_EQUAL = 3;
        public static final int COMPARES_NOT_EQUAL = 4;
        public static final int COMPARES_LESS = 5;
        public static final int COMPARES_GREATER = 6;
    }

    /** {@code enum user_argument} */
    public static final class UserArgument {
        private UserArgument() { }

        public static final int USER_ARGUMENT_CONDITION = 0;
        public static final int USER_ARGUMENT_VALUE = 1;
    }

    /** {@code enum context_sizes} */
    public static final class ContextSizes {
        private ContextSizes() { }

        public static final int CONTEXTS = 1024;
        public static final int CONTEXT_NODES = 2048;
        public static final int CONTEXT_PIECES = 12;
        public static final int CONTEXT_CLOCK_EVERY_NS = 512;
        public static final int CONTEXT_SKIPPED = 125;
        public static final int CONTEXT_STRIPES = 8;
    }

    /** {@code enum context_log} */
    public static final class ContextLog {
        private ContextLog() { }

        public static final int CONTEXT_PIECES_MASK = 255;
        public static final int CONTEXT_SKIP = 256;
        public static final int CONTEXT_SKIP_MASK = 65280;
        public static final int CONTEXT_UNSPLIT = 65536;
        public static final int CONTEXT_MOUNTED = 131072;
    }

    /** {@code enum context_page_use} */
    public static final class ContextPageUse {
        private ContextPageUse() { }

        public static final int CONTEXT_PAGE_OWN = 0;
        public static final int CONTEXT_PAGE_SHARED = 1;
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

        public static final int SIZE = 640;
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
        public static final int MINOR_FAULTS = 64; // __u32
        public static final int MAJOR_FAULTS = 68; // __u32
        public static final int MIGRATIONS = 72; // __u32
        public static final int CALL = 76; // __u8
        public static final int MOUNTED = 77; // __u8
        public static final int NODE = 78; // __u16
        public static final int TOTALS = 80; // struct state_totals[16]
        public static final int TOTALS_LENGTH = 16;
        public static final int WAITED_NS = 464; // __u64[6]
        public static final int WAITED_NS_LENGTH = 6;
        public static final int FIRST_MINOR_FAULTS = 512; // __u32
        public static final int FIRST_MAJOR_FAULTS = 516; // __u32
        public static final int FIRST_MIGRATIONS = 520; // __u32
        public static final int JAVA_ID = 528; // __u64
        public static final int CALL_NS = 536; // __u64
        public static final int CALL_ARGUMENT = 544; // __u64
        public static final int COMM = 552; // char[16]
        public static final int COMM_LENGTH = 16;
        public static final int NAME = 568; // char[72]
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

        public static final int SIZE = 8;
        public static final int POOL = 0; // __u16
        public static final int ROLE = 2; // __u16
        public static final int GENERATION = 4; // __u32
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

        public static final int SIZE = 176;
        public static final int THREADS_WITHOUT_ROW = 0; // __u64
        public static final int EVENTS_WITHOUT_ROW = 8; // __u64
        public static final int THREADS_WITHOUT_INDEX = 16; // __u64
        public static final int MISSED_WAKEUPS = 24; // __u64
        public static final int MISSED_SWITCHES = 32; // __u64
        public static final int NEGATIVE_TIMES = 40; // __u64
        public static final int CROWDED_SUPPLIES = 48; // __u64
        public static final int TRUNCATED_NAMES = 56; // __u64
        public static final int LOST_PAUSE_RECORDS = 64; // __u64
        public static final int LOST_PAUSES = 72; // __u64
        public static final int UNMATCHED_EVENTS = 80; // __u64
        public static final int OPERATIONS_OVER_LIMIT = 88; // __u64
        public static final int EVENTS_WITHOUT_PAGE = 96; // __u64
        public static final int LOST_BLOCK_REQUESTS = 104; // __u64
        public static final int DISKS_OVER_LIMIT = 112; // __u64
        public static final int LOST_SLOW_EVENTS = 120; // __u64
        public static final int CONNECTIONS_OVER_LIMIT = 128; // __u64
        public static final int REMOTES_OVER_LIMIT = 136; // __u64
        public static final int FAILED_COUNTER_READS = 144; // __u64
        public static final int UNSPLIT_CONTEXTS = 152; // __u64
        public static final int UNSPLIT_CONTEXT_NS = 160; // __u64
        public static final int CONTEXT_STAYS_WITHOUT_PAGE = 168; // __u64
    }

    /** {@code struct globals} */
    public static final class Globals {
        private Globals() { }

        public static final int SIZE = 6320;
        public static final int HOST_TGID = 0; // __u32
        public static final int READER_TID = 4; // __u32
        public static final int CLOCK_OFFSET_NS = 8; // __s64
        public static final int WATCHED_UNTIL_NS = 16; // __u64
        public static final int WATCHING_CPUS = 24; // __u32
        public static final int TASK_PID_OFFSET = 28; // __u32
        public static final int TASK_TGID_OFFSET = 32; // __u32
        public static final int HOST_START_NS = 40; // __u64
        public static final int HOST_EXEC_ID = 48; // __u64
        public static final int SEEDED_THREADS = 64; // __u64
        public static final int OVERFLOW_SUM_NS = 72; // __u64[16]
        public static final int OVERFLOW_SUM_NS_LENGTH = 16;
        public static final int LOSSES = 200; // struct kernel_losses
        public static final int PAUSE = 376; // struct pause
        public static final int EVENTS = 480; // struct event_totals[16]
        public static final int EVENTS_LENGTH = 16;
        public static final int OPERATIONS = 736; // struct operation_name[64]
        public static final int OPERATIONS_LENGTH = 64;
        public static final int METRICS = 5344; // struct metric_totals[28]
        public static final int METRICS_LENGTH = 28;
        public static final int CONNECTIONS = 5792; // __u32
        public static final int COUNTED_CONNECTIONS = 5796; // __u32
        public static final int BEGUN_AFTER_NS = 5800; // __u64
        public static final int HITS = 5808; // __u64[64]
        public static final int HITS_LENGTH = 64;
    }

    /** {@code struct pause} */
    public static final class Pause {
        private Pause() { }

        public static final int SIZE = 104;
        public static final int OPEN = 0; // __u32
        public static final int LOST = 4; // __u32
        public static final int RECORD = 8; // struct pause_record
        public static final int BEGIN_MONOTONIC_NS = 72; // __u64
        public static final int TASK_GROUP = 80; // __u64
        public static final int OPERATION_ADDRESS = 88; // __u64
        public static final int OPERATION_BEGIN_NS = 96; // __u64
    }

    /** {@code struct pause_record} */
    public static final class PauseRecord {
        private PauseRecord() { }

        public static final int SIZE = 64;
        public static final int KIND = 0; // __u8
        public static final int FLAGS = 1; // __u8
        public static final int OPERATION = 2; // __u16
        public static final int ROW = 4; // __u16
        public static final int BEGIN_NS = 8; // __u64
        public static final int REACHED_NS = 16; // __u64
        public static final int END_NS = 24; // __u64
        public static final int NUMBER = 32; // __u32
        public static final int LOST = 36; // __u32
        public static final int GENERATION = 40; // __u32
        public static final int MINOR_FAULTS = 44; // __u32
        public static final int MAJOR_FAULTS = 48; // __u32
        public static final int FIRST_MINOR_FAULTS = 52; // __u32
        public static final int FIRST_MAJOR_FAULTS = 56; // __u32
    }

    /** {@code struct event_totals} */
    public static final class EventTotals {
        private EventTotals() { }

        public static final int SIZE = 16;
        public static final int SUM_NS = 0; // __u64
        public static final int MAX_NS = 8; // __u64
    }

    /** {@code struct operation_name} */
    public static final class OperationName {
        private OperationName() { }

        public static final int SIZE = 72;
        public static final int ADDRESS = 0; // __u64
        public static final int SUM_NS = 8; // __u64
        public static final int MAX_NS = 16; // __u64
        public static final int LENGTH = 24; // __u8
        public static final int NAME = 25; // char[47]
        public static final int NAME_LENGTH = 47;
    }

    /** {@code struct metric_totals} */
    public static final class MetricTotals {
        private MetricTotals() { }

        public static final int SIZE = 16;
        public static final int SUM = 0; // __u64
        public static final int MAX = 8; // __u64
    }

    /** {@code struct settings} */
    public static final class Settings {
        private Settings() { }

        public static final int SIZE = 104;
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
        public static final int IS_HANDED_OVER = 75; // __u8
        public static final int EVENT_METRICS = 76; // __u16
        public static final int PAUSE_BUFFER_SHIFT = 78; // __u16
        public static final int THREAD_METRICS = 80; // __u32
        public static final int STATE_PAGES = 84; // __u32
        public static final int ERRNO_OFFSET = 88; // __s64
        public static final int SUPPLY_MASK = 96; // __u32
        public static final int CONTEXTS = 100; // __u8
        public static final int CONTEXT_STRIPES = 101; // __u8
        public static final int CONTEXT_ATOMIC = 102; // __u8
    }

    /** {@code struct stay_record} */
    public static final class StayRecord {
        private StayRecord() { }

        public static final int SIZE = 40;
        public static final int KIND = 0; // __u8
        public static final int STATE = 1; // __u8
        public static final int NEXT_STATE = 2; // __u8
        public static final int FLAGS = 3; // __u8
        public static final int ROW = 4; // __u16
        public static final int CPU = 6; // __u16
        public static final int SINCE_NS = 8; // __u64
        public static final int UNTIL_NS = 16; // __u64
        public static final int GENERATION = 24; // __u32
        public static final int HOST_TID = 28; // __u32
        public static final int MINOR_FAULTS = 32; // __u32
        public static final int MAJOR_FAULTS = 36; // __u32
    }

    /** {@code struct occupant_record} */
    public static final class OccupantRecord {
        private OccupantRecord() { }

        public static final int SIZE = 32;
        public static final int KIND = 0; // __u8
        public static final int OCCUPANT = 1; // __u8
        public static final int CPU = 2; // __u16
        public static final int HOST_PID = 4; // __u32
        public static final int UNTIL_NS = 8; // __u64
        public static final int COMM = 16; // char[16]
        public static final int COMM_LENGTH = 16;
    }

    /** {@code struct row_meters} */
    public static final class RowMeters {
        private RowMeters() { }

        public static final int SIZE = 64;
        public static final int GENERATION = 0; // __u32
        public static final int PAGE = 8; // __u16[28]
        public static final int PAGE_LENGTH = 28;
    }

    /** {@code struct meter} */
    public static final class Meter {
        private Meter() { }

        public static final int SIZE = 16;
        public static final int SUM = 0; // __u64
        public static final int MAX = 8; // __u64
    }

    /** {@code struct disk_use} */
    public static final class DiskUse {
        private DiskUse() { }

        public static final int SIZE = 48;
        public static final int REQUESTS = 0; // __u64
        public static final int BYTES = 8; // __u64
        public static final int QUEUE_NS = 16; // __u64
        public static final int DEVICE_NS = 24; // __u64
        public static final int MAX_DEVICE_NS = 32; // __u64
        public static final int SEQUENTIAL = 40; // __u64
    }

    /** {@code struct disk} */
    public static final class Disk {
        private Disk() { }

        public static final int SIZE = 784;
        public static final int DEVICE = 0; // __u64
        public static final int NAMED = 8; // __u32
        public static final int MAJOR = 12; // __u32
        public static final int MINOR = 16; // __u32
        public static final int NAME = 24; // char[32]
        public static final int NAME_LENGTH = 32;
        public static final int NEXT_SECTOR = 56; // __u64
        public static final int USES = 64; // struct disk_use[15]
        public static final int USES_LENGTH = 15;
    }

    /** {@code struct remote} */
    public static final class Remote {
        private Remote() { }

        public static final int SIZE = 208;
        public static final int TAG = 0; // __u64
        public static final int ENTERED = 8; // __u32
        public static final int PORT = 12; // __u16
        public static final int INCOMING = 14; // __u8
        public static final int ADDRESS = 16; // __u8[16]
        public static final int ADDRESS_LENGTH = 16;
        public static final int OPEN = 32; // __u32
        public static final int COUNTING = 36; // __u32
        public static final int BEGUN = 40; // __u64
        public static final int FOUND = 48; // __u64
        public static final int CLOSED = 56; // __u64
        public static final int FAILED = 64; // __u64
        public static final int RETRANSMITS = 72; // __u64
        public static final int RESETS_RECEIVED = 80; // __u64
        public static final int RESETS_SENT = 88; // __u64
        public static final int BYTES_SENT = 96; // __u64
        public static final int BYTES_RECEIVED = 104; // __u64
        public static final int RTT_COUNT = 112; // __u64
        public static final int RTT_SUM_NS = 120; // __u64
        public static final int RTT_MIN_NS = 128; // __u64
        public static final int RTT_MAX_NS = 136; // __u64
        public static final int RTT_LAST_NS = 144; // __u64
        public static final int LIVES = 152; // __u64
        public static final int LIFE_SUM_NS = 160; // __u64
        public static final int LIFE_MAX_NS = 168; // __u64
        public static final int QUIET_NS = 176; // __u64
        public static final int ACTIVITY = 184; // __u64
        public static final int FORGOTTEN = 192; // __u64
        public static final int PLACES = 200; // __u32
        public static final int COUNTED_PLACES = 204; // __u32
    }

    /** {@code struct probe_argument} */
    public static final class ProbeArgument {
        private ProbeArgument() { }

        public static final int SIZE = 16;
        public static final int VALUE = 0; // __s64
        public static final int REGISTER_OFFSET = 8; // __u16
        public static final int KIND = 10; // __u8
        public static final int BYTES = 11; // __s8
    }

    /** {@code struct probe_site} */
    public static final class ProbeSite {
        private ProbeSite() { }

        public static final int SIZE = 72;
        public static final int ARGUMENTS = 0; // struct probe_argument[4]
        public static final int ARGUMENTS_LENGTH = 4;
        public static final int PROBE = 64; // __u32
    }

    /** {@code struct slow_limits} */
    public static final class SlowLimits {
        private SlowLimits() { }

        public static final int SIZE = 352;
        public static final int STATE_NS = 0; // __u64[16]
        public static final int STATE_NS_LENGTH = 16;
        public static final int METRIC_NS = 128; // __u64[28]
        public static final int METRIC_NS_LENGTH = 28;
    }

    /** {@code struct slow_record} */
    public static final class SlowRecord {
        private SlowRecord() { }

        public static final int SIZE = 368;
        public static final int FLAGS = 0; // __u8
        public static final int METRIC = 1; // __u8
        public static final int ACTOR = 2; // __u8
        public static final int DISK = 3; // __u8
        public static final int ROW = 4; // __u16
        public static final int CPU = 6; // __u16
        public static final int GENERATION = 8; // __u32
        public static final int HOST_TID = 12; // __u32
        public static final int SINCE_NS = 16; // __u64
        public static final int UNTIL_NS = 24; // __u64
        public static final int SYSCALL = 32; // __u16
        public static final int FAMILY = 34; // __u16
        public static final int PORT = 36; // __u16
        public static final int ACTOR_ROW = 38; // __u16
        public static final int ACTOR_GENERATION = 40; // __u32
        public static final int ACTOR_PID = 44; // __u32
        public static final int OBJECT = 48; // __u64
        public static final int BYTES = 56; // __u32
        public static final int ERROR = 60; // __s32
        public static final int ADDRESS = 64; // __u8[16]
        public static final int ADDRESS_LENGTH = 16;
        public static final int ACTOR_COMM = 80; // char[16]
        public static final int ACTOR_COMM_LENGTH = 16;
        public static final int TEXT_BYTES = 96; // __u16
        public static final int CONTEXT = 98; // __u16
        public static final int SPAN = 100; // __u32
        public static final int VIRTUAL_THREAD = 104; // __u64
        public static final int TEXT = 112; // char[256]
        public static final int TEXT_LENGTH = 256;
    }

    /** {@code struct user_probe} */
    public static final class UserProbe {
        private UserProbe() { }

        public static final int SIZE = 24;
        public static final int CONSTANT = 0; // __s64
        public static final int METRIC = 8; // __u32
        public static final int COMPARISON = 12; // __u8
        public static final int IS_CALL = 13; // __u8
        public static final int COUNTS_VALUE = 14; // __u8
        public static final int CONDITION_ARGUMENT = 15; // __u8
        public static final int VALUE_ARGUMENT = 16; // __u8
    }

    /** {@code struct user_counts} */
    public static final class UserCounts {
        private UserCounts() { }

        public static final int SIZE = 24;
        public static final int HITS = 0; // __u64
        public static final int UNMATCHED = 8; // __u64
        public static final int ROWS_FORGOTTEN = 16; // __u32
        public static final int STOPPED = 20; // __u32
    }

    /** {@code struct counted} */
    public static final class Counted {
        private Counted() { }

        public static final int SIZE = 24;
        public static final int COUNT = 0; // __u64
        public static final int ENABLED_NS = 8; // __u64
        public static final int RUNNING_NS = 16; // __u64
    }

    /** {@code struct row_counters} */
    public static final class RowCounters {
        private RowCounters() { }

        public static final int SIZE = 256;
        public static final int GENERATION = 0; // __u32
        public static final int SEQUENCE = 4; // __u32
        public static final int COUNTED = 8; // struct counted[8]
        public static final int COUNTED_LENGTH = 8;
    }

    /** {@code struct counter_begin} */
    public static final class CounterBegin {
        private CounterBegin() { }

        public static final int SIZE = 256;
        public static final int HOST_TID = 0; // __u32
        public static final int FAILED = 4; // __u32
        public static final int VALUES = 8; // struct counted[8]
        public static final int VALUES_LENGTH = 8;
        public static final int BEGUN = 200; // __u32
        public static final int FAILING = 204; // __u32
        public static final int MISSING = 208; // __u32
    }

    /** {@code struct counter_settings} */
    public static final class CounterSettings {
        private CounterSettings() { }

        public static final int SIZE = 8;
        public static final int COUNTERS = 0; // __u32
    }

    /** {@code struct context_slot} */
    public static final class ContextSlot {
        private ContextSlot() { }

        public static final int SIZE = 256;
        public static final int NODE = 0; // __u16
        public static final int STAY_SEEN = 2; // __u16
        public static final int LOG = 4; // __u32
        public static final int STAY = 8; // __u16
        public static final int TID = 12; // __u32
        public static final int LAST_NS = 16; // __u64
        public static final int SKIPPED_NS = 24; // __u64
        public static final int PAID_NS = 32; // __u64
        public static final int PIECE_NS = 40; // __u64[12]
        public static final int PIECE_NS_LENGTH = 12;
        public static final int PIECE_NODE = 136; // __u16[12]
        public static final int PIECE_NODE_LENGTH = 12;
        public static final int SPAN = 160; // __u32
        public static final int ENTERED = 168; // __u64[8]
        public static final int ENTERED_LENGTH = 8;
        public static final int VIRTUAL_THREAD = 232; // __u64
        public static final int SAMPLED = 240; // __u64
        public static final int GUESSED_NS = 248; // __u64
    }

    /** {@code struct context_total} */
    public static final class ContextTotal {
        private ContextTotal() { }

        public static final int SIZE = 384;
        public static final int STATES = 0; // struct state_totals[16]
        public static final int STATES_LENGTH = 16;
    }

    /** {@code struct context_pages} */
    public static final class ContextPages {
        private ContextPages() { }

        public static final int SIZE = 64;
        public static final int PAGE = 0; // __u32[16]
        public static final int PAGE_LENGTH = 16;
    }
}
