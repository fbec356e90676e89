/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_TCP_H
#define BPFAGENT_TCP_H

/*
 * TCP connections of the host, from their begin to their end, with whom, and what
 * the kernel has counted of them. Nothing is done for a packet or a call: only
 * when a connection's state changes, and once for each snapshot.
 *
 * Which are the host's: those that its threads open; those that are accepted at a
 * port where it listens, which becomes known in an interrupt; those among its
 * files when the agent comes; and others when a thread of the host closes them.
 *
 * What is known of a connection is kept with its socket, and goes with it.
 */
#include "remotes.h"
#include "slow.h"

/* No socket takes longer from the event of its first state to that state. */
enum { CONNECT_BEGINS_NS = 1000000000 };

enum connection_kind {
	CONNECTION_NEW = 0,
	CONNECTION_OPENED = 1,
	CONNECTION_ACCEPTED = 2,
	CONNECTION_LISTENER = 3, /* none, but waits for some */
};

enum connection_phase {
	PHASE_CONNECTING = 0,
	PHASE_OPEN = 1,
	PHASE_OVER = 2,
};

struct connection {
	__u64 start_ns;       /* when the first SYN was sent */
	__u64 established_ns; /* 0: not seen */
	__u64 bytes_sent;     /* what has been counted for the remote so far ... */
	__u64 bytes_received;
	__u64 retransmits;
	__u32 delivered;  /* what the peer had acknowledged when the round trip was last looked at, packets */
	__u32 generation; /* of the row of the thread that opens it, later of the one that closes it ... */
	__u16 row;
	__u16 pages[2];   /* ... and that thread's pages, for two metrics; 0: not kept or none left */
	__u16 remote;
	__u16 port;       /* of a listener */
	__u8 kind;
	__u8 phase;
	__u8 closed_by_host; /* row, generation and pages are those of the thread that closes it */
	__u8 pad;
	__u16 context;    /* what the thread of row worked on ... */
	__u32 span;       /* ... and for which trace */
	__u32 pad2;
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct connection);
} connections SEC(".maps");

/* Where the host listens, and with how many sockets. */
struct listened_port {
	__u64 net; /* the network namespace's address */
	__u32 port;
	__u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct listened_port);
	__type(value, __u64);
} listened_ports SEC(".maps");

static __always_inline struct connection *connection_of(struct sock *sock)
{
	return bpf_sk_storage_get(&connections, sock, 0, 0);
}

/* As if it were seen for the first time; 0: no room. */
static __always_inline struct connection *new_connection(struct sock *sock, __u8 kind, __u8 phase)
{
	struct connection *connection = connection_of(sock);
	struct remote_key key = {};

	if (!connection) {
		if ((__s32)READ_ONCE(globals.connections) < MOST_CONNECTIONS)
			connection = bpf_sk_storage_get(&connections, sock, 0, BPF_SK_STORAGE_GET_F_CREATE);
		if (!connection) {
			LOST(connections_over_limit);
			return 0;
		}
		/* Set right when all are looked at. */
		__sync_fetch_and_add(&globals.connections, 1);
	}
	__builtin_memset(connection, 0, sizeof(*connection));
	connection->phase = phase;
	if (kind != CONNECTION_LISTENER) {
		remote_key_of(sock, kind == CONNECTION_ACCEPTED, &key);
		connection->remote = remote_number(&key);
	}
	connection->kind = kind;
	return connection;
}

static __always_inline void add_begun(struct connection *connection)
{
	struct remote *remote = remote_at(connection->remote);

	connection->established_ns = bpf_ktime_get_ns();
	connection->phase = PHASE_OPEN;
	if (remote)
		__sync_fetch_and_add(&remote->begun, 1);
}

/* A thread's own pages for two metrics. On that thread only. */
static __always_inline void take_pages(struct connection *connection, __u32 metric, __u32 other_metric)
{
	__u32 row_number;
	struct thread_row *row = row_of((__u32)bpf_get_current_pid_tgid(), &row_number);

	connection->pages[0] = 0;
	connection->pages[1] = 0;
	if (!row)
		return;
	connection->row = row_number;
	connection->generation = row->generation;
	connection->context = node_of(row_number);
	connection->span = span_of(row_number);
	if (is_metric_kept(metric))
		connection->pages[0] = metric_page(row_number, metric);
	if (is_metric_kept(other_metric))
		connection->pages[1] = metric_page(row_number, other_metric);
}

/* Counts it for the thread whose pages were taken. */
static __always_inline void count_for_taken(struct connection *connection, bool second, __u32 metric, __u64 ns)
{
	__u32 page = second ? connection->pages[1] : connection->pages[0];

	if (!is_metric_kept(metric))
		return;
	if (!has_its_pages(connection->row, connection->generation))
		page = 0;
	count_in_metric_page(page, metric, ns);
}

static __always_inline void connect_begins(struct sock *sock)
{
	struct connection *connection = new_connection(sock, CONNECTION_OPENED, PHASE_CONNECTING);

	if (!connection)
		return;
	connection->start_ns = bpf_ktime_get_ns();
	/* Both, and here on the thread itself: its end comes on any CPU. */
	take_pages(connection, METRIC_TCP_CONNECT, METRIC_TCP_CONNECT_FAILED);
}

static __noinline int send_slow_connect(struct sock *sock, __u32 metric, struct connection *connection, __u64 now)
{
	struct slow_record *record;

	if (!connection)
		return 0;
	record = new_slow(metric, connection->row, connection->start_ns, now);
	if (!record)
		return 0;
	name_row(record, connection->row, connection->generation);
	record->context = connection->context;
	record->span = connection->span;
	describe_socket(record, sock);
	submit(record);
	return 0;
}

static __always_inline void connect_ends(struct sock *sock, struct connection *connection, bool established)
{
	__u32 metric = established ? METRIC_TCP_CONNECT : METRIC_TCP_CONNECT_FAILED;
	__u64 now = bpf_ktime_get_ns(), ns = now - connection->start_ns;

	if (connection->kind != CONNECTION_OPENED || connection->phase != PHASE_CONNECTING)
		return;
	if (established)
		add_begun(connection);
	count_for_taken(connection, !established, metric, ns);
	if (is_slow(metric, ns))
		send_slow_connect(sock, metric, connection, now);
}

static __always_inline bool is_listened(struct sock *sock)
{
	struct listened_port key = {
		.net = (__u64)sock->__sk_common.skc_net.net,
		.port = sock->__sk_common.skc_num,
	};
	__u64 *sockets = bpf_map_lookup_elem(&listened_ports, &key);

	return sockets && *sockets;
}

static __always_inline void listen_begins(struct sock *sock)
{
	struct listened_port key = {
		.net = (__u64)sock->__sk_common.skc_net.net,
		.port = sock->__sk_common.skc_num,
	};
	struct connection *listener = connection_of(sock);
	__u64 one = 1, *sockets;

	/* Seen already: its begin came while the files were looked at. */
	if (listener && listener->kind == CONNECTION_LISTENER && listener->port)
		return;
	listener = new_connection(sock, CONNECTION_LISTENER, PHASE_OPEN);
	if (!listener)
		return;
	if (bpf_map_update_elem(&listened_ports, &key, &one, BPF_NOEXIST)) {
		sockets = bpf_map_lookup_elem(&listened_ports, &key);
		if (!sockets) {
			LOST(connections_over_limit);
			return;
		}
		__sync_fetch_and_add(sockets, 1);
	}
	listener->port = key.port;
}

/* By now the socket may have lost its port. */
static __always_inline void listen_ends(struct sock *sock, struct connection *listener)
{
	struct listened_port key = {
		.net = (__u64)sock->__sk_common.skc_net.net,
		.port = listener->port,
	};
	__u64 *sockets = bpf_map_lookup_elem(&listened_ports, &key);

	listener->phase = PHASE_OVER;
	listener->port = 0;
	if (sockets && __sync_fetch_and_sub(sockets, 1) == 1)
		bpf_map_delete_elem(&listened_ports, &key);
}

/* Of a number that only grows, adds what has not been counted. Another CPU may be about to do the same. */
static __always_inline void add_new(__u64 *total, __u64 *counted, __u64 now, bool last)
{
	__u64 before = READ_ONCE(*counted);

	if (last)
		before = __sync_lock_test_and_set(counted, now);
	else if ((__s64)(now - before) <= 0 || __sync_val_compare_and_swap(counted, before, now) != before)
		return;
	if (now != before)
		__sync_fetch_and_add(total, now - before);
}

/* Bytes are those of the two programs, each once: no headers, SYN, FIN, and nothing that was sent again. */
static __always_inline __u64 bytes_sent(struct tcp_sock *tcp)
{
	return tcp->bytes_sent - tcp->bytes_retrans;
}

/* The kernel counts the peer's FIN as a byte. */
static __always_inline __u64 bytes_received(struct sock *sock, struct tcp_sock *tcp)
{
	__u64 received = tcp->bytes_received;

	return received && sock->__sk_common.skc_flags >> SOCK_DONE & 1 ? received - 1 : received;
}

static __always_inline void count_traffic(struct sock *sock, struct tcp_sock *tcp, struct connection *connection,
					  struct remote *remote, bool last)
{
	add_new(&remote->bytes_sent, &connection->bytes_sent, bytes_sent(tcp), last);
	add_new(&remote->bytes_received, &connection->bytes_received, bytes_received(sock, tcp), last);
	add_new(&remote->retransmits, &connection->retransmits, tcp->total_retrans, last);
}

/* The smoothed round trip, if the peer has acknowledged something since it was last looked at; else 0. */
static __always_inline __u64 new_rtt(struct tcp_sock *tcp, struct connection *connection)
{
	__u32 delivered = tcp->delivered;

	if (delivered == connection->delivered)
		return 0;
	connection->delivered = delivered;
	return (__u64)tcp->srtt_us * (1000 / 8);
}

/* A connection that the agent has not seen begin. */
static __always_inline struct connection *find_connection(struct sock *sock)
{
	__u8 origin = is_listened(sock) ? CONNECTION_ACCEPTED : CONNECTION_OPENED;
	struct connection *connection = new_connection(sock, origin, PHASE_OPEN);
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sock);
	struct remote *remote;

	if (!connection || !tcp)
		return 0;
	remote = remote_at(connection->remote);
	if (!remote)
		return 0;
	__sync_fetch_and_add(&remote->found, 1);
	/* What it did before is not counted. */
	connection->bytes_sent = bytes_sent(tcp);
	connection->bytes_received = bytes_received(sock, tcp);
	connection->retransmits = tcp->total_retrans;
	connection->delivered = tcp->delivered;
	return connection;
}

/* A thread of the host closes it, or its own direction. */
static __always_inline void host_closes(struct sock *sock)
{
	struct connection *connection = connection_of(sock) ?: find_connection(sock);

	if (!connection || connection->closed_by_host)
		return;
	take_pages(connection, METRIC_TCP_LIFE, METRIC_TCP_RTT);
	connection->closed_by_host = 1;
}

/* The last packets come somewhat later than the call, when the thread may have ended: then it is nobody's. */
static __always_inline void count_end(struct connection *connection, bool second, __u32 metric, __u64 value)
{
	if (connection->closed_by_host && has_its_pages(connection->row, connection->generation))
		count_for_taken(connection, second, metric, value);
	else
		count_for_process(metric, value);
}

static __always_inline void connection_ends(struct sock *sock, struct connection *connection)
{
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sock);
	struct remote *remote = remote_at(connection->remote);
	bool was_open = connection->phase == PHASE_OPEN;
	__u64 rtt_ns, life_ns;

	if (connection->phase == PHASE_OVER || !tcp || !remote)
		return;
	connection->phase = PHASE_OVER;
	__sync_fetch_and_sub(&globals.connections, 1);
	count_traffic(sock, tcp, connection, remote, true);
	if (!was_open) {
		__sync_fetch_and_add(&remote->failed, 1);
		return;
	}
	__sync_fetch_and_add(&remote->closed, 1);
	rtt_ns = new_rtt(tcp, connection);
	if (rtt_ns) {
		add_rtt(remote, rtt_ns);
		count_end(connection, true, METRIC_TCP_RTT, rtt_ns);
	}
	if (connection->established_ns) {
		life_ns = bpf_ktime_get_ns() - connection->established_ns;
		add_life(remote, life_ns);
		count_end(connection, false, METRIC_TCP_LIFE, life_ns);
	}
}

/* A listening socket's child has become a connection, in an interrupt. */
static __always_inline void connection_arrives(struct sock *sock)
{
	struct connection *connection = connection_of(sock);

	if (connection) {
		/* No child: both have opened it at the same moment. */
		connect_ends(sock, connection, true);
	} else if (is_listened(sock)) {
		connection = new_connection(sock, CONNECTION_ACCEPTED, PHASE_OPEN);
		if (connection)
			add_begun(connection);
	}
}

/* Closed by whom: the network says so first in sk_err. */
static __always_inline bool is_closed_by_current(struct sock *sock, int before)
{
	return (before == TCP_ESTABLISHED || before == TCP_CLOSE_WAIT) && !sock->sk_err;
}

static __always_inline void socket_closes(struct sock *sock, int before, bool by_host)
{
	struct connection *connection;

	if (by_host && is_closed_by_current(sock, before))
		host_closes(sock);
	connection = connection_of(sock);
	if (!connection)
		return;
	if (connection->kind == CONNECTION_LISTENER) {
		listen_ends(sock, connection);
		return;
	}
	connect_ends(sock, connection, false);
	connection_ends(sock, connection);
}

static __always_inline void tcp_state_changes(struct sock *sock, int before, int now, bool by_host)
{
	struct connection *connection;

	switch (now) {
	case TCP_SYN_SENT:
		if (by_host)
			connect_begins(sock);
		break;
	case TCP_LISTEN:
		if (by_host)
			listen_begins(sock);
		break;
	case TCP_ESTABLISHED:
		if (before == TCP_SYN_RECV) {
			connection_arrives(sock);
		} else {
			connection = connection_of(sock);
			if (connection)
				connect_ends(sock, connection, true);
		}
		break;
	case TCP_FIN_WAIT1:
	case TCP_LAST_ACK:
		/* Only calls do that, no packets. */
		if (by_host)
			host_closes(sock);
		break;
	case TCP_CLOSE:
		socket_closes(sock, before, by_host);
		break;
	}
}

/*
 * The event of a socket's first state comes before the socket is in it: one that is closed may just begin. If it
 * is so for long, its end was not seen, as that of all others that are closed.
 */
static __always_inline bool is_about_to_connect(struct connection *connection)
{
	__u64 start_ns;

	if (READ_ONCE(connection->phase) != PHASE_CONNECTING)
		return false;
	start_ns = READ_ONCE(connection->start_ns);
	return !start_ns || bpf_ktime_get_ns() - start_ns < CONNECT_BEGINS_NS;
}

/* Once for each snapshot. */
static __always_inline void look_at_connection(struct sock *sock)
{
	struct connection *connection = connection_of(sock);
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sock);
	struct remote *remote;
	__u64 rtt_ns;

	if (!connection || !tcp || connection->kind == CONNECTION_NEW)
		return;
	globals.counted_connections++;
	if (connection->kind == CONNECTION_LISTENER || connection->phase == PHASE_OVER)
		return;
	remote = remote_at(connection->remote);
	if (!remote)
		return;
	if (sock->__sk_common.skc_state == TCP_CLOSE) {
		if (!is_about_to_connect(connection))
			connection_ends(sock, connection);
		return;
	}
	count_traffic(sock, tcp, connection, remote, false);
	if (connection->phase != PHASE_OPEN)
		return;
	remote->counting++;
	rtt_ns = new_rtt(tcp, connection);
	if (rtt_ns) {
		add_rtt(remote, rtt_ns);
		count_for_process(METRIC_TCP_RTT, rtt_ns);
	}
}

static __always_inline void connections_are_looked_at(void)
{
	WRITE_ONCE(globals.connections, globals.counted_connections);
	globals.counted_connections = 0;
	publish_open();
}

/* One of the host's files, when the agent comes. */
static __always_inline void look_at_file(struct bpf_iter__task_file *at, bool listeners)
{
	struct task_struct *task = at->task;
	struct file *file = at->file;
	struct socket *socket;
	struct sock *sock;
	__u8 state;

	if (!task || !file || !is_of_host(task))
		return;
	socket = bpf_sock_from_file(file);
	if (!socket)
		return;
	sock = socket->sk;
	if (!sock || !bpf_skc_to_tcp_sock(sock))
		return;
	state = sock->__sk_common.skc_state;
	if (listeners && state == TCP_LISTEN)
		listen_begins(sock);
	if (!listeners && (state == TCP_ESTABLISHED || state == TCP_CLOSE_WAIT) && !connection_of(sock))
		find_connection(sock);
}

#endif
