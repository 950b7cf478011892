/* SPDX-License-Identifier: MIT */
/*
 * Records of all CPUs, merged by time. Each buffer (one CPU of one instance) queues the pages it
 * read; a record is handed on once every buffer was read to its end at a later time.
 */
#include "tracing/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include <kbuffer.h>

#include "util/io.h"
#include "util/message.h"

/* More pages than this wait only if one CPU is far ahead: then it is read less. */
#define MAX_QUEUED_PAGES 4096

/* A sub-buffer begins with its time stamp and a long: size of the data and flags. */
#define PAGE_HEADER_SIZE    (sizeof(uint64_t) + sizeof(long))
#define COMMIT_SIZE_MASK    ((1UL << 20) - 1)
#define COMMIT_COUNT_STORED (1UL << 30) /* RB_MISSED_STORED: the number lost is behind the data */

struct page {
	struct page *next;
	bool has_loss; /* records are missing before this page */
	uint64_t lost;
	uint64_t lost_from;
	char data[];
};

/* One CPU's buffer of one instance. */
struct buffer {
	int fd;
	int cpu;
	enum scope scope;
	struct kbuffer *kbuf;
	struct page *first, *last;
	size_t queued;
	bool is_loaded;	   /* kbuf stands in the first page */
	void *event;	   /* the next record, NULL at the end of what was read */
	uint64_t ts;	   /* its time, or that of the loss before it */
	uint64_t last_ts;  /* of the record before */
	uint64_t empty_at; /* everything before this time had been read */
};

struct stream {
	struct stream_sink sink;
	struct buffer *buffers;
	size_t count;
	size_t page_size;
	int epoll_fd;
	const struct page_sink *tap;
	struct kbuffer *checker; /* loads a page that is not the one a buffer stands in */
	struct page *spare;
};

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts); /* what the trace clock "mono" reads */
	return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}

static int open_buffer(struct stream *stream, const struct instance *instance, int cpu)
{
	struct buffer *grown, *buffer;
	struct epoll_event event = { .events = EPOLLIN };
	char path[4096];
	int ret;

	grown = realloc(stream->buffers, (stream->count + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	stream->buffers = grown;
	buffer = &grown[stream->count];
	memset(buffer, 0, sizeof(*buffer));
	snprintf(path, sizeof(path), "%s/per_cpu/cpu%d/trace_pipe_raw", instance_dir(instance),
		 cpu);
	buffer->cpu = cpu;
	buffer->scope = instance_scope(instance);
	buffer->kbuf = kbuffer_alloc(KBUFFER_LSIZE_SAME_AS_HOST, KBUFFER_ENDIAN_SAME_AS_HOST);
	if (!buffer->kbuf)
		return -ENOMEM;
	buffer->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (buffer->fd < 0) {
		ret = -errno;
		kbuffer_free(buffer->kbuf);
		error("cannot open '%s': %s", path, strerror(-ret));
		return ret;
	}
	stream->count++;
	return epoll_ctl(stream->epoll_fd, EPOLL_CTL_ADD, buffer->fd, &event) < 0 ? -errno : 0;
}

/* Every CPU that has a folder, offline ones too: what they recorded before is still there. */
static int open_instance(struct stream *stream, const struct instance *instance)
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
			ret = open_buffer(stream, instance, cpu);
	}
	closedir(folder);
	return ret;
}

int stream_new(struct instance *const *instances, size_t count, const struct stream_sink *sink,
	       struct stream **stream)
{
	struct stream *made = calloc(1, sizeof(*made));
	int ret = 0;

	if (!made)
		return -ENOMEM;
	made->sink = *sink;
	made->page_size = instance_page_size(instances[0]);
	made->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	made->checker = kbuffer_alloc(KBUFFER_LSIZE_SAME_AS_HOST, KBUFFER_ENDIAN_SAME_AS_HOST);
	if (!made->checker) {
		ret = -ENOMEM;
	} else if (made->epoll_fd < 0) {
		ret = -errno;
		error("cannot create an epoll descriptor: %s", strerror(-ret));
	}
	for (size_t i = 0; i < count && !ret; i++)
		ret = open_instance(made, instances[i]);
	if (ret) {
		stream_free(made);
		return ret;
	}
	*stream = made;
	return 0;
}

static void free_pages(struct page *page)
{
	while (page) {
		struct page *next = page->next;

		free(page);
		page = next;
	}
}

void stream_free(struct stream *stream)
{
	if (!stream)
		return;
	for (size_t i = 0; i < stream->count; i++) {
		close(stream->buffers[i].fd);
		kbuffer_free(stream->buffers[i].kbuf);
		free_pages(stream->buffers[i].first);
	}
	free_pages(stream->spare);
	kbuffer_free(stream->checker);
	free(stream->buffers);
	if (stream->epoll_fd >= 0)
		close(stream->epoll_fd);
	free(stream);
}

void stream_tap(struct stream *stream, const struct page_sink *tap)
{
	stream->tap = tap;
}

int stream_poll_fd(const struct stream *stream)
{
	return stream->epoll_fd;
}

static struct page *page_get(struct stream *stream)
{
	struct page *page = stream->spare;

	if (page)
		stream->spare = page->next;
	else
		page = malloc(sizeof(*page) + stream->page_size);
	if (page) {
		page->next = NULL;
		page->has_loss = false;
	}
	return page;
}

static void page_put(struct stream *stream, struct page *page)
{
	page->next = stream->spare;
	stream->spare = page;
}

/*
 * kbuffer trusts the page: what it will rely on is checked first. Then, before its records: how
 * many were lost (0: none, LOSS_UNKNOWN: some).
 */
static int check_page(const struct stream *stream, struct page *page)
{
	unsigned long commit;
	size_t end;
	int missed;

	memcpy(&commit, page->data + sizeof(uint64_t), sizeof(commit));
	end = PAGE_HEADER_SIZE + (commit & COMMIT_SIZE_MASK);
	if (commit & COMMIT_COUNT_STORED)
		end += sizeof(long);
	if (end > stream->page_size || kbuffer_load_subbuffer(stream->checker, page->data))
		return -EBADMSG;
	missed = kbuffer_missed_events(stream->checker);
	page->has_loss = missed != 0;
	page->lost = missed > 0 ? (uint64_t)missed : LOSS_UNKNOWN;
	return 0;
}

/* Return: 1 for a page, 0 if there is none, or a negative errno. */
static int read_page(struct stream *stream, struct buffer *buffer)
{
	struct page *page = page_get(stream);
	ssize_t size;

	if (!page)
		return -ENOMEM;
	size = read(buffer->fd, page->data, stream->page_size);
	if (size <= 0) {
		int ret = size < 0 && errno != EAGAIN && errno != EINTR ? -errno : 0;

		page_put(stream, page);
		return ret;
	}
	memset(page->data + size, 0, stream->page_size - (size_t)size);
	if (stream->tap)
		stream->tap->page(stream->tap->context, buffer->scope, buffer->cpu, page->data,
				  stream->page_size);
	if (check_page(stream, page)) {
		/* Nothing in it can be told: that is a loss, of unknown size. */
		memset(page->data + sizeof(uint64_t), 0, stream->page_size - sizeof(uint64_t));
		page->has_loss = true;
		page->lost = LOSS_UNKNOWN;
	}
	page->lost_from = buffer->empty_at;
	if (buffer->last)
		buffer->last->next = page;
	else
		buffer->first = page;
	buffer->last = page;
	buffer->queued++;
	return 1;
}

/* Stand at the next record of the buffer, going on to its next page. */
static void settle(struct stream *stream, struct buffer *buffer)
{
	while (buffer->first && !buffer->event) {
		struct page *page = buffer->first;
		unsigned long long ts;

		if (!buffer->is_loaded) {
			kbuffer_load_subbuffer(buffer->kbuf, page->data);
			buffer->is_loaded = true;
			buffer->event = kbuffer_read_event(buffer->kbuf, &ts);
		} else {
			buffer->event = kbuffer_next_event(buffer->kbuf, &ts);
		}
		if (buffer->event) {
			buffer->ts = ts;
			return;
		}
		if (page->has_loss)
			return; /* it has to be told although the page holds no record */
		buffer->first = page->next;
		if (!buffer->first)
			buffer->last = NULL;
		buffer->queued--;
		buffer->is_loaded = false;
		page_put(stream, page);
	}
}

/* Records before a page are missing since the later of the last record and the last empty read. */
static uint64_t loss_start(const struct buffer *buffer)
{
	const struct page *page = buffer->first;

	return page->lost_from > buffer->last_ts ? page->lost_from : buffer->last_ts;
}

static bool is_at_loss(const struct buffer *buffer)
{
	return buffer->first && buffer->first->has_loss;
}

static uint64_t next_time(const struct buffer *buffer)
{
	return is_at_loss(buffer) ? loss_start(buffer) : buffer->ts;
}

static bool has_next(const struct buffer *buffer)
{
	return buffer->event || is_at_loss(buffer);
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
	struct page *page = buffer->first;
	struct loss loss = {
		.scope = buffer->scope,
		.cpu = buffer->cpu,
		.from = loss_start(buffer),
		.to = buffer->event ? buffer->ts : loss_start(buffer),
		.count = page->lost,
	};

	page->has_loss = false;
	settle(stream, buffer);
	return stream->sink.loss(stream->sink.context, &loss);
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
	settle(stream, buffer);
	return ret;
}

/* Hand on, in the order of time, what lies before @until. */
static int merge(struct stream *stream, uint64_t until)
{
	struct buffer *buffer;
	int ret = 0;

	while (!ret && (buffer = earliest(stream)) && next_time(buffer) < until)
		ret = is_at_loss(buffer) ? hand_on_loss(stream, buffer)
					 : hand_on_record(stream, buffer);
	return ret;
}

/*
 * Read every buffer to its end.
 *
 * Return: 1 if all were, 0 if a full queue kept one from it, or a negative errno.
 */
static int read_all(struct stream *stream, uint64_t time)
{
	int all = 1;

	for (size_t i = 0; i < stream->count; i++) {
		struct buffer *buffer = &stream->buffers[i];
		int ret = 1;

		while (ret > 0 && buffer->queued < MAX_QUEUED_PAGES)
			ret = read_page(stream, buffer);
		if (ret < 0)
			return ret;
		if (ret > 0)
			all = 0;
		else
			buffer->empty_at = time;
		settle(stream, buffer);
	}
	return all;
}

/*
 * Up to when the order is known: a buffer that was not read to its end has records that are younger
 * than the start of its last page.
 */
static uint64_t ordered_until(const struct stream *stream, uint64_t time, uint64_t when_all)
{
	uint64_t until = when_all;

	for (size_t i = 0; i < stream->count; i++) {
		const struct buffer *buffer = &stream->buffers[i];
		uint64_t start;

		if (buffer->empty_at == time)
			continue;
		memcpy(&start, buffer->last->data, sizeof(start));
		if (start < until)
			until = start;
	}
	return until;
}

int stream_pump(struct stream *stream)
{
	uint64_t time = now();
	int ret = read_all(stream, time);

	return ret < 0 ? ret : merge(stream, ordered_until(stream, time, time));
}

int stream_drain(struct stream *stream)
{
	int is_all = 0, ret = 0;

	while (!is_all && !ret) {
		uint64_t time = now();

		is_all = read_all(stream, time);
		if (is_all < 0)
			return is_all;
		ret = merge(stream, ordered_until(stream, time, UINT64_MAX));
	}
	return ret;
}

static void drop_pages(struct stream *stream, struct buffer *buffer)
{
	while (buffer->first) {
		struct page *page = buffer->first;

		buffer->first = page->next;
		page_put(stream, page);
	}
	buffer->last = NULL;
	buffer->queued = 0;
	buffer->event = NULL;
	buffer->is_loaded = false;
}

int stream_discard(struct stream *stream)
{
	int ret;

	do {
		for (size_t i = 0; i < stream->count; i++)
			drop_pages(stream, &stream->buffers[i]);
		ret = read_all(stream, now());
	} while (!ret);
	return ret < 0 ? ret : 0;
}
