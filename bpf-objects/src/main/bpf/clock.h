/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_CLOCK_H
#define BPFAGENT_CLOCK_H

/*
 * The time of an event. The scheduler has just read the clock when it switches
 * or wakes: its run queue's own copy costs three loads, where reading the clock
 * again costs as much as all the rest of a handler. It is mostly under a
 * microsecond old, rarely more (a switch right after a wake-up on the same queue
 * does not read it again), which moves time between two states of one thread and
 * loses none; and it does not
 * follow NTP as CLOCK_MONOTONIC does (parts in 100,000); the run delay of
 * /proc/PID/schedstat is counted by it as well.
 */
#include "maps.h"

static __always_inline bool has_scheduler_clock(void)
{
	return settings.has_steady_clock && bpf_core_field_exists(struct cfs_rq, rq);
}

/* task: one that is, or is about to be, on the run queue where the event happens. */
static __always_inline __u64 event_time(struct task_struct *task)
{
	if (has_scheduler_clock())
		return task->se.cfs_rq->rq->clock;
	return bpf_ktime_get_ns();
}

/* The same clock at a moment that is no event of the scheduler's. */
static __always_inline __u64 time_now(void)
{
	return bpf_ktime_get_ns() - globals.clock_offset_ns;
}

/* Called when the reader begins to run: what it reads next, it reads at a known time. */
static __always_inline void set_clock_offset(__u64 event_time)
{
	__s64 offset, more;

	if (!has_scheduler_clock())
		return;
	offset = bpf_ktime_get_ns() - event_time;
	/* The queue's clock is never ahead: of two differences the less is right, but for the clocks' drift. */
	more = offset - globals.clock_offset_ns;
	if (globals.clock_offset_ns && more > 10000 && more < 4000000)
		offset -= more - 10000;
	globals.clock_offset_ns = offset;
}

#endif
