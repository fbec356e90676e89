/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_IO_CALLS_H
#define BPFAGENT_IO_CALLS_H

/*
 * Reads and writes: calls of the JDK's natives, from entry to return. One native may
 * serve files and sockets: of those that are given a FileDescriptor, what its descriptor is decides.
 */
#include "meters.h"
#include "slow.h"

/* IOStatus.UNAVAILABLE: there was nothing to read, or no room to write; the caller will wait and come again. */
#define IO_NOTHING -2

/* What is under way, in call_begin.what: the metric, and above it the descriptor + 1; 0: not known. */
#define WHAT_METRIC 0xff
#define WHAT_DESCRIPTOR_SHIFT 8

/*
 * The descriptor + 1 that a native is given; 0 where it is given none, or it cannot be read. The handle of an
 * argument is where the wrapper of the call has put the object's address.
 */
static __always_inline __u32 descriptor_given(struct pt_regs *registers, __u64 cookie)
{
	__u64 second = PT_REGS_PARM2(registers), third = PT_REGS_PARM3(registers), fourth = PT_REGS_PARM4(registers);
	__u64 handle, object = 0, field = cookie >> CALL_FIELD_SHIFT;
	__s32 descriptor = -1;

	/* The context may be read at fixed places only: each by itself, and then one of the three. */
	forget(second);
	forget(third);
	forget(fourth);
	switch (cookie >> CALL_ARGUMENT_SHIFT & CALL_ARGUMENT) {
	case 2:
		handle = second;
		break;
	case 3:
		handle = third;
		break;
	case 4:
		handle = fourth;
		break;
	default:
		return 0;
	}
	if (bpf_probe_read_user(&object, sizeof(object), (void *)handle) ||
	    bpf_probe_read_user(&descriptor, sizeof(descriptor), (void *)(object + field)))
		return 0;
	return descriptor + 1;
}

/* What a channel's native is, which usually is metric. */
static __always_inline __u32 metric_of_channel(__u32 metric, __u32 descriptor)
{
	unsigned int kind = descriptor ? descriptor_kind(bpf_get_current_task_btf(), descriptor - 1) : 0;

	if (!kind)
		return metric;
	if (metric == METRIC_FILE_READ || metric == METRIC_SOCKET_READ)
		return kind == S_IFSOCK ? METRIC_SOCKET_READ : METRIC_FILE_READ;
	return kind == S_IFSOCK ? METRIC_SOCKET_WRITE : METRIC_FILE_WRITE;
}

SEC("usdt")
int io_call_begins(struct pt_regs *registers)
{
	__u64 cookie = bpf_get_attach_cookie(registers);
	__u32 metric = cookie & CALL_METRIC, descriptor;

	if (!is_host())
		return 0;
	METRIC_HIT(metric);
	descriptor = descriptor_given(registers, cookie);
	if (cookie & CALL_OF_CHANNEL)
		metric = metric_of_channel(metric, descriptor);
	if (!is_metric_kept(metric))
		return 0;
	/* Of a number with more than 24 bits the event is told without it. */
	if (descriptor >> (32 - WHAT_DESCRIPTOR_SHIFT))
		descriptor = 0;
	mark_transfer(metric, call_begins_in(&io_begins, metric | descriptor << WHAT_DESCRIPTOR_SHIFT));
	return 0;
}

SEC("usdt")
int io_call_ends(struct pt_regs *registers)
{
	__u64 cookie = bpf_get_attach_cookie(registers);
	bool is_channel = cookie & CALL_OF_CHANNEL;
	__u32 row_number, what, metric;
	__s64 ns;

	if (!is_host())
		return 0;
	METRIC_HIT(cookie & CALL_METRIC);
	ns = call_ends_in(&io_begins, &row_number, &what);
	if (ns < 0)
		return 0;
	metric = what & WHAT_METRIC;
	unmark_transfer(metric);
	if (is_channel && (int)PT_REGS_RC(registers) == IO_NOTHING)
		return 0;
	count_in_metric_page(metric_page(row_number, metric), metric, ns);
	if (is_slow(metric, ns))
		send_slow_call(metric, ns, 0, 0, what >> WHAT_DESCRIPTOR_SHIFT);
	return 0;
}

#endif
