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
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>

#include "maps.h"
#include "host.h"
#include "clock.h"
#include "rows.h"
#include "pages.h"
#include "reason.h"
#include "hotspot_probes.h"
#include "latencies.h"
#include "contexts.h"

/* Ends the row's current state now and begins the next. */
static __always_inline void change_state(struct thread_row *row, __u32 row_number,
					 struct task_struct *task, __u8 next, __u64 now)
{
	__u32 state = row->state & (STATES - 1);
	struct state_totals *totals = &row->totals[state];
	__u64 time_ns = now - row->since_ns;
	__u32 bucket;

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
	if (row->since_ns < READ_ONCE(globals.watched_until_ns))
		send_stay(row, row_number, task, next, now);
	advance_sequence(row);
	totals->time_ns += time_ns;
	totals->count++;
	if (time_ns > totals->max_ns)
		totals->max_ns = time_ns;
	row->since_ns = now;
	row->state = next;
	advance_sequence(row);
	bucket = bucket_of(time_ns);
	count_in_page(totals, row_number, state, time_ns, bucket);
	count_in_context(row, row_number, state, time_ns, bucket, now);
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
	__u8 next = STATE_RUNNING;
	struct thread_row *row;
	bool dead, unseen;

	row = row_for_event(task, STATE_RUNNING, now, &number);
	if (!row)
		return;
	unseen = row->state != STATE_RUNNING;
	if (unseen)
		LOST(missed_switches);
	WRITE_ONCE(row->minor_faults, task->min_flt);
	WRITE_ONCE(row->major_faults, task->maj_flt);
	WRITE_ONCE(row->migrations, task->se.nr_migrations);
	dead = task_state & TASK_DEAD;
	if (!task_state) {
		next = STATE_RUNNABLE;
		/* Remembered, since a pause may begin meanwhile. */
		if (is_throttled(task))
			row->flags |= FLAG_THROTTLED;
	} else if (!dead) {
		next = blocked_state(row, task, task_state, 0);
	}
	/* At one place: each that the verifier must follow after blocked_state costs milliseconds at start. */
	change_state(row, number, task, next, now);
	if (unseen)
		end_unseen_stay(row, number);
	if (dead)
		end_row(row, number, task);
}

/* For how long a task that leaves its CPU now has had it. */
static __always_inline __u64 had_cpu_ns(struct task_struct *task, __u64 now)
{
	if (bpf_core_field_exists(task->sched_info.last_arrival) && has_scheduler_clock())
		return now - task->sched_info.last_arrival;
	/* Realtime tasks do not keep what this is reckoned from. */
	return task->prio < MAX_RT_PRIO ? 0 : task->se.sum_exec_runtime - task->se.prev_sum_exec_runtime;
}

/*
 * The thread has waited for a CPU that prev leaves now: of the wait that is prev's for
 * which it has had the CPU. Who had it before that is told in pauses only: it would
 * take a look at every switch of every CPU.
 */
static __always_inline void note_wait(struct thread_row *row, struct task_struct *prev,
				      struct task_struct *task, __u64 ns, __u64 now)
{
	__u32 behind = BEHIND_PROCESS;
	__u64 had_ns, group;

	if (row->flags & FLAG_THROTTLED) {
		row->waited_ns[BEHIND_THROTTLED] += ns;
		return;
	}
	/* It was pulled over from another CPU's queue: it has not waited for this one. */
	if (row->migrations != (__u32)task->se.nr_migrations)
		return;
	had_ns = had_cpu_ns(prev, now);
	if (ns > had_ns)
		ns = had_ns;
	if (!prev->pid)
		behind = BEHIND_IDLE;
	else if (prev->tgid == task->tgid)
		behind = BEHIND_OWN;
	else if (prev->flags & PF_KTHREAD)
		behind = BEHIND_KERNEL;
	else if ((group = task_group_of(task)) && group == task_group_of(prev))
		behind = BEHIND_CGROUP;
	row->waited_ns[behind] += ns;
}

static __always_inline void switched_in(struct task_struct *task, struct task_struct *prev, __u64 now)
{
	__u32 number;
	struct thread_row *row = row_for_event(task, STATE_RUNNING, now, &number);

	if (!row)
		return;
	if (row->state >= STATE_BLOCKED_MONITOR)
		LOST(missed_wakeups);
	else if (row->state == STATE_RUNNABLE && (__s64)(now - row->since_ns) >= LONG_WAIT_NS) {
		note_wait(row, prev, task, now - row->since_ns, now);
		if (is_slow_state(STATE_RUNNABLE, now - row->since_ns))
			send_slow_wait(row, number, prev, task, now);
	}
	change_state(row, number, task, STATE_RUNNING, now);
	if (row->flags & (FLAG_THROTTLED | FLAG_TOLD))
		row->flags &= ~(FLAG_THROTTLED | FLAG_TOLD);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(sched_switch, bool preempted, struct task_struct *prev, struct task_struct *next)
{
	__u32 host = globals.host_tgid;
	__u32 pause = READ_ONCE(globals.watching_cpus);
	bool out = prev->tgid == host && is_of_host(prev), in = next->tgid == host && is_of_host(next);
	__u64 now;

	if (!out && !in && !pause)
		return 0;
	now = event_time(next);
	if (out)
		switched_out(prev, preempted, now);
	else if (pause)
		send_occupant(prev, next, pause, now);
	if (in) {
		if (next->pid == globals.reader_tid)
			set_clock_offset(now);
		switched_in(next, prev, now);
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

	if (!is_of_host(task))
		return 0;
	now = event_time(task);
	row = row_for_event(task, task->on_cpu ? STATE_RUNNING : STATE_RUNNABLE, now, &number);
	if (row && row->state >= STATE_BLOCKED_MONITOR) {
		/* The CPU that it is to run on has been chosen. */
		WRITE_ONCE(row->migrations, task->se.nr_migrations);
		if ((__s64)(now - row->since_ns) > 0 && is_slow_state(row->state, now - row->since_ns))
			send_slow_block(row, number, task, ctx, now);
		change_state(row, number, task, STATE_RUNNABLE, now);
	}
	return 0;
}

SEC("tp_btf/sched_waking")
int BPF_PROG(sched_waking, struct task_struct *task)
{
	if (is_of_host(task)) {
		HIT(HITS_OF_WAKERS);
		note_waker(task, ctx);
	}
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(sched_wakeup_new, struct task_struct *task)
{
	if (is_of_host(task) &&
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

	if (!task || !is_of_host(task) || row_number_of(task->pid) ||
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
		end_row(row, number, task);
	return 0;
}

/*
 * Attached to every site of the probes that are wanted. The process is looked at
 * here too: a link's own filter was wrong before 6.10 (46ba0e49b642).
 */
SEC("usdt")
int hotspot_probe(struct pt_regs *registers)
{
	__u64 cookie = bpf_get_attach_cookie(registers);
	const volatile struct probe_site *site = &probe_sites[cookie & (PROBE_SITES - 1)];

	if (!is_host())
		return 0;
	HIT(site->probe & (HITS_OF_METRICS - 1));
	switch (site->probe) {
	case PROBE_THREAD_START:
		thread_starts(probe_argument(registers, site, 0), probe_argument(registers, site, 1),
			      probe_argument(registers, site, 2));
		break;
	case PROBE_SLEEP_BEGIN:
		mark_sleeping(FLAG_SLEEPING);
		break;
	case PROBE_SLEEP_END:
		mark_sleeping(0);
		break;
	case PROBE_SAFEPOINT_BEGIN:
		pause_begins();
		break;
	case PROBE_SAFEPOINT_END:
		pause_ends();
		break;
	case PROBE_VMOPS_BEGIN:
		operation_begins(probe_argument(registers, site, 0),
				 probe_argument(registers, site, 1));
		break;
	case PROBE_VMOPS_END:
		operation_ends(probe_argument(registers, site, 0));
		break;
	case PROBE_GC_BEGIN:
		pause_collects();
		break;
	case PROBE_CLASS_INIT_BEGIN:
		event_begins(EVENT_CLASS_INIT, probe_argument(registers, site, 0));
		break;
	case PROBE_CLASS_INIT_END:
		count_at_end(EVENT_CLASS_INIT, probe_argument(registers, site, 0));
		break;
	case PROBE_COMPILE_BEGIN:
		event_begins(EVENT_JIT_COMPILE, 0);
		break;
	case PROBE_COMPILE_END:
		count_at_end(EVENT_JIT_COMPILE, 0);
		break;
	/* A thread contends for one monitor at a time; the object may be moved meanwhile. */
	case PROBE_MONITOR_ENTER:
		event_begins(EVENT_MONITOR_CONTENDED, 0);
		break;
	case PROBE_MONITOR_ENTERED:
		count_at_end(EVENT_MONITOR_CONTENDED, 0);
		break;
	case PROBE_PARK_BEGIN:
		event_begins(EVENT_PARK, 0);
		break;
	case PROBE_PARK_END:
		count_at_end(EVENT_PARK, 0);
		break;
	case PROBE_OBJECT_ALLOC:
		count_event(EVENT_OBJECT_ALLOC, probe_argument(registers, site, 3)
							<< BUCKET_UNIT_SHIFT);
		break;
	}
	return 0;
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
	struct task_struct *task = bpf_get_current_task_btf();

	globals.reader_tid = task->pid;
	globals.task_pid_offset = bpf_core_field_offset(struct task_struct, pid);
	globals.task_tgid_offset = bpf_core_field_offset(struct task_struct, tgid);
	set_clock_offset(event_time(task));
	note_host(task);
	set_host(task);
	return 0;
}

/*
 * The same for another process, whose threads it iterates over: the first one is
 * the one that the process is called after. The reader is known by its name.
 *
 * Run twice. The first run notes which program the process runs as; then whoever
 * loads looks whose process it is, and only then gives anything away. The second
 * makes it the host if it is still the same program: by execve it could have
 * become a set-uid one meanwhile, which its user must not look at.
 */
SEC("iter/task")
int identify_other(struct bpf_iter__task *ctx)
{
	const char reader[] = "bpf-agent";
	struct task_struct *task = ctx->task;

	if (!task)
		return 0;
	if (task->pid == task->tgid) {
		if (!globals.host_start_ns) {
			note_host(task);
		} else if (is_as_noted(task)) {
			set_clock_offset(event_time(bpf_get_current_task_btf()));
			set_host(task);
		}
	}
	for (int i = 0; i < (int)sizeof(reader); i++) {
		if (task->comm[i] != reader[i])
			return 0;
	}
	globals.reader_tid = task->pid;
	return 0;
}

/* Run once before programs that have been away are attached again. */
SEC("syscall")
int forget_begins(void *ctx)
{
	WRITE_ONCE(globals.begun_after_ns, bpf_ktime_get_ns());
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
