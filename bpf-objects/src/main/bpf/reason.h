/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_REASON_H
#define BPFAGENT_REASON_H

/*
 * Why a thread blocks, read off the thread itself at the moment it is switched
 * out: its flags, the system call in its saved registers and, where that is a
 * futex, the memory of HotSpot's own thread structures. No probe lies on the
 * thread's path.
 *
 * Every function here is inlined for two callers: sched_switch, where the task
 * is the current one, and the task iterator, where it is not (foreign) and its
 * memory is read with a helper that may sleep. foreign is a constant.
 */
#include "rows.h"
#include "syscalls.h"

#if defined(__TARGET_ARCH_x86)
#define SYSCALL_NUMBER(regs) ((long)(regs)->orig_ax) /* -1: an exception, not a call */
#define SYSCALL_ARG1(regs) ((regs)->di)
#define SYSCALL_ARG2(regs) ((regs)->si)
#define SYSCALL_ARG3(regs) ((regs)->dx)
#define INSTRUCTION(regs) ((regs)->ip)
#elif defined(__TARGET_ARCH_arm64)
#define SYSCALL_NUMBER(regs) ((long)(regs)->syscallno)
#define SYSCALL_ARG1(regs) ((regs)->orig_x0)
#define SYSCALL_ARG2(regs) ((regs)->regs[1])
#define SYSCALL_ARG3(regs) ((regs)->regs[2])
#define INSTRUCTION(regs) ((regs)->pc)
#endif

static __always_inline int read_user(void *to, __u32 bytes, __u64 address,
				     struct task_struct *task, const int foreign)
{
	if (foreign)
		return bpf_copy_from_user_task(to, bytes, (void *)address, task, 0);
	return bpf_probe_read_user(to, bytes, (void *)address);
}

/*
 * Where this task's Thread::_thr_current stands, 0 when it was never in libjvm.
 * x86_64: the thread pointer is the TCB, whose second word is the dtv, an array
 * of 16-byte entries whose first word is the address of a module's TLS block; the
 * entry before the first has their number.
 */
static __always_inline __u64 find_thread_slot(struct task_struct *task, const int foreign)
{
#if defined(__TARGET_ARCH_x86)
	__u64 tcb = task->thread.fsbase, dtv = 0, modules = 0, block = 0;

	if (!settings.tls_module || !tcb)
		return 0;
	if (read_user(&dtv, sizeof(dtv), tcb + 8, task, foreign))
		return 0;
	/* A thread that is older than libjvm's loading may have a dtv that ends before it. */
	if (read_user(&modules, sizeof(modules), dtv - 16, task, foreign) ||
	    settings.tls_module > modules)
		return 0;
	if (read_user(&block, sizeof(block), dtv + 16 * (__u64)settings.tls_module, task, foreign))
		return 0;
	/* -1: the block is allocated on first use */
	if (block && block != ~0ULL)
		return block + settings.tls_offset;
#endif
	return 0;
}

/*
 * HotSpot's Thread of this task, 0 when it has none. Asked each time, since a
 * native thread can attach to the JVM and detach again; only where it stands is
 * kept in the row.
 */
static __always_inline __u64 hotspot_thread(struct thread_row *row, struct task_struct *task,
					    const int foreign)
{
	__u64 thread = 0, osthread = 0;

	if (!row->thread_slot)
		row->thread_slot = find_thread_slot(task, foreign);
	if (!row->thread_slot ||
	    read_user(&thread, sizeof(thread), row->thread_slot, task, foreign))
		return 0;
	if (thread == row->thread && row->osthread_state)
		return thread;
	row->thread = thread;
	row->osthread_state = 0;
	if (thread &&
	    !read_user(&osthread, sizeof(osthread), thread + settings.osthread_offset, task,
		       foreign) &&
	    osthread)
		row->osthread_state = osthread + settings.osthread_state_offset;
	return thread;
}

/*
 * The safepoint wait barrier is one futex for the JVM's life, on which threads
 * wait with a plain FUTEX_WAIT for the value to change from the safepoint's
 * number, which is odd (LinuxWaitBarrier, JDK-8203469). A libjvm without full
 * symbols does not tell where it is. Then it is known by the caller: HotSpot
 * makes this system call through libc's syscall() and no other futex call, while
 * pthread functions have instructions of their own (and wait for odd values too,
 * when a condition variable changes groups).
 */
static __always_inline bool is_safepoint_wait(struct pt_regs *regs)
{
	if (settings.wait_barrier)
		return SYSCALL_ARG1(regs) - settings.wait_barrier < 16;
	if (!(SYSCALL_ARG3(regs) & 1))
		return false;
	return settings.syscall_function &&
	       INSTRUCTION(regs) - settings.syscall_function < settings.syscall_function_bytes;
}

/* Thread.sleep waits on a ParkEvent of its own, which the JavaThread points to. */
static __always_inline bool is_sleep(struct thread_row *row, __u64 thread, __u64 futex,
				     struct task_struct *task, const int foreign)
{
	__u64 event = 0;

	if (!settings.sleep_event_offset)
		return row->flags & FLAG_SLEEPING;
	if (read_user(&event, sizeof(event), thread + settings.sleep_event_offset, task, foreign))
		return false;
	return futex - event < settings.sleep_event_bytes;
}

/*
 * Mutexes (FUTEX_WAIT) and condition variables (FUTEX_WAIT_BITSET) are told
 * apart first: OSThread::_state says what the thread's last condition variable
 * was for, and stays while it waits for a safepoint or a mutex meanwhile.
 */
static __always_inline __u32 futex_reason(struct thread_row *row, struct task_struct *task,
					  struct pt_regs *regs, const int foreign)
{
	__u32 command = SYSCALL_ARG2(regs) & FUTEX_CMD_MASK, state = 0;
	__u64 futex = SYSCALL_ARG1(regs), thread = row->thread;

	/* The most frequent case first, without a look into memory. */
	if (command == FUTEX_WAIT_BITSET && thread &&
	    futex - thread - settings.parker_offset < settings.parker_bytes)
		return STATE_BLOCKED_PARK;
	thread = hotspot_thread(row, task, foreign);
	if (!thread)
		return STATE_BLOCKED_FUTEX;
	if (command == FUTEX_WAIT)
		return is_safepoint_wait(regs) ? STATE_BLOCKED_SAFEPOINT : STATE_BLOCKED_VM;
	if (command != FUTEX_WAIT_BITSET ||
	    read_user(&state, sizeof(state), row->osthread_state, task, foreign))
		return STATE_BLOCKED_VM;
	if (state == settings.monitor_wait)
		return STATE_BLOCKED_MONITOR;
	if (state == settings.object_wait)
		return STATE_BLOCKED_WAIT;
	if (state != settings.condvar_wait)
		return STATE_BLOCKED_VM;
	if (futex - thread - settings.parker_offset < settings.parker_bytes)
		return STATE_BLOCKED_PARK;
	return is_sleep(row, thread, futex, task, foreign) ? STATE_BLOCKED_SLEEP : STATE_BLOCKED_VM;
}

/* The kind of file that a descriptor of the task is, S_IFSOCK for example; 0: none. */
static __always_inline unsigned int descriptor_kind(struct task_struct *task, __u64 descriptor)
{
	struct fdtable *table = task->files->fdt;
	struct file *file = 0;

	if (descriptor >= table->max_fds)
		return 0;
	bpf_probe_read_kernel(&file, sizeof(file), table->fd + descriptor);
	return BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT;
}

/* It decides what read and write wait for. */
static __always_inline __u32 descriptor_reason(struct task_struct *task, __u64 descriptor)
{
	unsigned int mode = descriptor_kind(task, descriptor);

	if (mode == S_IFSOCK)
		return STATE_BLOCKED_SOCKET;
	if (mode == S_IFREG || mode == S_IFBLK)
		return STATE_BLOCKED_DISK;
	return STATE_BLOCKED_OTHER;
}

static __always_inline __u32 blocked_state(struct thread_row *row, struct task_struct *task,
					   __u32 task_state, const int foreign)
{
	struct pt_regs *regs;
	__u32 reason;
	long number;

	if (task_state & (TASK_STOPPED | TASK_TRACED))
		return STATE_BLOCKED_PROCESS;
	if (task->flags & PF_MEMALLOC)
		return STATE_BLOCKED_RECLAIM;
	/* An io_uring worker was never in user mode: it has no registers. */
	if (task->flags & PF_IO_WORKER) {
		row->syscall = 0;
		return BPF_CORE_READ_BITFIELD(task, in_iowait) ? STATE_BLOCKED_DISK :
								 STATE_BLOCKED_OTHER;
	}
	regs = (struct pt_regs *)bpf_task_pt_regs(task);
	number = SYSCALL_NUMBER(regs);
	/*
	 * Outside a system call a page fault blocks, and hardly anything else: what
	 * memory.high holds up on its way back to user mode is taken for one.
	 */
	if (number < 0)
		return STATE_BLOCKED_FAULT;
	reason = number < SYSCALL_TABLE ? syscall_reasons[number] : 0;
	if (reason == BY_FUTEX)
		return futex_reason(row, task, regs, foreign);
	if (BPF_CORE_READ_BITFIELD(task, in_iowait))
		return STATE_BLOCKED_DISK;
	if (reason == BY_DESCRIPTOR)
		reason = descriptor_reason(task, SYSCALL_ARG1(regs));
	if (reason && reason != STATE_BLOCKED_OTHER)
		return reason;
	row->syscall = number;
	return STATE_BLOCKED_OTHER;
}

#endif
