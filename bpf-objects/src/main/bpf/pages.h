/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_PAGES_H
#define BPFAGENT_PAGES_H

/*
 * Histogram pages. A thread's page for a state is its own and handed out on
 * first use; when none is left, the threads of a pool share one for each state,
 * and when those are used up too, all threads share the state's overflow page,
 * whose number is the state's.
 */
#include "rows.h"

/*
 * log2 of a power of two minus one, by de Bruijn's sequence. BPF has no
 * instruction that counts leading zeros, and branches over a duration's bits are
 * mispredicted.
 */
#define DE_BRUIJN 0x07c4acddu
static const volatile __u8 log2_of[32] = {
	/* clang-format off */
	0, 9, 1, 10, 13, 21, 2, 29, 11, 14, 16, 18, 22, 25, 3, 30,
	8, 12, 20, 28, 15, 17, 24, 7, 19, 27, 23, 6, 26, 5, 4, 31,
	/* clang-format on */
};

/* HdrHistogram's countsArrayIndex for the settings that records.h names. */
static __always_inline __u32 bucket_of(__u64 time_ns)
{
	__u64 value = time_ns >> BUCKET_UNIT_SHIFT;
	__u32 smeared, shift;

	if (value >> 35)
		return PAGE_BUCKETS - 1;
	/* shift = position of value's highest bit - 4, 0 for values below 32 */
	smeared = value >> 4;
	smeared |= smeared >> 1;
	smeared |= smeared >> 2;
	smeared |= smeared >> 4;
	smeared |= smeared >> 8;
	smeared |= smeared >> 16;
	shift = log2_of[smeared * DE_BRUIJN >> 27];
	return ((shift << 4) + (__u32)(value >> shift)) & (PAGE_BUCKETS - 1);
}

/* The pool's page for the state, made if there is none yet; 0 when no page is left. */
static __always_inline __u32 pool_page(struct pool_pages *shared, __u32 state)
{
	int page = READ_ONCE(shared->page[state]);

	if (page)
		return page;
	page = take(SUPPLY_SHARED_PAGES);
	if (page < 0)
		return 0;
	/* Another CPU may be here for the same pool: the second page is then never used. */
	__sync_val_compare_and_swap(&shared->page[state], 0, page);
	return READ_ONCE(shared->page[state]);
}

static __always_inline __u32 pool_of(__u32 row_number)
{
	struct thread_row *row = row_at(row_number);
	struct row_control *control = row ? control_of(row_number, row) : 0;

	return control ? READ_ONCE(control->pool) : 0;
}

__noinline int count_in_shared_page(__u32 row_number, __u32 state, __u64 time_ns)
{
	__u32 pool = pool_of(row_number), number, bucket = bucket_of(time_ns);
	struct pool_pages *shared = bpf_map_lookup_elem(&pool_pages, &pool);
	struct histogram_page *page;

	state &= STATES - 1;
	number = shared ? pool_page(shared, state) : 0;
	if (shared && number) {
		__sync_fetch_and_add(&shared->sum_ns[state], time_ns);
	} else {
		number = state;
		__sync_fetch_and_add(&globals.overflow_sum_ns[state], time_ns);
	}
	page = bpf_map_lookup_elem(&pages, &number);
	if (page && bucket < PAGE_BUCKETS)
		__sync_fetch_and_add(&page->buckets[bucket], 1);
	return 0;
}

__noinline __u32 first_page(void)
{
	int page = take(SUPPLY_PAGES);

	return page < 0 ? PAGE_SHARED : page;
}

static __always_inline void count_in_page(struct state_totals *totals, __u32 row_number,
					  __u32 state, __u64 time_ns, __u32 bucket)
{
	__u32 number = totals->page;
	struct histogram_page *page;

	if (number == PAGE_NONE) {
		if (!(settings.histogram_states >> state & 1))
			return;
		number = first_page();
		totals->page = number;
	}
	if (number == PAGE_SHARED) {
		count_in_shared_page(row_number, state, time_ns);
		return;
	}
	page = bpf_map_lookup_elem(&pages, &number);
	if (page)
		page->buckets[bucket & (PAGE_BUCKETS - 1)]++;
}

#endif
