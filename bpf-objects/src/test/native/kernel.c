// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the programs call, and what they look at. One thread: nothing happens at the same time. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/bpf.h>

#include "kernel_types.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#include "kernel.h"

#define MOST_FIELDS 16
#define FIELD_BYTES 64
#define GROUPS 3
#define DESCRIPTORS 5

struct task {
	struct task_struct kernel;
	struct {
		struct pid pid;
		struct upid inner; /* numbers[1] */
	} pid;
	struct pt_regs registers;
	struct cfs_rq queue;
	bool is_there;
	bool will_be_delayed;
};

struct cpu {
	struct rq queue;
	struct task idle;
	struct task *current;
};

static struct task tasks[TASKS];
static struct cpu cpus[CPUS];
static struct task_group root_group, groups[GROUPS] = {{.parent = &root_group}, {.parent = &root_group}};
static struct dentry root_directory = {&root_directory}, directory = {&root_directory, {(const unsigned char *)"data"}};
static struct dentry regular_file = {&directory, {(const unsigned char *)"orders.db"}};
static struct mount root_mount = {&root_mount, 0, {&root_directory}};
static struct sock connection;
static struct socket tcp_socket = {&connection};
static struct inode inodes[DESCRIPTORS] = {{S_IFREG}, {S_IFSOCK}, {S_IFBLK}, {0010000}, {0020000}};
static struct file open_files[DESCRIPTORS];
static struct file *descriptors[DESCRIPTORS];
static struct fdtable descriptor_table = {DESCRIPTORS, descriptors};
static struct files_struct files = {&descriptor_table};

static char missing_fields[MOST_FIELDS][FIELD_BYTES];
static int missing_field_count;
static uint64_t monotonic_ns, cookie;
static int this_cpu;

/* Memory. */

static bool is_of_user(const void *from, uint32_t bytes)
{
	static struct map *user;

	if (!user)
		user = map_by_name("user");
	return (const char *)from >= user->memory && (const char *)from + bytes <= user->memory + user->entries;
}

/* No pointer that is null, nor what some fields behind or before one would be. */
static bool is_of_kernel(const void *from)
{
	return (uintptr_t)from >= 4096 && (uintptr_t)from < -4096ul;
}

static long copy_string(char *to, uint32_t bytes, const char *from)
{
	uint32_t i = 0;

	for (; i + 1 < bytes && from[i]; i++)
		to[i] = from[i];
	to[i] = 0;
	return i + 1;
}

long bpf_probe_read_kernel(void *to, __u32 bytes, const void *from)
{
	if (!is_of_kernel(from)) {
		memset(to, 0, bytes);
		return -EFAULT;
	}
	memcpy(to, from, bytes);
	return 0;
}

long bpf_probe_read_kernel_str(void *to, __u32 bytes, const void *from)
{
	return is_of_kernel(from) ? copy_string(to, bytes, from) : -EFAULT;
}

long bpf_probe_read_user(void *to, __u32 bytes, const void *from)
{
	if (!is_of_user(from, bytes)) {
		memset(to, 0, bytes);
		return -EFAULT;
	}
	memcpy(to, from, bytes);
	return 0;
}

long bpf_probe_read_user_str(void *to, __u32 bytes, const void *from)
{
	return is_of_user(from, bytes) ? copy_string(to, bytes, from) : -EFAULT;
}

long bpf_copy_from_user_task(void *to, __u32 bytes, const void *from, struct task_struct *task, __u64 flags)
{
	return bpf_probe_read_user(to, bytes, from);
}

void poke(uint64_t address, const void *bytes, uint32_t length)
{
	if (!is_of_user((void *)address, length))
		fail("not in the host's memory", "poke");
	memcpy((void *)address, bytes, length);
}

_Bool kernel_has_field(const char *field)
{
	for (int i = 0; i < missing_field_count; i++) {
		if (!strcmp(missing_fields[i], field))
			return false;
	}
	return true;
}

void remove_field(const char *field)
{
	if (missing_field_count == MOST_FIELDS || strlen(field) >= FIELD_BYTES)
		fail("no room for the field", field);
	strcpy(missing_fields[missing_field_count++], field);
}

void restart(void)
{
	clear_maps();
	memset(tasks, 0, sizeof(tasks));
	memset(cpus, 0, sizeof(cpus));
	missing_field_count = 0;
	monotonic_ns = 0;
	for (int i = 0; i < CPUS; i++) {
		struct task *idle = &cpus[i].idle;

		idle->kernel.flags = PF_KTHREAD;
		idle->kernel.on_cpu = 1;
		idle->kernel.prio = 120;
		idle->kernel.group_leader = &idle->kernel;
		idle->kernel.sched_task_group = &root_group;
		idle->kernel.se.cfs_rq = &idle->queue;
		idle->queue.rq = &cpus[i].queue;
		snprintf(idle->kernel.comm, sizeof(idle->kernel.comm), "swapper/%d", i);
		cpus[i].current = idle;
	}
	/* 10.0.0.7:443 */
	connection.__sk_common.skc_family = AF_INET;
	connection.__sk_common.skc_dport = __builtin_bswap16(443);
	connection.__sk_common.skc_daddr = 0x0700000a;
	for (int i = 0; i < DESCRIPTORS; i++) {
		open_files[i].f_inode = &inodes[i];
		/* What is no file of a file system has no name. */
		open_files[i].f_path = (struct path){&root_mount.mnt, i ? &root_directory : &regular_file};
		open_files[i].private_data = &tcp_socket;
		descriptors[i] = &open_files[i];
	}
}

/* Clocks and tasks. */

void set_clock(uint64_t ns)
{
	monotonic_ns = ns;
}

static struct cpu *cpu_at(int cpu)
{
	if (cpu < 0 || cpu >= CPUS)
		fail("no such", "CPU");
	return &cpus[cpu];
}

void set_cpu_clock(int cpu, uint64_t ns)
{
	cpu_at(cpu)->queue.clock = ns;
}

void set_running(int cpu, uint32_t number)
{
	cpu_at(cpu)->queue.nr_running = number;
}

static struct task *task_at(int task)
{
	if (task < 0 || task >= TASKS || !tasks[task].is_there)
		fail("no such", "task");
	return &tasks[task];
}

static struct task *task_on(int cpu, int task)
{
	return task < 0 ? &cpu_at(cpu)->idle : task_at(task);
}

/* The task is on this CPU's run queue from now on. */
static void move(struct task *task, int cpu)
{
	struct rq *queue = &cpu_at(cpu)->queue;

	if (task->queue.rq && task->queue.rq != queue)
		task->kernel.se.nr_migrations++;
	task->queue.rq = queue;
	task->kernel.thread_info.cpu = cpu;
	task->kernel.cpu = cpu;
}

void make_task(int number, const struct new_task *of)
{
	struct task *task = &tasks[number];

	if (number < 0 || number >= TASKS || of->group < 0 || of->group >= GROUPS)
		fail("no such", "task, or group");
	memset(task, 0, sizeof(*task));
	task->is_there = true;
	task->pid.pid.level = 1;
	task->pid.pid.numbers[0].nr = of->tid;
	*(&task->pid.pid.numbers[0] + 1) = (struct upid){of->inner_tid};
	task->queue.rq = 0;
	task->kernel.se.cfs_rq = &task->queue;
	task->kernel.pid = of->tid;
	task->kernel.tgid = of->tgid;
	task->kernel.flags = of->is_kernel ? PF_KTHREAD : 0;
	task->kernel.prio = 120;
	task->kernel.sched_task_group = of->group ? &groups[of->group - 1] : &root_group;
	task->kernel.group_leader = &task_at(of->leader)->kernel;
	task->kernel.start_boottime = 1000 + number;
	task->kernel.thread_pid = &task->pid.pid;
	task->kernel.files = &files;
	snprintf(task->kernel.comm, sizeof(task->kernel.comm), "%s", of->comm);
	move(task, 0);
}

void set_call(int number, long call, uint64_t argument1, uint64_t argument2, uint64_t argument3, uint64_t instruction)
{
	struct pt_regs *registers = &task_at(number)->registers;
#if defined(__TARGET_ARCH_x86)
	registers->orig_ax = call;
	registers->di = argument1;
	registers->si = argument2;
	registers->dx = argument3;
	registers->ip = instruction;
#else
	registers->syscallno = call;
	registers->orig_x0 = argument1;
	registers->regs[1] = argument2;
	registers->regs[2] = argument3;
	registers->pc = instruction;
#endif
}

void set_thread_pointer(int task, uint64_t address)
{
#if defined(__TARGET_ARCH_x86)
	task_at(task)->kernel.thread.fsbase = address;
#endif
}

void set_flags(int task, uint32_t flags, bool in_iowait)
{
	task_at(task)->kernel.flags = flags;
	task_at(task)->kernel.in_iowait = in_iowait;
}

void add_faults(int task, uint32_t minor, uint32_t major)
{
	task_at(task)->kernel.min_flt += minor;
	task_at(task)->kernel.maj_flt += major;
}

void set_throttled(int task, bool throttled)
{
	task_at(task)->kernel.throttled = throttled;
}

void set_delayed(int task, bool delayed)
{
	task_at(task)->will_be_delayed = delayed;
}

__u64 bpf_ktime_get_ns(void)
{
	return monotonic_ns;
}

__u32 bpf_get_smp_processor_id(void)
{
	return this_cpu;
}

struct task_struct *bpf_get_current_task_btf(void)
{
	return &cpus[this_cpu].current->kernel;
}

__u64 bpf_get_current_pid_tgid(void)
{
	struct task_struct *task = bpf_get_current_task_btf();

	return (__u64)task->tgid << 32 | (__u32)task->pid;
}

long bpf_task_pt_regs(struct task_struct *task)
{
	/* A task begins with what the kernel has of it. */
	return (long)&((struct task *)task)->registers;
}

__u64 bpf_get_attach_cookie(void *context)
{
	return cookie;
}

void *bpf_sk_storage_get(void *map, void *sock, void *value, __u64 flags)
{
	return 0;
}

struct tcp_sock *bpf_skc_to_tcp_sock(void *sock)
{
	return 0;
}

struct socket *bpf_sock_from_file(struct file *file)
{
	return 0;
}

/* Events. */

static void run(const char *program, void *context)
{
	for (int i = 0; i < program_count; i++) {
		if (!strcmp(programs[i].name, program)) {
			programs[i].run(context);
			return;
		}
	}
	fail("no such program", program);
}

/* __schedule(): the event comes before the task that is next has begun to run. */
void play_switch(int cpu, bool preempted, int prev_number, uint32_t prev_state, int next_number, bool is_lost)
{
	struct task *prev = task_on(cpu, prev_number), *next = task_on(cpu, next_number);
	uint64_t context[] = {preempted, (uint64_t)&prev->kernel, (uint64_t)&next->kernel};

	if (cpu_at(cpu)->current != prev)
		fail("not on that CPU", prev->kernel.comm);
	this_cpu = cpu;
	/* Of idle tasks neither is kept. */
	if (prev_number >= 0)
		prev->kernel.se.sum_exec_runtime += cpus[cpu].queue.clock - prev->kernel.sched_info.last_arrival;
	prev->kernel.__state = prev_state;
	if (prev_state && !preempted) {
		prev->kernel.se.sched_delayed = prev->will_be_delayed;
		prev->kernel.on_rq = prev->kernel.se.on_rq = prev->will_be_delayed;
	}
	if (next_number >= 0)
		move(next, cpu);
	if (!is_lost)
		run("sched_switch", context);
	if (next_number >= 0) {
		next->kernel.sched_info.last_arrival = cpus[cpu].queue.clock;
		next->kernel.se.prev_sum_exec_runtime = next->kernel.se.sum_exec_runtime;
	}
	prev->kernel.on_cpu = 0;
	next->kernel.on_cpu = 1;
	next->kernel.on_rq = next->kernel.se.on_rq = 1;
	cpus[cpu].current = next;
	/* It is freed by who runs now. */
	if (prev_state & TASK_DEAD)
		prev->is_there = false;
}

/* Whether this CPU's task does what comes now, in a system call, or an interrupt that came into it. */
static void set_interrupt(uint64_t *context, bool in_interrupt)
{
	struct task_struct *task = bpf_get_current_task_btf();

	/* What programs are called with stands on the stack of who calls them. */
	task->stack = in_interrupt ? 0 : context;
	task->thread_info.preempt_count = in_interrupt ? 0x10000 : 0;
}

/*
 * try_to_wake_up(), wake_up_new_task(): the second event comes when the task is on its run
 * queue and may run. Another CPU is sent an interrupt, in which it does that.
 */
void play_wakeup(int cpu, int number, int to, bool is_new, bool is_lost, bool in_interrupt)
{
	struct task *task = task_at(number);
	uint64_t context[] = {(uint64_t)&task->kernel};

	this_cpu = cpu;
	set_interrupt(context, in_interrupt);
	if (!is_new && !is_lost)
		run("sched_waking", context);
	if (!is_new && cpu != to) {
		this_cpu = to;
		set_interrupt(context, true);
	}
	if (!task->kernel.on_cpu)
		move(task, to);
	task->kernel.__state = 0;
	task->kernel.se.sched_delayed = 0;
	task->kernel.on_rq = task->kernel.se.on_rq = 1;
	if (!is_lost)
		run(is_new ? "sched_wakeup_new" : "sched_wakeup", context);
}

void play_probe(int cpu, uint64_t number, void *registers)
{
	this_cpu = cpu;
	cookie = number;
	run("hotspot_probe", registers);
}

void play_syscall(int cpu, const char *program)
{
	this_cpu = cpu;
	run(program, 0);
}

void play_iterator(int cpu, const char *program)
{
	struct bpf_iter__task context = {};

	this_cpu = cpu;
	for (int i = 0; i < TASKS; i++) {
		if (tasks[i].is_there) {
			context.task = &tasks[i].kernel;
			run(program, &context);
		}
	}
	context.task = 0;
	run(program, &context);
}
