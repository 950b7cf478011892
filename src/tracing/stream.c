/* SPDX-License-Identifier: MIT */
/*
 * Records of all CPUs, merged by time, from the pages that the reader collects. A record is handed
 * on once every buffer (one CPU of one instance) was read up to a later time.
 */
#include "stream_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "pages/page_cursor.h"
#include "util/message.h"

/* What waits beyond this goes to a file. */
#define MEMORY_LIMIT (32 * 1024 * 1024)

/* So many records at once, then the caller has its turn. */
#define RECORDS_AT_ONCE 16384

/* One CPU's buffer of one instance, and how far it has been handed on; begins with its cursor. */
struct buffer {
	struct page_cursor cursor; /* in the first page, if it has one */
	struct page *first, *last;
	uint64_t read_until;
};

struct stream {
	struct record_sink sink;
	struct reader *reader;
	struct buffer *buffers;
	size_t count;
	size_t page_size;
	uint64_t hold;
};

static int open_source(const struct instance *instance, int cpu, struct source *source)
{
	char path[4096];
	int ret;

	snprintf(path, sizeof(path), "%s/per_cpu/cpu%d/trace_pipe_raw", instance_dir(instance),
		 cpu);
	source->cpu = cpu;
	source->scope = instance_scope(instance);
	source->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (source->fd >= 0)
		return 0;
	ret = -errno;
	error("cannot open '%s': %s", path, strerror(-ret));
	return ret;
}

struct sources {
	struct source *items;
	size_t count;
};

static int add_source(struct sources *sources, const struct instance *instance, int cpu)
{
	struct source *grown;
	int ret;

	grown = realloc(sources->items, (sources->count + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	sources->items = grown;
	ret = open_source(instance, cpu, &grown[sources->count]);
	sources->count += !ret;
	return ret;
}

/* Every CPU that has a folder, offline ones too: what they recorded before is still there. */
static int add_instance(struct sources *sources, const struct instance *instance)
{
	char path[4096];
	struct dirent *entry;
	DIR *folder;
	int ret = 0;

	snprintf(path, sizeof(path), "%s/per_cpu", instance_dir(instance));
	folder = opendir(path);
	if (!folder) {
		ret = -errno;
		error("cannot read '%s': %s", path, strerror(-ret));
		return ret;
	}
	while (!ret && (entry = readdir(folder))) {
		int cpu;

		if (sscanf(entry->d_name, "cpu%d", &cpu) == 1)
			ret = add_source(sources, instance, cpu);
	}
	closedir(folder);
	return ret;
}

static int make_buffers(struct stream *stream, const struct source *sources)
{
	stream->buffers = calloc(stream->count ? stream->count : 1, sizeof(*stream->buffers));
	if (!stream->buffers)
		return -ENOMEM;
	for (size_t i = 0; i < stream->count; i++) {
		page_cursor_init(&stream->buffers[i].cursor, sources[i].cpu, sources[i].scope,
				 sizeof(long), __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
		if (i)
			stream->buffers[i - 1].cursor.beside = &stream->buffers[i].cursor;
	}
	return 0;
}

int stream_from_sources(const struct source *sources, size_t count, size_t page_size,
			const struct record_sink *sink, struct stream **stream)
{
	struct stream *made = calloc(1, sizeof(*made));
	int ret;

	if (!made)
		return -ENOMEM;
	made->sink = *sink;
	made->count = count;
	made->page_size = page_size;
	made->hold = UINT64_MAX;
	ret = make_buffers(made, sources);
	if (!ret)
		ret = reader_new(sources, count, page_size, MEMORY_LIMIT, &made->reader);
	if (ret) {
		free(made->buffers);
		free(made);
		return ret;
	}
	*stream = made;
	return 0;
}

int stream_new(struct instance *const *instances, size_t count, const struct record_sink *sink,
	       struct stream **stream)
{
	struct sources sources = { .items = NULL };
	int ret = 0;

	for (size_t i = 0; i < count && !ret; i++)
		ret = add_instance(&sources, instances[i]);
	if (!ret)
		ret = stream_from_sources(sources.items, sources.count,
					  instance_page_size(instances[0]), sink, stream);
	for (size_t i = 0; ret && i < sources.count; i++)
		close(sources.items[i].fd);
	free(sources.items);
	return ret;
}

static void drop_pages(struct stream *stream, struct buffer *buffer)
{
	while (buffer->first) {
		struct page *page = buffer->first;

		buffer->first = page->next;
		reader_put(stream->reader, page);
	}
	buffer->last = NULL;
	page_cursor_leave(&buffer->cursor);
}

void stream_free(struct stream *stream)
{
	if (!stream)
		return;
	reader_stop(stream->reader);
	for (size_t i = 0; i < stream->count; i++)
		drop_pages(stream, &stream->buffers[i]);
	reader_free(stream->reader);
	free(stream->buffers);
	free(stream);
}

int stream_start(struct stream *stream)
{
	return reader_start(stream->reader);
}

void stream_tap(struct stream *stream, const struct page_sink *tap)
{
	reader_tap(stream->reader, tap);
}

int stream_poll_fd(const struct stream *stream)
{
	return reader_poll_fd(stream->reader);
}

static int load_page(struct stream *stream, struct buffer *buffer)
{
	struct page *page = reader_load(stream->reader, buffer->first);

	if (!page) {
		error("cannot read back records that waited in a file: %s", strerror(EIO));
		return -EIO;
	}
	if (buffer->last == buffer->first)
		buffer->last = page;
	buffer->first = page;
	page_cursor_load(&buffer->cursor, page->data, stream->page_size, page->lost_from);
	return 0;
}

/* Stand at the next record or loss of the buffer, going on to its next page. */
static int settle(struct stream *stream, struct buffer *buffer)
{
	while (buffer->first && page_cursor_is_done(&buffer->cursor)) {
		struct page *page = buffer->first;

		if (!buffer->cursor.has_page) {
			int ret = load_page(stream, buffer);

			if (ret)
				return ret;
			continue;
		}
		buffer->first = page->next;
		if (!buffer->first)
			buffer->last = NULL;
		page_cursor_leave(&buffer->cursor);
		reader_put(stream->reader, page);
	}
	return 0;
}

/*
 * Hand on, in the order of time, what lies before @until, but at most @limit records and losses.
 *
 * Return: 1 if the limit was reached, 0 if nothing is left, or a negative errno.
 */
static int merge(struct stream *stream, uint64_t until, size_t limit)
{
	struct page_cursor *first = stream->count ? &stream->buffers[0].cursor : NULL;
	struct page_cursor *cursor;
	uint64_t turn;

	while ((cursor = page_cursor_earliest(first, &turn)) && page_cursor_time(cursor) < until) {
		turn = turn < until ? turn : until;
		do {
			int ret;

			if (!limit--)
				return 1;
			ret = page_cursor_hand_on(cursor, &stream->sink);
			if (!ret && page_cursor_is_done(cursor))
				ret = settle(stream, (struct buffer *)cursor);
			if (ret)
				return ret;
		} while (!page_cursor_is_done(cursor) && page_cursor_time(cursor) < turn);
	}
	return 0;
}

/* Take what the reader has. Return: 0 with the time up to which the order is known, or an errno. */
static int collect(struct stream *stream, uint64_t *until)
{
	int ret = reader_read(stream->reader);

	*until = UINT64_MAX;
	for (size_t i = 0; i < stream->count && !ret; i++) {
		struct buffer *buffer = &stream->buffers[i];
		struct arrivals new;

		reader_take(stream->reader, i, &new);
		if (new.first) {
			*(buffer->last ? &buffer->last->next : &buffer->first) = new.first;
			buffer->last = new.last;
		}
		if (new.read_until < *until)
			*until = new.read_until;
		ret = settle(stream, buffer);
	}
	return ret;
}

void stream_hold(struct stream *stream, uint64_t until)
{
	stream->hold = until;
}

int stream_pump(struct stream *stream)
{
	uint64_t until;
	eventfd_t arrivals;
	int ret;

	/* Nothing to read there is no error: the clock woke us. */
	if (eventfd_read(reader_poll_fd(stream->reader), &arrivals))
		arrivals = 0;
	ret = collect(stream, &until);
	if (!ret)
		ret = merge(stream, until < stream->hold ? until : stream->hold, RECORDS_AT_ONCE);
	if (ret > 0)
		reader_again(stream->reader);
	return ret > 0 ? 0 : ret;
}

int stream_drain(struct stream *stream)
{
	uint64_t until;
	int ret;

	reader_stop(stream->reader);
	ret = collect(stream, &until);
	return ret ? ret : merge(stream, UINT64_MAX, SIZE_MAX);
}

int stream_discard(struct stream *stream)
{
	int ret;

	reader_stop(stream->reader);
	ret = reader_read(stream->reader);
	for (size_t i = 0; i < stream->count; i++)
		drop_pages(stream, &stream->buffers[i]);
	return ret;
}
