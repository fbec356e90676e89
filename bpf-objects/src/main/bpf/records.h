/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_RECORDS_H
#define BPFAGENT_RECORDS_H

/*
 * Every record that the kernel side and Java share, declared here and nowhere
 * else. The Java offsets are generated from the BTF of record_layouts.bpf.c.
 *
 * Who writes what:
 *   rows, pages, pool_pages, globals   the BPF programs; Java maps them to read
 *   supplies                           Java (items, tail); BPF (head)
 *   controls                           Java; the BPF programs read
 *   settings                           the loader, before loading; then frozen
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
	NAME_BYTES = 104,
	/* Pools that can share pages; pool 0 is "not yet known to Java". */
	POOLS = 513,
};

/* A row's life. Java gives rows out through supplies[SUPPLY_ROWS]. */
enum row_life {
	ROW_FREE = 0,
	ROW_LIVE = 1,
	ROW_ENDED = 2, /* the thread has ended: Java folds the row, then supplies it again */
};

enum row_flags {
	FLAG_SLEEPING = 1, /* between thread__sleep__begin and thread__sleep__end */
};

/* Values of state_totals.page beside real page numbers (which begin at STATES). */
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
 * A thread. All that one context switch touches stands in the first 64 bytes
 * and in one or two state_totals.
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
	struct state_totals totals[STATES];
	__u64 java_id; /* java.lang.Thread's id as thread__start gave it, else 0 */
	char comm[COMM_BYTES]; /* as of the thread's first event, and again of its end */
	char name[NAME_BYTES]; /* from thread__start, modified UTF-8, not terminated */
};
_Static_assert(sizeof(struct thread_row) == 576, "struct thread_row");

/*
 * The counts of one histogram. Never set back to zero: each bucket is a counter
 * modulo 2^32 of which Java takes differences, across owners too.
 */
struct histogram_page {
	__u32 buckets[PAGE_BUCKETS];
};
_Static_assert(sizeof(struct histogram_page) == 2048, "struct histogram_page");

/* The pages that a pool's threads share once no page is left for a thread alone. */
struct pool_pages {
	__u64 sum_ns[STATES]; /* of the stays that are counted in these pages */
	__u32 page[STATES]; /* 0: none yet */
};
_Static_assert(sizeof(struct pool_pages) == 192, "struct pool_pages");

/* What Java says about a row. */
struct row_control {
	__u64 context;    /* the context word: what the thread works on */
	__u32 pool;       /* 1 .. POOLS-1; 0 not known */
	__u32 generation; /* the row's generation for which pool is meant */
};
_Static_assert(sizeof(struct row_control) == 16, "struct row_control");

/*
 * A queue of free row or page numbers: Java puts in at tail, the BPF programs
 * take at head by compare-and-swap. items is a ring of SUPPLY_ITEMS.
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
};

struct globals {
	__u32 host_tgid;  /* of the process that ran the program "identify"; -1 before, never 0: the idle tasks' */
	__u32 reader_tid; /* of the thread that did; host_tid of the agent's own thread */
	/*
	 * What is to be added to a time in a record to make it CLOCK_MONOTONIC, as of
	 * the moment when the reader last began to run. 0 where that is the clock.
	 */
	__s64 clock_offset_ns;
	__u64 seeded_threads;  /* rows that the task iterator made */
	__u64 overflow_sum_ns[STATES]; /* of the stays that are counted in overflow pages */
	struct kernel_losses losses;
};

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
	__u8 pad[5];
};
_Static_assert(sizeof(struct settings) == 80, "struct settings");

#endif
