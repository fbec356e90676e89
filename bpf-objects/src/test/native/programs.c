// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The programs of thread_state.bpf.c, compiled for this machine from the same source: with
 * the headers of this directory in place of libbpf's, and nothing else changed.
 */
#include "thread_state.bpf.c"

#include "kernel.h"

/* What the declaration of a map says of it: its numbers are lengths of arrays. */
#define NUMBER(map, field) (sizeof(*(map).field) / sizeof(int))
#define ARRAY(map) {#map, &map, MAP_ARRAY, sizeof(*map.key), sizeof(*map.value), NUMBER(map, max_entries)}
#define HASH(map) {#map, &map, MAP_HASH, sizeof(*map.key), sizeof(*map.value), NUMBER(map, max_entries)}
#define RING(map) {#map, &map, MAP_RING, 0, 1, NUMBER(map, max_entries)}
/* By the name of its section, as libbpf has it. */
#define VARIABLE(section, variable) {section, (void *)&variable, MAP_VARIABLE, 0, sizeof(variable), 1}

struct map maps[] = {
	ARRAY(rows),
	ARRAY(pages),
	ARRAY(pool_pages),
	ARRAY(controls),
	ARRAY(supplies),
	ARRAY(row_index),
	RING(pause_records),
	HASH(event_begins_at),
	ARRAY(watched_cpus),
	ARRAY(row_meters),
	ARRAY(meters),
	ARRAY(disks),
	ARRAY(remotes),
	RING(slow_records),
	ARRAY(slow_limits),
	ARRAY(wakers),
	ARRAY(io_begins),
	ARRAY(syscall_begins),
	ARRAY(syscalls),
	ARRAY(syscall_pages),
	ARRAY(context_slots),
	ARRAY(context_totals),
	ARRAY(context_pages),
	HASH(block_requests),
	HASH(listened_ports),
	{"connections", &connections, MAP_SOCKETS},
	/* No map: the host's own memory, as far as the programs look at it. */
	{"user", 0, MAP_ARRAY, sizeof(__u32), 1, 1},
	VARIABLE(".bss", globals),
	VARIABLE(".rodata.settings", settings),
	VARIABLE(".rodata.sites", probe_sites),
};
const int map_count = sizeof(maps) / sizeof(maps[0]);

/* A program is called with a pointer, whatever its source says that it points to. */
#define PROGRAM(name) {#name, (int (*)(void *))name}

const struct program programs[] = {
	PROGRAM(sched_switch),
	PROGRAM(sched_wakeup),
	PROGRAM(sched_waking),
	PROGRAM(sched_wakeup_new),
	PROGRAM(seed_threads),
	PROGRAM(hotspot_probe),
	PROGRAM(identify),
	PROGRAM(identify_other),
	PROGRAM(forget_begins),
};
const int program_count = sizeof(programs) / sizeof(programs[0]);
