/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_TCP_H
#define BPFAGENT_TCP_H

/*
 * TCP connections that threads of the host open: from the first SYN, which is
 * sent in the thread's call, until an answer has come, which does in an interrupt.
 */
#include "meters.h"
#include "slow.h"

/* A connection that is being opened. */
struct tcp_connect {
	__u64 start_ns;
	__u32 generation; /* of the row of the thread ... */
	__u16 row;
	__u16 page;       /* ... and its pages: for success ... */
	__u16 failed_page; /* ... and failure; 0: not kept or none left */
	__u16 pad[3];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256); /* being opened at one moment, by the host */
	__type(key, __u64);
	__type(value, struct tcp_connect);
} tcp_connects SEC(".maps");

static __always_inline void connect_begins(__u64 sock)
{
	struct tcp_connect connect = { .start_ns = bpf_ktime_get_ns() };
	__u32 row_number;
	struct thread_row *row = row_of((__u32)bpf_get_current_pid_tgid(), &row_number);

	if (row) {
		connect.row = row_number;
		connect.generation = row->generation;
		/* Both, and here on the thread itself: its end comes on any CPU. */
		if (is_metric_kept(METRIC_TCP_CONNECT))
			connect.page = metric_page(row_number, METRIC_TCP_CONNECT);
		if (is_metric_kept(METRIC_TCP_CONNECT_FAILED))
			connect.failed_page = metric_page(row_number, METRIC_TCP_CONNECT_FAILED);
	}
	if (!bpf_map_update_elem(&tcp_connects, &sock, &connect, BPF_NOEXIST))
		return;
	/* No room; or one stands there whose end was not seen. */
	LOST(unmatched_events);
	bpf_map_update_elem(&tcp_connects, &sock, &connect, BPF_EXIST);
}

static __noinline int send_slow_connect(__u64 sock, __u32 metric, struct tcp_connect *connect, __u64 now)
{
	struct slow_record *record = new_slow(metric, connect->row, connect->start_ns, now);

	if (!record)
		return 0;
	name_row(record, connect->row, connect->generation);
	describe_socket(record, (struct sock *)sock);
	submit(record);
	return 0;
}

static __always_inline void connect_ends(__u64 sock, bool established)
{
	struct tcp_connect *found = bpf_map_lookup_elem(&tcp_connects, &sock), connect;
	__u32 metric = established ? METRIC_TCP_CONNECT : METRIC_TCP_CONNECT_FAILED;
	__u32 page, failed_page;
	__u64 now;

	/* Another process's, or begun before the agent came. */
	if (!found)
		return;
	connect = *found;
	bpf_map_delete_elem(&tcp_connects, &sock);
	page = connect.page;
	failed_page = connect.failed_page;
	forget(failed_page);
	if (!established)
		page = failed_page;
	if (!has_its_pages(connect.row, connect.generation))
		page = 0;
	now = bpf_ktime_get_ns();
	if (is_metric_kept(metric))
		count_in_metric_page(page, metric, now - connect.start_ns);
	if (is_slow(metric, now - connect.start_ns))
		send_slow_connect(sock, metric, &connect, now);
}

#endif
