// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What agents cost a process that none of them is in, by how they hang on to the scheduler:
 * docs/decisions/0029. hooks.c attaches the programs of one way, whose names begin with it.
 */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define MOST_HOSTS 64
#define TGIDS (1 << 16)

struct task_struct {
	int pid;
	int tgid;
} __attribute__((preserve_access_index));

/* No process', and no pause of one: these programs are about all others. */
volatile unsigned int host = -1;
volatile unsigned int watching;
volatile unsigned char is_host[TGIDS];

/* How often a program ran that meant the process. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, unsigned int);
	__type(value, unsigned int);
} hits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MOST_HOSTS);
	__type(key, unsigned int);
	__type(value, unsigned int);
} hosts SEC(".maps");

/* One for each event: programs of different events cannot be in one. */
struct agents {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, MOST_HOSTS);
	__type(key, unsigned int);
	__type(value, unsigned int);
};
struct agents wakeup_agents SEC(".maps");
struct agents switch_agents SEC(".maps");

#define TASK(n) ((struct task_struct *)ctx[n])

static __always_inline int hit(void)
{
	unsigned int first = 0;
	unsigned int *count = bpf_map_lookup_elem(&hits, &first);

	if (count)
		++*count;
	return 0;
}

/* empty: what entering a program takes. */
SEC("tp_btf/sched_wakeup")
int empty_wakeup(unsigned long long *ctx)
{
	return 0;
}

SEC("tp_btf/sched_switch")
int empty_switch(unsigned long long *ctx)
{
	return 0;
}

/* own: each agent has programs of its own, which compare. So it is. */
SEC("tp_btf/sched_wakeup")
int own_wakeup(unsigned long long *ctx)
{
	return TASK(0)->tgid == host ? hit() : 0;
}

static __always_inline int compare_switch(unsigned long long *ctx)
{
	unsigned int own = host, pause = watching;

	return TASK(1)->tgid == own || TASK(2)->tgid == own || pause ? hit() : 0;
}

SEC("tp_btf/sched_switch")
int own_switch(unsigned long long *ctx)
{
	return compare_switch(ctx);
}

/* alone: the same without wake-ups. */
SEC("tp_btf/sched_switch")
int alone_switch(unsigned long long *ctx)
{
	return compare_switch(ctx);
}

/* hash: one pair for all agents, which looks the process up, and goes on with its agent's. */
static __always_inline unsigned int *agent_of(unsigned int tgid)
{
	return bpf_map_lookup_elem(&hosts, &tgid);
}

SEC("tp_btf/sched_wakeup")
int hash_wakeup(unsigned long long *ctx)
{
	unsigned int *agent = agent_of(TASK(0)->tgid);

	if (agent)
		bpf_tail_call(ctx, &wakeup_agents, *agent);
	return 0;
}

SEC("tp_btf/sched_switch")
int hash_switch(unsigned long long *ctx)
{
	unsigned int *agent = agent_of(TASK(1)->tgid);

	if (!agent)
		agent = agent_of(TASK(2)->tgid);
	if (agent)
		bpf_tail_call(ctx, &switch_agents, *agent);
	return 0;
}

SEC("tp_btf/sched_wakeup")
int agent_wakeup(unsigned long long *ctx)
{
	return hit();
}

SEC("tp_btf/sched_switch")
int agent_switch(unsigned long long *ctx)
{
	return hit();
}

/* bytes: the same with a byte for each number that a process may have, modulo. */
static __always_inline bool may_be_host(unsigned int tgid)
{
	return is_host[tgid & (TGIDS - 1)];
}

SEC("tp_btf/sched_wakeup")
int bytes_wakeup(unsigned long long *ctx)
{
	return may_be_host(TASK(0)->tgid) ? hit() : 0;
}

SEC("tp_btf/sched_switch")
int bytes_switch(unsigned long long *ctx)
{
	return may_be_host(TASK(1)->tgid) || may_be_host(TASK(2)->tgid) ? hit() : 0;
}

/* perf: a software event of each thread that is watched, and a program as its handler. */
SEC("perf_event")
int perf_switch(void *ctx)
{
	return hit();
}
