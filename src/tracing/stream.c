/* SPDX-License-Identifier: MIT */
/*
 * A page source from the pages that the reader collects. What was recorded before a time is known
 * once every buffer (one CPU of one instance) was read up to it.
 */
#include "stream_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "raw_pipe.h"
#include "util/message.h"

/* What waits beyond this goes to a file. */
#define MEMORY_LIMIT (32 * 1024 * 1024)

/* One CPU's buffer of one instance; begins with its cursor. */
struct buffer {
	struct page_cursor cursor; /* in the first page, if it has one */
	struct page *first, *last;
};

/* Begins with what the merge knows of it. */
struct stream {
	struct page_source pages;
	struct reader *reader;
	struct buffer *buffers;
	size_t count;
	size_t page_size;
	bool is_last; /* tracing is off: what is read is all that is left */
};

/* --- pages for the merge ---------------------------------------------------------------------- */

static void leave_page(struct stream *stream, struct buffer *buffer)
{
	struct page *page = buffer->first;

	buffer->first = page->next;
	if (!buffer->first)
		buffer->last = NULL;
	page_cursor_leave(&buffer->cursor);
	reader_put(stream->reader, page);
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
	return 1;
}

static int next_page(struct page_source *pages, struct page_cursor *cursor)
{
	struct stream *stream = (struct stream *)pages;
	struct buffer *buffer = (struct buffer *)cursor;

	if (cursor->has_page)
		leave_page(stream, buffer);
	return buffer->first ? load_page(stream, buffer) : 0;
}

/* Takes the reader's pages. Their order is known up to the last page read of every buffer. */
static int collect(struct page_source *pages, uint64_t *until)
{
	struct stream *stream = (struct stream *)pages;
	eventfd_t arrivals;
	int ret;

	/* Nothing to read there is no error: the clock woke us. */
	if (eventfd_read(reader_poll_fd(stream->reader), &arrivals))
		arrivals = 0;
	ret = stream->is_last ? reader_drain(stream->reader) : reader_read(stream->reader);
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
	}
	return ret;
}

static void stop(struct page_source *pages)
{
	struct stream *stream = (struct stream *)pages;

	reader_stop(stream->reader);
	stream->is_last = true;
}

static const struct page_source_ops live_pages = {
	.stop = stop,
	.collect = collect,
	.next = next_page,
};

struct page_source *stream_pages(struct stream *stream)
{
	return &stream->pages;
}

/* --- from the first to the last --------------------------------------------------------------- */

static int add_source(void *context, const struct instance *instance, int cpu)
{
	struct sources *sources = context;
	struct source *grown;

	grown = realloc(sources->items, (sources->count + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	sources->items = grown;
	grown += sources->count;
	*grown = (struct source){
		.fd = raw_pipe_open(instance, cpu),
		.instance = instance,
		.cpu = cpu,
		.scope = instance_scope(instance),
	};
	if (grown->fd < 0)
		return grown->fd;
	sources->count++;
	return 0;
}

static int make_buffers(struct stream *stream, const struct sources *sources)
{
	stream->buffers = calloc(sources->count ? sources->count : 1, sizeof(*stream->buffers));
	if (!stream->buffers)
		return -ENOMEM;
	stream->count = sources->count;
	for (size_t i = 0; i < sources->count; i++) {
		const struct source *source = &sources->items[i];

		page_cursor_init(&stream->buffers[i].cursor, source->cpu, source->scope,
				 sizeof(long), __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
		page_source_add(&stream->pages, &stream->buffers[i].cursor);
	}
	return 0;
}

int stream_from_sources(const struct sources *sources, bool may_spill, struct stream **stream)
{
	struct stream *made = calloc(1, sizeof(*made));
	int ret;

	if (!made)
		return -ENOMEM;
	made->pages.ops = &live_pages;
	made->page_size = sources->page_size;
	ret = make_buffers(made, sources);
	if (!ret)
		ret = reader_new(sources, MEMORY_LIMIT, may_spill, &made->reader);
	if (ret) {
		free(made->buffers);
		free(made);
		return ret;
	}
	*stream = made;
	return 0;
}

int stream_new(struct instance *const *instances, size_t count, bool may_spill,
	       struct stream **stream)
{
	struct sources sources = { .page_size = instance_page_size(instances[0]) };
	int ret = 0;

	for (size_t i = 0; i < count && !ret; i++)
		ret = instance_each_cpu(instances[i], add_source, &sources);
	if (!ret)
		ret = stream_from_sources(&sources, may_spill, stream);
	for (size_t i = 0; ret && i < sources.count; i++)
		close(sources.items[i].fd);
	free(sources.items);
	return ret;
}

static void drop_pages(struct stream *stream, struct buffer *buffer)
{
	while (buffer->first)
		leave_page(stream, buffer);
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

void stream_stop(struct stream *stream)
{
	reader_stop(stream->reader);
}

void stream_tap(struct stream *stream, const struct page_sink *tap)
{
	reader_tap(stream->reader, tap);
}

int stream_poll_fd(const struct stream *stream)
{
	return reader_poll_fd(stream->reader);
}

void stream_again(const struct stream *stream)
{
	reader_again(stream->reader);
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
