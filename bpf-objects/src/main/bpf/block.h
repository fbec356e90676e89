/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BPFAGENT_BLOCK_H
#define BPFAGENT_BLOCK_H

/*
 * Requests to block devices, as /proc/diskstats counts them: from the moment
 * when they are submitted, by whom, to the one when they are done. What threads
 * of the host have submitted themselves is counted for them; what the kernel
 * writes back for them later is its own.
 */
#include "meters.h"
#include "slow.h"

/* A request that is under way. */
struct block_request {
	__u64 start_ns;
	__u64 issue_ns; /* when the device got it; 0: not yet */
	__u32 bytes;
	__u32 generation;     /* of the row of the thread that has submitted it ... */
	__u16 row;
	__u16 pages[3];       /* ... and that thread's pages: time in the device, in queues, and sizes */
	__u8 disk;
	__u8 user;
	__u8 operation;
	__u8 sequential;
	__u16 context;        /* what that thread worked on */
	__u16 pad;
	__u32 span;
	__u32 pad2;
	__u64 sector; /* its first */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024); /* under way at one moment, on all devices */
	__type(key, __u64);
	__type(value, struct block_request);
} block_requests SEC(".maps");

/* What is sent to the device, by a thread of the kernel, for all who wait for a flush. */
static __always_inline bool is_flush_command(struct request *request)
{
	return (request->cmd_flags & REQ_OP_MASK) == REQ_OP_FLUSH;
}

static __always_inline __u32 operation_of(struct request *request)
{
	switch (request->cmd_flags & REQ_OP_MASK) {
	case REQ_OP_READ:
		return DISK_READ;
	case REQ_OP_WRITE:
		return request->__data_len ? DISK_WRITE : DISK_FLUSH_WAIT;
	case REQ_OP_FLUSH:
		return DISK_FLUSH;
	default:
		return DISK_OTHER;
	}
}

/* Commands for a driver, and what is sent to no disk, diskstats does not count. */
static __always_inline bool is_for_a_disk(struct request *request)
{
	__u32 operation = request->cmd_flags & REQ_OP_MASK;

	return operation != REQ_OP_DRV_IN && operation != REQ_OP_DRV_OUT && BPF_CORE_READ(request, q, disk);
}

/*
 * The number of the disk whose gendisk stands there, entered if it is new; DISKS: no
 * room is left. Memory of a disk that is gone may be another's now: numbers tell.
 */
__noinline __u32 disk_number(__u64 address)
{
	struct gendisk *device = (void *)address;
	__u32 major, minor;

	if (!device)
		return DISKS;
	major = BPF_CORE_READ(device, major);
	minor = BPF_CORE_READ(device, first_minor);
	for (__u32 i = 0; i < DISKS; i++) {
		__u32 key = i;
		struct disk *disk = bpf_map_lookup_elem(&disks, &key);

		if (!disk)
			return DISKS;
		if (!disk->device && !__sync_val_compare_and_swap(&disk->device, 0, address)) {
			disk->major = major;
			disk->minor = minor;
			BPF_CORE_READ_STR_INTO(&disk->name, device, disk_name);
			asm volatile("" ::: "memory");
			WRITE_ONCE(disk->named, 1);
			return i;
		}
		/* Another CPU may be about to write the numbers: then this is the same disk. */
		if (disk->device == address &&
		    (!READ_ONCE(disk->named) || (disk->major == major && disk->minor == minor)))
			return i;
	}
	return DISKS;
}

static __always_inline __u32 current_user(void)
{
	struct task_struct *task = bpf_get_current_task_btf();

	if (is_of_host(task))
		return DISK_USER_HOST;
	return task->flags & PF_KTHREAD ? DISK_USER_KERNEL : DISK_USER_OTHER;
}

static __always_inline void add_host_pages(struct block_request *request, __u32 host_tid)
{
	bool reads = request->operation == DISK_READ;
	__u32 metrics[3] = {
		reads ? METRIC_BLOCK_READ : METRIC_BLOCK_WRITE,
		reads ? METRIC_BLOCK_READ_QUEUE : METRIC_BLOCK_WRITE_QUEUE,
		METRIC_BLOCK_IO_SIZE,
	};
	__u32 row_number;
	struct thread_row *row = row_of(host_tid, &row_number);

	if (!row)
		return;
	request->row = row_number;
	request->generation = row->generation;
	request->context = node_of(row_number);
	request->span = span_of(row_number);
	for (int i = 0; i < 3; i++)
		if (is_metric_kept(metrics[i]))
			request->pages[i] = metric_page(row_number, metrics[i]);
}

static __always_inline void request_starts(struct request *of, __u32 operation, __u32 user)
{
	struct block_request request = {
		.start_ns = bpf_ktime_get_ns(),
		.disk = disk_number((__u64)BPF_CORE_READ(of, q, disk)),
		.user = user,
		.operation = operation,
	};
	__u64 key = (__u64)of;

	if (request.disk == DISKS)
		LOST(disks_over_limit);
	/* The pages are taken here, on the thread itself: the request is done on any CPU. */
	if (user == DISK_USER_HOST && operation <= DISK_WRITE)
		add_host_pages(&request, (__u32)bpf_get_current_pid_tgid());
	if (!bpf_map_update_elem(&block_requests, &key, &request, BPF_NOEXIST))
		return;
	/* A flush may be sent twice. Else there is no room; or one stands there whose end was not seen. */
	if (operation != DISK_FLUSH)
		LOST(lost_block_requests);
	bpf_map_update_elem(&block_requests, &key, &request, BPF_ANY);
}

/* Merging has ended: what the device gets is known. One that is sent again has been there already. */
static __always_inline void request_is_issued(struct request *of)
{
	__u64 key = (__u64)of, sectors, first;
	struct block_request *request = bpf_map_lookup_elem(&block_requests, &key);
	struct disk *disk;
	__u32 number;

	if (!request || request->issue_ns)
		return;
	request->issue_ns = bpf_ktime_get_ns();
	request->bytes = of->__data_len;
	number = request->disk;
	disk = bpf_map_lookup_elem(&disks, &number);
	if (!disk || request->operation == DISK_FLUSH)
		return;
	first = of->__sector;
	request->sector = first;
	sectors = request->bytes >> 9;
	request->sequential = first == READ_ONCE(disk->next_sector);
	WRITE_ONCE(disk->next_sector, first + sectors);
}

static __always_inline void count_for_disk(struct block_request *request, __u64 queue_ns, __u64 device_ns)
{
	__u32 number = request->disk, operation = request->operation, page;
	__u32 kind = request->user * DISK_OPERATIONS + operation;
	struct disk *disk = bpf_map_lookup_elem(&disks, &number);
	struct histogram_page *counts;
	struct disk_use *use;

	forget(kind);
	if (!disk || kind >= DISK_USERS * DISK_OPERATIONS)
		return;
	use = &disk->uses[kind];
	__sync_fetch_and_add(&use->requests, 1);
	__sync_fetch_and_add(&use->bytes, request->bytes);
	__sync_fetch_and_add(&use->queue_ns, queue_ns);
	__sync_fetch_and_add(&use->device_ns, device_ns);
	__sync_fetch_and_add(&use->sequential, request->sequential);
	raise(&use->max_device_ns, device_ns);
	page = FIRST_DISK_PAGE + 3 * number + operation;
	counts = operation > DISK_FLUSH ? 0 : bpf_map_lookup_elem(&pages, &page);
	if (counts)
		__sync_fetch_and_add(&counts->buckets[bucket_of(device_ns)], 1);
}

/* Ends in an interrupt, on any CPU: whose it was stands in the request. */
static __noinline int send_slow_request(struct block_request *request, __u32 metric, __u64 since_ns, __u64 until_ns)
{
	struct slow_record *record = new_slow(metric, request->row, since_ns, until_ns);

	if (!record)
		return 0;
	name_row(record, request->row, request->generation);
	record->context = request->context;
	record->span = request->span;
	record->flags = SLOW_DISK;
	record->disk = request->disk;
	record->object = request->sector;
	record->bytes = request->bytes;
	submit(record);
	return 0;
}

static __always_inline void count_for_host(struct block_request *request, __u64 queue_ns, __u64 device_ns)
{
	bool reads = request->operation == DISK_READ, own = has_its_pages(request->row, request->generation);
	__u32 device = reads ? METRIC_BLOCK_READ : METRIC_BLOCK_WRITE;
	__u32 queue = reads ? METRIC_BLOCK_READ_QUEUE : METRIC_BLOCK_WRITE_QUEUE;

	if (is_metric_kept(device))
		count_in_metric_page(own ? request->pages[0] : 0, device, device_ns);
	if (is_metric_kept(queue))
		count_in_metric_page(own ? request->pages[1] : 0, queue, queue_ns);
	if (is_metric_kept(METRIC_BLOCK_IO_SIZE))
		count_in_metric_page(own ? request->pages[2] : 0, METRIC_BLOCK_IO_SIZE,
				     (__u64)request->bytes << BUCKET_UNIT_SHIFT);
	if (is_slow(queue, queue_ns))
		send_slow_request(request, queue, request->start_ns, request->start_ns + queue_ns);
	if (is_slow(device, device_ns))
		send_slow_request(request, device, request->start_ns + queue_ns,
				  request->start_ns + queue_ns + device_ns);
}

static __always_inline void request_is_merged(struct request *of)
{
	__u64 key = (__u64)of;

	bpf_map_delete_elem(&block_requests, &key);
}

static __always_inline void request_is_done(struct request *of)
{
	__u64 key = (__u64)of, now = bpf_ktime_get_ns(), issue_ns;
	struct block_request *found = bpf_map_lookup_elem(&block_requests, &key), request;

	/* It was there before the programs were, or is counted as lost. */
	if (!found)
		return;
	request = *found;
	bpf_map_delete_elem(&block_requests, &key);
	issue_ns = request.issue_ns ?: request.start_ns;
	count_for_disk(&request, issue_ns - request.start_ns, now - issue_ns);
	if (request.user == DISK_USER_HOST && request.operation <= DISK_WRITE)
		count_for_host(&request, issue_ns - request.start_ns, now - issue_ns);
}

#endif
