// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The programs' maps, in memory that is shared with who plays: kernel/bpf/arraymap.c, hashtab.c and ringbuf.c. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "kernel.h"

/* kernel/bpf/ringbuf.c, include/uapi/linux/bpf.h */
#define RECORD_HEADER_BYTES 8
#define RECORD_BUSY (1u << 31)

void fail(const char *what, const char *name)
{
	fprintf(stderr, "%s: %s\n", what, name);
	exit(2);
}

struct map *map_by_name(const char *name)
{
	for (int i = 0; i < map_count; i++) {
		if (!strcmp(maps[i].name, name))
			return &maps[i];
	}
	fail("no such map", name);
}

static struct map *map_at(const void *address)
{
	for (int i = 0; i < map_count; i++) {
		if (maps[i].address == address)
			return &maps[i];
	}
	fail("no such map", "at the address that a program has");
}

static size_t page_bytes(void)
{
	return sysconf(_SC_PAGESIZE);
}

/* A page that the reader writes, and one that the kernel does. */
static size_t ring_header_bytes(void)
{
	return 2 * page_bytes();
}

static size_t entry_bytes(const struct map *map)
{
	/* The first byte says whether the entry is in use. */
	return map->kind == MAP_HASH ? 8 + ((map->key_bytes + 7) & ~7u) + map->value_bytes : map->value_bytes;
}

static size_t map_bytes(const struct map *map)
{
	return (size_t)map->entries * entry_bytes(map) + (map->kind == MAP_RING ? ring_header_bytes() : 0);
}

static size_t whole_pages(size_t bytes)
{
	return (bytes + page_bytes() - 1) / page_bytes() * page_bytes();
}

static void map_into(char *place, size_t bytes, int file, size_t offset, const char *name)
{
	if (mmap(place, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, offset) == MAP_FAILED)
		fail("cannot map", name);
}

void share_maps(const char *path)
{
	int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	size_t shared_bytes = 0;
	char *shared;

	for (int i = 0; i < map_count; i++) {
		if (maps[i].kind == MAP_RING)
			maps[i].entries = whole_pages(maps[i].entries);
		maps[i].most_bytes = map_bytes(&maps[i]);
		shared_bytes += whole_pages(maps[i].most_bytes);
	}
	if (file < 0 || ftruncate(file, shared_bytes))
		fail("cannot make the file", path);
	/* A ring's data stand twice, one behind the other, so that a record is in one piece at its end too. */
	shared = mmap(0, 2 * shared_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	for (size_t i = 0, offset = 0, place = 0; i < (size_t)map_count; i++) {
		struct map *map = &maps[i];
		size_t bytes = whole_pages(map->most_bytes), data = bytes - ring_header_bytes();

		map->memory = shared + place;
		if (bytes)
			map_into(map->memory, bytes, file, offset, map->name);
		place += bytes;
		if (map->kind == MAP_RING) {
			map_into(shared + place, data, file, offset + ring_header_bytes(), map->name);
			place += data;
		}
		printf("map %s %zu %u %llu %u\n", map->name, offset, map->most_bytes,
		       (unsigned long long)map->memory, map->entries);
		offset += bytes;
	}
	close(file);
}

void clear_maps(void)
{
	for (int i = 0; i < map_count; i++)
		memset(maps[i].memory, 0, maps[i].most_bytes);
}

static void copy_variables(bool from_memory)
{
	for (int i = 0; i < map_count; i++) {
		struct map *map = &maps[i];
		char *begin = (char *)((uintptr_t)map->address / page_bytes() * page_bytes());

		if (map->kind != MAP_VARIABLE)
			continue;
		if (!from_memory) {
			memcpy(map->memory, map->address, map->value_bytes);
			continue;
		}
		/* Constants stand where nobody may write. */
		if (mprotect(begin, (char *)map->address + map->value_bytes - begin, PROT_READ | PROT_WRITE))
			fail("cannot set", map->name);
		memcpy(map->address, map->memory, map->value_bytes);
	}
}

void load_variables(void)
{
	copy_variables(true);
}

void show_variables(void)
{
	copy_variables(false);
}

/* An entry of a hash, or a free one if there is none with this key; 0: there is none either. */
static char *hash_entry(struct map *map, const void *key, bool or_free)
{
	char *free_one = 0;

	for (uint32_t i = 0; i < map->entries; i++) {
		char *entry = map->memory + i * entry_bytes(map);

		if (*entry && !memcmp(entry + 8, key, map->key_bytes))
			return entry;
		if (!*entry && !free_one)
			free_one = entry;
	}
	return or_free ? free_one : 0;
}

static void *hash_value(struct map *map, char *entry)
{
	return entry + entry_bytes(map) - map->value_bytes;
}

void *bpf_map_lookup_elem(void *address, const void *key)
{
	struct map *map = map_at(address);
	char *entry;
	uint32_t index;

	if (map->kind == MAP_HASH) {
		entry = hash_entry(map, key, false);
		return entry ? hash_value(map, entry) : 0;
	}
	index = *(const uint32_t *)key;
	return index < map->entries ? map->memory + (size_t)index * map->value_bytes : 0;
}

long bpf_map_update_elem(void *address, const void *key, const void *value, __u64 flags)
{
	struct map *map = map_at(address);
	char *entry;

	if (map->kind != MAP_HASH)
		fail("not played: an update of", map->name);
	entry = hash_entry(map, key, true);
	if (!entry)
		return -E2BIG;
	if (*entry && flags == BPF_NOEXIST)
		return -EEXIST;
	if (!*entry && flags == BPF_EXIST)
		return -ENOENT;
	*entry = 1;
	memcpy(entry + 8, key, map->key_bytes);
	memcpy(hash_value(map, entry), value, map->value_bytes);
	return 0;
}

long bpf_map_delete_elem(void *address, const void *key)
{
	char *entry = hash_entry(map_at(address), key, false);

	if (!entry)
		return -ENOENT;
	*entry = 0;
	return 0;
}

/* The positions of a ring: each at the beginning of a page. */
static uint64_t *consumer_position(struct map *map)
{
	return (uint64_t *)map->memory;
}

static uint64_t *producer_position(struct map *map)
{
	return (uint64_t *)(map->memory + page_bytes());
}

void *bpf_ringbuf_reserve(void *address, __u64 bytes, __u64 flags)
{
	struct map *map = map_at(address);
	uint64_t at = *producer_position(map), next = at + ((RECORD_HEADER_BYTES + bytes + 7) & ~7ull);
	uint32_t *header = (uint32_t *)(map->memory + ring_header_bytes() + at % map->entries);

	if (flags)
		fail("not played: flags for a record of", map->name);
	/* The kernel leaves one byte free. */
	if (next - *consumer_position(map) > map->entries - 1)
		return 0;
	header[0] = bytes | RECORD_BUSY;
	header[1] = 0;
	*producer_position(map) = next;
	return header + 2;
}

void bpf_ringbuf_submit(void *record, __u64 flags)
{
	((uint32_t *)record)[-2] &= ~RECORD_BUSY;
}

__u64 bpf_ringbuf_query(void *address, __u64 flags)
{
	struct map *map = map_at(address);

	if (flags != BPF_RB_AVAIL_DATA)
		fail("not played: a question for", map->name);
	return *producer_position(map) - *consumer_position(map);
}
