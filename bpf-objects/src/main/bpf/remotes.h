/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_REMOTES_H
#define BPFAGENT_REMOTES_H

/*
 * With whom the host has connections: a table in two halves, so that a server's
 * many clients never take the places of those that it calls itself. The first
 * place of each half is everybody's for whom there was no other. When a half is
 * filling, those without a connection for long are put among these.
 */
#include "meters.h"

#define REMOTES_OF_A_KIND (REMOTES / 2)
/* Places of a half in use, three quarters: those are not forgotten that nobody needs to make room for. */
#define FILLING 48
#define QUIET_NS 600000000000ULL /* longer than any connection is being opened */
#define TAG_LEAVING 1 /* in place of an entry's tag: it is found no more, and is free after the next look at all */

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

/* Tells the keys apart; never 0 or TAG_LEAVING. That two of a table have the same one will not happen. */
static __always_inline __u64 tag_of(struct remote_key *key)
{
	__u64 tag = mixed(key->address[0] + 1);

	tag = mixed(tag ^ key->address[1]);
	tag = mixed(tag ^ ((__u64)key->port << 1 | key->incoming));
	return tag > TAG_LEAVING ? tag : 2;
}

/* So that it is not forgotten just now; whether it is still there. The order of the two is why. */
static __always_inline bool is_kept(struct remote *remote, __u64 tag)
{
	__sync_lock_test_and_set(&remote->quiet_ns, bpf_ktime_get_ns());
	return READ_ONCE(remote->tag) == tag;
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
	/* First all places: one before its own may have become free. */
	for (__u32 i = 0; i < REMOTES_OF_A_KIND - 1; i++) {
		__u32 number = base + 1 + ((tag >> 32) + i) % (REMOTES_OF_A_KIND - 1);
		struct remote *remote = remote_at(number);

		if (remote && READ_ONCE(remote->tag) == tag && is_kept(remote, tag))
			return number;
	}
	for (__u32 i = 0; i < REMOTES_OF_A_KIND - 1; i++) {
		__u32 number = base + 1 + ((tag >> 32) + i) % (REMOTES_OF_A_KIND - 1);
		struct remote *remote = remote_at(number);
		__u64 before;

		if (!remote)
			return base;
		before = remote->tag ?: __sync_val_compare_and_swap(&remote->tag, 0, tag);
		if (before == tag && is_kept(remote, tag))
			return number;
		if (before)
			continue;
		remote->quiet_ns = bpf_ktime_get_ns();
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

static __always_inline void add(__u64 *total, __u64 value)
{
	if (value)
		__sync_fetch_and_add(total, value);
}

/* Puts its numbers among those of all others, and makes its place free. */
__noinline int forget_remote(__u32 number)
{
	struct remote *remote = remote_at(number);
	struct remote *others = remote_at(number < REMOTES_OF_A_KIND ? 0 : REMOTES_OF_A_KIND);

	if (!remote || !others)
		return 0;
	WRITE_ONCE(remote->entered, 0);
	add(&others->begun, remote->begun);
	add(&others->found, remote->found);
	add(&others->closed, remote->closed);
	add(&others->failed, remote->failed);
	add(&others->retransmits, remote->retransmits);
	add(&others->resets_received, remote->resets_received);
	add(&others->resets_sent, remote->resets_sent);
	add(&others->bytes_sent, remote->bytes_sent);
	add(&others->bytes_received, remote->bytes_received);
	add(&others->rtt_count, remote->rtt_count);
	add(&others->rtt_sum_ns, remote->rtt_sum_ns);
	if (remote->rtt_min_ns)
		lower(&others->rtt_min_ns, remote->rtt_min_ns);
	raise(&others->rtt_max_ns, remote->rtt_max_ns);
	if (!others->rtt_last_ns)
		others->rtt_last_ns = remote->rtt_last_ns;
	add(&others->lives, remote->lives);
	add(&others->life_sum_ns, remote->life_sum_ns);
	raise(&others->life_max_ns, remote->life_max_ns);
	add(&others->forgotten, 1);
	/* All but the tag, which stands first. */
	__builtin_memset((void *)remote + sizeof(remote->tag), 0, sizeof(*remote) - sizeof(remote->tag));
	order_stores(others->tag);
	WRITE_ONCE(remote->tag, 0);
	return 0;
}

static __always_inline __u64 tag_of_remote(struct remote *remote)
{
	struct remote_key key = {
		.port = remote->port,
		.incoming = remote->incoming,
	};

	__builtin_memcpy(key.address, remote->address, sizeof(key.address));
	return tag_of(&key);
}

/* Whether another place has the tag: while this one was leaving, its remote was entered anew. */
static __always_inline bool is_elsewhere(__u32 number, __u64 tag)
{
	__u32 base = number < REMOTES_OF_A_KIND ? 0 : REMOTES_OF_A_KIND;

	for (__u32 i = 1; i < REMOTES_OF_A_KIND; i++) {
		struct remote *other = remote_at(base + i);

		if (other && READ_ONCE(other->tag) == tag)
			return true;
	}
	return false;
}

/* In two looks, so that who has just found it is seen by the second one. */
__noinline int remote_is_looked_at(__u32 number)
{
	struct remote *remote = remote_at(number);
	struct remote *others = remote_at(number < REMOTES_OF_A_KIND ? 0 : REMOTES_OF_A_KIND);
	__u64 activity, tag, own, now = bpf_ktime_get_ns();

	if (!remote || !others)
		return 0;
	WRITE_ONCE(remote->open, remote->counting);
	remote->counting = 0;
	if (remote == others || !remote->entered)
		return 0;
	others->counted_places++;
	tag = READ_ONCE(remote->tag);
	activity = remote->begun + remote->found + remote->failed + remote->closed;
	if (remote->open || activity != remote->activity) {
		remote->activity = activity;
		remote->quiet_ns = now;
	}
	if ((__s64)(now - READ_ONCE(remote->quiet_ns)) < (__s64)QUIET_NS) {
		/* Of two places one would be found by nobody: it goes on leaving, with what its connections do. */
		own = tag == TAG_LEAVING ? tag_of_remote(remote) : tag;
		if (own != tag && !is_elsewhere(number, own))
			WRITE_ONCE(remote->tag, own);
	} else if (tag == TAG_LEAVING) {
		forget_remote(number);
	} else if (others->places >= FILLING) {
		__sync_val_compare_and_swap(&remote->tag, tag, TAG_LEAVING);
	}
	return 0;
}

static __always_inline void begin_places(__u32 base)
{
	struct remote *others = remote_at(base);

	if (others) {
		others->places = others->counted_places;
		others->counted_places = 0;
	}
}

/* When all connections have been looked at: how many of each remote were open, and who is to be forgotten. */
static __always_inline void publish_open(void)
{
	begin_places(0);
	begin_places(REMOTES_OF_A_KIND);
	for (__u32 number = 0; number < REMOTES; number++)
		remote_is_looked_at(number);
}

#endif
