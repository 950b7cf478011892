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

#include <kbuffer.h>

#include "util/message.h"

/* What waits beyond this goes to a file. */
#define MEMORY_LIMIT (32 * 1024 * 1024)

/* So many records at once, then the caller has its turn. */
#define RECORDS_AT_ONCE 16384

/* A sub-buffer begins with its time stamp and a long: size of the data and flags. */
#define PAGE_HEADER_SIZE    (sizeof(uint64_t) + sizeof(long))
#define COMMIT_SIZE_MASK    ((1UL << 20) - 1)
#define COMMIT_COUNT_STORED (1UL << 30) /* RB_MISSED_STORED: the number lost is behind the data */

/* One CPU's buffer of one instance, and how far it has been handed on. */
struct buffer {
	int cpu;
	enum scope scope;
	struct kbuffer *kbuf;
	struct page *first, *last;
	bool is_loaded;	  /* kbuf stands in the first page */
	bool has_loss;	  /* records are missing before the first page */
	uint64_t lost;	  /* how many, or LOSS_UNKNOWN */
	void *event;	  /* the next record, NULL at the end of what was read */
	uint64_t ts;	  /* its time */
	uint64_t last_ts; /* of the record before */
	uint64_t read_until;
};

struct stream {
	struct stream_sink sink;
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

static void free_buffers(struct stream *stream)
{
	for (size_t i = 0; stream->buffers && i < stream->count; i++) {
		if (stream->buffers[i].kbuf)
			kbuffer_free(stream->buffers[i].kbuf);
	}
	free(stream->buffers);
}

static int make_buffers(struct stream *stream, const struct source *sources)
{
	stream->buffers = calloc(stream->count ? stream->count : 1, sizeof(*stream->buffers));
	for (size_t i = 0; stream->buffers && i < stream->count; i++) {
		struct buffer *buffer = &stream->buffers[i];

		buffer->cpu = sources[i].cpu;
		buffer->scope = sources[i].scope;
		buffer->kbuf =
			kbuffer_alloc(KBUFFER_LSIZE_SAME_AS_HOST, KBUFFER_ENDIAN_SAME_AS_HOST);
		if (!buffer->kbuf)
			return -ENOMEM;
	}
	return stream->buffers ? 0 : -ENOMEM;
}

int stream_from_sources(const struct source *sources, size_t count, size_t page_size,
			const struct stream_sink *sink, struct stream **stream)
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
		free_buffers(made);
		free(made);
		return ret;
	}
	*stream = made;
	return 0;
}

int stream_new(struct instance *const *instances, size_t count, const struct stream_sink *sink,
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
	buffer->event = NULL;
	buffer->is_loaded = false;
	buffer->has_loss = false;
}

void stream_free(struct stream *stream)
{
	if (!stream)
		return;
	reader_stop(stream->reader);
	for (size_t i = 0; i < stream->count; i++)
		drop_pages(stream, &stream->buffers[i]);
	reader_free(stream->reader);
	free_buffers(stream);
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

/*
 * kbuffer trusts the page: what it will rely on is checked first.
 *
 * Return: 0, or -EBADMSG for a page of which nothing can be told.
 */
static int check_page(const struct stream *stream, const struct page *page)
{
	unsigned long commit;
	size_t end;

	memcpy(&commit, page->data + sizeof(uint64_t), sizeof(commit));
	end = PAGE_HEADER_SIZE + (commit & COMMIT_SIZE_MASK);
	if (commit & COMMIT_COUNT_STORED)
		end += sizeof(long);
	return end > stream->page_size ? -EBADMSG : 0;
}

/* Stand at the start of the first page, and before what is missing there. */
static int load_page(struct stream *stream, struct buffer *buffer)
{
	struct page *page = reader_load(stream->reader, buffer->first);
	int missed;

	if (!page) {
		error("cannot read back records that waited in a file: %s", strerror(EIO));
		return -EIO;
	}
	if (buffer->last == buffer->first)
		buffer->last = page;
	buffer->first = page;
	if (check_page(stream, page) || kbuffer_load_subbuffer(buffer->kbuf, page->data)) {
		/* A loss of unknown size, and a page without records. */
		memset(page->data + sizeof(uint64_t), 0, stream->page_size - sizeof(uint64_t));
		kbuffer_load_subbuffer(buffer->kbuf, page->data);
		missed = -1;
	} else {
		missed = kbuffer_missed_events(buffer->kbuf);
	}
	buffer->has_loss = missed != 0;
	buffer->lost = missed > 0 ? (uint64_t)missed : LOSS_UNKNOWN;
	buffer->is_loaded = true;
	return 0;
}

/* Stand at the next record of the buffer, going on to its next page. */
static int settle(struct stream *stream, struct buffer *buffer)
{
	while (buffer->first && !buffer->event) {
		struct page *page = buffer->first;
		unsigned long long ts;

		if (!buffer->is_loaded) {
			int ret = load_page(stream, buffer);

			if (ret)
				return ret;
			page = buffer->first;
			buffer->event = kbuffer_read_event(buffer->kbuf, &ts);
		} else {
			buffer->event = kbuffer_next_event(buffer->kbuf, &ts);
		}
		if (buffer->event) {
			buffer->ts = ts;
			return 0;
		}
		if (buffer->has_loss)
			return 0; /* it has to be told although the page holds no record */
		buffer->first = page->next;
		if (!buffer->first)
			buffer->last = NULL;
		buffer->is_loaded = false;
		reader_put(stream->reader, page);
	}
	return 0;
}

/* Records before a page are missing since the later of the last record and the last empty read. */
static uint64_t loss_start(const struct buffer *buffer)
{
	const struct page *page = buffer->first;

	return page->lost_from > buffer->last_ts ? page->lost_from : buffer->last_ts;
}

static uint64_t next_time(const struct buffer *buffer)
{
	return buffer->has_loss ? loss_start(buffer) : buffer->ts;
}

static bool has_next(const struct buffer *buffer)
{
	return buffer->event || buffer->has_loss;
}

/* The buffer whose next record or loss comes first; among equals the order of the buffers. */
static struct buffer *earliest(struct stream *stream)
{
	struct buffer *first = NULL;

	for (size_t i = 0; i < stream->count; i++) {
		struct buffer *buffer = &stream->buffers[i];

		if (has_next(buffer) && (!first || next_time(buffer) < next_time(first)))
			first = buffer;
	}
	return first;
}

static int hand_on_loss(struct stream *stream, struct buffer *buffer)
{
	struct loss loss = {
		.scope = buffer->scope,
		.cpu = buffer->cpu,
		.from = loss_start(buffer),
		.to = buffer->event ? buffer->ts : loss_start(buffer),
		.count = buffer->lost,
	};
	int ret;

	buffer->has_loss = false;
	ret = settle(stream, buffer);
	return ret ? ret : stream->sink.loss(stream->sink.context, &loss);
}

static int hand_on_record(struct stream *stream, struct buffer *buffer)
{
	struct raw_record raw = {
		.ts = buffer->ts,
		.data = buffer->event,
		.size = (uint32_t)kbuffer_event_size(buffer->kbuf),
		.cpu = buffer->cpu,
		.scope = (uint8_t)buffer->scope,
	};
	int ret = stream->sink.record(stream->sink.context, &raw);

	buffer->last_ts = buffer->ts;
	buffer->event = NULL;
	return ret ? ret : settle(stream, buffer);
}

/*
 * Hand on, in the order of time, what lies before @until, but at most @limit records and losses.
 *
 * Return: 1 if the limit was reached, 0 if nothing is left, or a negative errno.
 */
static int merge(struct stream *stream, uint64_t until, size_t limit)
{
	struct buffer *buffer;

	while ((buffer = earliest(stream)) && next_time(buffer) < until) {
		int ret;

		if (!limit--)
			return 1;
		ret = buffer->has_loss ? hand_on_loss(stream, buffer)
				       : hand_on_record(stream, buffer);
		if (ret)
			return ret;
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
