/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_SYSCALL_TIMES_H
#define BPFAGENT_SYSCALL_TIMES_H

/*
 * System calls of the host by number, each from where it is entered to where it is left.
 * As long as these programs are attached, the kernel comes here in every call of every
 * process: they are loaded on request only.
 *
 * A call that never returns (exit) is not counted; one that a signal interrupts is left,
 * and counts again when the kernel enters it anew. A child of vfork is another process.
 */
#include "meters.h"

#define OTHER_SYSCALL (SYSCALLS - 1)

static __always_inline __u32 syscall_of(long number)
{
#if defined(__TARGET_ARCH_x86)
	/* A 64-bit process can make calls of 32-bit code too (int $0x80). */
	if (bpf_get_current_task_btf()->thread_info.status & TS_COMPAT)
		return OTHER_SYSCALL;
#endif
	return (__u64)number < OTHER_SYSCALL ? number : OTHER_SYSCALL;
}

/* The agent's own thread makes some at each look, and there are no threads by which they could be told apart. */
static __always_inline bool is_application(void)
{
	return is_host() && (__u32)bpf_get_current_pid_tgid() != globals.reader_tid;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(sys_enter, struct pt_regs *registers, long number)
{
	if (is_application()) {
		HIT(HITS_OF_SYSCALLS);
		call_begins_in(&syscall_begins, syscall_of(number));
	}
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit)
{
	__u32 row_number, number;
	struct histogram_page *page;
	struct event_totals *totals;
	__s64 ns;

	if (!is_application())
		return 0;
	HIT(HITS_OF_SYSCALLS);
	ns = call_ends_in(&syscall_begins, &row_number, &number);
	if (ns < 0)
		return 0;
	count_event(EVENT_SYSCALL, ns);
	totals = bpf_map_lookup_elem(&syscalls, &number);
	page = bpf_map_lookup_elem(&syscall_pages, &number);
	if (!totals || !page)
		return 0;
	__sync_fetch_and_add(&totals->sum_ns, ns);
	raise(&totals->max_ns, ns);
	__sync_fetch_and_add(&page->buckets[bucket_of(ns)], 1);
	return 0;
}

#endif
