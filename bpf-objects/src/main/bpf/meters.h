/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_METERS_H
#define BPFAGENT_METERS_H

/*
 * What threads do, counted for each thread: a page for every metric that a
 * thread has had, handed out on first use. When few are left, which are for
 * states, the metric's own page is used, which is the process's.
 *
 * Unlike states, an event of a thread may end on another CPU, in an interrupt:
 * so everything is added atomically, and sum and buckets are not of one moment.
 */
#include "events.h"

static __always_inline bool is_metric_kept(__u32 metric)
{
	return settings.thread_metrics >> (metric & 31) & 1;
}

/* The row's pages; made empty for a thread that has none yet. On that thread only. */
static __always_inline struct row_meters *meters_of(struct thread_row *row, __u32 row_number)
{
	struct row_meters *of = bpf_map_lookup_elem(&row_meters, &row_number);

	if (!of)
		return 0;
	if (of->generation != row->generation) {
		__builtin_memset(of->page, 0, sizeof(of->page));
		order_stores(of->pad);
		WRITE_ONCE(of->generation, row->generation);
	}
	return of;
}

/* A page that is not needed for states; -1 where there is none. */
static __always_inline int take_spare_page(void)
{
	__u32 kind = SUPPLY_PAGES;
	struct supply *supply = bpf_map_lookup_elem(&supplies, &kind);

	if (!supply || load_acquire(&supply->tail) - READ_ONCE(supply->head) <= settings.state_pages)
		return -1;
	return take(SUPPLY_PAGES);
}

/* The page of one of a thread's metrics, handed out if there is none yet; 0: none is left. On that thread only. */
__noinline __u32 metric_page(__u32 row_number, __u32 metric)
{
	struct thread_row *row = row_at(row_number);
	struct row_meters *of = row ? meters_of(row, row_number) : 0;
	struct meter *meter;
	__u32 page;
	int taken;

	if (!of || metric >= THREAD_METRICS)
		return 0;
	page = of->page[metric];
	if (page)
		return page;
	taken = take_spare_page();
	page = taken;
	meter = taken < 0 ? 0 : bpf_map_lookup_elem(&meters, &page);
	if (!meter)
		return 0; /* the next event asks again: a crowd of new threads takes the spare ones for a moment only */
	meter->sum = 0;
	meter->max = 0;
	order_stores(of->pad);
	WRITE_ONCE(of->page[metric], page);
	return page;
}

/* Whether the row is still that thread's: one that has ended has no pages any more, Java may have handed them out. */
static __always_inline bool has_its_pages(__u32 row_number, __u32 generation)
{
	struct thread_row *row = row_at(row_number);

	return row && row->life == ROW_LIVE && row->generation == generation;
}

/* Counts a value that no thread has had. */
__noinline int count_for_process(__u32 metric, __u64 value)
{
	struct histogram_page *counts;
	__u32 page = FIRST_METRIC_PAGE + metric;

	if (metric >= THREAD_METRICS || !is_metric_kept(metric))
		return 0;
	__sync_fetch_and_add(&globals.metrics[metric].sum, value);
	raise(&globals.metrics[metric].max, value);
	counts = bpf_map_lookup_elem(&pages, &page);
	if (counts)
		__sync_fetch_and_add(&counts->buckets[bucket_of(value)], 1);
	return 0;
}

/* Counts a value in a thread's page; page 0: for the process alone. */
__noinline int count_in_metric_page(__u32 page, __u32 metric, __u64 value)
{
	struct histogram_page *counts;

	if (metric >= THREAD_METRICS)
		return 0;
	if (page) {
		struct meter *meter = bpf_map_lookup_elem(&meters, &page);

		if (!meter)
			return 0;
		__sync_fetch_and_add(&meter->sum, value);
		raise(&meter->max, value);
	} else {
		LOST(events_without_page);
		__sync_fetch_and_add(&globals.metrics[metric].sum, value);
		raise(&globals.metrics[metric].max, value);
		page = FIRST_METRIC_PAGE + metric;
	}
	counts = bpf_map_lookup_elem(&pages, &page);
	if (counts)
		__sync_fetch_and_add(&counts->buckets[bucket_of(value)], 1);
	return 0;
}

/* Counts a value for the current thread, which is the host's, and has this row or none. */
static __always_inline void count_for(struct thread_row *row, __u32 row_number, __u32 metric, __u64 value)
{
	if (is_metric_kept(metric))
		count_in_metric_page(row ? metric_page(row_number, metric) : 0, metric, value);
}

static __always_inline void count_for_current(__u32 metric, __u64 value)
{
	__u32 row_number = 0;
	struct thread_row *row = row_of((__u32)bpf_get_current_pid_tgid(), &row_number);

	count_for(row, row_number, metric, value);
}

/*
 * Notes in one of the maps by row what the current thread, which is the host's, has begun.
 * That the one before has not ended means that its end was not seen. Returns now; 0 if it has no row.
 */
static __always_inline __u64 call_begins_in(void *begins, __u32 what)
{
	__u32 row_number;
	struct thread_row *row = row_of((__u32)bpf_get_current_pid_tgid(), &row_number);
	struct call_begin *begin = row ? bpf_map_lookup_elem(begins, &row_number) : 0;

	if (!begin) {
		LOST(unmatched_events);
		return 0;
	}
	if (begin->begin_ns && begin->generation == row->generation)
		LOST(unmatched_events);
	begin->generation = row->generation;
	begin->what = what;
	begin->begin_ns = bpf_ktime_get_ns();
	return begin->begin_ns;
}

/* For how long it has been under way, its row and what it is; -1 if it had begun before the agent came, or is lost. */
static __always_inline __s64 call_ends_in(void *begins, __u32 *row_number, __u32 *what)
{
	struct thread_row *row = row_of((__u32)bpf_get_current_pid_tgid(), row_number);
	struct call_begin *begin = row ? bpf_map_lookup_elem(begins, row_number) : 0;
	__u64 ns;

	/* The thread that had the row before ended in its last call. */
	if (!begin || !begin->begin_ns || begin->generation != row->generation)
		return -1;
	ns = is_forgotten(begin->begin_ns) ? -1 : bpf_ktime_get_ns() - begin->begin_ns;
	begin->begin_ns = 0;
	*what = begin->what;
	return ns;
}

#endif
