/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_SLOTS_H
#define BPFAGENT_SLOTS_H

/*
 * A thread's context slot, beside its row: what the thread says it works on. Where
 * contexts are not counted the verifier leaves all of this out.
 */
#include "maps.h"

static __always_inline struct context_slot *slot_of(__u32 row_number)
{
	return settings.contexts ? bpf_map_lookup_elem(&context_slots, &row_number) : 0;
}

/* The row is given to a thread, which is in no context. What stands in entered, Java has taken. */
static __always_inline void clear_slot(__u32 row_number)
{
	struct context_slot *slot = slot_of(row_number);

	if (slot) {
		slot->tid = 0;
		slot->node = 0;
		slot->span = 0;
		slot->log = 0;
		slot->virtual_thread = 0;
	}
}

/* By which tid the row's thread finds its slot; 0: by none any more. */
static __always_inline void name_slot(__u32 row_number, __u32 tid)
{
	struct context_slot *slot = slot_of(row_number);

	if (slot)
		WRITE_ONCE(slot->tid, tid);
}

/* The node that the row's thread is in; 0: in no context. */
static __always_inline __u32 node_of(__u32 row_number)
{
	struct context_slot *slot = slot_of(row_number);

	return slot ? READ_ONCE(slot->node) : 0;
}

/* The span of a trace that the row's thread is in; 0: in none. */
static __always_inline __u32 span_of(__u32 row_number)
{
	struct context_slot *slot = slot_of(row_number);

	return slot ? READ_ONCE(slot->span) : 0;
}

/* Java's number of the virtual thread that runs on the row's thread; 0: none. */
static __always_inline __u64 virtual_thread_of(__u32 row_number)
{
	struct context_slot *slot = slot_of(row_number);

	return slot && READ_ONCE(slot->log) & CONTEXT_MOUNTED ? READ_ONCE(slot->virtual_thread) : 0;
}

#endif
