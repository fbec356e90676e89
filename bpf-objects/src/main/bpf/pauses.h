/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_PAUSES_H
#define BPFAGENT_PAUSES_H

/*
 * What is sent of single pauses, so that Java can take them apart: who did what
 * while the pause was under way, and who had the CPUs.
 *
 * Nothing is sent at a pause's begin: a record tells of a stay when it ends, with
 * its begin. So each handler is O(1), and a thread of which there is no record
 * was in one state all through. That was a blocked one, or else the thread's row
 * or the record that ends the stay after the pause says so.
 *
 * Outside pauses this costs one comparison per state change, with a word that
 * stands beside the host's tgid. Pointers are followed with BPF_CORE_READ here: for
 * each that is followed as such the verifier of 6.18 searches the kernel's BTF by
 * name, on each of a program's paths: that made loading 30 ms longer.
 */
#include "clock.h"
#include "events.h"

#define UNDER_WAY (~0ULL) /* of watched_until_ns */

/* An occupant is sent only so long after the last of its CPU, doubled for each sixteenth of the ring in use. */
#define OCCUPANT_GAP_NS 16000

/* In sixteenths of the ring: up to where it may be filled by what. Pauses themselves may fill all of it. */
#define ROOM_FOR_OCCUPANTS 12
#define ROOM_FOR_STAYS 15

/* How many sixteenths of the ring are in use. */
static __always_inline __u32 ring_use(void)
{
	__u32 bytes = bpf_ringbuf_query(&pause_records, BPF_RB_AVAIL_DATA);

	return bytes >> (settings.pause_buffer_shift & 31);
}

/*
 * Nobody waits for the ring: Java looks, but not while a pause stops it. Where a
 * pause is long and other processes many, what they do is lost first; one that has
 * lost anything is incomplete and not missing.
 */
static __always_inline void *reserve(__u64 bytes, __u32 sixteenths)
{
	void *record = 0;

	if (ring_use() < sixteenths)
		record = bpf_ringbuf_reserve(&pause_records, bytes, 0);
	if (!record) {
		LOST(lost_pause_records);
		__sync_fetch_and_add(&globals.pause.lost, 1);
	}
	return record;
}

static __always_inline void submit(void *record)
{
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
}

/* The CPU on whose run queue the thread is, or was last. */
static __always_inline __u16 cpu_of(struct task_struct *task)
{
	if (bpf_core_field_exists(task->thread_info.cpu))
		return task->thread_info.cpu;
	return task->cpu;
}

/*
 * Before 6.18 a whole cgroup leaves the run queue when its quota is used up,
 * since then each of its threads when it is about to return to user mode.
 */
static __always_inline bool is_throttled(struct task_struct *task)
{
	if (bpf_core_field_exists(task->throttled))
		return task->throttled;
	/* Only those of the fair class stand in it. */
	if (bpf_core_field_exists(struct cfs_rq, throttle_count) && task->se.on_rq)
		return BPF_CORE_READ(task, se.cfs_rq, throttle_count) > 0;
	return false;
}

/* Whether so little time has passed since the last such record of this CPU that the next one may tell of it. */
static __always_inline bool is_too_soon(struct watched_cpu *cpu, __u64 now)
{
	__u32 use = ring_use();

	return now - cpu->sent_ns < (__u64)OCCUPANT_GAP_NS << (use < 16 ? use : 15);
}

/*
 * Who leaves the CPU while safepoint__end is yet to come, but the threads have been
 * woken. Where CPUs are few the thread that makes the pause waits for one there, and
 * the application hands over tens of thousands of times a second: that would fill
 * the ring. It is told as other processes are, since it keeps that thread waiting.
 */
static __always_inline bool is_due(__u64 now)
{
	__u32 number = bpf_get_smp_processor_id();
	struct watched_cpu *cpu = bpf_map_lookup_elem(&watched_cpus, &number);

	if (!cpu || is_too_soon(cpu, now))
		return false;
	cpu->sent_ns = now;
	return true;
}

enum tells {
	TELLS_NOTHING,
	TELLS,
	TELLS_OF_MANY, /* as STAY_OF_MANY */
};

/*
 * Whether the stay that ends is of use. Once all threads have stopped, those that
 * are not the pause's own matter only for the CPUs they have: in a JVM of 1,000
 * threads their being woken at the end would be most of the records.
 */
__noinline int tells_something(struct thread_row *row, __u32 row_number, __u64 now)
{
	bool over = READ_ONCE(globals.watched_until_ns) != UNDER_WAY;
	__u8 flags = READ_ONCE(globals.pause.record.flags);
	struct row_control *control;
	__u32 role;

	if (!row)
		return TELLS_NOTHING;
	if (row->state == STATE_RUNNING && (over || !(flags & PAUSE_OPERATED)))
		return TELLS;
	if (over && row->state != STATE_RUNNABLE)
		return TELLS_NOTHING;
	if (!over && !(flags & PAUSE_REACHED))
		return TELLS;
	control = control_of(row_number, row);
	role = control ? READ_ONCE(control->role) : ROLE_UNKNOWN;
	if (over || !(flags & PAUSE_OPERATED))
		return role != ROLE_STOPPED ? TELLS : TELLS_NOTHING;
	if (role == ROLE_WORKER || row_number == globals.pause.record.row)
		return TELLS;
	return row->state == STATE_RUNNING && is_due(now) ? TELLS_OF_MANY : TELLS_NOTHING;
}

/*
 * Whether a wait for a CPU ends that a record has told of, so that the record of
 * the run which begins now tells the rest. Two of three records of a worker are
 * enough in a collection, in which it works a little and waits a little a hundred
 * times. Of the pause's own thread the last run ends after it: that is told in full.
 */
static __always_inline bool is_told(struct thread_row *row, __u32 row_number)
{
	struct pause *pause = &globals.pause;
	struct row_control *control;

	if (!(row->flags & FLAG_TOLD) || row->state != STATE_RUNNABLE ||
	    READ_ONCE(globals.watched_until_ns) != UNDER_WAY ||
	    !(READ_ONCE(pause->record.flags) & PAUSE_REACHED) || row->since_ns <= pause->record.begin_ns ||
	    row_number == pause->record.row)
		return false;
	control = control_of(row_number, row);
	return control && READ_ONCE(control->role) == ROLE_WORKER;
}

/* What a record tells of the task itself. */
struct stay_task {
	__u32 minor_faults;
	__u32 major_faults;
	__u16 cpu;
	__u8 flags;
	__u8 pad; /* written too: before 6.3 a function is not given bytes that nobody wrote (6715df8d5d24) */
};

/* One of ours begins to wait for this CPU: whoever leaves it next has kept it waiting. */
static __always_inline void mark_waited(__u32 number)
{
	struct watched_cpu *cpu = bpf_map_lookup_elem(&watched_cpus, &number);

	if (cpu)
		cpu->waited = READ_ONCE(globals.watching_cpus) >> 1;
}

/* A function of its own to the verifier too: else it follows every caller's paths on from here. */
__noinline int send_stay_of(struct thread_row *row, __u32 row_number, struct stay_task *task,
			    __u32 next, __u64 now)
{
	struct stay_record *record;

	if (!row || !task)
		return 0;
	if (next == STATE_RUNNABLE)
		mark_waited(task->cpu);
	record = reserve(sizeof(*record), ROOM_FOR_STAYS);
	if (!record)
		return 0;
	record->kind = RECORD_STAY;
	record->state = row->state;
	record->next_state = next;
	record->flags = task->flags;
	record->row = row_number;
	record->cpu = task->cpu;
	record->since_ns = row->since_ns;
	record->until_ns = now;
	record->generation = row->generation;
	record->host_tid = row->host_tid;
	record->minor_faults = task->minor_faults;
	record->major_faults = task->major_faults;
	submit(record);
	if (next == STATE_RUNNABLE)
		row->flags |= FLAG_TOLD;
	return 0;
}

/* The row's state ends now; it began before the end of the last pause. */
static __always_inline void send_stay(struct thread_row *row, __u32 row_number,
				      struct task_struct *task, __u8 next, __u64 now)
{
	struct stay_task of = {};
	int tells;

	if (is_told(row, row_number))
		return;
	tells = tells_something(row, row_number, now);
	if (!tells)
		return;
	of.minor_faults = task->min_flt;
	of.major_faults = task->maj_flt;
	of.cpu = cpu_of(task);
	if (task->__state & TASK_DEAD)
		of.flags = STAY_ENDED;
	else if (next == STATE_RUNNABLE ? is_throttled(task) : row->flags & FLAG_THROTTLED)
		of.flags = STAY_THROTTLED;
	if (tells == TELLS_OF_MANY)
		of.flags |= STAY_OF_MANY;
	send_stay_of(row, row_number, &of, next, now);
}

static __always_inline __u64 task_group_of(struct task_struct *task)
{
	struct task_group *group;

	if (!bpf_core_field_exists(task->sched_task_group))
		return 0;
	group = BPF_CORE_READ(task, sched_task_group);
	/* In the root group is everything that nobody has put elsewhere: that says nothing. */
	if (!group || !BPF_CORE_READ(group, parent))
		return 0;
	/* Nor does a group that the kernel has made of a session by itself. */
	if (bpf_core_field_exists(group->autogroup) && BPF_CORE_READ(group, autogroup))
		return 0;
	return (__u64)group;
}

static __always_inline __u8 occupant_kind(struct task_struct *task)
{
	__u64 group = globals.pause.task_group;

	if (!task->pid)
		return OCCUPANT_IDLE;
	if (task->flags & PF_KTHREAD)
		return OCCUPANT_KERNEL;
	return group && group == task_group_of(task) ? OCCUPANT_CGROUP : OCCUPANT_PROCESS;
}

/* Whether somebody waits for this CPU or comes to it from waiting who may be the host's. */
static __always_inline bool is_contended(struct task_struct *next)
{
	if (next->tgid == globals.host_tgid)
		return true;
	/* next itself is counted; where the run queue cannot be seen, somebody may wait. */
	return !bpf_core_field_exists(struct cfs_rq, rq) ||
	       BPF_CORE_READ(next, se.cfs_rq, rq, nr_running) > !!next->pid;
}

/* Some time slices after the pause it is too late to learn who was there at its end. */
static __always_inline bool is_too_late(__u32 watching, __u64 now)
{
	__u64 end_ns = READ_ONCE(globals.watched_until_ns);

	if (end_ns == UNDER_WAY || (__s64)(now - end_ns) <= CPU_TAIL_NS)
		return false;
	/* Unless the next pause has begun. */
	__sync_val_compare_and_swap(&globals.watching_cpus, watching, 0);
	return true;
}

/*
 * A thread that is not the host's leaves the CPU while it is being watched. Sent
 * if one of ours waits there or has begun to since the last record, even if it
 * has been taken to another CPU meanwhile; so what is not sent kept nobody waiting.
 */
static __noinline int send_occupant(struct task_struct *prev, struct task_struct *next,
				    __u32 watching, __u64 now)
{
	struct occupant_record *record;
	__u32 number = bpf_get_smp_processor_id();
	struct watched_cpu *cpu = bpf_map_lookup_elem(&watched_cpus, &number);
	bool contended, operated;

	if (!cpu)
		return 0;
	if (watching & 1) {
		if (is_too_late(watching, now) || cpu->told == watching)
			return 0;
		cpu->told = watching;
	}
	contended = is_contended(next);
	if (!contended && cpu->waited != watching >> 1)
		return 0;
	/*
	 * Who is sent is who was there when the time was up: of many that come and go
	 * each is told as often as it was. One after whom one of ours runs is told always,
	 * unless ours have been woken and come and go by the tens of thousands.
	 */
	operated = READ_ONCE(globals.pause.record.flags) & PAUSE_OPERATED;
	if (!(watching & 1) && (operated || next->tgid != globals.host_tgid) && is_too_soon(cpu, now))
		return 0;
	cpu->waited = contended ? watching >> 1 : 0;
	cpu->sent_ns = now;
	record = reserve(sizeof(*record), ROOM_FOR_OCCUPANTS);
	if (!record)
		return 0;
	record->kind = RECORD_OCCUPANT;
	record->occupant = occupant_kind(prev);
	record->cpu = number;
	record->host_pid = prev->tgid;
	record->until_ns = now;
	/* The process's name: a JVM's threads have hundreds. */
	BPF_CORE_READ_INTO(&record->comm, prev, group_leader, comm);
	submit(record);
	return 0;
}

/* safepoint__begin, on the thread that makes the pause. */
static __always_inline void pause_begins(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pause *pause = &globals.pause;
	struct pause_record *record = &pause->record;
	struct thread_row *row;
	__u32 number = 0;

	row = row_of(task->pid, &number);
	if (pause->open)
		LOST(lost_pauses);
	pause->begin_monotonic_ns = bpf_ktime_get_ns();
	pause->task_group = task_group_of(task);
	pause->lost = 0;
	record->kind = RECORD_PAUSE;
	record->flags = 0;
	record->operation = OPERATIONS;
	record->row = number;
	record->generation = row ? row->generation : 0;
	record->number++;
	record->begin_ns = pause->begin_monotonic_ns - globals.clock_offset_ns;
	record->first_minor_faults = task->min_flt;
	record->first_major_faults = task->maj_flt;
	asm volatile("" ::: "memory");
	WRITE_ONCE(pause->open, 1);
	WRITE_ONCE(globals.watched_until_ns, UNDER_WAY);
	WRITE_ONCE(globals.watching_cpus, record->number << 1);
}

static __always_inline __u64 pause_age_ns(struct pause *pause)
{
	return bpf_ktime_get_ns() - pause->begin_monotonic_ns;
}

/* The first vmops__begin: all threads have stopped. */
static __always_inline void pause_reached(__u32 operation)
{
	struct pause *pause = &globals.pause;
	__u64 age_ns;

	if (!pause->open || pause->record.flags & PAUSE_REACHED)
		return;
	age_ns = pause_age_ns(pause);
	pause->record.operation = operation;
	pause->record.reached_ns = pause->record.begin_ns + age_ns;
	WRITE_ONCE(pause->record.flags, pause->record.flags | PAUSE_REACHED);
	count_event(EVENT_TIME_TO_SAFEPOINT, age_ns);
}

/* The vmops__end of an operation that is within no other. */
static __always_inline void pause_operated(void)
{
	struct pause *pause = &globals.pause;

	if (pause->open && pause->record.flags & PAUSE_REACHED)
		WRITE_ONCE(pause->record.flags, pause->record.flags | PAUSE_OPERATED);
}

static __always_inline void pause_collects(void)
{
	struct pause *pause = &globals.pause;

	if (pause->open)
		WRITE_ONCE(pause->record.flags, pause->record.flags | PAUSE_GC);
}

/* safepoint__end. One that was under way when the agent came is left out. */
static __always_inline void pause_ends(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pause *pause = &globals.pause;
	struct pause_record *record = &pause->record, *sent;
	__u64 age_ns;

	if (!pause->open)
		return;
	age_ns = pause_age_ns(pause);
	record->end_ns = record->begin_ns + age_ns;
	WRITE_ONCE(globals.watched_until_ns, record->end_ns);
	WRITE_ONCE(globals.watching_cpus, record->number << 1 | 1);
	count_event(EVENT_SAFEPOINT, age_ns);
	if (record->flags & PAUSE_GC)
		count_event(EVENT_GC_PAUSE, age_ns);
	record->minor_faults = task->min_flt;
	record->major_faults = task->maj_flt;
	record->lost = READ_ONCE(pause->lost);
	sent = bpf_ringbuf_reserve(&pause_records, sizeof(*sent), 0);
	if (sent) {
		*sent = *record;
		submit(sent);
	} else {
		LOST(lost_pauses);
	}
	/* Last: Java keeps what it has read until it sees neither an open pause nor one that is being sent. */
	asm volatile("" ::: "memory");
	WRITE_ONCE(pause->open, 0);
}

#endif
