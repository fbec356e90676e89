/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_HOTSPOT_PROBES_H
#define BPFAGENT_HOTSPOT_PROBES_H

/*
 * HotSpot's USDT probes. One program serves them all, so that one link attaches
 * it to every site; the link's cookie says which site was hit, and probe_sites
 * where its arguments stand.
 */
#include "pauses.h"
#include "arguments.h"

static __always_inline struct thread_row *current_row(void)
{
	__u32 number;

	return row_of((__u32)bpf_get_current_pid_tgid(), &number);
}

/* On the new thread. name_length is written last: until then Java sees no name. */
static __always_inline void thread_starts(__u64 name, __u32 length, __u64 java_id)
{
	struct thread_row *row = current_row();

	if (!row)
		return;
	forget(length);
	if (length > NAME_BYTES) {
		LOST(truncated_names);
		length = NAME_BYTES;
	}
	if (bpf_probe_read_user(row->name, length, (void *)name))
		length = 0;
	row->java_id = java_id;
	asm volatile("" ::: "memory");
	WRITE_ONCE(row->name_length, length);
}

static __always_inline void mark_sleeping(__u8 flag)
{
	struct thread_row *row = current_row();

	if (row)
		row->flags = flag;
}

/*
 * Operations are the VM thread's, which has one at a time, or one within another. The
 * outermost stands beside the pause: the table of begins, with its look-ups, its lock
 * and its cold lines, is for those within it. One whose end was not seen stays until
 * it begins again; all others are in the table meanwhile.
 */
static __always_inline void operation_begins(__u64 name, __u64 length)
{
	__u32 operation = operation_at(name, length);
	struct pause *pause = &globals.pause;

	pause_reached(operation);
	if (pause->operation_address && pause->operation_address != name) {
		event_begins(EVENT_VM_OPERATION, name);
		return;
	}
	if (pause->operation_address)
		LOST(unmatched_events);
	pause->operation_address = name;
	pause->operation_begin_ns = bpf_ktime_get_ns();
}

static __always_inline __s64 operation_took(__u64 name)
{
	struct pause *pause = &globals.pause;

	if (!name || pause->operation_address != name)
		return event_ends(EVENT_VM_OPERATION, name);
	pause->operation_address = 0;
	pause_operated();
	if (is_forgotten(pause->operation_begin_ns))
		return -1;
	return bpf_ktime_get_ns() - pause->operation_begin_ns;
}

static __always_inline void operation_ends(__u64 name)
{
	__s64 ns = operation_took(name);

	if (ns >= 0)
		count_operation(operation_at(name, 0), ns);
}

#endif
