// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * hooks OBJECT WAY AGENTS MS: so many agents hang on to the scheduler in that way; for so
 * long two threads on one CPU hand over through pipes, each time one wake-up and one switch.
 * Prints what a handover took, ns, of the hundred of them that a tenth of all hundreds were
 * faster than, for others use the CPU too; how often a program that meant these threads ran, and
 * how often they handed over.
 *
 * Ways: none; empty, own, alone, hash, bytes: the programs of hooks.bpf.c whose names begin so,
 * the first three once for each agent; hosts are other processes. hash-host: this process is one.
 * perf: in so many other processes a thread has the event and its program. perf-host: the two
 * threads have it, the second has inherited it.
 */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HANDOVERS 100
#define MOST_CHUNKS 100000
#define MOST_AGENTS 64

static int there[2], back[2];
static long long took_ns[MOST_CHUNKS];

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Whether the way has the program. */
static bool is_of(const char *program, const char *way)
{
	size_t length = strcspn(way, "-");

	return (!strncmp(program, way, length) && program[length] == '_') ||
	       (!strcmp(way, "hash-host") && !strncmp(program, "agent_", 6));
}

static struct bpf_object *load(const char *file, const char *way)
{
	struct bpf_object *object = bpf_object__open_file(file, NULL);
	struct bpf_program *program;

	if (!object)
		fail("open");
	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, is_of(bpf_program__name(program), way));
	if (bpf_object__load(object))
		fail("load");
	return object;
}

static int map_of(struct bpf_object *object, const char *name)
{
	return bpf_object__find_map_fd_by_name(object, name);
}

/* Those that are not called by others. */
static void attach(struct bpf_program *program)
{
	bool is_called = !strncmp(bpf_program__name(program), "agent_", 6);

	if (bpf_program__autoload(program) && !is_called && !bpf_program__attach(program))
		fail("attach");
}

static void attach_all(struct bpf_object *object)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object)
		attach(program);
}

/* The number is no process's, or this one's. */
static void add_host(struct bpf_object *object, unsigned int tgid, unsigned int agent)
{
	if (bpf_map_update_elem(map_of(object, "hosts"), &tgid, &agent, BPF_ANY))
		fail("hosts");
}

static void set_agent(struct bpf_object *object, const char *agents, const char *name)
{
	unsigned int first = 0;
	int program = bpf_program__fd(bpf_object__find_program_by_name(object, name));

	if (bpf_map_update_elem(map_of(object, agents), &first, &program, BPF_ANY))
		fail(agents);
}

/* An event of the thread, and of those that it will start: each time it leaves a CPU. */
static void watch(pid_t thread, struct bpf_object *object)
{
	struct perf_event_attr attributes = {
		.size = sizeof(attributes),
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_CONTEXT_SWITCHES,
		.sample_period = 1,
		.inherit = 1,
	};
	int event = syscall(SYS_perf_event_open, &attributes, thread, -1, -1, PERF_FLAG_FD_CLOEXEC);
	int program = bpf_program__fd(bpf_object__find_program_by_name(object, "perf_switch"));

	if (event < 0)
		fail("perf_event_open");
	if (ioctl(event, PERF_EVENT_IOC_SET_BPF, program))
		fail("PERF_EVENT_IOC_SET_BPF");
}

static pid_t idle_child(void)
{
	pid_t child = fork();

	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pause();
		_exit(0);
	}
	if (child < 0)
		fail("fork");
	return child;
}

static void *answer(void *unused)
{
	char turn;

	while (read(there[0], &turn, 1) == 1 && write(back[1], &turn, 1) == 1)
		;
	return NULL;
}

static int by_size(const void *a, const void *b)
{
	long long difference = *(const long long *)a - *(const long long *)b;

	return difference < 0 ? -1 : difference > 0;
}

static unsigned int hits(struct bpf_object *object)
{
	unsigned int first = 0, count = 0;

	if (object && bpf_map_lookup_elem(map_of(object, "hits"), &first, &count))
		fail("hits");
	return count;
}

int main(int count, char **arguments)
{
	const char *way = count == 5 ? arguments[2] : "none";
	int agents = count == 5 ? atoi(arguments[3]) : 0;
	bool is_each = !strcmp(way, "empty") || !strcmp(way, "own") || !strcmp(way, "alone");
	struct bpf_object *object = NULL;
	int chunks = 0, i;
	long long end_ns;
	pthread_t partner;
	struct sched_param priority = {};
	cpu_set_t cpu;
	char turn = 0;

	if (count != 5 || agents > MOST_AGENTS) {
		fprintf(stderr, "usage: hooks OBJECT WAY AGENTS MS, at most %d agents\n", MOST_AGENTS);
		return 2;
	}
	for (i = 0; strcmp(way, "none") && i < (is_each ? agents : 1); i++) {
		object = load(arguments[1], way);
		if (!strncmp(way, "hash", 4)) {
			for (int other = 1; other <= agents; other++)
				add_host(object, -other, MOST_AGENTS - 1);
		}
		if (!strcmp(way, "hash-host")) {
			set_agent(object, "wakeup_agents", "agent_wakeup");
			set_agent(object, "switch_agents", "agent_switch");
			add_host(object, getpid(), 0);
		}
		if (strncmp(way, "perf", 4))
			attach_all(object);
	}
	for (i = 0; !strcmp(way, "perf") && i < agents; i++)
		watch(idle_child(), object);
	if (!strcmp(way, "perf-host"))
		watch(0, object);
	CPU_ZERO(&cpu);
	CPU_SET(sched_getcpu(), &cpu);
	/* Of this policy whoever is woken does not push its waker off the CPU, so each handover is a wake-up too. */
	if (sched_setscheduler(0, SCHED_BATCH, &priority) || sched_setaffinity(0, sizeof(cpu), &cpu) ||
	    pipe(there) || pipe(back) || pthread_create(&partner, NULL, answer, NULL))
		fail("pipes and threads");
	end_ns = now_ns() + atoi(arguments[4]) * 1000000LL;
	for (long long from_ns = now_ns(); from_ns < end_ns && chunks < MOST_CHUNKS; chunks++) {
		for (i = 0; i < HANDOVERS / 2; i++) {
			if (write(there[1], &turn, 1) != 1 || read(back[0], &turn, 1) != 1)
				fail("handover");
		}
		took_ns[chunks] = now_ns() - from_ns;
		from_ns += took_ns[chunks];
	}
	qsort(took_ns, chunks, sizeof(*took_ns), by_size);
	printf("%.2f %u %d\n", (double)took_ns[chunks / 10] / HANDOVERS, hits(object), chunks * HANDOVERS);
	return 0;
}
