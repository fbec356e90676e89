/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_REMOTES_H
#define BPFAGENT_REMOTES_H

/*
 * With whom the host has connections: a table in two halves, so that a server's
 * many clients never take the places of those that it calls itself. The first
 * place of each half is everybody's for whom there was no other. An entry stays.
 */
#include "meters.h"

#define REMOTES_OF_A_KIND (REMOTES / 2)

/* ::ffff:0:0/96 (RFC 4291), the second half of it, in memory's order. */
#define MAPPED_PREFIX 0xffff0000ULL

struct remote_key {
	__u64 address[2]; /* as IPv6 has it; of IPv4 the mapped one */
	__u16 port;       /* 0: any */
	__u8 incoming;
	__u8 pad[5];
};

static __always_inline struct remote *remote_at(__u32 number)
{
	return bpf_map_lookup_elem(&remotes, &number);
}

/* Where a connection of this socket goes to, or comes from. */
static __always_inline void remote_key_of(struct sock *sock, bool incoming, struct remote_key *key)
{
	key->incoming = incoming;
	/* That of a client is another one each time. */
	key->port = incoming ? 0 : bpf_ntohs(sock->__sk_common.skc_dport);
	if (sock->__sk_common.skc_family == AF_INET6 && bpf_core_field_exists(sock->__sk_common.skc_v6_daddr)) {
		bpf_probe_read_kernel(key->address, sizeof(key->address), &sock->__sk_common.skc_v6_daddr);
		return;
	}
	key->address[0] = 0;
	key->address[1] = (__u64)sock->__sk_common.skc_daddr << 32 | MAPPED_PREFIX;
}

static __always_inline __u64 mixed(__u64 value)
{
	value *= 0x9e3779b97f4a7c15ULL;
	return value ^ value >> 29;
}

/* Tells the keys apart; never 0. That two of a table have the same one will not happen. */
static __always_inline __u64 tag_of(struct remote_key *key)
{
	__u64 tag = mixed(key->address[0] + 1);

	tag = mixed(tag ^ key->address[1]);
	tag = mixed(tag ^ ((__u64)key->port << 1 | key->incoming));
	return tag ?: 1;
}

/* The remote's number, entered if it is new. */
__noinline __u32 remote_number(struct remote_key *key)
{
	__u32 base;
	__u64 tag;

	if (!key)
		return 0;
	base = key->incoming ? 0 : REMOTES_OF_A_KIND;
	tag = tag_of(key);
	for (__u32 i = 0; i < REMOTES_OF_A_KIND - 1; i++) {
		__u32 number = base + 1 + ((tag >> 32) + i) % (REMOTES_OF_A_KIND - 1);
		struct remote *remote = remote_at(number);
		__u64 before;

		if (!remote)
			return base;
		before = remote->tag ?: __sync_val_compare_and_swap(&remote->tag, 0, tag);
		if (before == tag)
			return number;
		if (before)
			continue;
		__builtin_memcpy(remote->address, key->address, sizeof(remote->address));
		remote->port = key->port;
		remote->incoming = key->incoming;
		order_stores(remote->entered);
		WRITE_ONCE(remote->entered, 1);
		return number;
	}
	LOST(remotes_over_limit);
	return base;
}

static __always_inline void lower(__u64 *least, __u64 value)
{
	for (int i = 0; i < 8; i++) {
		__u64 now = READ_ONCE(*least);

		if ((now && now <= value) || __sync_val_compare_and_swap(least, now, value) == now)
			return;
	}
}

static __always_inline void add_rtt(struct remote *remote, __u64 ns)
{
	__sync_fetch_and_add(&remote->rtt_count, 1);
	__sync_fetch_and_add(&remote->rtt_sum_ns, ns);
	WRITE_ONCE(remote->rtt_last_ns, ns);
	lower(&remote->rtt_min_ns, ns);
	raise(&remote->rtt_max_ns, ns);
}

static __always_inline void add_life(struct remote *remote, __u64 ns)
{
	__sync_fetch_and_add(&remote->lives, 1);
	__sync_fetch_and_add(&remote->life_sum_ns, ns);
	raise(&remote->life_max_ns, ns);
}

/* When all connections have been looked at: how many of each remote were open. */
static __always_inline void publish_open(void)
{
	for (__u32 number = 0; number < REMOTES; number++) {
		struct remote *remote = remote_at(number);

		if (!remote)
			return;
		WRITE_ONCE(remote->open, remote->counting);
		remote->counting = 0;
	}
}

#endif
