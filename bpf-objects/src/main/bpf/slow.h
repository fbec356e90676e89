/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_SLOW_H
#define BPFAGENT_SLOW_H

/*
 * Single latencies that reached their limits, each sent when it is over, with
 * what can be told then: what was waited for, and who ended the wait.
 *
 * What is not slow costs a comparison. What is slow costs microseconds, most of
 * it for a path; the ring bounds how often: once it is full, an event more is a
 * number and nothing else until Java has looked.
 */
#include "reason.h"
#include "pauses.h"

#define PATH_PARTS 16
#define WAKE_UP_NS 100000000 /* at most, from the decision until it is done */

static __always_inline bool is_slow_state(__u32 state, __u64 ns)
{
	__u32 zero = 0;
	struct slow_limits *limits = bpf_map_lookup_elem(&slow_limits, &zero);

	return limits && ns >= READ_ONCE(limits->state_ns[state & (STATES - 1)]);
}

static __always_inline bool is_slow(__u32 metric, __u64 ns)
{
	__u32 zero = 0;
	struct slow_limits *limits = bpf_map_lookup_elem(&slow_limits, &zero);

	forget(metric);
	return limits && metric < THREAD_METRICS && ns >= READ_ONCE(limits->metric_ns[metric]);
}

static __always_inline struct slow_record *reserve_slow(void)
{
	struct slow_record *record = bpf_ringbuf_reserve(&slow_records, sizeof(*record), 0);

	if (!record)
		LOST(lost_slow_events);
	else
		__builtin_memset(record, 0, __builtin_offsetof(struct slow_record, text));
	return record;
}

/* Of a metric; the times are monotonic. */
static __always_inline struct slow_record *new_slow(__u32 metric, __u32 row_number, __u64 since_ns,
						    __u64 until_ns)
{
	struct slow_record *record = reserve_slow();

	if (record) {
		record->metric = metric;
		record->row = row_number;
		record->cpu = bpf_get_smp_processor_id();
		record->since_ns = since_ns - globals.clock_offset_ns;
		record->until_ns = until_ns - globals.clock_offset_ns;
	}
	return record;
}

/* Whose it is, if the row is still that thread's. */
static __always_inline void name_row(struct slow_record *record, __u32 row_number, __u32 generation)
{
	struct thread_row *row = row_at(row_number);

	if (row && row->generation == generation) {
		record->generation = generation;
		record->host_tid = row->host_tid;
	}
}

/* Of a thread's errno, which its C library keeps beside its thread pointer. */
static __always_inline __s32 current_errno(void)
{
	__s32 error = 0;
#if defined(__TARGET_ARCH_x86)
	struct task_struct *task = bpf_get_current_task_btf();

	if (settings.errno_offset)
		bpf_probe_read_user(&error, sizeof(error),
				    (void *)(task->thread.fsbase + settings.errno_offset));
#endif
	return error;
}

/*
 * Whether the row's call is under way, as the only place where its begin stands. Not one whose end programs that
 * were away may not have seen, nor a read or write: their begins stand elsewhere, and nothing is called within them.
 */
static __always_inline bool is_in_call(struct thread_row *row)
{
	__u32 call = row->call;

	return call && (call <= METRIC_FILE_READ || call > METRIC_SOCKET_WRITE + 1) &&
	       row->call_ns >= READ_ONCE(globals.begun_after_ns);
}

/* So that Java sees what a thread does that does not come back. Of calls within another one, the outer. */
static __always_inline void mark_transfer(__u32 metric, __u64 now)
{
	__u32 number;
	struct thread_row *row = row_of((__u32)bpf_get_current_pid_tgid(), &number);

	if (!row || is_in_call(row))
		return;
	row->call_ns = now;
	WRITE_ONCE(row->call, metric + 1);
}

static __always_inline void unmark_transfer(__u32 metric)
{
	__u32 number;
	struct thread_row *row = row_of((__u32)bpf_get_current_pid_tgid(), &number);

	if (row && row->call == metric + 1)
		WRITE_ONCE(row->call, 0);
}

/*
 * Names from the file's own up to the root, each as far as it fits: so the end,
 * which tells most, is there. Where a file system is mounted the names go on with
 * those of the directory that it is mounted on.
 */
static __always_inline void describe_path(struct slow_record *record, struct file *file)
{
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry), *parent;
	struct vfsmount *vfsmount = BPF_CORE_READ(file, f_path.mnt);
	struct mount *mount = (void *)vfsmount - bpf_core_field_offset(struct mount, mnt), *outer;
	__u32 at = 0;

	record->flags |= SLOW_PATH | SLOW_PATH_CUT;
	for (int i = 0; i < PATH_PARTS; i++) {
		long bytes;

		if (dentry == BPF_CORE_READ(mount, mnt.mnt_root)) {
			outer = BPF_CORE_READ(mount, mnt_parent);
			if (outer == mount) {
				record->flags &= ~SLOW_PATH_CUT;
				break;
			}
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mount = outer;
			continue;
		}
		parent = BPF_CORE_READ(dentry, d_parent);
		if (dentry == parent)
			break;
		if (at > SLOW_TEXT_BYTES - NAME_PART_BYTES)
			break;
		bytes = bpf_probe_read_kernel_str(record->text + at, NAME_PART_BYTES,
						  BPF_CORE_READ(dentry, d_name.name));
		if (bytes <= 0)
			break;
		at += bytes;
		dentry = parent;
	}
	record->text_bytes = at;
}

static __always_inline void describe_socket(struct slow_record *record, struct sock *sock)
{
	record->family = BPF_CORE_READ(sock, __sk_common.skc_family);
	record->port = bpf_ntohs(BPF_CORE_READ(sock, __sk_common.skc_dport));
	record->flags |= SLOW_SOCKET;
	if (record->family == AF_INET)
		bpf_probe_read_kernel(record->address, 4,
				      (void *)sock + bpf_core_field_offset(struct sock, __sk_common.skc_daddr));
	else if (record->family == AF_INET6 && bpf_core_field_exists(struct sock_common, skc_v6_daddr))
		bpf_probe_read_kernel(record->address, 16,
				      (void *)sock + bpf_core_field_offset(struct sock, __sk_common.skc_v6_daddr));
}

static __always_inline void describe_socket_of(struct slow_record *record, struct socket *socket)
{
	describe_socket(record, BPF_CORE_READ(socket, sk));
}

static __always_inline void describe_descriptor(struct slow_record *record, struct task_struct *task,
						__u64 descriptor)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file *file = 0;

	if (!table || descriptor >= BPF_CORE_READ(table, max_fds))
		return;
	bpf_probe_read_kernel(&file, sizeof(file), BPF_CORE_READ(table, fd) + descriptor);
	if (!file)
		return;
	if ((BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) == S_IFSOCK)
		describe_socket_of(record, BPF_CORE_READ(file, private_data));
	else
		describe_path(record, file);
}

/* A call of the current thread's. name: of a string in its memory; 0: none. descriptor: + 1; 0: none. */
__noinline int send_slow_call(__u32 metric, __u64 ns, __u64 name, __s32 error, __u32 descriptor)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid(), row_number = 0;
	struct thread_row *row = row_of(tid, &row_number);
	__u64 now = bpf_ktime_get_ns();
	struct slow_record *record = new_slow(metric, row_number, now - ns, now);
	long bytes;

	if (!record)
		return 0;
	record->generation = row ? row->generation : 0;
	record->host_tid = tid;
	record->context = row ? node_of(row_number) : 0;
	record->span = row ? span_of(row_number) : 0;
	record->virtual_thread = row ? virtual_thread_of(row_number) : 0;
	record->error = error;
	bytes = name ? bpf_probe_read_user_str(record->text, sizeof(record->text), (void *)name) : 0;
	if (bytes > 0) {
		record->flags = SLOW_STRING;
		record->text_bytes = bytes;
	}
	/* The call is over, and it may be closed by now: then there is nothing to be told. */
	if (descriptor)
		describe_descriptor(record, bpf_get_current_task_btf(), descriptor - 1);
	submit(record);
	return 0;
}

/* Whether this system call's first argument is a descriptor. */
static __always_inline bool takes_descriptor(__u32 syscall)
{
	__u8 reason = syscall_reasons[syscall & (SYSCALL_TABLE - 1)];

	return reason == BY_DESCRIPTOR || reason == STATE_BLOCKED_SOCKET ||
	       (reason == STATE_BLOCKED_DISK && takes_file(syscall));
}

/*
 * Whether an interrupt does this, and not the current thread into which it came.
 * x86_64 counts interrupts where programs cannot look on all kernels. But one that
 * comes while the kernel runs has a stack of its own, and on that stands what the
 * program is called with; one that comes while the thread is in user mode does not,
 * and then the thread is in no system call. Nobody's thread, the idle one, does
 * nothing but take interrupts.
 * scratch: where the verifier forgets that this was a pointer.
 */
static __always_inline bool in_interrupt(void *context, __u64 *scratch)
{
	struct task_struct *task = bpf_get_current_task_btf();
#if defined(__TARGET_ARCH_x86)
	__u64 at;

	if (!task->pid)
		return true;
	WRITE_ONCE(*scratch, (__u64)context);
	at = READ_ONCE(*scratch);
	if (at - (__u64)task->stack >= MOST_STACK_BYTES)
		return true;
	return !(task->flags & (PF_KTHREAD | PF_IO_WORKER)) &&
	       SYSCALL_NUMBER((struct pt_regs *)bpf_task_pt_regs(task)) < 0;
#else
	return task->thread_info.preempt_count & IN_INTERRUPT;
#endif
}

static __always_inline void name_actor(struct waker *waker, struct task_struct *task)
{
	__u32 row_number = 0;
	struct thread_row *row;

	waker->pid = task->tgid;
	if (is_of_host(task)) {
		row = row_of(task->pid, &row_number);
		waker->actor = ACTOR_OWN;
		waker->row = row_number;
		waker->generation = row ? row->generation : 0;
		return;
	}
	waker->actor = task->flags & PF_KTHREAD ? ACTOR_KERNEL : ACTOR_PROCESS;
	BPF_CORE_READ_INTO(&waker->comm, task, group_leader, comm);
}

static __always_inline void describe_actor(struct slow_record *record, struct waker *waker)
{
	record->actor = waker->actor;
	record->actor_row = waker->row;
	record->actor_generation = waker->generation;
	record->actor_pid = waker->pid;
	__builtin_memcpy(record->actor_comm, waker->comm, COMM_BYTES);
}

/*
 * The thread is to be woken. Most wake-ups are done by the CPU on which the thread
 * is to run, in an interrupt that another CPU sends: only now is that one's thread
 * the current one. Attached only while there are slow events of blocked threads.
 */
static __always_inline void note_waker(struct task_struct *task, void *context)
{
	struct thread_row *row;
	struct waker *waker;
	__u32 row_number, slot = task->pid & (WAKERS - 1);
	__u64 now, taken_ns;
	__s64 ns;

	row = row_of(task->pid, &row_number);
	if (!row || row->state < STATE_BLOCKED_MONITOR)
		return;
	/* Of one that has only just been blocked the clocks may say less than nothing. */
	ns = time_now() - row->since_ns;
	if (ns < 0 || !is_slow_state(row->state, ns))
		return;
	waker = bpf_map_lookup_elem(&wakers, &slot);
	if (!waker)
		return;
	/* One that nobody came for was of a thread that did not sleep yet. */
	now = bpf_ktime_get_ns();
	taken_ns = READ_ONCE(waker->taken_ns);
	if ((taken_ns && now - taken_ns < WAKE_UP_NS) ||
	    __sync_val_compare_and_swap(&waker->taken_ns, taken_ns, now) != taken_ns)
		return;
	WRITE_ONCE(waker->host_tid, 0);
	waker->pid = 0;
	waker->row = 0;
	waker->generation = 0;
	__builtin_memset(waker->comm, 0, COMM_BYTES);
	if (in_interrupt(context, &waker->since_ns))
		waker->actor = ACTOR_INTERRUPT;
	else
		name_actor(waker, bpf_get_current_task_btf());
	waker->since_ns = row->since_ns;
	order_stores(waker->pid);
	WRITE_ONCE(waker->host_tid, task->pid);
}

static __always_inline struct slow_record *new_slow_stay(struct thread_row *row, __u32 row_number,
							 struct task_struct *task, __u64 now)
{
	struct slow_record *record = reserve_slow();

	if (record) {
		record->flags = SLOW_STATE;
		record->metric = row->state;
		record->row = row_number;
		record->generation = row->generation;
		record->host_tid = row->host_tid;
		record->context = node_of(row_number);
		record->span = span_of(row_number);
		record->virtual_thread = virtual_thread_of(row_number);
		record->cpu = cpu_of(task);
		record->since_ns = row->since_ns;
		record->until_ns = now;
	}
	return record;
}

/* A thread that was blocked for long is woken: it stands still in what it was doing. */
static __noinline int send_slow_block(struct thread_row *row, __u32 row_number, struct task_struct *task,
				      void *context, __u64 now)
{
	__u32 slot = task->pid & (WAKERS - 1);
	struct waker *noted = bpf_map_lookup_elem(&wakers, &slot), waker = {};
	struct slow_record *record = new_slow_stay(row, row_number, task, now);
	struct pt_regs *regs;
	long number;

	if (!record)
		return 0;
	if (noted && READ_ONCE(noted->host_tid) == task->pid && noted->since_ns == row->since_ns) {
		waker = *noted;
		WRITE_ONCE(noted->taken_ns, 0);
	} else if (!in_interrupt(context, &record->object)) {
		name_actor(&waker, bpf_get_current_task_btf());
	}
	record->object = 0;
	describe_actor(record, &waker);
	regs = (struct pt_regs *)bpf_task_pt_regs(task);
	number = task->flags & PF_IO_WORKER ? -1 : SYSCALL_NUMBER(regs);
	if (number >= 0 && number < SYSCALL_TABLE) {
		record->flags |= SLOW_SYSCALL;
		record->syscall = number;
		if (syscall_reasons[number] == BY_FUTEX) {
			record->flags |= SLOW_FUTEX;
			record->object = SYSCALL_ARG1(regs);
		} else if (takes_descriptor(number)) {
			describe_descriptor(record, task, SYSCALL_ARG1(regs));
		}
	}
	submit(record);
	return 0;
}

/* A thread that had to wait for a CPU gets the one that prev leaves. */
static __noinline int send_slow_wait(struct thread_row *row, __u32 row_number, struct task_struct *prev,
				     struct task_struct *task, __u64 now)
{
	struct slow_record *record = new_slow_stay(row, row_number, task, now);
	struct waker actor = {};
	__u64 group;

	if (!record)
		return 0;
	if (row->flags & FLAG_THROTTLED) {
		actor.actor = ACTOR_THROTTLED;
	} else if (row->migrations != (__u32)task->se.nr_migrations) {
		actor.actor = ACTOR_UNKNOWN; /* it has waited for another CPU */
	} else if (!prev->pid) {
		actor.actor = ACTOR_IDLE;
	} else {
		name_actor(&actor, prev);
		if (actor.actor == ACTOR_PROCESS && (group = task_group_of(task)) && group == task_group_of(prev))
			actor.actor = ACTOR_CGROUP;
	}
	describe_actor(record, &actor);
	submit(record);
	return 0;
}

#endif
