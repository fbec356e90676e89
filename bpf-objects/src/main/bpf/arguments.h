/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_ARGUMENTS_H
#define BPFAGENT_ARGUMENTS_H

/* Arguments of probes, where the site's entry says that they stand. */
#include "maps.h"

#if defined(__TARGET_ARCH_x86)
#define REGISTER_BYTES 168 /* of struct pt_regs */
#elif defined(__TARGET_ARCH_arm64)
#define REGISTER_BYTES 272 /* of struct user_pt_regs, with which pt_regs begins */
#endif

/* Argument number i of the probe at this site; 0 when it cannot be read. */
static __always_inline __u64 probe_argument(struct pt_regs *registers,
					    const volatile struct probe_site *site, __u32 i)
{
	const volatile struct probe_argument *argument = &site->arguments[i];
	__u64 value = 0;
	__u32 offset = argument->register_offset, unused;
	__s32 bytes = argument->bytes;

	if (argument->kind == ARGUMENT_CONSTANT)
		return argument->value;
	if (argument->kind == ARGUMENT_NONE || offset > REGISTER_BYTES - 8 ||
	    bpf_probe_read_kernel(&value, sizeof(value), (void *)registers + offset))
		return 0;
	if (argument->kind == ARGUMENT_MEMORY &&
	    bpf_probe_read_user(&value, sizeof(value), (void *)(value + argument->value)))
		return 0;
	unused = 64 - 8 * (bytes < 0 ? -bytes : bytes);
	value <<= unused & 63;
	return bytes < 0 ? (__u64)((__s64)value >> (unused & 63)) : value >> (unused & 63);
}

#endif
