/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_EVENTS_H
#define BPFAGENT_EVENTS_H

/*
 * Histograms of the whole process: of events that begin and end on one thread,
 * and of VM operations by name. Any number of threads counts at the same time.
 */
#include "host.h"
#include "pages.h"

/* Whether programs that see ends may have been away since. */
static __always_inline bool is_forgotten(__u64 begin_ns)
{
	if (begin_ns >= READ_ONCE(globals.begun_after_ns))
		return false;
	LOST(unmatched_events);
	return true;
}

static __always_inline void raise(__u64 *max, __u64 value)
{
	for (int i = 0; i < 8; i++) {
		__u64 now = READ_ONCE(*max);

		if (now >= value || __sync_val_compare_and_swap(max, now, value) == now)
			return;
	}
}

static __always_inline void count_in_event_page(__u32 histogram, __u64 ns)
{
	__u32 number = FIRST_EVENT_PAGE + histogram;
	struct histogram_page *page = bpf_map_lookup_elem(&pages, &number);

	if (page)
		__sync_fetch_and_add(&page->buckets[bucket_of(ns)], 1);
}

__noinline int count_event(__u32 metric, __u64 ns)
{
	struct event_totals *totals = &globals.events[metric & (EVENT_METRICS - 1)];

	if (!(settings.event_metrics >> metric & 1))
		return 0;
	__sync_fetch_and_add(&totals->sum_ns, ns);
	raise(&totals->max_ns, ns);
	count_in_event_page(metric, ns);
	return 0;
}

/*
 * The operation with its name at this address in libjvm, entered if it is new.
 * Only the VM thread runs VM operations: the table has one writer. length 0: it has been entered.
 */
__noinline __u32 operation_at(__u64 address, __u32 length)
{
	__u32 slot = address * 0x9e3779b97f4a7c15ULL >> 58;

	/* An argument that could not be read is no name: it would be found in every free place. */
	if (!address)
		return OPERATIONS;
	for (__u32 i = 0; i < OPERATIONS; i++, slot++) {
		struct operation_name *operation = &globals.operations[slot & (OPERATIONS - 1)];

		if (operation->address == address)
			return slot & (OPERATIONS - 1);
		if (operation->address)
			continue;
		if (!length)
			return OPERATIONS;
		forget(length);
		if (length > OPERATION_NAME_BYTES)
			length = OPERATION_NAME_BYTES;
		if (bpf_probe_read_user(operation->name, length, (void *)address))
			return OPERATIONS;
		operation->length = length;
		asm volatile("" ::: "memory");
		WRITE_ONCE(operation->address, address);
		return slot & (OPERATIONS - 1);
	}
	if (length)
		LOST(operations_over_limit);
	return OPERATIONS;
}

__noinline int count_operation(__u32 number, __u64 ns)
{
	struct operation_name *operation = &globals.operations[number & (OPERATIONS - 1)];

	count_event(EVENT_VM_OPERATION, ns);
	if (number >= OPERATIONS || !(settings.event_metrics >> EVENT_VM_OPERATION & 1))
		return 0;
	__sync_fetch_and_add(&operation->sum_ns, ns);
	raise(&operation->max_ns, ns);
	count_in_event_page(EVENT_METRICS + number, ns);
	return 0;
}

/* what: tells events of the metric apart that one thread can have open at the same time. */
__noinline int event_begins_with(__u32 metric, __u64 what, __u64 argument)
{
	struct event_key key = {
		.what = what,
		.host_tid = (__u32)bpf_get_current_pid_tgid(),
		.metric = metric,
	};
	struct event_begin begin = {
		.ns = bpf_ktime_get_ns(),
		.argument = argument,
	};

	if (!bpf_map_update_elem(&event_begins_at, &key, &begin, BPF_NOEXIST))
		return 0;
	/* No room; or it stands there because the last one's end was not seen. */
	LOST(unmatched_events);
	bpf_map_update_elem(&event_begins_at, &key, &begin, BPF_EXIST);
	return 0;
}

static __always_inline void event_begins(__u32 metric, __u64 what)
{
	event_begins_with(metric, what, 0);
}

/*
 * For how long the event has been under way; -1 if it had begun before the agent came, or is lost.
 * argument: gets what it was begun with.
 */
__noinline __s64 event_ends_with(__u32 metric, __u64 what, __u64 *argument)
{
	struct event_key key = {
		.what = what,
		.host_tid = (__u32)bpf_get_current_pid_tgid(),
		.metric = metric,
	};
	struct event_begin *began = bpf_map_lookup_elem(&event_begins_at, &key);
	__u64 ns;

	if (!began || !argument)
		return -1;
	ns = is_forgotten(began->ns) ? -1 : bpf_ktime_get_ns() - began->ns;
	*argument = began->argument;
	bpf_map_delete_elem(&event_begins_at, &key);
	return ns;
}

static __always_inline __s64 event_ends(__u32 metric, __u64 what)
{
	__u64 argument = 0;

	return event_ends_with(metric, what, &argument);
}

static __always_inline void count_at_end(__u32 metric, __u64 what)
{
	__s64 ns = event_ends(metric, what);

	if (ns >= 0)
		count_event(metric, ns);
}

#endif
