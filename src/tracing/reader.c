/* SPDX-License-Identifier: MIT */
/*
 * The reader: a thread that moves pages out of the ring buffers, each source into a queue of its
 * own.
 */
#include "reader_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "raw_pipe.h"
#include "tracing/counts.h"
#include "util/clock.h"
#include "util/message.h"

/* A source wakes its reader at a fill level: what is below is seen by the clock. */
#define TICK_MS 50

/* Pages that one source may give before the others have their turn. */
#define TURN_PAGES 256

#define READER_NICE (-20)

static void note_read(struct reader *reader, struct queue *queue, uint64_t until)
{
	pthread_mutex_lock(&reader->lock);
	if (until > queue->read_until)
		queue->read_until = until;
	pthread_mutex_unlock(&reader->lock);
}

static void take_page(struct reader *reader, struct queue *queue, struct page *page)
{
	uint64_t start = 0;

	if (page->size >= sizeof(start))
		memcpy(&start, page->data, sizeof(start));
	memset(page->data + page->size, 0, reader->page_size - page->size);
	if (reader->tap)
		reader->tap->page(reader->tap->context, queue->source.scope, queue->source.cpu,
				  page->data, reader->page_size);
	page->lost_from = queue->empty_at;
	reader_keep(reader, queue, page);
	/* What comes after it is not older than its start. */
	note_read(reader, queue, start);
}

static void note_empty(struct reader *reader, struct queue *queue, uint64_t time)
{
	queue->empty_at = time;
	note_read(reader, queue, time);
}

/* Return: 1 if there may be more, 0 at the end, or a negative errno. */
static int read_some(struct reader *reader, struct queue *queue)
{
	uint64_t time = trace_clock_now();

	for (int i = 0; i < TURN_PAGES; i++) {
		struct page *page = reader_page(reader);
		ssize_t size;
		int err;

		if (!page)
			return -ENOMEM;
		size = read(queue->source.fd, page->data, reader->page_size);
		if (size > 0) {
			page->size = (size_t)size;
			take_page(reader, queue, page);
			continue;
		}
		err = size < 0 ? errno : EAGAIN;
		reader_spare(reader, page);
		if (err == EINTR)
			continue;
		if (err != EAGAIN)
			return -err;
		note_empty(reader, queue, time);
		return 0;
	}
	return 1;
}

void reader_again(const struct reader *reader)
{
	/* It cannot fail but for a counter that is full, which is readable all the same. */
	if (eventfd_write(reader->wake_fd, 1))
		return;
}

static int watch_fd(const struct reader *reader, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	return epoll_ctl(reader->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

/* Return: as read_some(). Without a buffer there is nothing to read, nor to wait for. */
static int read_queue(struct reader *reader, struct queue *queue)
{
	uint64_t time = trace_clock_now();
	int ret = 0;

	if (!queue->is_watched && !raw_pipe_has_buffer(queue->source.fd)) {
		note_empty(reader, queue, time);
		return 0;
	}
	if (!queue->is_watched)
		ret = watch_fd(reader, queue->source.fd);
	if (ret)
		return ret;
	queue->is_watched = true;
	return read_some(reader, queue);
}

/* Return: 1 if there may be more, 0 if every source was read to its end, or a negative errno. */
static int read_round(struct reader *reader)
{
	int more = 0;

	for (size_t i = 0; i < reader->count; i++) {
		int ret = read_queue(reader, &reader->queues[i]);

		if (ret < 0)
			return ret;
		more |= ret;
	}
	return more;
}

static void *read_on(void *argument)
{
	struct reader *reader = argument;
	struct epoll_event event;
	int ret = 1; /* the first round finds what there is to wait for */

	/*
	 * Without the right to do this, records may be lost, and are reported: larger buffers help.
	 */
	if (setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), READER_NICE))
		debug("the reading thread has no priority: %s", strerror(errno));
	while (ret >= 0) {
		if (!ret && epoll_wait(reader->epoll_fd, &event, 1, TICK_MS) < 0 && errno != EINTR)
			ret = -errno;
		if (__atomic_load_n(&reader->stops, __ATOMIC_ACQUIRE))
			break;
		if (ret >= 0)
			ret = read_round(reader);
		reader_again(reader);
	}
	if (ret < 0) {
		pthread_mutex_lock(&reader->lock);
		reader->error = ret;
		pthread_mutex_unlock(&reader->lock);
	}
	return NULL;
}

static bool is_read_until(const struct reader *reader, uint64_t time)
{
	for (size_t i = 0; i < reader->count; i++) {
		if (reader->queues[i].read_until < time)
			return false;
	}
	return true;
}

/* Up to now at least: what is recorded in the meantime might have no end. */
int reader_read(struct reader *reader)
{
	uint64_t until = trace_clock_now();
	int ret;

	pthread_mutex_lock(&reader->lock);
	ret = reader->error;
	pthread_mutex_unlock(&reader->lock);
	if (ret || reader->has_thread)
		return ret;
	do
		ret = read_round(reader);
	while (ret > 0 && !is_read_until(reader, until));
	return ret < 0 ? ret : 0;
}

static bool is_any_left(const struct reader *reader)
{
	for (size_t i = 0; i < reader->count; i++) {
		const struct source *source = &reader->queues[i].source;

		if (source->instance && instance_has_records(source->instance, source->cpu))
			return true;
	}
	return false;
}

int reader_drain(struct reader *reader)
{
	int ret = reader_read(reader);

	for (int tries = 0; !ret && tries < RAW_PIPE_TRIES && is_any_left(reader); tries++) {
		raw_pipe_pause();
		ret = reader_read(reader);
	}
	return ret;
}

void reader_take(struct reader *reader, size_t index, struct arrivals *arrivals)
{
	struct queue *queue = &reader->queues[index];

	pthread_mutex_lock(&reader->lock);
	if (!reader->has_thread)
		reader_append_mark(reader, queue);
	arrivals->first = queue->first;
	arrivals->last = queue->last;
	arrivals->read_until = queue->read_until;
	queue->first = queue->last = NULL;
	pthread_mutex_unlock(&reader->lock);
}

/* --- life ------------------------------------------------------------------------------------- */

static int open_events(struct reader *reader)
{
	reader->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	reader->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	reader->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (reader->epoll_fd < 0 || reader->wake_fd < 0 || reader->stop_fd < 0)
		return -errno;
	return watch_fd(reader, reader->stop_fd);
}

static void close_events(const struct reader *reader)
{
	const int fds[] = { reader->epoll_fd, reader->wake_fd, reader->stop_fd, reader->spill_fd };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
}

static int make_queues(struct reader *reader, const struct sources *sources)
{
	reader->queues = calloc(sources->count ? sources->count : 1, sizeof(*reader->queues));
	if (!reader->queues)
		return -ENOMEM;
	reader->count = sources->count;
	for (size_t i = 0; i < sources->count; i++)
		reader->queues[i].source = sources->items[i];
	return 0;
}

int reader_new(const struct sources *sources, size_t limit, bool may_spill, struct reader **reader)
{
	struct reader *made = malloc(sizeof(*made));
	int ret = -ENOMEM;

	if (!made)
		return ret;
	*made = (struct reader){
		.page_size = sources->page_size,
		.pool.page_size = sources->page_size,
		.limit = limit,
		.may_spill = may_spill,
		.epoll_fd = -1,
		.wake_fd = -1,
		.stop_fd = -1,
		.spill_fd = -1,
	};
	ret = make_queues(made, sources);
	if (ret)
		goto err_free;
	ret = -pthread_mutex_init(&made->lock, NULL);
	if (ret)
		goto err_queues;
	ret = open_events(made);
	if (ret)
		goto err_events;
	*reader = made;
	return 0;

err_events:
	close_events(made);
	pthread_mutex_destroy(&made->lock);
err_queues:
	free(made->queues);
err_free:
	free(made);
	error("cannot read the ring buffers: %s", strerror(-ret));
	return ret;
}

int reader_start(struct reader *reader)
{
	int err = pthread_create(&reader->thread, NULL, read_on, reader);

	if (err)
		error("cannot start a thread to read the ring buffers: %s", strerror(err));
	reader->has_thread = !err;
	return -err;
}

void reader_stop(struct reader *reader)
{
	if (!reader->has_thread)
		return;
	__atomic_store_n(&reader->stops, true, __ATOMIC_RELEASE);
	/* Without this it sees that at its next tick. */
	if (eventfd_write(reader->stop_fd, 1))
		debug("the reading thread is not woken: %s", strerror(errno));
	pthread_join(reader->thread, NULL);
	reader->has_thread = false;
}

void reader_tap(struct reader *reader, const struct page_sink *tap)
{
	reader->tap = tap;
}

int reader_poll_fd(const struct reader *reader)
{
	return reader->wake_fd;
}

void reader_free(struct reader *reader)
{
	if (!reader)
		return;
	reader_stop(reader);
	for (size_t i = 0; i < reader->count; i++) {
		close(reader->queues[i].source.fd);
		reader_forget(&reader->queues[i]);
	}
	page_pool_release(&reader->pool);
	close_events(reader);
	pthread_mutex_destroy(&reader->lock);
	free(reader->queues);
	free(reader);
}
