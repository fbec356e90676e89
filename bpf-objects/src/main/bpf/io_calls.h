/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_IO_CALLS_H
#define BPFAGENT_IO_CALLS_H

/*
 * Reads and writes: calls of the JDK's natives, from entry to return. One native may
 * serve files and sockets: of those that are given a FileDescriptor, what its descriptor is decides.
 */
#include "meters.h"
#include "slow.h"

/* In the cookie: the metric, if there is nothing better to decide by, and of a channel's native ... */
#define IO_METRIC 0xff
#define IO_OF_CHANNEL 0x100
#define IO_FIELD_SHIFT 16 /* ... where in a FileDescriptor its number stands; 0: not known */

/* IOStatus.UNAVAILABLE: there was nothing to read, or no room to write; the caller will wait and come again. */
#define IO_NOTHING -2

/*
 * A channel's native is static: JNIEnv, class, FileDescriptor. The handle of an argument is where
 * the wrapper of the call has put the object's address. What cannot be read is what it usually is.
 */
static __always_inline __u32 metric_of_channel(struct pt_regs *registers, __u32 metric, __u64 field)
{
	__u64 object = 0;
	__s32 descriptor = -1;
	unsigned int kind;

	if (!field || bpf_probe_read_user(&object, sizeof(object), (void *)PT_REGS_PARM3(registers)) ||
	    bpf_probe_read_user(&descriptor, sizeof(descriptor), (void *)(object + field)))
		return metric;
	kind = descriptor_kind(bpf_get_current_task_btf(), (__u32)descriptor);
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
	__u32 metric = cookie & IO_METRIC;

	if (!is_host())
		return 0;
	if (cookie & IO_OF_CHANNEL)
		metric = metric_of_channel(registers, metric, cookie >> IO_FIELD_SHIFT);
	if (!is_metric_kept(metric))
		return 0;
	mark_call(0, metric + 1);
	call_begins_in(&io_begins, metric);
	return 0;
}

SEC("usdt")
int io_call_ends(struct pt_regs *registers)
{
	bool is_channel = bpf_get_attach_cookie(registers) & IO_OF_CHANNEL;
	__u32 row_number, metric;
	__s64 ns = is_host() ? call_ends_in(&io_begins, &row_number, &metric) : -1;

	if (ns < 0)
		return 0;
	mark_call(metric + 1, 0);
	if (is_channel && (int)PT_REGS_RC(registers) == IO_NOTHING)
		return 0;
	count_in_metric_page(metric_page(row_number, metric), metric, ns);
	if (is_slow(metric, ns))
		send_slow_call(metric, ns, 0, 0);
	return 0;
}

#endif
