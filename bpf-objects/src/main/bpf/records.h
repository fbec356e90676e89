/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_RECORDS_H
#define BPFAGENT_RECORDS_H

/*
 * Every record that the kernel side and Java share, declared here and nowhere
 * else. The Java offsets are generated from the BTF of record_layouts.bpf.c.
 *
 * Who writes what:
 *   rows, pages, pool_pages, globals,
 *   row_meters, meters, disks, remotes the BPF programs; Java maps them to read
 *   syscalls, syscall_pages            likewise, where they are asked for
 *   supplies                           Java (items, tail); BPF (head)
 *   controls, slow_limits              Java; the BPF programs read
 *   pause_records, slow_records (rings) the BPF programs; Java reads and frees
 *   settings, probe_sites,
 *   user_probe, user_sites             the loader, before loading; then frozen
 *   user_counts                        the BPF programs; Java reads
 *   row_counters, counter_begins       likewise, where counters are asked for; of counter_begins
 *                                      Java writes what a CPU has not
 *   counter_settings                   the loader, before loading; then frozen
 *   context_slots                      the host's threads, each its own; the BPF programs (stay, tid, and setting back)
 *   context_totals                     the BPF programs; Java reads
 */

/* The states a thread can be in. At every moment a thread is in exactly one. */
enum thread_state {
	STATE_RUNNING = 0,
	STATE_RUNNABLE = 1,
	STATE_BLOCKED_MONITOR = 2,
	STATE_BLOCKED_PARK = 3,
	STATE_BLOCKED_WAIT = 4,
	STATE_BLOCKED_SLEEP = 5,
	STATE_BLOCKED_SAFEPOINT = 6,
	STATE_BLOCKED_VM = 7,
	STATE_BLOCKED_FUTEX = 8,
	STATE_BLOCKED_POLL = 9,
	STATE_BLOCKED_SOCKET = 10,
	STATE_BLOCKED_DISK = 11,
	STATE_BLOCKED_FAULT = 12,
	STATE_BLOCKED_RECLAIM = 13,
	STATE_BLOCKED_PROCESS = 14,
	STATE_BLOCKED_OTHER = 15,
};

enum record_sizes {
	STATES = 16,
	/*
	 * Buckets of a page: the counts array of an HdrHistogram with one
	 * significant digit and a lowest discernible value of 64 ns, 32 rows of
	 * 16, which reaches 2^41 ns (36 minutes). What is longer is counted in
	 * the last bucket; its exact time and maximum stand in the row.
	 */
	PAGE_BUCKETS = 512,
	BUCKET_UNIT_SHIFT = 6,
	COMM_BYTES = 16,
	LONG_WAIT_NS = 16384, /* waits for a CPU that are shorter are most of them, and nobody's fault */
	NAME_BYTES = 72,
	/* How long after a pause a CPU's first switch tells who was there at its end: some time slices. */
	CPU_TAIL_NS = 20000000,
	/* Pools that can share pages; pool 0 is "not yet known to Java". */
	POOLS = 513,
	/* Histograms of the whole process: of what HotSpot's probes tell, and of each VM operation. */
	EVENT_METRICS = 16,
	OPERATIONS = 64,
	EVENT_HISTOGRAMS = 80, /* EVENT_METRICS + OPERATIONS */
	/* What is counted for each thread beside its states: a histogram each, made on first use. */
	THREAD_METRICS = 28,
	/* System calls by number; the last one stands for all others. On request only, else there is 1 of each. */
	SYSCALLS = 512,
	DISKS = 8,
	DISK_NAME_BYTES = 32,
	/* With whom the host has connections: half of them for those that it accepts. */
	REMOTES = 128,
	ADDRESS_BYTES = 16,
	/* That are looked at: some 350 bytes of the kernel's memory each. */
	MOST_CONNECTIONS = 16384,
	/*
	 * Pages 0 .. STATES-1 are overflow pages of states, then come those of the events, the overflow
	 * pages of thread metrics, those of the disks, three for each, and then those handed out.
	 */
	FIRST_EVENT_PAGE = 16,
	FIRST_METRIC_PAGE = 96,
	FIRST_DISK_PAGE = 124,
	FIRST_SUPPLIED_PAGE = 148,
	OPERATION_NAME_BYTES = 47,
	SLOW_TEXT_BYTES = 256,
	NAME_PART_BYTES = 64, /* of a path; a longer name is cut */
	PROBE_SITES = 64,
	PROBE_ARGUMENTS = 4,
	/* Thread metrics that are a user's own, the last ones: their numbers are given to probes as they come. */
	FIRST_USER_METRIC = 21,
	USER_METRICS = 7,
	USER_SITES = 64, /* of one user's probe, begins and ends */
	COUNTERS = 8, /* of the processor or the kernel, that are counted for each thread at one time */
	ROWS_AT_ONCE = 256, /* at one run of forget_rows: 32,767 are 128 runs */
	/* How often programs have come to work: by enum hotspot_probe, by enum thread_metric, then the two below. */
	HITS = 64,
	HITS_OF_METRICS = 32,
	HITS_OF_SYSCALLS = 60,
	HITS_OF_WAKERS = 61,
};

/* What HotSpot's probes tell, and system calls: a histogram each. The order is that of Java's EventMetric. */
enum event_metric {
	EVENT_GC_PAUSE = 0,          /* a safepoint in which gc__begin was seen, from its begin to its end */
	EVENT_SAFEPOINT = 1,         /* safepoint__begin to safepoint__end */
	EVENT_TIME_TO_SAFEPOINT = 2, /* safepoint__begin to the first vmops__begin */
	EVENT_VM_OPERATION = 3,      /* vmops__begin to vmops__end, at a safepoint or not */
	EVENT_CLASS_INIT = 4,        /* of a class's static initializer */
	EVENT_JIT_COMPILE = 5,
	EVENT_MONITOR_CONTENDED = 6, /* on request, like those below */
	EVENT_PARK = 7,
	EVENT_OBJECT_ALLOC = 8,      /* bytes, not ns: counted as 64 times as many ns */
	EVENT_SYSCALL = 9,           /* all of them; by number in syscalls and syscall_pages */
	EVENT_VIRTUAL_RUNNABLE = 10, /* carriers count these two themselves ... */
	EVENT_VIRTUAL_MOUNTED = 11,
	EVENT_VIRTUAL_PINNED = 12,   /* ... and this one is counted by states, as node 0 of the contexts */
};

/*
 * What threads do, each a histogram for every thread that does it. Times are the caller's, from begin to end.
 * The order is that of Java's ThreadMetric.
 */
enum thread_metric {
	METRIC_FILE_OPEN = 0,         /* open of libc */
	METRIC_FILE_OPEN_FAILED = 1,  /* those of them that failed */
	METRIC_FILE_SYNC = 2,         /* FileChannel.force, FileDescriptor.sync */
	METRIC_SOCKET_CONNECT = 3,
	METRIC_SOCKET_ACCEPT = 4,
	METRIC_DNS = 5,               /* getaddrinfo of libc */
	METRIC_BLOCK_READ = 6,        /* requests to disks that the thread submitted: in the device ... */
	METRIC_BLOCK_WRITE = 7,
	METRIC_BLOCK_READ_QUEUE = 8,  /* ... and before that in the kernel's queues */
	METRIC_BLOCK_WRITE_QUEUE = 9,
	METRIC_BLOCK_IO_SIZE = 10,    /* bytes, not ns: counted as 64 times as many ns */
	METRIC_RECLAIM = 11,          /* direct reclaim of memory, by the kernel or the thread's own cgroup */
	METRIC_COMPACTION = 12,
	METRIC_TCP_CONNECT = 13,        /* from the first SYN until the peer has answered, whatever the call did then */
	METRIC_TCP_CONNECT_FAILED = 14, /* until it was refused, or given up */
	METRIC_FILE_READ = 15,          /* the JDK's own reads and writes, on request; whatever is no socket */
	METRIC_FILE_WRITE = 16,
	METRIC_SOCKET_READ = 17,
	METRIC_SOCKET_WRITE = 18,
	METRIC_TCP_RTT = 19,            /* a connection's smoothed round trip, once a snapshot and at its end */
	METRIC_TCP_LIFE = 20,           /* from being established to its end, of connections whose begin was seen */
};

/*
 * The cookie of a function whose calls are measured: its metric, if there is nothing better to decide by,
 * and what else is to be known of it.
 */
enum call_cookie {
	CALL_METRIC = 0xff,
	CALL_CAN_FAIL = 0x100, /* a result below 0 is a failure, which the metric after it counts too */
	CALL_HAS_NAME = 0x200, /* its first argument is a string: a path, or a host's name */
	CALL_OF_CHANNEL = 0x400, /* its descriptor is of a file or a socket, which decides what metric it is */
	CALL_ARGUMENT_SHIFT = 12, /* which of its arguments, 2 to 4, is a FileDescriptor's handle; 0: none ... */
	CALL_ARGUMENT = 7,
	CALL_FIELD_SHIFT = 16, /* ... and how far from that one's begin its number stands; never 0 */
};

/* A row's life. Java gives rows out through supplies[SUPPLY_ROWS]. */
enum row_life {
	ROW_FREE = 0,
	ROW_LIVE = 1,
	ROW_ENDED = 2, /* the thread has ended: Java folds the row, then supplies it again */
};

enum row_flags {
	FLAG_SLEEPING = 1, /* between thread__sleep__begin and thread__sleep__end */
	FLAG_THROTTLED = 2, /* runnable, and when that began its cgroup had used up its CPU quota */
	FLAG_TOLD = 4, /* runnable, and the record of the stay before, which says so, has been sent */
};

/* Who had the CPU last when a thread of the host got it that had waited for long; for as long as it had it. */
enum waited_behind {
	BEHIND_OWN = 0,       /* another thread of the host */
	BEHIND_CGROUP = 1,    /* a process in the host's CPU cgroup, unless that is the root */
	BEHIND_PROCESS = 2,   /* another process */
	BEHIND_KERNEL = 3,    /* a kernel thread */
	BEHIND_IDLE = 4,      /* nobody: the CPU was waking up */
	BEHIND_THROTTLED = 5, /* nobody: the cgroup had used up its CPU quota */
	WAITED_BEHIND = 6,
};

/* Values of state_totals.page beside real page numbers (which begin at FIRST_SUPPLIED_PAGE). */
enum page_numbers {
	PAGE_NONE = 0,        /* no page yet: the state has not ended once */
	PAGE_SHARED = 0xffff, /* no page was left: the pool's page is used */
};

/* What one thread spent in one state. Counts and times grow while the row is live. */
struct state_totals {
	__u64 time_ns;
	__u64 max_ns;
	__u32 count; /* modulo 2^32: Java adds up differences */
	__u16 page;
	__u16 pad;
};

/*
 * A thread. All that one context switch touches stands in the first 128 bytes
 * and in one more state_totals.
 */
struct thread_row {
	__u64 since_ns; /* when the current state began; when life is ENDED, the end */
	__u64 thread;   /* address of HotSpot's Thread, 0 where there is none or it is not known yet */
	__u64 thread_slot;    /* where the thread's Thread::_thr_current stands, 0 not known */
	__u64 osthread_state; /* address of the OSThread's _state, 0 not known */
	__u32 sequence; /* odd while the row is being written */
	__u32 host_tid; /* in the initial pid namespace */
	__u32 syscall;  /* of the last block with state BLOCKED_OTHER */
	__u8 state;
	__u8 life;
	__u8 flags;
	__u8 name_length; /* bytes of name; 0: thread__start was not seen */
	__u64 start_ns;   /* when the accounting of this thread began */
	__u32 generation; /* one more each time the row is given to a thread */
	__u32 tid;        /* in the innermost pid namespace: what the JVM and jstack show */
	__u32 minor_faults; /* of the thread so far, modulo 2^32, as of its last switch; so the two below */
	__u32 major_faults;
	__u32 migrations;   /* to another CPU */
	__u8 call;          /* 1 + the metric of the call that is under way; 0: none */
	__u8 mounted;       /* likewise: whether a virtual thread runs on it */
	__u16 node;         /* what the thread works on, while it has no CPU; 0: no context */
	struct state_totals totals[STATES];
	__u64 waited_ns[WAITED_BEHIND]; /* of its waits for a CPU that took LONG_WAIT_NS or more, the end */
	__u32 first_minor_faults; /* when the accounting began */
	__u32 first_major_faults;
	__u32 first_migrations;
	__u32 pad2;
	__u64 java_id; /* java.lang.Thread's id as thread__start gave it, else 0 */
	__u64 call_ns;   /* monotonic: when the call that is under way began */
	__u64 call_argument; /* address of a string that it was called with, or its descriptor + 1; 0 none */
	char comm[COMM_BYTES]; /* as of the thread's first event, and again of its end */
	char name[NAME_BYTES]; /* from thread__start, modified UTF-8, not terminated */
};
_Static_assert(sizeof(struct thread_row) == 640, "struct thread_row");

/*
 * The counts of one histogram. Never set back to zero: each bucket is a counter
 * modulo 2^32 of which Java takes differences, across owners too.
 */
struct histogram_page {
	__u32 buckets[PAGE_BUCKETS];
};
_Static_assert(sizeof(struct histogram_page) == 2048, "struct histogram_page");

/* Of a thread, the page of each metric that it has had; 0: none yet. */
struct row_meters {
	__u32 generation; /* of the row, for which they are meant; written last */
	__u32 pad;
	__u16 page[THREAD_METRICS];
};
_Static_assert(sizeof(struct row_meters) == 64, "struct row_meters");

/* Beside a page with one metric of one thread, by the same number: what its buckets do not tell. */
struct meter {
	__u64 sum; /* since the page was handed out, as max */
	__u64 max;
};

enum disk_user {
	DISK_USER_HOST = 0,
	DISK_USER_KERNEL = 1, /* its own threads: writeback, journals, and who sends flushes */
	DISK_USER_OTHER = 2,  /* other processes */
	DISK_USERS = 3,
};

enum disk_operation {
	DISK_READ = 0,
	DISK_WRITE = 1,
	DISK_FLUSH = 2,      /* of the device's own cache: the command, which the kernel sends for all who wait */
	DISK_FLUSH_WAIT = 3, /* somebody's wait for that; diskstats counts it as a write of nothing */
	DISK_OTHER = 4,      /* discards and the like */
	DISK_OPERATIONS = 5,
};

/* Requests of one kind that are done. */
struct disk_use {
	__u64 requests;
	__u64 bytes;
	__u64 queue_ns;  /* from being submitted until the device got them */
	__u64 device_ns; /* from then until they were done */
	__u64 max_device_ns;
	__u64 sequential; /* those that began where the request before, whoever's, had ended */
};

/* A block device as a whole, as diskstats has it. Pages: FIRST_DISK_PAGE + 3 * its number + operation. */
struct disk {
	__u64 device; /* its gendisk's address; 0: free */
	__u32 named;  /* 1: what follows has been written */
	__u32 major;
	__u32 minor;
	__u32 pad;
	char name[DISK_NAME_BYTES];
	__u64 next_sector; /* where a sequential request would begin */
	struct disk_use uses[DISK_USERS * DISK_OPERATIONS];
};
_Static_assert(sizeof(struct disk) == 784, "struct disk");

/*
 * With whom the host has connections: an address and port that it calls, or an address that it
 * is called from. The first of each half, 0 and REMOTES / 2, is all for whom there was no place.
 */
struct remote {
	__u64 tag;     /* tells the keys apart; 0: free */
	__u32 entered; /* 1: the next three have been written */
	__u16 port;    /* 0 where it is called from */
	__u8 incoming;
	__u8 pad;
	__u8 address[ADDRESS_BYTES]; /* in network order; of IPv4 the mapped one */
	__u32 open;     /* connections, when they were last looked at */
	__u32 counting; /* while they are being looked at */
	__u64 begun;    /* opened or accepted */
	__u64 found;    /* others: the agent has not seen them begin */
	__u64 closed;
	__u64 failed;   /* refused, or given up before an answer had come */
	__u64 retransmits; /* segments sent again */
	__u64 resets_received;
	__u64 resets_sent;
	__u64 bytes_sent;  /* of all these, what the programs have sent each other */
	__u64 bytes_received;
	__u64 rtt_count;   /* smoothed round trips: of each connection one a snapshot, and one at its end */
	__u64 rtt_sum_ns;
	__u64 rtt_min_ns;  /* 0: none yet */
	__u64 rtt_max_ns;
	__u64 rtt_last_ns;
	__u64 lives;       /* of connections whose begin and end was seen */
	__u64 life_sum_ns;
	__u64 life_max_ns;
	__u64 quiet_ns;  /* monotonic: since when there has been no connection, as far as that was looked at */
	__u64 activity;  /* what had begun, failed and ended by then */
	__u64 forgotten; /* of "all others", as the next two: remotes that are among them since they were quiet */
	__u32 places;    /* in use in this half */
	__u32 counted_places; /* while they are being looked at */
};
_Static_assert(sizeof(struct remote) == 208, "struct remote");

/* The pages that a pool's threads share once no page is left for a thread alone. */
struct pool_pages {
	__u64 sum_ns[STATES]; /* of the stays that are counted in these pages */
	__u32 page[STATES]; /* 0: none yet */
};
_Static_assert(sizeof(struct pool_pages) == 192, "struct pool_pages");

/* What a thread has to do with pauses. */
enum pause_role {
	ROLE_UNKNOWN = 0, /* Java has not said: may be a GC worker that has just begun */
	ROLE_STOPPED = 1, /* is stopped by a pause, or not touched by it: does none of its work */
	ROLE_WORKER = 2,  /* of the garbage collector or the VM */
};

/* What Java says about a row. */
struct row_control {
	__u16 pool;       /* 1 .. POOLS-1; 0 not known */
	__u16 role;       /* enum pause_role; written together with pool */
	__u32 generation; /* the row's generation for which pool and role are meant */
};
_Static_assert(sizeof(struct row_control) == 8, "struct row_control");

/*
 * A queue of free row or page numbers: Java puts in at tail, the BPF programs
 * take at head by compare-and-swap. items is a ring: of so many as there can be
 * rows and pages, a power of two, and SUPPLY_ITEMS at most.
 */
enum supply_kind {
	SUPPLY_ROWS = 0,
	SUPPLY_PAGES = 1,        /* for a thread alone */
	SUPPLY_SHARED_PAGES = 2, /* for a pool */
	SUPPLIES = 3,
};
enum { SUPPLY_ITEMS = 32768 };

struct supply {
	__u32 head;
	__u8 pad[60]; /* head and tail are written by different sides */
	__u32 tail;
	__u8 pad2[60];
	__u16 items[SUPPLY_ITEMS];
};

/* Every way in which the kernel side can lose something, each with its counter. */
struct kernel_losses {
	__u64 threads_without_row;   /* threads for whose start no row was free */
	__u64 events_without_row;    /* events of such threads */
	__u64 threads_without_index; /* events of threads whose tid found no place in the index */
	__u64 missed_wakeups;        /* threads that ran again without a wake-up seen */
	__u64 missed_switches;       /* threads that stopped running without having been seen to start */
	__u64 negative_times;        /* times of less than -1 ms; taken as 0 */
	__u64 crowded_supplies;      /* a free row or page that eight tries did not get */
	__u64 truncated_names;       /* thread names longer than NAME_BYTES */
	__u64 lost_pause_records;    /* stays and occupants for which the ring had no room */
	__u64 lost_pauses;           /* pauses not sent: no room in the ring, or their end was not seen */
	__u64 unmatched_events;      /* begins of events for which no room was left, or whose end was not seen */
	__u64 operations_over_limit; /* VM operations with names for which no room was left */
	__u64 events_without_page;   /* of threads, for the process alone: no page or row left, or they had ended */
	__u64 lost_block_requests;   /* for which no room was left while they were under way */
	__u64 disks_over_limit;      /* requests to disks for which no room was left */
	__u64 lost_slow_events;      /* for which the ring had no room */
	__u64 connections_over_limit; /* connections that are not looked at, and listening sockets: no room was left */
	__u64 remotes_over_limit;    /* connections that are counted with "all others" */
	__u64 failed_counter_reads;  /* stays on a CPU of which a counter is not known; for each counter one */
	__u64 unsplit_contexts;      /* stays on a CPU in which a thread changed context too fast for the clock ... */
	__u64 unsplit_context_ns;    /* ... and the parts of them that are divided as the others were */
	__u64 context_stays_without_page; /* that are in no histogram: no page was left */
};

/*
 * What goes through the ring buffer pause_records, in the order in which it
 * happened on each CPU. All begin with kind. Times are on the rows' clock.
 */
enum pause_record_kind {
	RECORD_STAY = 1,
	RECORD_OCCUPANT = 2,
	RECORD_PAUSE = 3,
};

enum stay_flags {
	STAY_THROTTLED = 1, /* of the RUNNABLE one of the two states: it began when the CPU quota was used up */
	STAY_ENDED = 2,     /* the thread has ended: next_state means nothing */
	STAY_OF_MANY = 4,   /* a run: other threads of the host had that CPU before it, of which nothing is told */
};

/*
 * A thread's state has changed while a pause was under way; or, after it, a
 * thread has ended the first run or wait for a CPU that reaches into it. Not
 * sent when a worker gets a CPU for which its wait began in the same pause, once
 * all threads have stopped: the record of its run says since when it had that.
 */
struct stay_record {
	__u8 kind;
	__u8 state;      /* the one that has ended ... */
	__u8 next_state; /* ... and the one that has begun */
	__u8 flags;
	__u16 row;
	__u16 cpu;       /* where it happened: for a wake-up, where the thread waits to run */
	__u64 since_ns;  /* when state began */
	__u64 until_ns;  /* when it ended */
	__u32 generation; /* of the row */
	__u32 host_tid;
	__u32 minor_faults; /* of the thread so far, modulo 2^32 */
	__u32 major_faults;
};
_Static_assert(sizeof(struct stay_record) == 40, "struct stay_record");

enum occupant_kind {
	OCCUPANT_IDLE = 1,
	OCCUPANT_KERNEL = 2,  /* a kernel thread */
	OCCUPANT_CGROUP = 3,  /* a process in the host's CPU cgroup, unless that is the root */
	OCCUPANT_PROCESS = 4,
};

/*
 * A thread that is not the host's has left a CPU on which a thread of the host
 * runs next or may be waiting. It was there since the record before of that CPU;
 * of others that came and went in between, within microseconds or, where the ring
 * is filling, milliseconds, nothing is told (see is_too_soon in pauses.h).
 */
struct occupant_record {
	__u8 kind;
	__u8 occupant; /* enum occupant_kind */
	__u16 cpu;
	__u32 host_pid; /* its process, in the initial pid namespace */
	__u64 until_ns;
	char comm[COMM_BYTES]; /* of the process: its first thread */
};
_Static_assert(sizeof(struct occupant_record) == 32, "struct occupant_record");

enum pause_flags {
	PAUSE_REACHED = 1, /* a VM operation was seen to begin: reached_ns and operation are meant */
	PAUSE_GC = 2,
	PAUSE_OPERATED = 4, /* its operation is over: from now on HotSpot wakes all */
};

/* A pause is over: from safepoint__begin to safepoint__end. */
struct pause_record {
	__u8 kind;
	__u8 flags;
	__u16 operation; /* index into globals.operations; OPERATIONS: that table was full */
	__u16 row;       /* of the thread that makes the pause, the VM thread */
	__u16 pad;
	__u64 begin_ns;
	__u64 reached_ns;
	__u64 end_ns;
	__u32 number;       /* counts the pauses since the agent began */
	__u32 lost;         /* records of this pause for which the ring had no room */
	__u32 generation;   /* of the row */
	__u32 minor_faults; /* of that thread so far, as in stay_record; at the pause's end ... */
	__u32 major_faults;
	__u32 first_minor_faults; /* ... and at its begin */
	__u32 first_major_faults;
	__u32 pad2;
};
_Static_assert(sizeof(struct pause_record) == 64, "struct pause_record");

/* The pause that is under way. Written by the thread that makes it, lost by all. */
struct pause {
	__u32 open;
	__u32 lost;
	struct pause_record record;
	__u64 begin_monotonic_ns; /* for durations: no clock's offset comes in between */
	__u64 task_group; /* the CPU cgroup of the thread that makes it; 0: the root */
	__u64 operation_address; /* the VM operation that is under way, the outermost: its name's address; or 0 ... */
	__u64 operation_begin_ns; /* ... and since when, monotonic */
};
_Static_assert(sizeof(struct pause) == 104, "struct pause");

/* The name of a VM operation, learnt when it is first seen; address is written last. */
struct operation_name {
	__u64 address; /* of the name in libjvm; 0: free */
	__u64 sum_ns;
	__u64 max_ns;
	__u8 length;
	char name[OPERATION_NAME_BYTES];
};
_Static_assert(sizeof(struct operation_name) == 72, "struct operation_name");

struct event_totals {
	__u64 sum_ns; /* of what is counted in the metric's page */
	__u64 max_ns;
};

struct metric_totals {
	__u64 sum; /* of what is counted in the metric's overflow page */
	__u64 max;
};

struct globals {
	__u32 host_tgid;  /* of the process that "identify" or "identify_other" found; -1 before, never 0: idle tasks */
	__u32 reader_tid; /* host_tid of the agent's own thread */
	/*
	 * What is to be added to a time in a record to make it CLOCK_MONOTONIC, as of
	 * the moment when the reader last began to run. 0 where that is the clock.
	 */
	__s64 clock_offset_ns;
	__u64 watched_until_ns; /* end of the last pause; all ones while one is under way; 0: there was none */
	/* For which pause other processes' switches count: twice its number, + 1 when it is over; 0: none. */
	__u32 watching_cpus;
	__u32 task_pid_offset;  /* in struct task_struct: for programs that are loaded without the kernel's types */
	__u32 task_tgid_offset;
	__u8 pad[4];
	/* Numbers of processes are used again, and a process may become another by execve: with these it is one. */
	__u64 host_start_ns;    /* when its first thread began, on CLOCK_BOOTTIME */
	__u64 host_exec_id;     /* how often it has called execve */
	__u8 pad2[8];           /* what every switch on every CPU reads has a cache line to itself */
	__u64 seeded_threads;  /* rows that the task iterator made */
	__u64 overflow_sum_ns[STATES]; /* of the stays that are counted in overflow pages */
	struct kernel_losses losses;
	struct pause pause;
	struct event_totals events[EVENT_METRICS];
	struct operation_name operations[OPERATIONS];
	struct metric_totals metrics[THREAD_METRICS];
	__u32 connections;         /* of the host that are known; signed; as of the last look, and what came since */
	__u32 counted_connections; /* while they are being looked at */
	/*
	 * CLOCK_MONOTONIC when programs were last turned on again: what began before that is not counted, for
	 * its end may be another's.
	 */
	__u64 begun_after_ns;
	/* What the agent costs is reckoned from these. Of disks and TCP for all processes, of others for the host. */
	__u64 hits[HITS];
};
_Static_assert(__builtin_offsetof(struct globals, seeded_threads) == 64, "struct globals");

/* What the loader knows about kernel and host. An offset of 0: not known. */
struct settings {
	__u64 wait_barrier;        /* SafepointSynchronize's; its futex lies in the first 16 bytes */
	__u64 syscall_function;    /* libc's syscall(), where wait_barrier is not known */
	__u64 tls_offset;          /* of Thread::_thr_current in libjvm's TLS block */
	__u32 tls_module;          /* libjvm's index in the dtv; 0: HotSpot's threads are not looked up */
	__u32 osthread_offset;     /* Thread::_osthread */
	__u32 osthread_state_offset; /* OSThread::_state */
	__u32 parker_offset;       /* JavaThread::_parker */
	__u32 parker_bytes;
	__u32 sleep_event_offset;  /* JavaThread::_SleepEvent */
	__u32 sleep_event_bytes;   /* of the ParkEvent it points to */
	__u32 monitor_wait;        /* values of OSThread::_state */
	__u32 condvar_wait;
	__u32 object_wait;
	__u32 index_mask;          /* slots of the index - 1 */
	__u32 syscall_function_bytes;
	__u16 histogram_states;    /* bit s: state s has histograms (metrics=) */
	__u8 has_steady_clock;     /* the scheduler's clock is the same on all CPUs */
	__u8 is_handed_over;       /* the host holds descriptors that others loaded for it */
	__u16 event_metrics;       /* bit m: event metric m has a histogram (metrics=) */
	__u16 pause_buffer_shift;  /* bytes of pause_records, shifted so far to the right, are sixteenths of it */
	__u32 thread_metrics;      /* bit m: thread metric m has histograms (metrics=) */
	__u32 state_pages;         /* so many free pages are left to states */
	__s64 errno_offset;        /* where a thread's errno stands, from its thread pointer on; 0: not known */
	__u32 supply_mask;         /* items of a supply - 1 */
	__u8 contexts;             /* contexts are counted */
	__u8 context_stripes;      /* of context_totals: a power of two, CONTEXT_STRIPES at most */
	__u8 context_atomic;       /* there are more CPUs than that */
	__u8 pad;
};
_Static_assert(sizeof(struct settings) == 104, "struct settings");

/* From which length on a state's stay or a metric's value is sent as a slow event: 0 all, NEVER_SLOW none. */
struct slow_limits {
	__u64 state_ns[STATES];
	__u64 metric_ns[THREAD_METRICS];
};

enum actor_kind {
	ACTOR_UNKNOWN = 0,
	ACTOR_OWN = 1,       /* another thread of the host: actor_row and actor_generation are meant */
	ACTOR_CGROUP = 2,    /* a process in the host's CPU cgroup */
	ACTOR_PROCESS = 3,
	ACTOR_KERNEL = 4,
	ACTOR_INTERRUPT = 5,
	ACTOR_IDLE = 6,
	ACTOR_THROTTLED = 7,
};

enum slow_flags {
	SLOW_STATE = 1,      /* metric is a state, else a thread metric */
	SLOW_PATH = 2,       /* text is a file's path: its names from the last to the first, each ended by a 0 ... */
	SLOW_PATH_CUT = 4,   /* ... of which some at the beginning are missing */
	SLOW_STRING = 8,     /* text is what the call was given: a path, or a host's name; ended by a 0 */
	SLOW_SOCKET = 16,    /* family, port and address are a socket's peer */
	SLOW_DISK = 32,      /* disk, object and bytes are a request's */
	SLOW_FUTEX = 64,     /* object is the futex's address */
	SLOW_SYSCALL = 128,  /* syscall is the system call in which it was */
};

/* A latency that reached its limit. Sent through the ring buffer slow_records when it is over. */
struct slow_record {
	__u8 flags;
	__u8 metric;
	__u8 actor;      /* enum actor_kind: who woke it, or had the CPU */
	__u8 disk;       /* index into disks; DISKS: not in it */
	__u16 row;
	__u16 cpu;
	__u32 generation; /* of the row; 0: not known */
	__u32 host_tid;
	__u64 since_ns;   /* on the clock of the rows, as ... */
	__u64 until_ns;
	__u16 syscall;
	__u16 family;
	__u16 port;
	__u16 actor_row;
	__u32 actor_generation;
	__u32 actor_pid;  /* its process, in the initial pid namespace */
	__u64 object;     /* a futex's address, or a request's first sector */
	__u32 bytes;      /* of the request */
	__s32 error;      /* errno of a call that failed, else 0 */
	__u8 address[16];
	char actor_comm[COMM_BYTES];
	__u16 text_bytes;
	__u16 context;    /* the thread's node; 0: none */
	__u32 span;       /* of a trace, that the thread was in: context_slot's */
	__u64 virtual_thread; /* Java's number of the one that ran on the thread; 0: none */
	char text[SLOW_TEXT_BYTES];
};
_Static_assert(sizeof(struct slow_record) == 368, "struct slow_record");

/* One of HotSpot's probes that a program is attached to: the cookie is its index. */
enum hotspot_probe {
	PROBE_NONE = 0,
	PROBE_THREAD_START = 1,
	PROBE_SLEEP_BEGIN = 2,
	PROBE_SLEEP_END = 3,
	PROBE_SAFEPOINT_BEGIN = 4,
	PROBE_SAFEPOINT_END = 5,
	PROBE_VMOPS_BEGIN = 6,
	PROBE_VMOPS_END = 7,
	PROBE_GC_BEGIN = 8,
	PROBE_CLASS_INIT_BEGIN = 9,
	PROBE_CLASS_INIT_END = 10,
	PROBE_COMPILE_BEGIN = 11,
	PROBE_COMPILE_END = 12,
	PROBE_MONITOR_ENTER = 13,
	PROBE_MONITOR_ENTERED = 14,
	PROBE_PARK_BEGIN = 15,
	PROBE_PARK_END = 16,
	PROBE_OBJECT_ALLOC = 17,
};

enum argument_kind {
	ARGUMENT_NONE = 0,
	ARGUMENT_CONSTANT = 1, /* value */
	ARGUMENT_REGISTER = 2, /* the register */
	ARGUMENT_MEMORY = 3,   /* what stands at register + value */
};

/* Where an argument of a probe stands at one site, from the note's text. */
struct probe_argument {
	__s64 value;
	__u16 register_offset; /* in struct pt_regs; of arm64 in struct user_pt_regs */
	__u8 kind;
	__s8 bytes; /* its size; negative: signed */
	__u8 pad[4];
};
_Static_assert(sizeof(struct probe_argument) == 16, "struct probe_argument");

struct probe_site {
	struct probe_argument arguments[PROBE_ARGUMENTS];
	__u32 probe; /* enum hotspot_probe */
	__u32 pad;
};
_Static_assert(sizeof(struct probe_site) == 72, "struct probe_site");

/* What is written between two numbers: those of Java's Condition.Operator. */
enum comparison {
	COMPARES_NOTHING = 0,
	COMPARES_LESS_OR_EQUAL = 1,
	COMPARES_GREATER_OR_EQUAL = 2,
	COMPARES_EQUAL = 3,
	COMPARES_NOT_EQUAL = 4,
	COMPARES_LESS = 5,
	COMPARES_GREATER = 6,
};

/* Which of a site's arguments are what, for a user's probe. */
enum user_argument {
	USER_ARGUMENT_CONDITION = 0,
	USER_ARGUMENT_VALUE = 1,
};

/* What a user's probe counts: constants of an object of its own. */
struct user_probe {
	__s64 constant;  /* what the condition compares with */
	__u32 metric;    /* a thread metric's number */
	__u8 comparison; /* enum comparison */
	__u8 is_call;    /* it begins and ends with a call: calls within calls are told apart by the stack */
	__u8 counts_value; /* an argument; else it counts 1 */
	__u8 condition_argument; /* of a tracepoint, from 1 on; those of other probes stand in user_sites */
	__u8 value_argument;
	__u8 pad[7];
};
_Static_assert(sizeof(struct user_probe) == 24, "struct user_probe");

/* Beside the histogram. Java maps it to read. */
struct user_counts {
	__u64 hits;      /* of threads of the host, begins and ends */
	__u64 unmatched; /* begins for which no room was left, or whose end was not seen */
	__u32 rows_forgotten; /* by the program forget_rows: the first so many */
	__u32 stopped;        /* by the program stop: nothing is counted any more */
};
_Static_assert(sizeof(struct user_counts) == 24, "struct user_counts");

/* What one counter has counted while a thread had a CPU. All three grow. */
struct counted {
	__u64 count;
	__u64 enabled_ns; /* for how long it was to count ... */
	__u64 running_ns; /* ... and for how long it did: the processor has fewer counters than are asked for */
};

/* Beside a row, by the same number. It has one writer at a time, as the row has. */
struct row_counters {
	__u32 generation; /* of the row, for which it is meant */
	__u32 sequence;   /* odd while it is being written */
	struct counted counted[COUNTERS];
	__u64 pad[7];
};
_Static_assert(sizeof(struct row_counters) == 256, "struct row_counters");

/* By CPU: how its counters stood when the thread of the host that it runs came, or was last looked at. */
struct counter_begin {
	__u32 host_tid; /* of that thread; 0: it runs none */
	__u32 failed;   /* stays of which a counter could not be read: Java opens it anew */
	struct counted values[COUNTERS]; /* all zero: could not be read */
	__u32 begun;    /* 1: a thread of the host has come here */
	__u32 failing;  /* bit i: of the last of those stays counter i could not be read */
	__u32 missing;  /* bit i: this CPU has no counter i: that is no loss; Java writes it */
	__u32 pad;
	__u64 pad2[5];
};
_Static_assert(sizeof(struct counter_begin) == 256, "struct counter_begin");

enum context_sizes {
	/*
	 * A context is what a thread works on: a request, a method. A node is a context within others, outermost first,
	 * by which times are added up. Node 0 is none, context 0 too.
	 */
	CONTEXTS = 1024,
	CONTEXT_NODES = 2048,
	CONTEXT_PIECES = 12, /* into so many nodes a stay on a CPU is divided */
	CONTEXT_CLOCK_EVERY_NS = 512, /* changes of a thread that come slower than this read the clock */
	CONTEXT_SKIPPED = 125, /* so many go by without when they come faster */
	CONTEXT_STRIPES = 8, /* so many CPUs have sums of their own, if there are as many; others share */
};

/* What stands in context_slot.log. */
enum context_log {
	CONTEXT_PIECES_MASK = 0xff, /* how many pieces there are */
	CONTEXT_SKIP = 0x100,       /* times how many changes more go without reading the clock ... */
	CONTEXT_SKIP_MASK = 0xff00,
	CONTEXT_UNSPLIT = 0x10000,  /* ... and some have done so since last_ns */
	CONTEXT_MOUNTED = 0x20000,  /* a virtual thread runs on it */
};

/*
 * What a thread works on, by its row. The thread itself writes it, its first eight bytes at once; the BPF programs read
 * it on the thread's CPU when it leaves that, or when it is off. A stay on a CPU begins in the node of piece 0, which
 * ended at a time; of the other pieces it is known how long they took. What is left is node's.
 */
struct context_slot {
	__u16 node;      /* what it is in now */
	__u16 stay_seen; /* the stay for which the pieces are meant: if it is another one, the thread was interrupted */
	__u32 log;       /* enum context_log; at the end of a stay BPF sets all but MOUNTED back to 0 */
	__u16 stay;      /* counts the stays that were divided; BPF writes it */
	__u16 pad;
	__u32 tid;       /* in the innermost pid namespace; 0: the row is nobody's. BPF writes it */
	__u64 last_ns;   /* until when all is in a piece or in skipped_ns; CLOCK_MONOTONIC */
	__u64 skipped_ns; /* to be divided as the pieces are, without piece 0 */
	__u64 paid_ns;   /* until then the thread's looks at the clock are paid for; only the thread reads it */
	__u64 piece_ns[CONTEXT_PIECES];   /* of piece 0 its end */
	__u16 piece_node[CONTEXT_PIECES];
	__u32 span; /* of a trace, by its number in Java; 0: in none */
	__u32 pad2;
	__u64 entered[8]; /* how often the thread has entered a node: node << 48 | how often; only it counts */
	__u64 virtual_thread; /* Java's number of the virtual thread that runs on it; 0: none */
	__u64 sampled;        /* nodes of which the stay has a sample, by their number % 64; only the thread reads it */
	__u64 guessed_ns;     /* of the pieces: what took too long to be divided, and was given to a node as a whole */
};
_Static_assert(sizeof(struct context_slot) == 256, "struct context_slot");

enum context_page_use {
	CONTEXT_PAGE_OWN = 0,    /* no other CPU counts in it */
	CONTEXT_PAGE_SHARED = 1, /* all CPUs do */
};

/* Of a node, and of some of the CPUs. In place of state_totals.pad stands enum context_page_use. */
struct context_total {
	struct state_totals states[STATES];
};
_Static_assert(sizeof(struct context_total) == 384, "struct context_total");

/* The pages of a node that all CPUs share once pages are few. Only the BPF programs know of them. */
struct context_pages {
	__u32 page[STATES]; /* PAGE_NONE, PAGE_SHARED: there was none left, or a number */
};

/* Constants of an object of its own. */
struct counter_settings {
	__u32 counters; /* so many of COUNTERS are in use */
	__u32 pad;
};

#endif
