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

/* In the keys of begins: events of the process come first. */
#define THREAD_EVENT(metric) (EVENT_METRICS + (metric))

static __always_inline void thread_event_begins(__u32 metric)
{
	if (is_host()) {
		METRIC_HIT(metric);
		event_begins(THREAD_EVENT(metric), 0);
	}
}

static __always_inline void thread_event_ends(__u32 metric)
{
	__s64 ns;

	if (!is_host())
		return;
	METRIC_HIT(metric);
	ns = event_ends(THREAD_EVENT(metric), 0);
	if (ns < 0)
		return;
	count_for_current(metric, ns);
	if (is_slow(metric, ns))
		send_slow_call(metric, ns, 0, 0, 0);
}

/*
 * A call within another one is rare, and there is room in a row for one only; so is a
 * thread without a row. That the one before has not ended means that its end was not seen.
 */
static __always_inline void thread_call_begins(__u32 metric, __u64 argument)
{
	__u32 number;
	struct thread_row *row = row_of((__u32)bpf_get_current_pid_tgid(), &number);

	if (!row || (row->call != metric + 1 && is_in_call(row))) {
		event_begins_with(THREAD_EVENT(metric), 0, argument);
		return;
	}
	if (row->call == metric + 1)
		LOST(unmatched_events);
	row->call_argument = argument;
	row->call_ns = bpf_ktime_get_ns();
	WRITE_ONCE(row->call, metric + 1);
}

/* For how long it was under way, and what it was begun with; -1 if it had begun before the agent came, or is lost. */
static __always_inline __s64 thread_call_ends(struct thread_row *row, __u32 metric, __u64 *argument)
{
	if (!row || row->call != metric + 1)
		return event_ends_with(THREAD_EVENT(metric), 0, argument);
	WRITE_ONCE(row->call, 0);
	*argument = row->call_argument;
	return is_forgotten(row->call_ns) ? -1 : bpf_ktime_get_ns() - row->call_ns;
}

/* Attached to the entries of functions; the cookie is an enum call_cookie. */
SEC("usdt")
int call_begins(struct pt_regs *registers)
{
	__u64 cookie = bpf_get_attach_cookie(registers);
	__u32 metric = cookie & CALL_METRIC;

	if (!is_host())
		return 0;
	METRIC_HIT(metric);
	thread_call_begins(metric,
			   cookie & CALL_HAS_NAME ? PT_REGS_PARM1(registers) : descriptor_given(registers, cookie));
	return 0;
}

/* Likewise to their returns. */
SEC("usdt")
int call_ends(struct pt_regs *registers)
{
	__u64 cookie = bpf_get_attach_cookie(registers), argument = 0, name;
	__u32 metric = cookie & CALL_METRIC, descriptor;
	bool failed = cookie & CALL_CAN_FAIL && (int)PT_REGS_RC(registers) < 0;
	struct thread_row *row;
	__u32 row_number;
	__s64 ns;

	if (!is_host())
		return 0;
	METRIC_HIT(metric);
	row = row_of((__u32)bpf_get_current_pid_tgid(), &row_number);
	ns = thread_call_ends(row, metric, &argument);
	if (ns < 0)
		return 0;
	name = cookie & CALL_HAS_NAME ? argument : 0;
	descriptor = cookie & CALL_HAS_NAME ? 0 : argument;
	count_for(row, row_number, metric, ns);
	if (failed)
		count_for(row, row_number, metric + 1, ns);
	/* One that failed is sent once, as that, if failures are wanted. */
	if (failed && is_slow(metric + 1, ns))
		send_slow_call(metric + 1, ns, name, current_errno(), descriptor);
	else if (is_slow(metric, ns))
		send_slow_call(metric, ns, name, failed ? current_errno() : 0, descriptor);
	return 0;
}

SEC("tp_btf/block_io_start")
int BPF_PROG(block_io_start, struct request *request)
{
	METRIC_HIT(METRIC_BLOCK_READ);
	if (is_for_a_disk(request))
		request_starts(request, operation_of(request), current_user());
	return 0;
}

/* It has become a part of another, and no end of it will be seen. */
SEC("tp_btf/block_rq_merge")
int BPF_PROG(block_rq_merge, struct request *request)
{
	METRIC_HIT(METRIC_BLOCK_READ);
	request_is_merged(request);
	return 0;
}

/* Of the command to flush the kernel says only that it is sent, by a thread of its own. */
SEC("tp_btf/block_rq_issue")
int BPF_PROG(block_rq_issue, struct request *request)
{
	METRIC_HIT(METRIC_BLOCK_READ);
	if (is_flush_command(request))
		request_starts(request, DISK_FLUSH, DISK_USER_KERNEL);
	request_is_issued(request);
	return 0;
}

SEC("tp_btf/block_io_done")
int BPF_PROG(block_io_done, struct request *request)
{
	METRIC_HIT(METRIC_BLOCK_READ);
	request_is_done(request);
	return 0;
}

SEC("tp_btf/block_rq_complete")
int BPF_PROG(block_rq_complete, struct request *request)
{
	METRIC_HIT(METRIC_BLOCK_READ);
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
	if (sock->sk_protocol == IPPROTO_TCP) {
		METRIC_HIT(METRIC_TCP_CONNECT);
		tcp_state_changes(sock, before, now, is_host());
	}
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
