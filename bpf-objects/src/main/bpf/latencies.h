/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_LATENCIES_H
#define BPFAGENT_LATENCIES_H

/*
 * What threads of the host do besides running and waiting: how long calls into
 * the kernel took, and what became of the requests that they sent to disks. None
 * of these programs is necessary: the loader leaves out what the kernel does not
 * allow or nobody wants.
 */
#include "block.h"
#include "io_calls.h"
#include "syscall_times.h"
#include "tcp.h"

/* Attached to the entries of functions; the cookie is the metric and, beside it, CALL_CAN_FAIL. */
#define CALL_METRIC 0xff
#define CALL_CAN_FAIL 0x100 /* a result below 0 is a failure, which the metric after it counts too */
#define CALL_HAS_NAME 0x200 /* its first argument is a string: a path, or a host's name */

/* In the keys of begins: events of the process come first. */
#define THREAD_EVENT(metric) (EVENT_METRICS + (metric))

static __always_inline void thread_event_begins(__u32 metric)
{
	if (is_host())
		event_begins(THREAD_EVENT(metric), 0);
}

static __always_inline void thread_event_ends(__u32 metric)
{
	__s64 ns = is_host() ? event_ends(THREAD_EVENT(metric), 0) : -1;

	if (ns < 0)
		return;
	count_for_current(metric, ns);
	if (is_slow(metric, ns))
		send_slow_call(metric, ns, 0, 0);
}

SEC("usdt")
int call_begins(struct pt_regs *registers)
{
	__u64 cookie = bpf_get_attach_cookie(registers);
	__u32 metric = cookie & CALL_METRIC;

	if (!is_host())
		return 0;
	mark_call(0, metric + 1);
	event_begins_with(THREAD_EVENT(metric), 0, cookie & CALL_HAS_NAME ? PT_REGS_PARM1(registers) : 0);
	return 0;
}

/* Likewise to their returns. */
SEC("usdt")
int call_ends(struct pt_regs *registers)
{
	__u64 cookie = bpf_get_attach_cookie(registers), name = 0;
	__u32 metric = cookie & CALL_METRIC;
	bool failed = cookie & CALL_CAN_FAIL && (int)PT_REGS_RC(registers) < 0;
	__s64 ns;

	if (!is_host())
		return 0;
	mark_call(metric + 1, 0);
	ns = event_ends_with(THREAD_EVENT(metric), 0, &name);
	if (ns < 0)
		return 0;
	count_for_current(metric, ns);
	if (failed)
		count_for_current(metric + 1, ns);
	/* One that failed is sent once, as that, if failures are wanted. */
	if (failed && is_slow(metric + 1, ns))
		send_slow_call(metric + 1, ns, name, current_errno());
	else if (is_slow(metric, ns))
		send_slow_call(metric, ns, name, failed ? current_errno() : 0);
	return 0;
}

SEC("tp_btf/block_io_start")
int BPF_PROG(block_io_start, struct request *request)
{
	if (is_for_a_disk(request))
		request_starts(request, operation_of(request), current_user());
	return 0;
}

/* It has become a part of another, and no end of it will be seen. */
SEC("tp_btf/block_rq_merge")
int BPF_PROG(block_rq_merge, struct request *request)
{
	request_is_merged(request);
	return 0;
}

/* Of the command to flush the kernel says only that it is sent, by a thread of its own. */
SEC("tp_btf/block_rq_issue")
int BPF_PROG(block_rq_issue, struct request *request)
{
	if (is_flush_command(request))
		request_starts(request, DISK_FLUSH, DISK_USER_KERNEL);
	request_is_issued(request);
	return 0;
}

SEC("tp_btf/block_io_done")
int BPF_PROG(block_io_done, struct request *request)
{
	request_is_done(request);
	return 0;
}

SEC("tp_btf/block_rq_complete")
int BPF_PROG(block_rq_complete, struct request *request)
{
	if (is_flush_command(request))
		request_is_done(request);
	return 0;
}

SEC("tp_btf/mm_vmscan_direct_reclaim_begin")
int BPF_PROG(reclaim_begins)
{
	thread_event_begins(METRIC_RECLAIM);
	return 0;
}

SEC("tp_btf/mm_vmscan_direct_reclaim_end")
int BPF_PROG(reclaim_ends)
{
	thread_event_ends(METRIC_RECLAIM);
	return 0;
}

SEC("tp_btf/mm_vmscan_memcg_reclaim_begin")
int BPF_PROG(memcg_reclaim_begins)
{
	thread_event_begins(METRIC_RECLAIM);
	return 0;
}

SEC("tp_btf/mm_vmscan_memcg_reclaim_end")
int BPF_PROG(memcg_reclaim_ends)
{
	thread_event_ends(METRIC_RECLAIM);
	return 0;
}

SEC("tp_btf/mm_compaction_begin")
int BPF_PROG(compaction_begins)
{
	thread_event_begins(METRIC_COMPACTION);
	return 0;
}

SEC("tp_btf/mm_compaction_end")
int BPF_PROG(compaction_ends)
{
	thread_event_ends(METRIC_COMPACTION);
	return 0;
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(inet_sock_set_state, struct sock *sock, int before, int now)
{
	if (sock->sk_protocol == IPPROTO_TCP)
		tcp_state_changes(sock, before, now, is_host());
	return 0;
}

/* Of connections that are the host's. A connection that is refused gets one too. */
SEC("tp_btf/tcp_receive_reset")
int BPF_PROG(tcp_receive_reset, struct sock *sock)
{
	struct connection *connection = connection_of(sock);
	struct remote *remote = connection ? remote_at(connection->remote) : 0;

	if (remote && connection->kind != CONNECTION_LISTENER)
		__sync_fetch_and_add(&remote->resets_received, 1);
	return 0;
}

/* Since 6.10 (edefba66d929) also without a socket: then there is no connection. */
SEC("tp_btf/tcp_send_reset")
int BPF_PROG(tcp_send_reset, struct sock *sock)
{
	struct connection *connection = connection_of(sock);
	struct remote *remote = connection ? remote_at(connection->remote) : 0;

	if (remote && connection->kind != CONNECTION_LISTENER)
		__sync_fetch_and_add(&remote->resets_sent, 1);
	return 0;
}

/* Run over the host's files when the agent has come: first for where it listens, then for its connections. */
SEC("iter/task_file")
int find_listeners(struct bpf_iter__task_file *ctx)
{
	look_at_file(ctx, true);
	return 0;
}

SEC("iter/task_file")
int find_connections(struct bpf_iter__task_file *ctx)
{
	look_at_file(ctx, false);
	return 0;
}

/* Run over all connections for a snapshot, by one thread. */
SEC("iter/bpf_sk_storage_map")
int look_at_connections(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	struct sock *sock = ctx->sk;

	if (sock)
		look_at_connection(sock);
	else
		connections_are_looked_at();
	return 0;
}

#endif
