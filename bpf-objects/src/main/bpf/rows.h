/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_ROWS_H
#define BPFAGENT_ROWS_H

/*
 * A thread's row: found by its tid, made on the thread's first event, written,
 * and ended.
 *
 * Assumptions: the scheduler's events of one thread never overlap. A switch
 * and a wake-up of the same thread happen under its run queue's lock, or on the
 * CPU where it is running, with interrupts off. So a row has one writer at a
 * time and needs no atomic operation.
 *
 * Guarantees: whoever reads a row and finds the same even sequence before and
 * after has numbers that belong together.
 */
#include "slots.h"

#if defined(__TARGET_ARCH_x86)
/* Stores are seen in program order, and so are loads: only the compiler must be told. */
#define advance_sequence(row)                                     \
	do {                                                      \
		asm volatile("" ::: "memory");                    \
		WRITE_ONCE((row)->sequence, (row)->sequence + 1); \
		asm volatile("" ::: "memory");                    \
	} while (0)
#define load_acquire(pointer) READ_ONCE(*(pointer))
#define order_stores(word) asm volatile("" ::: "memory")
#else
/*
 * BPF's only full barrier on all kernels is an atomic operation that fetches, and
 * clang makes it one that does not when the result is unused.
 */
#define advance_sequence(row)                                             \
	do {                                                              \
		__u32 before = __sync_fetch_and_add(&(row)->sequence, 1); \
		asm volatile("" ::"r"(before) : "memory");                \
	} while (0)
#define load_acquire(pointer) __sync_fetch_and_add(pointer, 0)
/* word: any of which the program has a pointer. */
#define order_stores(word)                                     \
	do {                                                   \
		__u32 same = __sync_fetch_and_add(&(word), 0); \
		asm volatile("" ::"r"(same) : "memory");       \
	} while (0)
#endif

static __always_inline struct thread_row *row_at(__u32 number)
{
	return bpf_map_lookup_elem(&rows, &number);
}

static __always_inline __u64 *index_slot(__u32 slot)
{
	slot &= settings.index_mask;
	return bpf_map_lookup_elem(&row_index, &slot);
}

/* The row's number + 1 for a thread that does not stand in its first slot; 0: none. */
__noinline __u32 displaced_row(__u32 host_tid)
{
	for (__u32 i = 1; i < INDEX_TRIES; i++) {
		__u64 *slot = index_slot(host_tid + i * INDEX_STRIDE);

		if (slot && *slot >> 32 == host_tid)
			return (__u32)*slot + 1;
	}
	return 0;
}

/* The row's number + 1, or 0 if the thread has none. */
static __always_inline __u32 row_number_of(__u32 host_tid)
{
	__u64 *slot = index_slot(host_tid);

	if (slot && *slot >> 32 == host_tid)
		return (__u32)*slot + 1;
	return displaced_row(host_tid);
}

static __always_inline struct thread_row *row_of(__u32 host_tid, __u32 *number)
{
	__u32 found = row_number_of(host_tid);

	if (!found)
		return 0;
	*number = found - 1;
	return row_at(found - 1);
}

/* What Java has said of this very thread; 0 if that is nothing yet. */
static __always_inline struct row_control *control_of(__u32 number, struct thread_row *row)
{
	struct row_control *control = bpf_map_lookup_elem(&controls, &number);

	return control && READ_ONCE(control->generation) == row->generation ? control : 0;
}

/* Takes a number from a supply; -1 when it is empty. */
__noinline int take(__u32 kind)
{
	struct supply *supply = bpf_map_lookup_elem(&supplies, &kind);

	if (!supply)
		return -1;
	for (int i = 0; i < 8; i++) {
		__u32 head = READ_ONCE(supply->head);
		__u16 item;

		if (head == load_acquire(&supply->tail))
			return -1;
		item = READ_ONCE(supply->items[head & settings.supply_mask & (SUPPLY_ITEMS - 1)]);
		if (__sync_val_compare_and_swap(&supply->head, head, head + 1) == head)
			return item;
	}
	LOST(crowded_supplies);
	return -1;
}

/* Looked at before a row is taken: a thread without a place would take one with each event. */
__noinline int has_place_in_index(__u32 host_tid)
{
	for (__u32 i = 0; i < INDEX_TRIES; i++) {
		__u64 *slot = index_slot(host_tid + i * INDEX_STRIDE);

		if (slot && !*slot)
			return 1;
	}
	return 0;
}

/*
 * Enters the thread into the index. False if it stands there already (another
 * CPU was first: its row counts) or if its places have been taken meanwhile.
 */
__noinline int enter_into_index(__u32 host_tid, __u32 number)
{
	__u64 entry = (__u64)host_tid << 32 | number;

	for (__u32 i = 0; i < INDEX_TRIES; i++) {
		__u64 *slot = index_slot(host_tid + i * INDEX_STRIDE);
		__u64 before;

		if (!slot)
			return 0;
		before = __sync_val_compare_and_swap(slot, 0, entry);
		if (!before)
			return 1;
		if (before >> 32 == host_tid)
			return 0;
	}
	return 0;
}

/* 1 for the one who takes the thread out: it ends the row. */
__noinline int leave_index(__u32 host_tid)
{
	int left = 0;

	for (__u32 i = 0; i < INDEX_TRIES; i++) {
		__u64 *slot = index_slot(host_tid + i * INDEX_STRIDE);
		__u64 entry;

		if (!slot)
			return left;
		entry = *slot;
		if (entry >> 32 == host_tid && __sync_val_compare_and_swap(slot, entry, 0) == entry)
			left = 1;
	}
	return left;
}

static __always_inline void copy_comm(struct thread_row *row, struct task_struct *task)
{
	bpf_probe_read_kernel(row->comm, sizeof(row->comm), task->comm);
}

/*
 * The tid in the innermost pid namespace: what the JVM calls the thread.
 * numbers[] has level + 1 elements; the deepest namespace has level 31.
 */
static __always_inline __u32 innermost_tid(struct task_struct *task)
{
	struct pid *pid = task->thread_pid;
	unsigned int level = pid->level;
	int tid = 0;

	bpf_probe_read_kernel(&tid, sizeof(tid),
			      (void *)pid + bpf_core_field_offset(struct pid, numbers) +
				      (level & 31) * bpf_core_type_size(struct upid));
	return tid;
}

/* A row for the thread that is not in the index yet; its number, or -1 when none is left. */
static __always_inline int claim_row(struct task_struct *task, __u8 state, __u64 now)
{
	struct thread_row *row;
	int number = take(SUPPLY_ROWS);

	if (number < 0)
		return -1;
	row = row_at(number);
	if (!row)
		return -1;
	/* Odd whatever stands there: the last thread's end may have been written by two CPUs. */
	if (!(row->sequence & 1))
		advance_sequence(row);
	row->start_ns = now;
	row->since_ns = now;
	row->thread = 0;
	row->thread_slot = 0;
	row->osthread_state = 0;
	row->java_id = 0;
	row->host_tid = task->pid;
	row->tid = innermost_tid(task);
	row->state = state;
	row->flags = 0;
	row->name_length = 0;
	row->call = 0;
	row->node = 0;
	row->mounted = 0;
	row->syscall = 0;
	row->generation++;
	row->minor_faults = row->first_minor_faults = task->min_flt;
	row->major_faults = row->first_major_faults = task->maj_flt;
	row->migrations = row->first_migrations = task->se.nr_migrations;
	__builtin_memset(row->totals, 0, sizeof(row->totals));
	__builtin_memset(row->waited_ns, 0, sizeof(row->waited_ns));
	copy_comm(row, task);
	clear_slot(number);
	row->life = ROW_LIVE;
	advance_sequence(row);
	return number;
}

/* False when another CPU has made the thread's row in between; then that row counts. */
static __always_inline bool publish_row(struct task_struct *task, __u32 number)
{
	struct thread_row *row = row_at(number);

	if (enter_into_index(task->pid, number)) {
		if (row)
			name_slot(number, row->tid);
		return true;
	}
	/* To Java this is a thread that ended without an event: it supplies the row again. */
	if (row)
		row->life = ROW_ENDED;
	return false;
}

/* Makes the row of a thread that has none, on its first event. False: the event is lost. */
static __always_inline bool new_row(struct task_struct *task, __u8 state, __u64 now)
{
	int number;

	if (!has_place_in_index(task->pid)) {
		LOST(threads_without_index);
		return false;
	}
	number = claim_row(task, state, now);
	return number >= 0 && publish_row(task, number);
}

/* The row stays as it is until Java has folded it into the thread's pool. */
__attribute__((unused)) static __noinline int end_row(struct thread_row *row, __u32 number, struct task_struct *task)
{
	if (!row || !task || !leave_index(row->host_tid))
		return 0;
	name_slot(number, 0);
	copy_comm(row, task);
	advance_sequence(row);
	row->life = ROW_ENDED;
	advance_sequence(row);
	return 0;
}

#endif
