/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Before libbpf's header of this name: the kernel's structures are those of kernel_types.h
 * as they stand there, so that nothing need be relocated. Which fields there are is said
 * by whoever plays: a kernel without one is one of its age, or built differently.
 */
#ifndef BPFAGENT_CORE_READ_H
#define BPFAGENT_CORE_READ_H

#define __builtin_preserve_access_index(expression) (expression)
#include_next <bpf/bpf_core_read.h>

/* The argument as it is written: "task->se.sched_delayed", "struct cfs_rq, rq". */
_Bool kernel_has_field(const char *field);

#undef bpf_core_field_exists
#define bpf_core_field_exists(...) kernel_has_field(#__VA_ARGS__)
#undef bpf_core_field_offset
#define bpf_core_field_offset(type, field) __builtin_offsetof(type, field)
#undef bpf_core_type_size
#define bpf_core_type_size(type) sizeof(type)
#undef BPF_CORE_READ_BITFIELD
#define BPF_CORE_READ_BITFIELD(structure, field) ((unsigned long long)(structure)->field)

#endif
