// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A probe that the user has named. Loaded once for each, when it is wanted; rows,
 * pages and what else it counts in are those of thread_state.bpf.c.
 *
 * No field of the kernel's is read here and no program is of type tp_btf: so
 * libbpf does not read the kernel's types, which leaves 12 MiB of the host's
 * memory resident.
 */
#include <linux/bpf.h>
#include <stdbool.h>

#include "kernel_types.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "meters.h"
#include "arguments.h"

const volatile struct user_probe user_probe SEC(".rodata.probe");
const volatile struct probe_site user_sites[USER_SITES] SEC(".rodata.user_sites");
struct user_counts user_counts SEC(".data.counts");

/*
 * When a thread began what will end on it. Of this probe alone: what never ends takes no room from others.
 * Where one can be within another, by call; else by the thread's row, so that a thread that ends in between
 * leaves nothing to the next one with its number.
 */
struct user_begin {
	__u64 ns; /* 0: nothing is under way */
	__u32 generation; /* of the row */
	__u32 pad;
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* loader: as rows, where that is what begins and ends */
	__type(key, __u32);
	__type(value, struct user_begin);
} user_begins_of SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1); /* loader: where there is an end, those under way at one moment */
	__type(key, struct event_key);
	__type(value, __u64);
} user_begins_at SEC(".maps");

#if defined(__TARGET_ARCH_x86)
#define STACK_POINTER 19 /* of the registers in struct pt_regs, 8 bytes each */
#define RETURN_ADDRESS_BYTES 8 /* which a return has taken from the stack */
#elif defined(__TARGET_ARCH_arm64)
#define STACK_POINTER 31
#define RETURN_ADDRESS_BYTES 0
#endif

/* The limits of a histogram of numbers: what lies outside is counted as the nearest of them. */
#define HIGHEST_NUMBER ((1LL << 35) - 1)

/* Whether it is a thread of the host that has come here; it is counted. The process as in hotspot_probe. */
static __always_inline bool is_hit(void)
{
	if (bpf_get_current_pid_tgid() >> 32 != globals.host_tgid || READ_ONCE(user_counts.stopped))
		return false;
	__sync_fetch_and_add(&user_counts.hits, 1);
	return true;
}

static __always_inline bool holds(__u64 argument)
{
	__s64 value = argument, constant = user_probe.constant;

	switch (user_probe.comparison) {
	case COMPARES_LESS_OR_EQUAL:
		return value <= constant;
	case COMPARES_GREATER_OR_EQUAL:
		return value >= constant;
	case COMPARES_EQUAL:
		return value == constant;
	case COMPARES_NOT_EQUAL:
		return value != constant;
	case COMPARES_LESS:
		return value < constant;
	case COMPARES_GREATER:
		return value > constant;
	}
	return true;
}

static __always_inline struct event_key key_of(__u64 call)
{
	struct event_key key = {
		.what = call,
		.host_tid = (__u32)bpf_get_current_pid_tgid(),
		.metric = user_probe.metric,
	};

	return key;
}

static __always_inline void lose_begin(void)
{
	LOST(unmatched_events);
	__sync_fetch_and_add(&user_counts.unmatched, 1);
}

/* What the current thread has begun; 0: it has no row. */
static __always_inline struct user_begin *current_begin(void)
{
	__u32 number = row_number_of((__u32)bpf_get_current_pid_tgid()) - 1;
	struct user_begin *begin = bpf_map_lookup_elem(&user_begins_of, &number);
	struct thread_row *row = row_at(number);

	if (!begin || !row)
		return 0;
	if (begin->generation != row->generation) {
		begin->generation = row->generation;
		begin->ns = 0;
	}
	return begin;
}

/* Of two begins without an end in between the last counts. */
static __always_inline void thread_begins(bool counts)
{
	struct user_begin *begin = current_begin();

	if (counts && (!begin || begin->ns))
		lose_begin();
	/* Of one before this, whose end was not seen, the next end is not. */
	if (begin)
		begin->ns = counts ? bpf_ktime_get_ns() : 0;
}

static __always_inline void thread_ends(void)
{
	struct user_begin *begin = current_begin();
	__u64 ns;

	if (!begin || !begin->ns)
		return;
	ns = bpf_ktime_get_ns() - begin->ns;
	begin->ns = 0;
	count_for_current(user_probe.metric, ns);
}

/* call: tells calls within calls apart. */
static __always_inline void call_begins(__u64 call, bool counts)
{
	struct event_key key = key_of(call);
	__u64 now = bpf_ktime_get_ns();

	if (!counts) {
		/* Of one before this, whose end was not seen, the next end is not. */
		bpf_map_delete_elem(&user_begins_at, &key);
		return;
	}
	if (!bpf_map_update_elem(&user_begins_at, &key, &now, BPF_NOEXIST))
		return;
	/* No room; or it stands there because the last one's end was not seen. */
	lose_begin();
	bpf_map_update_elem(&user_begins_at, &key, &now, BPF_EXIST);
}

static __always_inline void call_ends(__u64 call)
{
	struct event_key key = key_of(call);
	__u64 *began = bpf_map_lookup_elem(&user_begins_at, &key), ns;

	if (!began)
		return;
	ns = bpf_ktime_get_ns() - *began;
	bpf_map_delete_elem(&user_begins_at, &key);
	count_for_current(user_probe.metric, ns);
}

/* A number, or 1 for something that is only counted. Counted as 64 times as many ns. */
static __always_inline void count(__u64 number)
{
	__s64 value = number;

	if (value < 0)
		value = 0;
	if (value > HIGHEST_NUMBER)
		value = HIGHEST_NUMBER;
	count_for_current(user_probe.metric, (__u64)value << BUCKET_UNIT_SHIFT);
}

static __always_inline __u64 stack_pointer(struct pt_regs *registers)
{
	return ((__u64 *)registers)[STACK_POINTER];
}

static __always_inline const volatile struct probe_site *site_of(struct pt_regs *registers)
{
	return &user_sites[bpf_get_attach_cookie(registers) & (USER_SITES - 1)];
}

static __always_inline bool holds_at(struct pt_regs *registers)
{
	return user_probe.comparison == COMPARES_NOTHING ||
	       holds(probe_argument(registers, site_of(registers), USER_ARGUMENT_CONDITION));
}

SEC("usdt")
int user_begins(struct pt_regs *registers)
{
	if (!is_hit())
		return 0;
	if (user_probe.is_call)
		call_begins(stack_pointer(registers), holds_at(registers));
	else
		thread_begins(holds_at(registers));
	return 0;
}

SEC("usdt")
int user_ends(struct pt_regs *registers)
{
	if (!is_hit())
		return 0;
	if (user_probe.is_call)
		call_ends(stack_pointer(registers) - RETURN_ADDRESS_BYTES);
	else
		thread_ends();
	return 0;
}

SEC("usdt")
int user_count(struct pt_regs *registers)
{
	if (is_hit() && holds_at(registers))
		count(user_probe.counts_value ?
			      probe_argument(registers, site_of(registers), USER_ARGUMENT_VALUE) :
			      1);
	return 0;
}

#define TRACEPOINT_ARGUMENT(number, offset)                                                     \
	case number:                                                                            \
		asm volatile("%0 = *(u64 *)(%1 + " #offset ")" : "=r"(value) : "r"(arguments)); \
		break

/*
 * Argument number 1 to 6 of a tracepoint. Not at a computed offset, which the verifier allows in no
 * context; and it must not see others read, since a tracepoint that has not as many is refused.
 */
static __always_inline __u64 tracepoint_argument(struct bpf_raw_tracepoint_args *arguments, __u8 number)
{
	__u64 value = 0;

	switch (number) {
		TRACEPOINT_ARGUMENT(1, 0);
		TRACEPOINT_ARGUMENT(2, 8);
		TRACEPOINT_ARGUMENT(3, 16);
		TRACEPOINT_ARGUMENT(4, 24);
		TRACEPOINT_ARGUMENT(5, 32);
		TRACEPOINT_ARGUMENT(6, 40);
	}
	return value;
}

static __always_inline bool holds_in(struct bpf_raw_tracepoint_args *arguments)
{
	return user_probe.comparison == COMPARES_NOTHING ||
	       holds(tracepoint_argument(arguments, user_probe.condition_argument));
}

SEC("raw_tp")
int user_event_begins(struct bpf_raw_tracepoint_args *arguments)
{
	if (is_hit())
		thread_begins(holds_in(arguments));
	return 0;
}

SEC("raw_tp")
int user_event_ends(struct bpf_raw_tracepoint_args *arguments)
{
	if (is_hit())
		thread_ends();
	return 0;
}

SEC("raw_tp")
int user_event_count(struct bpf_raw_tracepoint_args *arguments)
{
	if (is_hit() && holds_in(arguments))
		count(user_probe.counts_value ? tracepoint_argument(arguments, user_probe.value_argument) : 1);
	return 0;
}

/*
 * Run by the loader before the programs above are detached: a tracepoint's may still begin on another CPU after
 * that. Those that have begun before have ended after a grace period, for which the loader waits.
 */
SEC("syscall")
int stop(void *ctx)
{
	WRITE_ONCE(user_counts.stopped, 1);
	return 0;
}

/*
 * Run by the loader until all rows have been gone through, when the programs above are detached: takes the
 * metric's pages from the rows, so that its number can be given to another probe. What else writes there
 * writes another metric's page, or clears all of them.
 */
SEC("syscall")
int forget_rows(void *ctx)
{
	__u32 metric = user_probe.metric, first = user_counts.rows_forgotten;

	if (metric >= THREAD_METRICS)
		return 0;
	if (!first) {
		globals.metrics[metric].sum = 0;
		globals.metrics[metric].max = 0;
	}
	for (__u32 i = 0; i < ROWS_AT_ONCE; i++) {
		__u32 number = first + i;
		struct row_meters *of = bpf_map_lookup_elem(&row_meters, &number);

		if (of)
			of->page[metric] = PAGE_NONE;
	}
	user_counts.rows_forgotten = first + ROWS_AT_ONCE;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
