/* SPDX-License-Identifier: MIT */
/*
 * Opens by io_uring: tried at once by the submitter, given to a worker, or taken from the queue by
 * the kernel's own thread. Without liburing: one entry, one answer.
 */
#include "oracle.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct ring {
	int fd;
	char *queue;
	struct io_uring_sqe *entries;
	size_t queue_size, entries_size;
	struct io_uring_params params;
};

static void *map(int fd, size_t size, off_t offset)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, offset);
}

static void ring_close(struct ring *ring)
{
	if (ring->queue != MAP_FAILED)
		munmap(ring->queue, ring->queue_size);
	if (ring->entries != MAP_FAILED)
		munmap(ring->entries, ring->entries_size);
	close(ring->fd);
}

/* Both queues are one mapping since 5.4. */
static int ring_open(struct ring *ring, unsigned int flags)
{
	struct io_uring_params *params = &ring->params;

	*ring = (struct ring){ .params = { .flags = flags, .sq_thread_idle = 1000 } };
	ring->fd = syscall(SYS_io_uring_setup, 4, params);
	if (ring->fd < 0)
		return -errno;
	ring->queue_size = params->cq_off.cqes + params->cq_entries * sizeof(struct io_uring_cqe) +
			   params->sq_off.array + params->sq_entries * sizeof(unsigned int);
	ring->entries_size = params->sq_entries * sizeof(struct io_uring_sqe);
	ring->queue = map(ring->fd, ring->queue_size, IORING_OFF_SQ_RING);
	ring->entries = map(ring->fd, ring->entries_size, IORING_OFF_SQES);
	if (ring->queue == MAP_FAILED || (void *)ring->entries == MAP_FAILED) {
		ring_close(ring);
		return -ENOMEM;
	}
	return 0;
}

static unsigned int *queue_word(struct ring *ring, unsigned int offset)
{
	return (unsigned int *)(ring->queue + offset);
}

/* Submits the one entry that is filled in, and waits for its answer. */
static long ring_run(struct ring *ring)
{
	struct io_uring_params *params = &ring->params;
	unsigned int *tail = queue_word(ring, params->sq_off.tail);
	unsigned int *answered = queue_word(ring, params->cq_off.tail);
	struct io_uring_cqe *answer = (void *)(ring->queue + params->cq_off.cqes);
	unsigned int wake = params->flags & IORING_SETUP_SQPOLL ? IORING_ENTER_SQ_WAKEUP : 0;

	*queue_word(ring, params->sq_off.array) = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	while (!__atomic_load_n(answered, __ATOMIC_ACQUIRE))
		if (syscall(SYS_io_uring_enter, ring->fd, 1, 1, IORING_ENTER_GETEVENTS | wake, NULL,
			    0) < 0 &&
		    errno != EINTR)
			return -errno;
	return answer->res;
}

static const struct {
	const char *kind;
	unsigned int setup, entry;
} ways[] = {
	{ "uring", 0, 0 },
	{ "uring_worker", 0, IOSQE_ASYNC },
	{ "uring_sqpoll", IORING_SETUP_SQPOLL, 0 },
};

/* An open with flags alone, or as openat2 has it. */
static void fill_entry(struct io_uring_sqe *entry, const struct spelled *where,
		       const struct open_how *how, bool is_openat2)
{
	memset(entry, 0, sizeof(*entry));
	entry->opcode = is_openat2 ? IORING_OP_OPENAT2 : IORING_OP_OPENAT;
	entry->fd = where->dirfd;
	entry->addr = (unsigned long)where->path;
	if (is_openat2) {
		entry->addr2 = (unsigned long)how;
		entry->len = sizeof(*how);
	} else {
		entry->open_flags = how->flags;
		entry->len = 0666;
	}
}

void open_uring(struct task *task)
{
	static const int flags[] = { O_RDONLY, O_RDONLY, O_CREAT | O_RDWR, O_DIRECTORY, O_PATH };
	unsigned int way = rng_below(&task->rng, sizeof(ways) / sizeof(ways[0]));
	bool is_openat2 = rng_chance(&task->rng, 30);
	struct open_how how = { .flags = PICK(&task->rng, flags) };
	struct spelled where;
	struct op op = { .kind = ways[way].kind, .path = where.path, .flags = how.flags };
	struct ring ring;
	long fd;

	path_of_name(task, &where, pick_dir(task), pick_name(task));
	if (is_openat2)
		how_init(task, &how, op.flags, &where);
	op.resolve = how.resolve;
	op.dirfd = where.dirfd;
	op.at = where.at;
	if (ring_open(&ring, ways[way].setup))
		return;
	fill_entry(ring.entries, &where, &how, is_openat2);
	ring.entries->flags = ways[way].entry;
	op_begin(&op);
	fd = ring_run(&ring);
	if (fd >= 0)
		op_identify(&op, fd);
	op_end(task, &op, fd);
	ring_close(&ring);
	if (fd >= 0)
		close(fd);
}
