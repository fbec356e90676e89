/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_MAPS_H
#define BPFAGENT_MAPS_H

/*
 * All maps of the agent. Sizes marked "loader" are set before loading. Those on
 * the way of a context switch are arrays, whose look-up the JIT compiles to an
 * addition: no call, no hash, no lock. The ring, which has a lock, is on that way
 * only while a pause is under way and in its tail.
 */
#include "records.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* loader: threads= */
	__type(key, __u32);
	__type(value, struct thread_row);
} rows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* loader: histograms= */
	__type(key, __u32);
	__type(value, struct histogram_page);
} pages SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, POOLS);
	__type(key, __u32);
	__type(value, struct pool_pages);
} pool_pages SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* loader: as rows */
	__type(key, __u32);
	__type(value, struct row_control);
} controls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, SUPPLIES);
	__type(key, __u32);
	__type(value, struct supply); /* loader: as long as its items */
} supplies SEC(".maps");

/*
 * From a thread's tid to its row: host_tid << 32 | row, or 0. A thread stands in
 * slot tid & index_mask or in one that lies a multiple of INDEX_STRIDE after it;
 * the loader makes at least four slots a row, so that the first is nearly always
 * it. The stride is long because tids come in runs, and two runs may overlap.
 */
#define INDEX_TRIES 16
#define INDEX_STRIDE 0x2545
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* loader: a power of two */
	__type(key, __u32);
	__type(value, __u64);
} row_index SEC(".maps");

/*
 * What is known of single pauses. Nobody is woken: Java looks several times a
 * second. A record and its header take 72 bytes at most.
 */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096); /* loader: pause-buffer=, a power of two */
} pause_records SEC(".maps");

/* When an event of a thread began that will end on the same thread. */
struct event_key {
	__u64 what; /* tells events of a kind apart that can nest; an address */
	__u32 host_tid;
	__u32 metric;
};
struct event_begin {
	__u64 ns;
	__u64 argument; /* what it was begun with, for who looks at its end */
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 512); /* loader: class initializers, compilations, calls ... under way at one moment */
	__type(key, struct event_key);
	__type(value, struct event_begin);
} event_begins_at SEC(".maps");

/* Written under the lock of the CPU's run queue. */
struct watched_cpu {
	__u64 sent_ns; /* when the last occupant record was sent */
	__u32 waited; /* the pause in which one of ours has begun to wait there since the last occupant record */
	__u32 told;   /* the pause, by watching_cpus, for which it is known who was there at the end */
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* loader: possible CPUs */
	__type(key, __u32);
	__type(value, struct watched_cpu);
} watched_cpus SEC(".maps");

/* For each row, the pages of its metrics; and for each page what stands beside its buckets. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* loader: as rows */
	__type(key, __u32);
	__type(value, struct row_meters);
} row_meters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* loader: as pages */
	__type(key, __u32);
	__type(value, struct meter);
} meters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, DISKS);
	__type(key, __u32);
	__type(value, struct disk);
} disks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, REMOTES);
	__type(key, __u32);
	__type(value, struct remote);
} remotes SEC(".maps");

/* Latencies over their limits. As with pauses nobody is woken. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536); /* loader: a page at least */
} slow_records SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct slow_limits);
} slow_limits SEC(".maps");

/* Who wakes threads that have been blocked for long, from the decision to the event. By tid: two may meet in one. */
#define WAKERS 64
struct waker {
	__u64 taken_ns; /* 0: free */
	__u64 since_ns; /* since when the woken thread was blocked ... */
	__u32 host_tid; /* ... and which it is; what follows is of who wakes it */
	__u32 pid;
	__u32 generation;
	__u16 row;
	__u8 actor; /* enum actor_kind */
	__u8 pad;
	char comm[COMM_BYTES];
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, WAKERS);
	__type(key, __u32);
	__type(value, struct waker);
} wakers SEC(".maps");

/* What a thread is in, by its row: only one of a kind at a time. */
struct call_begin {
	__u64 begin_ns;   /* 0: in none */
	__u32 generation; /* of the row, for which it is meant */
	__u32 what;
};

/* Reads and writes of the JDK that are under way. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* loader: as rows where one of their metrics is kept */
	__type(key, __u32);
	__type(value, struct call_begin);
} io_begins SEC(".maps");

/* System calls that are under way, and what all there were by number add up to. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* loader: as rows where their metric is kept */
	__type(key, __u32);
	__type(value, struct call_begin);
} syscall_begins SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* loader: SYSCALLS where their metric is kept */
	__type(key, __u32);
	__type(value, struct event_totals);
} syscalls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* loader: likewise */
	__type(key, __u32);
	__type(value, struct histogram_page);
} syscall_pages SEC(".maps");

/* What threads work on; where that is counted, sums and pages of the nodes. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* loader: as rows where contexts are counted */
	__type(key, __u32);
	__type(value, struct context_slot);
} context_slots SEC(".maps");

/* A stripe after the other: node n of stripe s is number s * CONTEXT_NODES + n. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* loader: CONTEXT_NODES for each stripe */
	__type(key, __u32);
	__type(value, struct context_total);
} context_totals SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* loader: CONTEXT_NODES */
	__type(key, __u32);
	__type(value, struct context_pages);
} context_pages SEC(".maps");

struct globals globals;

const volatile struct settings settings SEC(".rodata.settings");
const volatile struct probe_site probe_sites[PROBE_SITES] SEC(".rodata.sites");

#define READ_ONCE(x) (*(volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, value) (*(volatile typeof(x) *)&(x) = (value))
/* So that clang does not move or merge the check of x that follows: the verifier must be able to follow it. */
#define forget(x) asm volatile("" : "+r"(x))

#define LOST(what) __sync_fetch_and_add(&globals.losses.what, 1)
#define HIT(which) __sync_fetch_and_add(&globals.hits[(which) & (HITS - 1)], 1)
#define METRIC_HIT(metric) HIT(HITS_OF_METRICS + (metric))

#endif
