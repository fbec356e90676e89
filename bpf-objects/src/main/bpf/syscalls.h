/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_SYSCALLS_H
#define BPFAGENT_SYSCALLS_H

/*
 * For what a thread waits that blocks inside a system call: a table from the
 * call's number to a state. 0: not listed, BLOCKED_OTHER. Two numbers mean
 * that the call alone does not tell.
 */
#include <bpf/bpf_helpers.h>

#include "records.h"

#define BY_FUTEX 0xff      /* ask HotSpot */
#define BY_DESCRIPTOR 0xfe /* the first argument is a descriptor of a file, socket or pipe */
#define SYSCALL_TABLE 512

#define FUTEX STATE_BLOCKED_FUTEX
#define POLL STATE_BLOCKED_POLL
#define SOCKET STATE_BLOCKED_SOCKET
#define DISK STATE_BLOCKED_DISK
#define SLEEP STATE_BLOCKED_SLEEP
#define PROCESS STATE_BLOCKED_PROCESS

const volatile __u8 syscall_reasons[SYSCALL_TABLE] = {
#if defined(__TARGET_ARCH_x86)
	[0] = BY_DESCRIPTOR,   /* read */
	[1] = BY_DESCRIPTOR,   /* write */
	[19] = BY_DESCRIPTOR,  /* readv */
	[20] = BY_DESCRIPTOR,  /* writev */
	[40] = BY_DESCRIPTOR,  /* sendfile: the socket or file that is written to */
	[202] = BY_FUTEX,
	[449] = FUTEX,         /* futex_waitv: neither glibc nor HotSpot uses it */
	[455] = FUTEX,         /* futex_wait */
	[7] = POLL,            /* poll */
	[23] = POLL,           /* select */
	[232] = POLL,          /* epoll_wait */
	[270] = POLL,          /* pselect6 */
	[271] = POLL,          /* ppoll */
	[281] = POLL,          /* epoll_pwait */
	[441] = POLL,          /* epoll_pwait2 */
	[42] = SOCKET,         /* connect */
	[43] = SOCKET,         /* accept */
	[44] = SOCKET,         /* sendto */
	[45] = SOCKET,         /* recvfrom */
	[46] = SOCKET,         /* sendmsg */
	[47] = SOCKET,         /* recvmsg */
	[288] = SOCKET,        /* accept4 */
	[299] = SOCKET,        /* recvmmsg */
	[307] = SOCKET,        /* sendmmsg */
	[2] = DISK,            /* open */
	[3] = DISK,            /* close: writes back on NFS and FUSE */
	[4] = DISK,            /* stat */
	[6] = DISK,            /* lstat */
	[17] = DISK,           /* pread64 */
	[18] = DISK,           /* pwrite64 */
	[21] = DISK,           /* access */
	[26] = DISK,           /* msync */
	[74] = DISK,           /* fsync */
	[75] = DISK,           /* fdatasync */
	[76] = DISK,           /* truncate */
	[77] = DISK,           /* ftruncate */
	[78] = DISK,           /* getdents */
	[82] = DISK,           /* rename */
	[83] = DISK,           /* mkdir */
	[84] = DISK,           /* rmdir */
	[87] = DISK,           /* unlink */
	[162] = DISK,          /* sync */
	[217] = DISK,          /* getdents64 */
	[257] = DISK,          /* openat */
	[258] = DISK,          /* mkdirat */
	[262] = DISK,          /* newfstatat */
	[263] = DISK,          /* unlinkat */
	[264] = DISK,          /* renameat */
	[277] = DISK,          /* sync_file_range */
	[285] = DISK,          /* fallocate */
	[295] = DISK,          /* preadv */
	[296] = DISK,          /* pwritev */
	[306] = DISK,          /* syncfs */
	[316] = DISK,          /* renameat2 */
	[326] = DISK,          /* copy_file_range */
	[327] = DISK,          /* preadv2 */
	[328] = DISK,          /* pwritev2 */
	[332] = DISK,          /* statx */
	[35] = SLEEP,          /* nanosleep */
	[230] = SLEEP,         /* clock_nanosleep */
	[34] = PROCESS,        /* pause */
	[61] = PROCESS,        /* wait4 */
	[128] = PROCESS,       /* rt_sigtimedwait */
	[130] = PROCESS,       /* rt_sigsuspend */
	[247] = PROCESS,       /* waitid */
#elif defined(__TARGET_ARCH_arm64)
	[63] = BY_DESCRIPTOR,  /* read */
	[64] = BY_DESCRIPTOR,  /* write */
	[65] = BY_DESCRIPTOR,  /* readv */
	[66] = BY_DESCRIPTOR,  /* writev */
	[71] = BY_DESCRIPTOR,  /* sendfile */
	[98] = BY_FUTEX,
	[449] = FUTEX,         /* futex_waitv: neither glibc nor HotSpot uses it */
	[455] = FUTEX,         /* futex_wait */
	[22] = POLL,           /* epoll_pwait */
	[72] = POLL,           /* pselect6 */
	[73] = POLL,           /* ppoll */
	[441] = POLL,          /* epoll_pwait2 */
	[202] = SOCKET,        /* accept */
	[203] = SOCKET,        /* connect */
	[206] = SOCKET,        /* sendto */
	[207] = SOCKET,        /* recvfrom */
	[211] = SOCKET,        /* sendmsg */
	[212] = SOCKET,        /* recvmsg */
	[242] = SOCKET,        /* accept4 */
	[243] = SOCKET,        /* recvmmsg */
	[269] = SOCKET,        /* sendmmsg */
	[34] = DISK,           /* mkdirat */
	[35] = DISK,           /* unlinkat */
	[38] = DISK,           /* renameat */
	[45] = DISK,           /* truncate */
	[46] = DISK,           /* ftruncate */
	[47] = DISK,           /* fallocate */
	[56] = DISK,           /* openat */
	[57] = DISK,           /* close: writes back on NFS and FUSE */
	[61] = DISK,           /* getdents64 */
	[67] = DISK,           /* pread64 */
	[68] = DISK,           /* pwrite64 */
	[69] = DISK,           /* preadv */
	[70] = DISK,           /* pwritev */
	[79] = DISK,           /* newfstatat */
	[81] = DISK,           /* sync */
	[82] = DISK,           /* fsync */
	[83] = DISK,           /* fdatasync */
	[84] = DISK,           /* sync_file_range */
	[227] = DISK,          /* msync */
	[267] = DISK,          /* syncfs */
	[276] = DISK,          /* renameat2 */
	[285] = DISK,          /* copy_file_range */
	[286] = DISK,          /* preadv2 */
	[287] = DISK,          /* pwritev2 */
	[291] = DISK,          /* statx */
	[101] = SLEEP,         /* nanosleep */
	[115] = SLEEP,         /* clock_nanosleep */
	[95] = PROCESS,        /* waitid */
	[133] = PROCESS,       /* rt_sigsuspend */
	[137] = PROCESS,       /* rt_sigtimedwait */
	[260] = PROCESS,       /* wait4 */
#endif
};

/* Whether a call that is DISK there has a file's descriptor as its first argument. */
static __always_inline bool takes_file(__u32 syscall)
{
	switch (syscall) {
#if defined(__TARGET_ARCH_x86)
	case 17:  /* pread64 */
	case 18:  /* pwrite64 */
	case 74:  /* fsync */
	case 75:  /* fdatasync */
	case 77:  /* ftruncate */
	case 78:  /* getdents */
	case 217: /* getdents64 */
	case 277: /* sync_file_range */
	case 285: /* fallocate */
	case 295: /* preadv */
	case 296: /* pwritev */
	case 306: /* syncfs */
	case 326: /* copy_file_range */
	case 327: /* preadv2 */
	case 328: /* pwritev2 */
#elif defined(__TARGET_ARCH_arm64)
	case 46:  /* ftruncate */
	case 47:  /* fallocate */
	case 61:  /* getdents64 */
	case 67:  /* pread64 */
	case 68:  /* pwrite64 */
	case 69:  /* preadv */
	case 70:  /* pwritev */
	case 82:  /* fsync */
	case 83:  /* fdatasync */
	case 84:  /* sync_file_range */
	case 267: /* syncfs */
	case 285: /* copy_file_range */
	case 286: /* preadv2 */
	case 287: /* pwritev2 */
#endif
		return true;
	}
	return false;
}

#undef FUTEX
#undef POLL
#undef SOCKET
#undef DISK
#undef SLEEP
#undef PROCESS

#endif
