// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Plays what it is told, a line after the other, to the BPF programs: numbers are decimal
 * or, after 0x, hexadecimal. Nothing is answered but to "share" and "show", whose answer
 * ends with "done"; what cannot be played ends it, with the reason on stderr.
 *
 *   size MAP ENTRIES [VALUE_BYTES]   before "share": the most; later as many of it as are used, but for rings
 *   share FILE                       lays the maps out in the file; for each: map NAME OFFSET BYTES ADDRESS ENTRIES
 *   restart                          nothing is in any map, there are no tasks but idle ones
 *   load                             global variables become what stands in the memory of .bss and .rodata.*
 *   show                             the memory of .bss becomes what they are; all before has been played
 *   without FIELD                    the kernel does not have it
 *   clock NS                         CLOCK_MONOTONIC
 *   queue CPU CLOCK_NS RUNNING       its run queue
 *   task NUMBER TID INNER_TID TGID LEADER GROUP KERNEL COMM
 *   call TASK NUMBER ARGUMENT1 ARGUMENT2 ARGUMENT3 INSTRUCTION
 *   pointer TASK ADDRESS             its thread pointer
 *   flags TASK FLAGS IOWAIT
 *   poke ADDRESS BYTES VALUE         into the host's memory; at most 8 bytes
 *   text ADDRESS TEXT                likewise
 *   faults TASK MINOR MAJOR          so many more
 *   throttled TASK YES               its cgroup has used up its CPU quota
 *   delayed TASK YES                 when it blocks it is left on its run queue
 *   switch CPU PREEMPTED PREV STATE NEXT LOST   -1: the idle task
 *   wakeup CPU TASK TO NEW LOST INTERRUPT   TO: the CPU that it is to run on
 *   probe CPU COOKIE OFFSET VALUE ...   of registers
 *   run CPU PROGRAM                  one of type syscall
 *   iterate CPU PROGRAM              over all tasks
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"

#define LINE_BYTES 1024
#define REGISTERS_BYTES 512

static char line[LINE_BYTES], whole[LINE_BYTES];
static char *rest;

static bool is_at_end(void)
{
	rest += strspn(rest, " \n");
	return !*rest;
}

static char *word(void)
{
	char *begin;

	if (is_at_end())
		fail("something is missing", whole);
	begin = rest;
	rest += strcspn(rest, " \n");
	if (*rest)
		*rest++ = 0;
	return begin;
}

static uint64_t number(void)
{
	char *text = word(), *end;
	uint64_t value = strtoull(text, &end, 0);

	if (*end)
		fail("not a number", whole);
	return value;
}

static void play_size(void)
{
	struct map *map = map_by_name(word());

	map->entries = number();
	if (!is_at_end())
		map->value_bytes = number();
}

static void play_task(void)
{
	struct new_task task;
	int which = number();

	task.tid = number();
	task.inner_tid = number();
	task.tgid = number();
	task.leader = number();
	task.group = number();
	task.is_kernel = number();
	rest[strcspn(rest, "\n")] = 0;
	task.comm = rest;
	make_task(which, &task);
}

static void play_registers(void)
{
	static uint64_t registers[REGISTERS_BYTES / 8];
	int cpu = number();
	uint64_t cookie = number();

	memset(registers, 0, sizeof(registers));
	while (!is_at_end()) {
		uint64_t offset = number(), value = number();

		if (offset % 8 || offset >= REGISTERS_BYTES)
			fail("no such register", whole);
		registers[offset / 8] = value;
	}
	play_probe(cpu, cookie, registers);
}

static void done(void)
{
	printf("done\n");
	fflush(stdout);
}

/* What is followed by nothing but so many numbers, or begins with them. */
static const struct {
	const char *what;
	int numbers;
} plain[] = {
	{"clock", 1},
	{"queue", 3},
	{"call", 6},
	{"pointer", 2},
	{"flags", 3},
	{"poke", 3},
	{"text", 1},
	{"faults", 3},
	{"throttled", 2},
	{"delayed", 2},
	{"switch", 6},
	{"wakeup", 6},
};

/* Arguments of a call may be evaluated in any order, and these are to be read one after the other. */
static void play(const char *what)
{
	uint64_t n[6];
	int numbers = 0;

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (!strcmp(what, plain[i].what))
			numbers = plain[i].numbers;
	}
	for (int i = 0; i < numbers; i++)
		n[i] = number();
	if (!strcmp(what, "switch")) {
		play_switch(n[0], n[1], n[2], n[3], n[4], n[5]);
	} else if (!strcmp(what, "wakeup")) {
		play_wakeup(n[0], n[1], n[2], n[3], n[4], n[5]);
	} else if (!strcmp(what, "clock")) {
		set_clock(n[0]);
	} else if (!strcmp(what, "queue")) {
		set_cpu_clock(n[0], n[1]);
		set_running(n[0], n[2]);
	} else if (!strcmp(what, "call")) {
		set_call(n[0], n[1], n[2], n[3], n[4], n[5]);
	} else if (!strcmp(what, "pointer")) {
		set_thread_pointer(n[0], n[1]);
	} else if (!strcmp(what, "flags")) {
		set_flags(n[0], n[1], n[2]);
	} else if (!strcmp(what, "faults")) {
		add_faults(n[0], n[1], n[2]);
	} else if (!strcmp(what, "throttled")) {
		set_throttled(n[0], n[1]);
	} else if (!strcmp(what, "delayed")) {
		set_delayed(n[0], n[1]);
	} else if (!strcmp(what, "poke")) {
		poke(n[0], &n[2], n[1] > sizeof(n[2]) ? sizeof(n[2]) : n[1]);
	} else if (!strcmp(what, "text")) {
		rest[strcspn(rest, "\n")] = 0;
		poke(n[0], rest, strlen(rest) + 1);
	} else if (!strcmp(what, "probe")) {
		play_registers();
	} else if (!strcmp(what, "task")) {
		play_task();
	} else if (!strcmp(what, "run")) {
		int cpu = number();

		play_syscall(cpu, word());
	} else if (!strcmp(what, "iterate")) {
		int cpu = number();

		play_iterator(cpu, word());
	} else if (!strcmp(what, "show")) {
		show_variables();
		done();
	} else if (!strcmp(what, "load")) {
		load_variables();
	} else if (!strcmp(what, "restart")) {
		restart();
	} else if (!strcmp(what, "size")) {
		play_size();
	} else if (!strcmp(what, "without")) {
		rest[strcspn(rest, "\n")] = 0;
		remove_field(rest);
	} else if (!strcmp(what, "share")) {
		share_maps(word());
		done();
	} else {
		fail("cannot be played", whole);
	}
}

int main(void)
{
	while (fgets(line, sizeof(line), stdin)) {
		strcpy(whole, line);
		rest = line;
		if (!is_at_end())
			play(word());
	}
	return 0;
}
