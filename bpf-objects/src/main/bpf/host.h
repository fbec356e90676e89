/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_HOST_H
#define BPFAGENT_HOST_H

/*
 * Which process is looked at. Where privileged hands have loaded the programs for a
 * host without privileges, nobody else may come to be that: descriptors of maps
 * and links can be held for longer than the host lives, its number goes to another
 * process then, and by execve it can become one that nobody but root may look at.
 * So what has its number must also have begun when it began and have called execve
 * as often as it had. The number is compared first: for all others that is all,
 * and for a host that could load programs for any process it is enough: what is
 * compared besides lies in two cache lines more of each thread that is switched.
 */
#include "rows.h"

/* Which process is to be it, and as which program it runs now. Nothing counts yet. */
static __always_inline void note_host(struct task_struct *task)
{
	globals.host_start_ns = task->group_leader->start_boottime;
	globals.host_exec_id = task->self_exec_id;
}

/* Whether it is what was noted, and has not called execve since. */
static __always_inline bool is_as_noted(struct task_struct *task)
{
	return task->self_exec_id == globals.host_exec_id &&
	       task->group_leader->start_boottime == globals.host_start_ns;
}

static __always_inline bool is_of_host(struct task_struct *task)
{
	if (task->tgid != globals.host_tgid)
		return false;
	return !settings.is_handed_over || is_as_noted(task);
}

/* Whether the current thread is. */
static __always_inline bool is_host(void)
{
	return bpf_get_current_pid_tgid() >> 32 == globals.host_tgid &&
	       (!settings.is_handed_over || is_of_host(bpf_get_current_task_btf()));
}

/* From now on this task's process, which was noted, is it: all programs count, none before the others. */
static __always_inline void set_host(struct task_struct *task)
{
	WRITE_ONCE(globals.host_tgid, task->tgid);
}

#endif
