/* SPDX-License-Identifier: MIT */
/*
 * A page source from a file: the pages of all CPUs, read a stretch at a time, and written back if
 * they are to be changed.
 */
#include "read_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compress.h"
#include "util/io.h"
#include "util/message.h"
#include "write_internal.h"

/* Bytes of one CPU in memory; less if there are many CPUs. */
#define STRETCH	      (256 * 1024)
#define ALL_STRETCHES (32 * 1024 * 1024)
#define MAX_CHUNK     (64 * 1024 * 1024)

/**
 * struct lane - one CPU of one buffer, and how far it was read; begins with its cursor
 * @count: what the kernel counted of it, NULL if the file does not say
 * @at, @end: what of it is still in the file
 * @chunks: compressed ones that are still to come
 * @stretch: pages in memory, @used bytes of @filled are done
 * @is_cut: what follows in the file cannot be read
 */
struct lane {
	struct page_cursor cursor;
	struct dat_count *count;
	uint64_t at, end;
	uint32_t chunks;
	bool is_compressed;
	bool is_cut;
	uint8_t *stretch;
	size_t room, filled, used;
};

/* Begins with what the merge knows of it. */
struct page_walk {
	struct page_source pages;
	struct dat *dat;
	int write_fd; /* where stretches go back to; -1 if they do not */
	struct unpacker *unpacker;
	struct lane *lanes;
	size_t count;
	size_t stretch_size;
};

/* Records that cannot be read are reported as lost when everything before them was passed on. */
static void cut_lane(struct lane *lane)
{
	lane->at = lane->end;
	lane->chunks = 0;
	lane->is_cut = true;
}

static int make_room(struct lane *lane, size_t size)
{
	uint8_t *grown;

	if (size <= lane->room)
		return 0;
	grown = realloc(lane->stretch, size);
	if (!grown)
		return -ENOMEM;
	lane->stretch = grown;
	lane->room = size;
	return 0;
}

static int fill_plain(const struct page_walk *walk, struct lane *lane)
{
	uint64_t rest = lane->end - lane->at;
	size_t size = rest < walk->stretch_size ? (size_t)rest : walk->stretch_size;
	int ret;

	/* The part of a page is none. */
	size -= size % walk->dat->page_size;
	if (!size) {
		cut_lane(lane);
		return 0;
	}
	ret = make_room(lane, size);
	if (ret)
		return ret;
	if (read_at(walk->dat->fd, lane->stretch, size, lane->at)) {
		cut_lane(lane);
		return 0;
	}
	lane->at += size;
	lane->filled = size;
	lane->used = 0;
	return 0;
}

static int write_back(const struct page_walk *walk, const struct lane *lane)
{
	if (walk->write_fd < 0 || !lane->filled)
		return 0;
	return write_at(walk->write_fd, lane->stretch, lane->filled, lane->at - lane->filled);
}

static uint32_t number(const struct dat *dat, const uint8_t *bytes)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++)
		value = value << 8 | bytes[dat->is_big ? i : 3 - i];
	return value;
}

/* A chunk is its compressed size, its size, its bytes. */
static int fill_unpacked(const struct page_walk *walk, struct lane *lane)
{
	uint8_t head[8];
	uint32_t packed, size;
	int ret;

	if (lane->end - lane->at < sizeof(head) ||
	    read_at(walk->dat->fd, head, sizeof(head), lane->at)) {
		cut_lane(lane);
		return 0;
	}
	packed = number(walk->dat, head);
	size = number(walk->dat, head + 4);
	lane->at += sizeof(head);
	if (packed > lane->end - lane->at || size > MAX_CHUNK || size % walk->dat->page_size) {
		cut_lane(lane);
		return 0;
	}
	ret = make_room(lane, size);
	if (ret)
		return ret;
	if (size)
		ret = unpack(walk->unpacker, lane->at, packed, lane->stretch, size);
	if (ret == -ENOMEM)
		return ret;
	if (ret) {
		cut_lane(lane);
		return 0;
	}
	lane->at += packed;
	lane->chunks--;
	lane->filled = size;
	lane->used = 0;
	return 0;
}

static void load_page(const struct page_walk *walk, struct lane *lane)
{
	uint8_t *page = lane->stretch + lane->used;

	page_cursor_load(&lane->cursor, page, walk->dat->page_size, 0);
	if (walk->write_fd >= 0)
		page_cursor_wipe(&lane->cursor, page, walk->dat->page_size);
	lane->used += walk->dat->page_size;
}

static int fill(const struct page_walk *walk, struct lane *lane)
{
	uint64_t before = lane->at;
	int ret = write_back(walk, lane);

	if (!ret)
		ret = lane->is_compressed ? fill_unpacked(walk, lane) : fill_plain(walk, lane);
	walk->dat->pages_read += lane->at - before;
	return ret;
}

static bool has_more(const struct lane *lane)
{
	return lane->is_compressed ? lane->chunks > 0 : lane->at < lane->end;
}

static int next_page(struct page_source *pages, struct page_cursor *cursor)
{
	const struct page_walk *walk = (const struct page_walk *)pages;
	struct lane *lane = (struct lane *)cursor;
	int ret = 0;

	while (!ret && lane->used == lane->filled && has_more(lane))
		ret = fill(walk, lane);
	if (ret || lane->used == lane->filled)
		return ret;
	load_page(walk, lane);
	return 1;
}

/* A file may be read more than once. */
static void warn_of_cut(struct dat *dat)
{
	if (dat->has_warned)
		return;
	dat->has_warned = true;
	if (dat->info.is_cut)
		warning("'%s' ends at byte %" PRIu64 ", which is too early: the rest is lost",
			dat->path, dat->file_size);
	else
		warning("'%s' is broken in its records: what follows there is lost", dat->path);
}

static int report_cuts(const struct page_walk *walk, const struct record_sink *sink)
{
	int ret = 0;

	for (size_t i = 0; i < walk->count && !ret; i++) {
		const struct page_cursor *cursor = &walk->lanes[i].cursor;
		struct loss loss = {
			.scope = cursor->scope,
			.cpu = cursor->cpu,
			.from = cursor->last_ts,
			.to = cursor->last_ts,
			.count = LOSS_UNKNOWN,
		};

		if (!walk->lanes[i].is_cut)
			continue;
		warn_of_cut(walk->dat);
		ret = sink->loss(sink->context, &loss);
	}
	return ret;
}

/* Now it is known how many records are there. */
static int settle_counts(const struct page_walk *walk)
{
	for (size_t i = 0; i < walk->count; i++) {
		const struct lane *lane = &walk->lanes[i];

		if (!lane->count)
			continue;
		lane->count->records = lane->cursor.records;
		lane->count->is_cut = lane->is_cut || lane->cursor.is_broken;
	}
	walk->dat->has_records = true;
	return counts_settle(walk->dat);
}

static int finish(struct page_source *pages, const struct record_sink *sink)
{
	const struct page_walk *walk = (const struct page_walk *)pages;
	int ret = 0;

	for (size_t i = 0; i < walk->count && !ret; i++)
		ret = write_back(walk, &walk->lanes[i]);
	if (!ret)
		ret = settle_counts(walk);
	return ret ? ret : report_cuts(walk, sink);
}

static const struct page_source_ops stored_pages = {
	.next = next_page,
	.finish = finish,
};

static int open_lane(struct page_walk *walk, struct lane *lane, const struct dat_cpu *cpu)
{
	enum scope scope = buffer_scope(walk->dat->buffers[cpu->buffer].name);
	uint8_t count[4];

	lane->count = counts_find(walk->dat, cpu);
	lane->at = cpu->offset;
	lane->end = cpu->offset + cpu->size;
	lane->is_cut = cpu->is_cut;
	lane->is_compressed = cpu->is_compressed;
	page_cursor_init(&lane->cursor, cpu->cpu, scope, walk->dat->long_size, walk->dat->is_big);
	page_source_add(&walk->pages, &lane->cursor);
	if (!cpu->is_compressed)
		return 0;
	if (cpu->size < sizeof(count) ||
	    read_at(walk->dat->fd, count, sizeof(count), cpu->offset)) {
		cut_lane(lane);
		return 0;
	}
	lane->at += sizeof(count);
	lane->chunks = number(walk->dat, count);
	return walk->unpacker ? 0 : unpacker_new(walk->dat, &walk->unpacker);
}

static size_t stretch_size(const struct dat *dat)
{
	size_t size = dat->cpu_nr ? ALL_STRETCHES / dat->cpu_nr : STRETCH;

	if (size > STRETCH)
		size = STRETCH;
	return size < dat->page_size ? dat->page_size : size;
}

/* The pages of buffer @only alone, or of every one that is not left out. */
#define EVERY_BUFFER SIZE_MAX

static bool is_wanted(const struct dat *dat, const struct dat_cpu *cpu, size_t only)
{
	return only == EVERY_BUFFER ? !dat->buffers[cpu->buffer].is_left_out : cpu->buffer == only;
}

static int open_lanes(struct page_walk *walk, size_t only)
{
	struct dat *dat = walk->dat;
	int ret = 0;

	dat->pages_size = dat->pages_read = 0;
	for (size_t i = 0; i < dat->cpu_nr && !ret; i++) {
		if (!is_wanted(dat, &dat->cpus[i], only))
			continue;
		dat->pages_size += dat->cpus[i].size;
		ret = open_lane(walk, &walk->lanes[walk->count++], &dat->cpus[i]);
	}
	return ret;
}

static int open_pages(struct dat *dat, size_t only, int write_fd, struct page_source **pages)
{
	struct page_walk *walk = calloc(1, sizeof(*walk));
	int ret;

	if (!walk)
		return -ENOMEM;
	walk->lanes = calloc(dat->cpu_nr ? dat->cpu_nr : 1, sizeof(*walk->lanes));
	if (!walk->lanes) {
		free(walk);
		return -ENOMEM;
	}
	if (dat->info.is_cut)
		warn_of_cut(dat);
	walk->pages.ops = &stored_pages;
	walk->dat = dat;
	walk->write_fd = write_fd;
	walk->stretch_size = stretch_size(dat);
	ret = open_lanes(walk, only);
	if (ret)
		dat_pages_close(&walk->pages);
	else
		*pages = &walk->pages;
	return ret;
}

int dat_pages_open(struct dat *dat, struct page_source **pages)
{
	return open_pages(dat, EVERY_BUFFER, -1, pages);
}

void dat_pages_close(struct page_source *pages)
{
	struct page_walk *walk = (struct page_walk *)pages;

	if (!walk)
		return;
	for (size_t i = 0; i < walk->count; i++)
		free(walk->lanes[i].stretch);
	free(walk->lanes);
	unpacker_free(walk->unpacker);
	free(walk);
}

static int merge_all(struct dat *dat, size_t only, const struct record_sink *sink, int write_fd)
{
	struct page_source *pages;
	int ret = open_pages(dat, only, write_fd, &pages);

	if (ret)
		return ret;
	ret = merge_rest(pages, sink);
	dat_pages_close(pages);
	return ret;
}

int dat_read(struct dat *dat, const struct record_sink *sink)
{
	return merge_all(dat, EVERY_BUFFER, sink, -1);
}

int dat_read_buffer(struct dat *dat, size_t buffer, const struct record_sink *sink)
{
	return merge_all(dat, buffer, sink, -1);
}

unsigned int dat_percent(const struct dat *dat)
{
	return dat->pages_size
		       ? (unsigned int)(100.0 * (double)dat->pages_read / (double)dat->pages_size)
		       : 100;
}

int dat_rewrite(struct dat *dat, const struct record_sink *sink)
{
	int fd = open(dat->path, O_WRONLY | O_CLOEXEC);
	int ret = fd < 0 ? -errno : merge_all(dat, EVERY_BUFFER, sink, fd);

	if (fd >= 0 && close(fd) < 0 && !ret)
		ret = -errno;
	if (ret)
		error("cannot write '%s': %s", dat->path, strerror(-ret));
	return ret;
}
