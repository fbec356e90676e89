// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Counters of the processor, and some of the kernel's, for each thread: an object of its own, loaded only
 * where counters are asked for. Every CPU has its counters, which count whatever runs there; what they count
 * from the moment when a thread of the host comes on the CPU until it leaves is that thread's. Rows are those
 * of thread_state.bpf.c.
 *
 * Assumptions: attached before thread_state.bpf.c's program for switches, so that it runs before that
 * one: the row of a thread that has ended is still its own at its last switch.
 *
 * No field of the kernel's is read by its name and no program is of type tp_btf, for the reason that is given
 * in user_probe.bpf.c.
 */
#include <linux/bpf.h>
#include <stdbool.h>

#include "kernel_types.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#include "rows.h"

const volatile struct counter_settings counter_settings SEC(".rodata.counters");

/* Of each CPU its counters, one behind the other. */
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(max_entries, COUNTERS); /* loader: for each possible CPU as many */
	__type(key, __u32);
	__type(value, __u32);
} counter_events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* loader: possible CPUs */
	__type(key, __u32);
	__type(value, struct counter_begin);
} counter_begins SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* loader: as rows */
	__type(key, __u32);
	__type(value, struct row_counters);
} row_counters SEC(".maps");

_Static_assert(sizeof(struct counted) == sizeof(struct bpf_perf_event_value), "struct counted");

/* What cannot be read is all zeros: the helper sees to that. */
static __always_inline void read_counters(struct counted *values, __u32 cpu)
{
	for (__u32 i = 0; i < COUNTERS && i < counter_settings.counters; i++)
		bpf_perf_event_read_value(&counter_events, cpu * COUNTERS + i,
					  (struct bpf_perf_event_value *)&values[i], sizeof(values[i]));
}

/* Gives the thread what has been counted since it came. */
static __always_inline void count_stay(__u32 host_tid, struct counter_begin *begin, struct counted *now)
{
	struct row_counters *of;
	struct thread_row *row;
	__u32 number, missing, failing = 0;

	row = row_of(host_tid, &number);
	if (!row)
		return;
	missing = READ_ONCE(begin->missing);
	of = bpf_map_lookup_elem(&row_counters, &number);
	if (!of)
		return;
	advance_sequence(of);
	if (of->generation != row->generation) {
		__builtin_memset(of->counted, 0, sizeof(of->counted));
		of->generation = row->generation;
	}
	for (__u32 i = 0; i < COUNTERS && i < counter_settings.counters; i++) {
		struct counted *before = &begin->values[i], *counted = &of->counted[i];

		/* Time passes for all that live: that of a CPU which was offline in between stands still. */
		if (!before->enabled_ns || now[i].enabled_ns <= before->enabled_ns) {
			/* What a CPU has not is no loss. */
			if (!(missing >> i & 1)) {
				LOST(failed_counter_reads);
				failing |= 1U << i;
			}
			continue;
		}
		counted->count += now[i].count - before->count;
		counted->enabled_ns += now[i].enabled_ns - before->enabled_ns;
		counted->running_ns += now[i].running_ns - before->running_ns;
	}
	advance_sequence(of);
	if (failing) {
		WRITE_ONCE(begin->failing, failing);
		order_stores(begin->pad);
		WRITE_ONCE(begin->failed, begin->failed + 1);
	}
}

/* out and in: threads of the host that leave this CPU and come on it, or 0. */
static __always_inline void changes(__u32 out, __u32 in)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct counter_begin *begin = bpf_map_lookup_elem(&counter_begins, &cpu);
	struct counted now[COUNTERS];

	if (!begin)
		return;
	read_counters(now, cpu);
	if (out && begin->host_tid == out)
		count_stay(out, begin, now);
	else if (out && begin->begun)
		/* The switch to it was not seen. Before, counting had not begun. */
		__sync_fetch_and_add(&globals.losses.failed_counter_reads, counter_settings.counters);
	begin->host_tid = in;
	if (in) {
		begin->begun = 1;
		for (__u32 i = 0; i < COUNTERS && i < counter_settings.counters; i++)
			begin->values[i] = now[i];
	}
}

/* Arguments: whether it was preempted, who leaves, who comes. The one who leaves is the current one still. */
SEC("raw_tp")
int counters_at_switch(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 current = bpf_get_current_pid_tgid();
	__u32 host = globals.host_tgid, in = 0, tgid = 0;
	void *next = (void *)ctx->args[2];
	bool out = current >> 32 == host;

	bpf_probe_read_kernel(&tgid, sizeof(tgid), next + globals.task_tgid_offset);
	if (tgid == host)
		bpf_probe_read_kernel(&in, sizeof(in), next + globals.task_pid_offset);
	if (out || in)
		changes(out ? (__u32)current : 0, in);
	return 0;
}

/*
 * Run by the loader on a CPU, which is interrupted for that: the thread there gets what has been counted so
 * far, so that what Java reads next has all of the stays that are not over.
 */
SEC("raw_tp")
int counters_by_now(void *ctx)
{
	__u64 current = bpf_get_current_pid_tgid();

	if (current >> 32 == globals.host_tgid)
		changes((__u32)current, (__u32)current);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
