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
enum page_numbers page_numbers;
enum supply_kind supply_kind;

struct state_totals state_totals;
struct thread_row thread_row;
struct histogram_page histogram_page;
struct pool_pages pool_pages;
struct row_control row_control;
struct supply supply;
struct kernel_losses kernel_losses;
struct globals globals;
struct settings settings;
