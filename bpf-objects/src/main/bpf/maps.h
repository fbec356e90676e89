/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_MAPS_H
#define BPFAGENT_MAPS_H

/*
 * All maps of the agent. Sizes marked "loader" are set before loading. All are
 * arrays, whose look-up the JIT compiles to an addition: no call, no hash, no
 * lock on the way of a context switch.
 */
#include "records.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* loader: threads= */
	__type(key, __u32);
	__type(value, struct thread_row);
} rows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* loader: histograms= */
	__type(key, __u32);
	__type(value, struct histogram_page);
} pages SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, POOLS);
	__type(key, __u32);
	__type(value, struct pool_pages);
} pool_pages SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* loader: as rows */
	__type(key, __u32);
	__type(value, struct row_control);
} controls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, SUPPLIES);
	__type(key, __u32);
	__type(value, struct supply);
} supplies SEC(".maps");

/*
 * From a thread's tid to its row: host_tid << 32 | row, or 0. A thread stands in
 * slot tid & index_mask or in one that lies a multiple of INDEX_STRIDE after it;
 * the loader makes at least four slots a row, so that the first is nearly always
 * it. The stride is long because tids come in runs, and two runs may overlap.
 */
#define INDEX_TRIES 16
#define INDEX_STRIDE 0x2545
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* loader: a power of two */
	__type(key, __u32);
	__type(value, __u64);
} row_index SEC(".maps");

struct globals globals;

const volatile struct settings settings SEC(".rodata.settings");

#define LOST(what) __sync_fetch_and_add(&globals.losses.what, 1)

#endif
