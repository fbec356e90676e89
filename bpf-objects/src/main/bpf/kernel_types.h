/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_KERNEL_TYPES_H
#define BPFAGENT_KERNEL_TYPES_H

/*
 * The kernel's structures as far as the programs use them, and no field more:
 * this file is the list of what the agent relies on. Offsets are filled in at
 * load time from the running kernel's BTF (CO-RE), so order and size here do
 * not matter. Oldest kernel: 5.15.
 */

/* libbpf's headers then name registers as the kernel does, not as user space. */
#define __VMLINUX_H__

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct inode {
	unsigned short i_mode;
};

struct qstr {
	const unsigned char *name;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct inode *f_inode;
	struct path f_path;
	void *private_data; /* of a socket: its struct socket */
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct upid {
	int nr;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];
};

struct rq {
	unsigned long long clock;
	unsigned int nr_running;
};

struct cfs_rq {
	struct rq *rq; /* with CONFIG_FAIR_GROUP_SCHED only */
	int throttle_count; /* with CONFIG_CFS_BANDWIDTH only */
};

struct task_group {
	struct task_group *parent;
	struct autogroup *autogroup; /* with CONFIG_SCHED_AUTOGROUP only */
};

struct sched_entity {
	struct cfs_rq *cfs_rq; /* with CONFIG_FAIR_GROUP_SCHED only */
	unsigned int on_rq;
	unsigned long long nr_migrations;
	unsigned long long sum_exec_runtime;
	unsigned long long prev_sum_exec_runtime; /* as it was when the task last came on a CPU */
	unsigned char sched_delayed; /* a bit field, since 6.12 (152e11f6df29) */
};

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long ax;
	unsigned long orig_ax;
	unsigned long di;
	unsigned long si;
	unsigned long dx;
	unsigned long cx;
	unsigned long ip;
};

struct thread_struct {
	unsigned long fsbase;
};
#elif defined(__TARGET_ARCH_arm64)
struct pt_regs {
	unsigned long long regs[31];
	unsigned long long pc;
	unsigned long long orig_x0;
	int syscallno;
};

/* The part of pt_regs that libbpf's headers use. */
struct user_pt_regs {
	unsigned long long regs[31];
	unsigned long long sp;
	unsigned long long pc;
	unsigned long long pstate;
};
#endif

struct sched_info {
	unsigned long long last_arrival; /* with CONFIG_SCHED_INFO only */
};

struct thread_info {
	unsigned int status; /* on x86 only */
	unsigned int cpu; /* since 5.16 on x86 too (bcf9033e5449) */
	unsigned long long preempt_count; /* of arm64: its lower half */
};

struct task_struct {
	struct thread_info thread_info;
	void *stack;
	unsigned int cpu; /* on x86 before */
	unsigned int __state; /* "state" before 5.14 (2f064a59a11f) */
	unsigned int flags;
	int on_cpu;
	int on_rq;
	int prio;
	int pid;
	int tgid;
	unsigned in_iowait : 1;
	unsigned char throttled; /* a bool, since 6.18, with CONFIG_CFS_BANDWIDTH only */
	unsigned long min_flt;
	unsigned long maj_flt;
	struct task_group *sched_task_group; /* with CONFIG_CGROUP_SCHED only */
	char comm[16];
	struct sched_entity se;
	struct sched_info sched_info;
	struct task_struct *group_leader;
	unsigned long long start_boottime;
	unsigned long long self_exec_id;
	struct pid *thread_pid;
	struct files_struct *files;
#if defined(__TARGET_ARCH_x86)
	struct thread_struct thread;
#endif
};

struct gendisk {
	int major;
	int first_minor;
	char disk_name[32];
};

struct request_queue {
	struct gendisk *disk; /* since 5.15 (d152c682f03c) */
};

struct request {
	struct request_queue *q;
	unsigned int cmd_flags;
	unsigned int __data_len;
	unsigned long long __sector;
};

struct net;
struct in6_addr {
	unsigned char in6_u[16];
};

typedef struct {
	struct net *net;
} possible_net_t;

struct sock_common {
	unsigned short skc_family;
	unsigned short skc_dport; /* in the network's byte order */
	unsigned short skc_num;
	volatile unsigned char skc_state;
	unsigned int skc_daddr;
	struct in6_addr skc_v6_daddr; /* with CONFIG_IPV6 only */
	possible_net_t skc_net;
	unsigned long skc_flags;
};

struct sock {
	struct sock_common __sk_common;
	unsigned short sk_protocol; /* a bit field before 5.6 */
	int sk_err;
};

struct socket {
	struct sock *sk;
};

struct tcp_sock {
	unsigned int srtt_us; /* eight times as many */
	unsigned int delivered;
	unsigned int total_retrans;
	unsigned long long bytes_sent;
	unsigned long long bytes_retrans;
	unsigned long long bytes_received;
};

/* What a task iterator is called with. */
struct bpf_iter_meta {
	unsigned long long session_id;
};
struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};
struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	unsigned int fd;
	struct file *file;
};
struct bpf_iter__bpf_sk_storage_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	struct sock *sk;
	void *value;
};

#pragma clang attribute pop

/* include/linux/sched.h */
#define TASK_INTERRUPTIBLE 0x0001
#define TASK_UNINTERRUPTIBLE 0x0002
#define TASK_STOPPED 0x0004
#define TASK_TRACED 0x0008
#define TASK_DEAD 0x0080
#define PF_IO_WORKER 0x00000010
#define PF_MEMALLOC 0x00000800
#define PF_KTHREAD 0x00200000

/* arch/x86/include/asm/thread_info.h: in a system call of 32-bit code, which have numbers of their own */
#define TS_COMPAT 0x0002

/* include/linux/sched/prio.h */
#define MAX_RT_PRIO 100

/* include/linux/blk_types.h */
#define REQ_OP_MASK 0xff
#define REQ_OP_READ 0
#define REQ_OP_WRITE 1
#define REQ_OP_FLUSH 2
#define REQ_OP_DRV_IN 34
#define REQ_OP_DRV_OUT 35

/* include/net/tcp_states.h, include/uapi/linux/in.h */
#define TCP_ESTABLISHED 1
#define TCP_SYN_SENT 2
#define TCP_SYN_RECV 3
#define TCP_FIN_WAIT1 4
#define TCP_CLOSE 7
#define TCP_CLOSE_WAIT 8
#define TCP_LAST_ACK 9
#define TCP_LISTEN 10
#define IPPROTO_TCP 6

/* include/linux/socket.h */
#define AF_INET 2
#define AF_INET6 10

/* include/net/sock.h */
#define SOCK_DONE 1 /* the peer has sent its FIN */

/* include/linux/preempt.h: a hardware interrupt, a soft one, or one that cannot be masked */
#define IN_INTERRUPT 0x00ff0100

/* Of x86_64 with the largest configuration. */
#define MOST_STACK_BYTES 32768

/* include/uapi/linux/stat.h */
#define S_IFMT 00170000
#define S_IFSOCK 0140000
#define S_IFREG 0100000
#define S_IFBLK 0060000

/* include/uapi/linux/futex.h */
#define FUTEX_WAIT 0
#define FUTEX_WAIT_BITSET 9
#define FUTEX_CMD_MASK 0x7f

#endif
