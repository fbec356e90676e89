// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Never loaded: it makes every struct and enum of records.h stand in the BTF of
 * its object, from which RecordLayouts.java is generated. A type of records.h
 * that has no variable here fails RecordLayoutsTest.
 */
#include <linux/types.h>
#include "records.h"

enum thread_state thread_state;
enum record_sizes record_sizes;
enum row_life row_life;
enum row_flags row_flags;
enum waited_behind waited_behind;
enum page_numbers page_numbers;
enum supply_kind supply_kind;
enum event_metric event_metric;
enum thread_metric thread_metric;
enum call_cookie call_cookie;
enum disk_user disk_user;
enum disk_operation disk_operation;
enum pause_role pause_role;
enum pause_record_kind pause_record_kind;
enum stay_flags stay_flags;
enum occupant_kind occupant_kind;
enum pause_flags pause_flags;
enum hotspot_probe hotspot_probe;
enum argument_kind argument_kind;
enum actor_kind actor_kind;
enum slow_flags slow_flags;
enum comparison comparison;
enum user_argument user_argument;
enum context_sizes context_sizes;
enum context_log context_log;
enum context_page_use context_page_use;

struct state_totals state_totals;
struct thread_row thread_row;
struct histogram_page histogram_page;
struct pool_pages pool_pages;
struct row_control row_control;
struct supply supply;
struct kernel_losses kernel_losses;
struct globals globals;
struct settings settings;
struct stay_record stay_record;
struct occupant_record occupant_record;
struct pause_record pause_record;
struct pause pause;
struct operation_name operation_name;
struct event_totals event_totals;
struct metric_totals metric_totals;
struct row_meters row_meters;
struct meter meter;
struct disk_use disk_use;
struct disk disk;
struct remote remote;
struct probe_argument probe_argument;
struct probe_site probe_site;
struct slow_limits slow_limits;
struct slow_record slow_record;
struct user_probe user_probe;
struct user_counts user_counts;
struct counted counted;
struct row_counters row_counters;
struct counter_begin counter_begin;
struct counter_settings counter_settings;
struct context_slot context_slot;
struct context_total context_total;
struct context_pages context_pages;
