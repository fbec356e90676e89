/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_TEST_KERNEL_H
#define BPFAGENT_TEST_KERNEL_H

/*
 * A kernel for one process: as much of it as the BPF programs see, on a clock of
 * its own. programs.c has the programs, maps.c their maps, kernel.c what else they
 * call and the tasks and CPUs that they look at; play.c makes happen what it is told.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CPUS 8
#define TASKS 256

enum map_kind {
	MAP_ARRAY,
	MAP_HASH,
	MAP_RING,
	MAP_SOCKETS, /* not played */
	MAP_VARIABLE, /* a global variable, which only those outside take for a map */
};

/* One of the programs' maps. In memory that is shared with who plays, but for those of hashes. */
struct map {
	const char *name;
	void *address; /* by which the programs know it */
	enum map_kind kind;
	uint32_t key_bytes;
	uint32_t value_bytes;
	uint32_t entries;
	uint32_t most_bytes; /* of memory */
	char *memory;
};

extern struct map maps[];
extern const int map_count;

struct program {
	const char *name;
	int (*run)(void *context);
};

extern const struct program programs[];
extern const int program_count;

/* Prints what is wrong with what was asked for, and exits. */
void fail(const char *what, const char *name) __attribute__((noreturn));

struct map *map_by_name(const char *name);
/* Lays out all maps in the file, each as long as it is now: that is the longest it can be. */
void share_maps(const char *path);
/* Nothing is in any map. */
void clear_maps(void);
/* All as after loading: nothing in any map, no tasks, every field is there. */
void restart(void);
/* What stands in the memory of global variables becomes their value, or the other way round. */
void load_variables(void);
void show_variables(void);

void set_clock(uint64_t monotonic_ns);
void set_cpu_clock(int cpu, uint64_t ns);
void remove_field(const char *field);

struct new_task {
	int tid;
	int inner_tid; /* in the innermost pid namespace */
	int tgid;
	int leader; /* its process's first task, by number */
	int group; /* its CPU cgroup: 0 is the root */
	bool is_kernel; /* a kernel's thread */
	const char *comm;
};

void make_task(int task, const struct new_task *of);
/* What the task is doing when it blocks: the system call's number, -1: none. */
void set_call(int task, long number, uint64_t argument1, uint64_t argument2, uint64_t argument3, uint64_t instruction);
/* Where its memory has its thread pointer; its flags, of PF_MEMALLOC and the like; in_iowait. */
void set_thread_pointer(int task, uint64_t address);
void set_flags(int task, uint32_t flags, bool in_iowait);
void add_faults(int task, uint32_t minor, uint32_t major);
void set_throttled(int task, bool throttled);
/* When it blocks it is left on its run queue, until it is woken. */
void set_delayed(int task, bool delayed);
/* Writes into a host's own memory, at an address in the map "user". */
void poke(uint64_t address, const void *bytes, uint32_t length);
/* So many wait for the CPU or run on it. */
void set_running(int cpu, uint32_t number);

/* Events. A task below 0 is the CPU's idle one. */
void play_switch(int cpu, bool preempted, int prev, uint32_t prev_state, int next, bool is_lost);
/* cpu: who wakes, or whose interrupt does; to: where the task is to run. */
void play_wakeup(int cpu, int task, int to, bool is_new, bool is_lost, bool in_interrupt);
/* On the CPU's current task; registers as they lie in the kernel's struct pt_regs. */
void play_probe(int cpu, uint64_t cookie, void *registers);
void play_syscall(int cpu, const char *program);
void play_iterator(int cpu, const char *program);

#endif
