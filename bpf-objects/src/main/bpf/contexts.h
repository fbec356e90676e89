/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_CONTEXTS_H
#define BPFAGENT_CONTEXTS_H

/*
 * Whose a stay is, of the contexts: added up by node. Off its CPU a thread cannot
 * change its node, so a stay there is of one node. A stay on a CPU is divided by
 * what the thread noted in its slot when it changed its node; whatever that was,
 * the parts add up to the stay. What a thread does in no context is not added up:
 * it is what is left.
 *
 * Assumptions: interrupts are off, so that each CPU has its stripe of the sums to
 * itself, unless there are more CPUs than stripes. What stands in a slot may be
 * anything, for the host can write it.
 */
#include "meters.h"

/* The node's page for a state that all CPUs share; PAGE_SHARED when none is left. */
static __always_inline __u32 shared_context_page(__u32 node, __u32 state)
{
	struct context_pages *of = bpf_map_lookup_elem(&context_pages, &node);
	__u32 page, before;
	int taken;

	if (!of)
		return PAGE_SHARED;
	page = READ_ONCE(of->page[state]);
	if (page != PAGE_NONE)
		return page;
	taken = take_spare_page();
	page = taken < 0 ? PAGE_SHARED : taken;
	/* Another CPU may be here for the same node: the second page is then never used. */
	before = __sync_val_compare_and_swap(&of->page[state], PAGE_NONE, page);
	return before == PAGE_NONE ? page : before;
}

/* Whether so many pages are left that contexts may have one for each CPU. */
static __always_inline bool has_many_pages(void)
{
	__u32 kind = SUPPLY_PAGES;
	struct supply *supply = bpf_map_lookup_elem(&supplies, &kind);

	return supply && load_acquire(&supply->tail) - READ_ONCE(supply->head) > 2 * settings.state_pages;
}

/* Counts in what is no page of this CPU's own: finds one if there is none yet. */
__noinline int count_in_other_page(__u32 number, __u32 state, __u32 bucket)
{
	struct context_total *total = bpf_map_lookup_elem(&context_totals, &number);
	struct histogram_page *page;
	struct state_totals *totals;
	__u32 found;
	int taken;

	state &= STATES - 1;
	if (!total)
		return 0;
	totals = &total->states[state];
	if (totals->page == PAGE_NONE) {
		if (!(settings.histogram_states >> state & 1))
			return 0;
		taken = !settings.context_atomic && has_many_pages() ? take_spare_page() : -1;
		totals->pad = taken < 0 ? CONTEXT_PAGE_SHARED : CONTEXT_PAGE_OWN;
		totals->page = taken < 0 ? shared_context_page(number % CONTEXT_NODES, state) : taken;
	}
	found = totals->page;
	page = found == PAGE_SHARED ? 0 : bpf_map_lookup_elem(&pages, &found);
	bucket &= PAGE_BUCKETS - 1;
	if (page)
		__sync_fetch_and_add(&page->buckets[bucket], 1);
	else
		LOST(context_stays_without_page);
	return 0;
}

/* Adds a stay, or a part of one, to a node. */
static __always_inline void count_for_node(__u32 node, __u32 state, __u64 time_ns, __u32 bucket)
{
	__u32 stripe = bpf_get_smp_processor_id() & (settings.context_stripes - 1);
	__u32 number = stripe * CONTEXT_NODES + node, own;
	struct context_total *total;
	struct histogram_page *page;
	struct state_totals *totals;

	if (node >= CONTEXT_NODES)
		return;
	total = bpf_map_lookup_elem(&context_totals, &number);
	if (!total)
		return;
	totals = &total->states[state & (STATES - 1)];
	if (settings.context_atomic) {
		__sync_fetch_and_add(&totals->time_ns, time_ns);
		__sync_fetch_and_add(&totals->count, 1);
		raise(&totals->max_ns, time_ns);
		count_in_other_page(number, state, bucket);
		return;
	}
	totals->time_ns += time_ns;
	totals->count++;
	if (time_ns > totals->max_ns)
		totals->max_ns = time_ns;
	/* The page and, above it, how it is used: more than PAGE_SHARED is one that is shared. */
	own = READ_ONCE(*(__u32 *)&totals->page);
	if (own - 1 >= PAGE_SHARED - 1) {
		count_in_other_page(number, state, bucket);
		return;
	}
	page = bpf_map_lookup_elem(&pages, &own);
	if (page)
		page->buckets[bucket & (PAGE_BUCKETS - 1)]++;
}

/* A carrier was blocked, and with it the virtual thread that runs on it: node 0, which is no context's, is that. */
__noinline int count_pinned(__u32 state, __u64 time_ns, __u32 bucket)
{
	count_for_node(0, state, time_ns, bucket);
	return 0;
}

/* Gives a part of a stay on a CPU to a node; what is left of it then. */
__noinline __u64 give_to_node(__u32 node, __u64 ns, __u64 left)
{
	if (ns > left)
		ns = left;
	if (node && ns)
		count_for_node(node, STATE_RUNNING, ns, bucket_of(ns));
	return left - ns;
}

/* The same of a piece, with its share of what was skipped, and of piece 0 if that is the same node's. */
__noinline __u64 give_piece(__u32 row_number, __u32 i, __u64 ratio, __u64 left)
{
	struct context_slot *slot = bpf_map_lookup_elem(&context_slots, &row_number);
	__u64 ns;

	if (!slot || i >= CONTEXT_PIECES || slot->piece_node[i] == slot->node)
		return left;
	ns = slot->piece_ns[i];
	ns += ns * ratio >> 16;
	if (slot->piece_node[i] == slot->piece_node[0]) {
		ns += slot->piece_ns[0];
		slot->piece_ns[0] = 0;
	}
	return give_to_node(slot->piece_node[i], ns, left);
}

/*
 * Divides a stay on a CPU, which took time_ns until now. What changes of node went
 * by without a clock is divided as the pieces are; the node that the thread is in
 * gets what is left by the others.
 */
__noinline int divide_stay(__u32 row_number, __u64 time_ns, __u64 now)
{
	struct context_slot *slot = bpf_map_lookup_elem(&context_slots, &row_number);
	__u64 until = now + globals.clock_offset_ns, first_ns, rest_ns, skipped_ns, guessed_ns;
	__u64 sum = 0, ratio = 0, left = time_ns;
	__u32 log, pieces;

	if (!slot)
		return 0;
	log = slot->log;
	pieces = slot->stay_seen == slot->stay ? log & CONTEXT_PIECES_MASK : 0;
	slot->log = log & CONTEXT_MOUNTED;
	slot->stay++;
	rest_ns = until - slot->last_ns;
	/* The clocks are a little apart, and a slot may have anything in it. */
	if ((__s64)rest_ns < 0)
		rest_ns = 0;
	if (rest_ns > time_ns || !pieces)
		rest_ns = time_ns;
	skipped_ns = pieces ? slot->skipped_ns : 0;
	guessed_ns = pieces ? slot->guessed_ns : 0;
	/* Without pieces of this stay the log is what an interrupted change has put back. */
	if (pieces && log & CONTEXT_UNSPLIT) {
		__u64 most = (CONTEXT_SKIPPED + 1 - ((log & CONTEXT_SKIP_MASK) / CONTEXT_SKIP)) *
			     CONTEXT_CLOCK_EVERY_NS;

		/* So few changes do not take longer: one was long, and that is taken to be the last. */
		if ((__s64)most < 0)
			most = 0;
		skipped_ns += rest_ns < most ? rest_ns : most;
		guessed_ns += rest_ns < most ? 0 : rest_ns - most;
	}
	if (skipped_ns > time_ns)
		skipped_ns = time_ns;
	if (guessed_ns > time_ns - skipped_ns)
		guessed_ns = time_ns - skipped_ns;
	if (skipped_ns || guessed_ns) {
		LOST(unsplit_contexts);
		__sync_fetch_and_add(&globals.losses.unsplit_context_ns, skipped_ns + guessed_ns);
	}
	if (pieces) {
		first_ns = slot->piece_ns[0] - (until - time_ns);
		/* It was off its CPU between its look at the clock and its note: that time stands in the next piece. */
		if ((__s64)first_ns < 0) {
			slot->piece_ns[1] -= slot->piece_ns[1] < -first_ns ? slot->piece_ns[1] : -first_ns;
			first_ns = 0;
		}
		slot->piece_ns[0] = first_ns;
		if (skipped_ns) {
			for (__u32 i = 1; i < CONTEXT_PIECES && i < pieces; i++)
				sum += slot->piece_ns[i];
			/* In 65,536ths: what there is less than that of goes to the last. */
			if (sum && skipped_ns < 1ull << 47)
				ratio = (skipped_ns << 16) / sum;
		}
		for (__u32 i = 1; i < CONTEXT_PIECES && i < pieces; i++)
			left = give_piece(row_number, i, ratio, left);
		if (slot->piece_node[0] != slot->node)
			left = give_to_node(slot->piece_node[0], slot->piece_ns[0], left);
	}
	if (slot->node && left)
		count_for_node(slot->node, STATE_RUNNING, left, bucket_of(left));
	return 0;
}

/* Whether a stay has one or two pieces, and all of its changes read the clock: most of those that are divided. */
static __always_inline bool has_two_pieces(struct context_slot *slot, __u32 log)
{
	return !(log & CONTEXT_UNSPLIT) && (log & CONTEXT_PIECES_MASK) - 1 < 2 && slot->stay_seen == slot->stay &&
	       !(slot->skipped_ns | slot->guessed_ns);
}

/* Divides such a stay: what is left for the node that the thread is in. */
static __always_inline __u64 divide_in_two(struct context_slot *slot, __u32 log, __u64 time_ns, __u64 now)
{
	__u32 first = slot->piece_node[0], second = slot->piece_node[1], node = slot->node;
	__u64 first_ns = slot->piece_ns[0] - (now + globals.clock_offset_ns - time_ns), second_ns = 0, left = time_ns;

	if ((log & CONTEXT_PIECES_MASK) == 2)
		second_ns = slot->piece_ns[1];
	else
		second = first;
	slot->log = log & CONTEXT_MOUNTED;
	slot->stay++;
	/* As in divide_stay. */
	if ((__s64)first_ns < 0) {
		second_ns -= second_ns < -first_ns ? second_ns : -first_ns;
		first_ns = 0;
	}
	if (first == second) {
		second_ns += first_ns;
		first = node;
	}
	if (second != node)
		left = give_to_node(second, second_ns, left);
	if (first != node)
		left = give_to_node(first, first_ns, left);
	return left;
}

/*
 * A stay has ended now. What the thread works on is looked up where it leaves its
 * CPU, where the slot is in the cache; until it comes back it stands in the row.
 */
static __always_inline void count_in_context(struct thread_row *row, __u32 row_number, __u32 state,
					     __u64 time_ns, __u32 bucket, __u64 now)
{
	__u32 node;

	if (!settings.contexts)
		return;
	node = row->node;
	if (state == STATE_RUNNING) {
		struct context_slot *slot = slot_of(row_number);
		__u32 log = slot ? READ_ONCE(slot->log) : 0;
		__u32 current_node = slot ? READ_ONCE(slot->node) : 0;

		if (node != current_node)
			row->node = current_node;
		node = current_node;
		row->mounted = log & CONTEXT_MOUNTED ? 1 : 0;
		if (slot && log & ~CONTEXT_MOUNTED) {
			if (!has_two_pieces(slot, log)) {
				divide_stay(row_number, time_ns, now);
				return;
			}
			time_ns = divide_in_two(slot, log, time_ns, now);
			if (!time_ns)
				return;
			bucket = bucket_of(time_ns);
		}
	}
	if (node)
		count_for_node(node, state, time_ns, bucket);
	if (row->mounted && state >= STATE_BLOCKED_MONITOR)
		count_pinned(state, time_ns, bucket);
}

/*
 * A stay on a CPU has ended of which nobody saw the begin: it was counted as what was
 * before it. What the thread noted in it is no other's, and it may be in another node.
 */
static __always_inline void end_unseen_stay(struct thread_row *row, __u32 row_number)
{
	struct context_slot *slot = slot_of(row_number);

	if (!slot)
		return;
	row->node = READ_ONCE(slot->node);
	row->mounted = READ_ONCE(slot->log) & CONTEXT_MOUNTED ? 1 : 0;
	if (slot->log & ~CONTEXT_MOUNTED) {
		slot->log &= CONTEXT_MOUNTED;
		slot->stay++;
	}
}

#endif
