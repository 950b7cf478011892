/* SPDX-License-Identifier: MIT */
/*
 * From spools to the data section: each CPU's pages in one piece, at a page boundary. Memory does
 * not grow with the pages. Never looks into a page.
 */
#include "write_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/io.h"

#define CHUNK (1024 * 1024)

/* The long after a page's time stamp: the size of its data, and this bit for lost records. */
#define COMMIT_MISSED_EVENTS (1UL << 31)

struct assembly {
	int fd;
	size_t page_size;
	bool is_incomplete;
	uint64_t at; /* where the next CPU's pages go */
	char *buffer;
	int error; /* why pages are missing, the first time */
};

int write_at(int fd, const void *data, size_t size, uint64_t offset)
{
	const char *at = data;

	while (size) {
		ssize_t done = pwrite(fd, at, size, (off_t)offset);

		if (done < 0 && errno != EINTR)
			return -errno;
		if (done <= 0)
			continue;
		at += done;
		offset += (uint64_t)done;
		size -= (size_t)done;
	}
	return 0;
}

static uint64_t aligned(uint64_t offset, size_t page_size)
{
	return (offset + page_size - 1) / page_size * page_size;
}

static int copy_chunk(const struct assembly *assembly, int from, uint64_t done, size_t size)
{
	int ret = read_at(from, assembly->buffer, size, done);

	if (ret)
		return ret;
	return write_at(assembly->fd, assembly->buffer, size, assembly->at + done);
}

/*
 * Copy @size bytes from the start of @from, whose blocks are given back on the way: what cannot
 * give back holds them twice until the end.
 *
 * Return: the bytes copied, whole chunks only.
 */
static uint64_t copy_pages(struct assembly *assembly, int from, uint64_t size)
{
	uint64_t done = 0;
	size_t most = CHUNK - CHUNK % assembly->page_size;

	while (done < size) {
		size_t chunk = size - done < most ? (size_t)(size - done) : most;
		int ret = copy_chunk(assembly, from, done, chunk);

		if (ret) {
			if (!assembly->error)
				assembly->error = ret;
			break;
		}
		fallocate(from, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)done,
			  (off_t)chunk);
		done += chunk;
	}
	return done;
}

/*
 * After the pages that are there, one without records which says that records before it were lost;
 * if there is no room, in the place of the last one, whose records are then lost, too.
 *
 * Return: the size of the pages.
 */
static uint64_t mark_loss(const struct assembly *assembly, uint64_t size)
{
	char *page = assembly->buffer;
	unsigned long commit = COMMIT_MISSED_EVENTS;
	uint64_t ts = trace_clock_now();

	memset(page, 0, assembly->page_size);
	memcpy(page, &ts, sizeof(ts));
	memcpy(page + sizeof(ts), &commit, sizeof(commit));
	if (!write_at(assembly->fd, page, assembly->page_size, assembly->at + size))
		return size + assembly->page_size;
	if (size)
		write_at(assembly->fd, page, assembly->page_size,
			 assembly->at + size - assembly->page_size);
	return size;
}

/* Return: the size of the CPU's pages in the file. */
static uint64_t add_spool(struct assembly *assembly, const struct spool *spool)
{
	struct stat stat;
	uint64_t size, copied;
	bool is_cut = spool->error || assembly->is_incomplete;

	if (spool->fd < 0 || fstat(spool->fd, &stat) < 0)
		return is_cut ? mark_loss(assembly, 0) : 0;
	size = (uint64_t)stat.st_size;
	size -= size % assembly->page_size; /* splice may have stopped within a page */
	copied = copy_pages(assembly, spool->fd, size);
	return copied < size || is_cut ? mark_loss(assembly, copied) : copied;
}

static int add_buffer(struct assembly *assembly, const struct spools *spools, int cpus,
		      uint64_t table)
{
	static const struct spool none = { .fd = -1 };
	int ret = 0;

	for (int cpu = 0; cpu < cpus && !ret; cpu++) {
		const struct spool *spool = cpu < spools->count ? &spools->cpus[cpu] : &none;
		uint64_t entry[2] = { assembly->at, add_spool(assembly, spool) };

		ret = write_at(assembly->fd, entry, sizeof(entry),
			       table + (uint64_t)cpu * sizeof(entry));
		assembly->at += entry[1];
	}
	return ret;
}

int assemble(int fd, const struct dat_meta *meta, const struct dat_tables *tables,
	     const struct spools spools[SCOPE_NR], int *missing)
{
	struct assembly assembly = {
		.fd = fd,
		.page_size = meta->page_size,
		.is_incomplete = meta->is_incomplete,
		.at = aligned(tables->end, meta->page_size),
		.buffer = malloc(CHUNK > meta->page_size ? CHUNK : meta->page_size),
	};
	int ret;

	if (!assembly.buffer)
		return -ENOMEM;
	ret = add_buffer(&assembly, &spools[SCOPE_TASK], meta->cpus, tables->at[SCOPE_TASK]);
	if (!ret && meta->has_any)
		ret = add_buffer(&assembly, &spools[SCOPE_ANY], meta->cpus, tables->at[SCOPE_ANY]);
	/* The written beginning of a chunk that found no room is not a page. */
	if (!ret && ftruncate(fd, (off_t)assembly.at) < 0)
		ret = -errno;
	free(assembly.buffer);
	*missing = assembly.error;
	return ret;
}
