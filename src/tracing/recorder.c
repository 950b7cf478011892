/* SPDX-License-Identifier: MIT */
/*
 * Pages from the kernel to a file by splice, through one pipe for all CPUs. Decodes nothing.
 */
#include "tracing/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "raw_pipe.h"
#include "tracing/counts.h"
#include "util/io.h"
#include "util/message.h"

#define PIPE_SIZE (1024 * 1024)

/* So many pipes full of one buffer, then the others have their turn, and signals. */
#define TURNS 16

struct channel {
	int fd; /* trace_pipe_raw */
	const struct instance *instance;
	int cpu;
	enum scope scope;
	size_t page_size;
	bool is_watched; /* it has a buffer, and wakes who waits for pages */
	bool is_closed;	 /* the sink takes no more of it */
};

struct recorder {
	const struct page_sink *sink;
	struct channel *channels;
	size_t count;
	int epoll_fd;
	int pipe[2];
	size_t pipe_size;
	bool has_splice; /* until a file turns out not to take it */
	char *page;
	uint64_t moved;
};

static int open_channel(void *context, const struct instance *instance, int cpu)
{
	struct recorder *recorder = context;
	struct channel *grown;

	grown = realloc(recorder->channels, (recorder->count + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	recorder->channels = grown;
	grown += recorder->count;
	*grown = (struct channel){
		.fd = raw_pipe_open(instance, cpu),
		.instance = instance,
		.cpu = cpu,
		.scope = instance_scope(instance),
		.page_size = instance_page_size(instance),
	};
	if (grown->fd < 0)
		return grown->fd;
	recorder->count++;
	return 0;
}

/* Return: 0 or a negative errno. Without a buffer there is nothing to move, nor to wait for. */
static int watch_channel(const struct recorder *recorder, struct channel *channel)
{
	struct epoll_event event = { .events = EPOLLIN };

	if (channel->is_watched || !raw_pipe_has_buffer(channel->fd))
		return 0;
	if (epoll_ctl(recorder->epoll_fd, EPOLL_CTL_ADD, channel->fd, &event) < 0)
		return -errno;
	channel->is_watched = true;
	return 0;
}

static int watch_channels(struct recorder *recorder)
{
	int ret = 0;

	for (size_t i = 0; i < recorder->count && !ret; i++)
		ret = watch_channel(recorder, &recorder->channels[i]);
	if (ret)
		error("cannot wait for records: %s", strerror(-ret));
	return ret;
}

static int open_pipe(struct recorder *recorder, size_t page_size)
{
	int size;

	recorder->page = malloc(page_size);
	if (!recorder->page)
		return -ENOMEM;
	if (pipe2(recorder->pipe, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	/* An ordinary user's pipes may be bounded: what it is then will do. */
	fcntl(recorder->pipe[1], F_SETPIPE_SZ, PIPE_SIZE);
	size = fcntl(recorder->pipe[1], F_GETPIPE_SZ);
	if (size < 0)
		return -errno;
	recorder->pipe_size = (size_t)size;
	recorder->has_splice = recorder->sink->spool && recorder->pipe_size >= page_size;
	return 0;
}

int recorder_new(struct instance *const *instances, size_t count, const struct page_sink *sink,
		 struct recorder **recorder)
{
	struct recorder *made = calloc(1, sizeof(*made));
	int ret;

	if (!made)
		return -ENOMEM;
	made->sink = sink;
	made->pipe[0] = made->pipe[1] = -1;
	made->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	ret = made->epoll_fd < 0 ? -errno : open_pipe(made, instance_page_size(instances[0]));
	if (ret)
		error("cannot set up the recording: %s", strerror(-ret));
	for (size_t i = 0; i < count && !ret; i++)
		ret = instance_each_cpu(instances[i], open_channel, made);
	if (!ret)
		ret = watch_channels(made);
	if (ret) {
		recorder_free(made);
		return ret;
	}
	*recorder = made;
	return 0;
}

void recorder_free(struct recorder *recorder)
{
	if (!recorder)
		return;
	for (size_t i = 0; i < recorder->count; i++)
		close(recorder->channels[i].fd);
	for (int end = 0; end < 2; end++) {
		if (recorder->pipe[end] >= 0)
			close(recorder->pipe[end]);
	}
	if (recorder->epoll_fd >= 0)
		close(recorder->epoll_fd);
	free(recorder->channels);
	free(recorder->page);
	free(recorder);
}

int recorder_poll_fd(const struct recorder *recorder)
{
	return recorder->epoll_fd;
}

uint64_t recorder_moved(const struct recorder *recorder)
{
	return recorder->moved;
}

/* Nothing to read now is no failure. */
static int read_error(int err)
{
	return err == EAGAIN || err == EINTR ? 0 : -err;
}

/* Its buffer stays full, and would wake us forever. */
static void close_channel(struct recorder *recorder, struct channel *channel)
{
	channel->is_closed = true;
	if (epoll_ctl(recorder->epoll_fd, EPOLL_CTL_DEL, channel->fd, NULL) < 0)
		debug("a buffer that is not read any more is watched: %s", strerror(errno));
}

static void give_up(struct recorder *recorder, struct channel *channel, int err)
{
	close_channel(recorder, channel);
	recorder->sink->failed(recorder->sink->context, channel->scope, channel->cpu, err);
}

/* For file systems that take no splice. Return: 0, or a negative errno; the pipe is empty. */
static int copy_pipe(const struct recorder *recorder, int to, size_t size)
{
	size_t room = recorder->channels[0].page_size;
	int ret = 0;

	while (size) {
		ssize_t got = read(recorder->pipe[0], recorder->page, size < room ? size : room);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? -errno : -EIO;
		if (!ret)
			ret = write_all(to, recorder->page, (size_t)got);
		size -= (size_t)got;
	}
	return ret;
}

static void flush_pipe(struct recorder *recorder, struct channel *channel, int to, size_t size)
{
	while (size) {
		ssize_t done = splice(recorder->pipe[0], NULL, to, NULL, size, SPLICE_F_MOVE);
		int err = done ? -errno : -EIO;

		if (done > 0) {
			size -= (size_t)done;
			continue;
		}
		if (err == -EINTR)
			continue;
		/* Whatever the reason, a plain write shows whether there is another way. */
		err = copy_pipe(recorder, to, size);
		if (err)
			give_up(recorder, channel, err);
		return;
	}
}

/*
 * Move full pages.
 *
 * Return: the bytes that were there, 0 if none, or a negative errno; -EINVAL means that there is no
 * splice here.
 */
static ssize_t splice_pages(struct recorder *recorder, struct channel *channel, int to)
{
	size_t most = recorder->pipe_size - recorder->pipe_size % channel->page_size;
	ssize_t size = splice(channel->fd, NULL, recorder->pipe[1], NULL, most,
			      SPLICE_F_MOVE | SPLICE_F_NONBLOCK);

	if (size <= 0)
		return size ? read_error(errno) : 0;
	recorder->moved += (uint64_t)size;
	flush_pipe(recorder, channel, to, (size_t)size);
	return size;
}

/* One page, partial or not. Return: as splice_pages(). */
static ssize_t read_page(struct recorder *recorder, const struct channel *channel)
{
	const struct page_sink *sink = recorder->sink;
	ssize_t size = read(channel->fd, recorder->page, channel->page_size);

	if (size <= 0)
		return size ? read_error(errno) : 0;
	memset(recorder->page + size, 0, channel->page_size - (size_t)size);
	recorder->moved += channel->page_size;
	sink->page(sink->context, channel->scope, channel->cpu, recorder->page, channel->page_size);
	return size;
}

static int move_by_splice(struct recorder *recorder, struct channel *channel, unsigned int turns)
{
	int to = recorder->sink->spool(recorder->sink->context, channel->scope, channel->cpu);
	ssize_t ret = 1;

	if (to < 0) {
		close_channel(recorder, channel);
		return 0;
	}
	for (unsigned int turn = 0; ret > 0 && !channel->is_closed && turn < turns; turn++)
		ret = splice_pages(recorder, channel, to);
	return ret < 0 ? (int)ret : 0;
}

static int move_by_read(struct recorder *recorder, const struct channel *channel)
{
	ssize_t ret = 1;

	while (ret > 0)
		ret = read_page(recorder, channel);
	return (int)ret;
}

static int move_channel(struct recorder *recorder, struct channel *channel, bool is_last)
{
	int ret = watch_channel(recorder, channel);

	if (ret || !channel->is_watched)
		return ret;
	if (recorder->has_splice && !channel->is_closed) {
		ret = move_by_splice(recorder, channel, is_last ? UINT_MAX : TURNS);
		if (ret == -EINVAL) {
			recorder->has_splice = false;
			ret = 0;
		}
	}
	if (!ret && !channel->is_closed && (is_last || !recorder->has_splice))
		ret = move_by_read(recorder, channel);
	return ret;
}

static int move(struct recorder *recorder, bool is_last)
{
	int ret = 0;

	for (size_t i = 0; i < recorder->count && !ret; i++)
		ret = move_channel(recorder, &recorder->channels[i], is_last);
	if (ret)
		error("cannot read the trace buffers: %s", strerror(-ret));
	return ret;
}

int recorder_pump(struct recorder *recorder)
{
	return move(recorder, false);
}

/* A page begins with the time of its first record. */
static uint64_t page_time(const struct recorder *recorder)
{
	uint64_t time;

	memcpy(&time, recorder->page, sizeof(time));
	return time;
}

static int copy_channel(struct recorder *recorder, struct channel *channel, uint64_t until)
{
	int ret = watch_channel(recorder, channel);
	ssize_t size = 1;

	if (ret || !channel->is_watched || channel->is_closed)
		return ret;
	for (unsigned int turn = 0; size > 0; turn++) {
		size = read_page(recorder, channel);
		if (size > 0 && turn >= TURNS && page_time(recorder) > until)
			break;
	}
	return size < 0 ? (int)size : 0;
}

int recorder_copy(struct recorder *recorder, uint64_t until)
{
	int ret = 0;

	for (size_t i = 0; i < recorder->count && !ret; i++)
		ret = copy_channel(recorder, &recorder->channels[i], until);
	if (ret)
		error("cannot read the trace buffers: %s", strerror(-ret));
	return ret;
}

static bool is_any_left(const struct recorder *recorder)
{
	for (size_t i = 0; i < recorder->count; i++) {
		const struct channel *channel = &recorder->channels[i];

		if (!channel->is_closed && instance_has_records(channel->instance, channel->cpu))
			return true;
	}
	return false;
}

int recorder_drain(struct recorder *recorder)
{
	int ret = move(recorder, true);

	for (int tries = 0; !ret && tries < RAW_PIPE_TRIES && is_any_left(recorder); tries++) {
		raw_pipe_pause();
		ret = move(recorder, true);
	}
	return ret;
}
