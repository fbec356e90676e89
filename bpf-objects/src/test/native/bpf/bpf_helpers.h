/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * In place of libbpf's header of this name, where the programs are compiled for this
 * machine: what the kernel offers to programs are functions of kernel.c. libbpf's other
 * headers are used as they are.
 */
#ifndef __BPF_HELPERS__
#define __BPF_HELPERS__

#include <linux/types.h>

#define SEC(name) __attribute__((used))
#define __uint(name, val) int(*name)[val]
#define __type(name, val) typeof(val) *name

#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#define __noinline __attribute__((noinline))
#define __weak __attribute__((weak))
#define __ksym

#define ___bpf_concat(a, b) a##b
#define ___bpf_apply(fn, n) ___bpf_concat(fn, n)
#define ___bpf_nth(_, _1, _2, _3, _4, _5, _6, _7, _8, _9, _a, _b, _c, N, ...) N
#define ___bpf_narg(...) ___bpf_nth(_, ##__VA_ARGS__, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)

struct task_struct;
struct tcp_sock;
struct socket;
struct file;

void *bpf_map_lookup_elem(void *map, const void *key);
long bpf_map_update_elem(void *map, const void *key, const void *value, __u64 flags);
long bpf_map_delete_elem(void *map, const void *key);
void *bpf_ringbuf_reserve(void *ringbuf, __u64 bytes, __u64 flags);
void bpf_ringbuf_submit(void *record, __u64 flags);
__u64 bpf_ringbuf_query(void *ringbuf, __u64 flags);
long bpf_probe_read_kernel(void *to, __u32 bytes, const void *from);
long bpf_probe_read_kernel_str(void *to, __u32 bytes, const void *from);
long bpf_probe_read_user(void *to, __u32 bytes, const void *from);
long bpf_probe_read_user_str(void *to, __u32 bytes, const void *from);
long bpf_copy_from_user_task(void *to, __u32 bytes, const void *from, struct task_struct *task, __u64 flags);
__u64 bpf_ktime_get_ns(void);
__u32 bpf_get_smp_processor_id(void);
__u64 bpf_get_current_pid_tgid(void);
struct task_struct *bpf_get_current_task_btf(void);
long bpf_task_pt_regs(struct task_struct *task);
__u64 bpf_get_attach_cookie(void *context);

/* There are no sockets here. */
void *bpf_sk_storage_get(void *map, void *sock, void *value, __u64 flags);
struct tcp_sock *bpf_skc_to_tcp_sock(void *sock);
struct socket *bpf_sock_from_file(struct file *file);

#endif
