// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Thread state accounting: at every moment each thread of the host is running,
 * runnable or blocked for one reason, and the time in each is added up exactly.
 * See records.h for what Java reads, reason.h for how the reason is found.
 */
#include <linux/bpf.h>
#include <stdbool.h>

#include "kernel_types.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include <bpf/usdt.bpf.h>

#include "maps.h"
#include "clock.h"
#include "rows.h"
#include "pages.h"
#include "reason.h"

/* Ends the row's current state now and begins the next. */
static __always_inline void change_state(struct thread_row *row, __u32 row_number, __u8 next,
					 __u64 now)
{
	__u32 state = row->state & (STATES - 1);
	struct state_totals *totals = &row->totals[state];
	__u64 time_ns = now - row->since_ns;

	if ((__s64)time_ns < 0) {
		/* Up to a tick may lie between the clocks of two run queues: nothing is lost by that. */
		if ((__s64)time_ns < -1000000)
			LOST(negative_times);
		time_ns = 0;
		now = row->since_ns;
	}
	/* The row begins with this event: what it was made with is no stay. */
	if (!time_ns && row->start_ns == now) {
		row->state = next;
		return;
	}
	advance_sequence(row);
	totals->time_ns += time_ns;
	totals->count++;
	if (time_ns > totals->max_ns)
		totals->max_ns = time_ns;
	row->since_ns = now;
	row->state = next;
	advance_sequence(row);
	count_in_page(totals, row_number, state, time_ns);
}

/*
 * The row of a thread with an event, and its number; made with this state if
 * there is none yet. 0 when there is none to be had.
 */
static __always_inline struct thread_row *row_for_event(struct task_struct *task, __u8 state,
							__u64 now, __u32 *number)
{
	struct thread_row *row = row_of(task->pid, number);

	if (row)
		return row;
	/* If this fails the iterator was first: what it read is a moment old, and this is the event after it. */
	new_row(task, state, now);
	row = row_of(task->pid, number);
	if (!row)
		LOST(events_without_row);
	return row;
}

/*
 * __state is what the scheduler acted on: a signal that keeps the thread from
 * blocking has set it to 0, and a waker can do so only once the thread is off the
 * CPU. (The event's own argument, of 5.18, says "blocked" in the first case
 * before 8feb053d5319.) A preempted thread may have any state and is runnable.
 */
static __always_inline void switched_out(struct task_struct *task, bool preempted, __u64 now)
{
	__u32 task_state = preempted ? 0 : task->__state, number;
	struct thread_row *row;

	row = row_for_event(task, STATE_RUNNING, now, &number);
	if (!row)
		return;
	if (row->state != STATE_RUNNING)
		LOST(missed_switches);
	if (!task_state) {
		change_state(row, number, STATE_RUNNABLE, now);
	} else if (task_state & TASK_DEAD) {
		change_state(row, number, STATE_RUNNING, now);
		end_row(row, task);
	} else {
		change_state(row, number, blocked_state(row, task, task_state, 0), now);
	}
}

static __always_inline void switched_in(struct task_struct *task, __u64 now)
{
	__u32 number;
	struct thread_row *row = row_for_event(task, STATE_RUNNING, now, &number);

	if (!row)
		return;
	if (row->state >= STATE_BLOCKED_MONITOR)
		LOST(missed_wakeups);
	change_state(row, number, STATE_RUNNING, now);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(sched_switch, bool preempted, struct task_struct *prev, struct task_struct *next)
{
	__u32 host = globals.host_tgid;
	bool out = prev->tgid == host, in = next->tgid == host;
	__u64 now;

	if (!out && !in)
		return 0;
	now = event_time(next);
	if (out)
		switched_out(prev, preempted, now);
	if (in) {
		if (next->pid == globals.reader_tid)
			set_clock_offset(now);
		switched_in(next, now);
	}
	return 0;
}

/* A thread that is running or runnable already is woken for nothing: no event. */
SEC("tp_btf/sched_wakeup")
int BPF_PROG(sched_wakeup, struct task_struct *task)
{
	struct thread_row *row;
	__u32 number;
	__u64 now;

	if (task->tgid != globals.host_tgid)
		return 0;
	now = event_time(task);
	row = row_for_event(task, task->on_cpu ? STATE_RUNNING : STATE_RUNNABLE, now, &number);
	if (row && row->state >= STATE_BLOCKED_MONITOR)
		change_state(row, number, STATE_RUNNABLE, now);
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(sched_wakeup_new, struct task_struct *task)
{
	if (task->tgid == globals.host_tgid &&
	    !new_row(task, STATE_RUNNABLE, event_time(task)))
		LOST(threads_without_row);
	return 0;
}

/*
 * Makes the rows of the threads that have had no event since the programs above
 * were attached. An event that comes meanwhile makes the row first, and this
 * one is dropped; so what is read here is still true when the row is entered.
 */
SEC("iter.s/task")
int seed_threads(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct thread_row *row;
	int number;

	if (!task || task->tgid != globals.host_tgid || row_number_of(task->pid) ||
	    task->__state & TASK_DEAD)
		return 0;
	number = claim_row(task, STATE_RUNNING, time_now());
	if (number < 0) {
		LOST(threads_without_row);
		return 0;
	}
	row = row_at(number);
	if (!row)
		return 0;
	if (!task->on_cpu) {
		/* On the run queue without being delayed there: preempted or woken. */
		bool delayed = bpf_core_field_exists(task->se.sched_delayed) &&
			       BPF_CORE_READ_BITFIELD(&task->se, sched_delayed);

		row->state = task->__state && (!task->on_rq || delayed) ?
				     blocked_state(row, task, task->__state, 1) :
				     STATE_RUNNABLE;
	}
	if (!publish_row(task, number))
		return 0;
	__sync_fetch_and_add(&globals.seeded_threads, 1);
	/* Its last switch may have been just before, when there was no row to end. */
	if (task->__state & TASK_DEAD)
		end_row(row, task);
	return 0;
}

static __always_inline struct thread_row *current_row(void)
{
	__u32 number;

	return row_of((__u32)bpf_get_current_pid_tgid(), &number);
}

/*
 * hotspot:thread__start(name, length, Java id, OS tid, daemon), on the new
 * thread. name_length is written last: until then Java sees no name.
 */
SEC("usdt")
int BPF_USDT(thread_start, char *name, int length, __u64 java_id)
{
	struct thread_row *row = current_row();

	if (!row)
		return 0;
	if (length < 0)
		return 0;
	if (length > NAME_BYTES) {
		LOST(truncated_names);
		length = NAME_BYTES;
	}
	if (bpf_probe_read_user(row->name, length & 127, name))
		length = 0;
	row->java_id = java_id;
	asm volatile("" ::: "memory");
	WRITE_ONCE(row->name_length, length);
	return 0;
}

static __always_inline int mark_sleeping(__u8 flag)
{
	struct thread_row *row = current_row();

	if (row)
		row->flags = flag;
	return 0;
}

SEC("usdt")
int BPF_USDT(sleep_begin)
{
	return mark_sleeping(FLAG_SLEEPING);
}

SEC("usdt")
int BPF_USDT(sleep_end)
{
	return mark_sleeping(0);
}

/*
 * Run once by the loader, on the thread that will read, when all programs are
 * attached: learns what the kernel calls it and its process. From the moment that
 * host_tgid is set all programs count, none before the others. The clock's offset
 * is a first one, off by a scheduler tick at most.
 */
SEC("syscall")
int identify(void *ctx)
{
	__u64 identity = bpf_get_current_pid_tgid();

	globals.reader_tid = (__u32)identity;
	set_clock_offset(event_time(bpf_get_current_task_btf()));
	WRITE_ONCE(globals.host_tgid, identity >> 32);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
