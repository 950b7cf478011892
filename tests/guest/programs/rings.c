/* SPDX-License-Identifier: MIT */
/*
 * Opens files by a ring (io_uring) and prints the result of each, 0 for a descriptor, in order:
 * rings WAY COUNT. Of three files one is there, one is missing, and one is created. A file has
 * its way and number in its name.
 *   inline  tried by this task, and done by a worker if that would wait
 *   worker  given to a worker at once
 *   sqpoll  taken from the queue by a thread of the kernel's
 *   none    by openat(), while there is a ring
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
	int fd;
	char *queue;
	struct io_uring_sqe *entries;
	struct io_uring_params params;
} ring;

static const struct {
	const char *name;
	unsigned int setup, entry;
} ways[] = {
	{ "inline", 0, 0 },
	{ "worker", 0, IOSQE_ASYNC },
	{ "sqpoll", IORING_SETUP_SQPOLL, 0 },
	{ "none", 0, 0 },
};

static void *map(size_t size, off_t offset)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd, offset);
}

/* Both queues are one mapping since 5.4. */
static int ring_open(unsigned int flags)
{
	struct io_uring_params *params = &ring.params;

	params->flags = flags;
	params->sq_thread_idle = 1000;
	ring.fd = (int)syscall(SYS_io_uring_setup, 1, params);
	if (ring.fd < 0)
		return -1;
	ring.queue = map(params->cq_off.cqes + params->cq_entries * sizeof(struct io_uring_cqe) +
				 params->sq_off.array + params->sq_entries * sizeof(unsigned int),
			 IORING_OFF_SQ_RING);
	ring.entries = map(params->sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
	return ring.queue == MAP_FAILED || (void *)ring.entries == MAP_FAILED ? -1 : 0;
}

static unsigned int *queue_word(unsigned int offset)
{
	return (unsigned int *)(ring.queue + offset);
}

/* Submits the one entry that is filled in, and waits for its answer. */
static int ring_run(void)
{
	const struct io_uring_params *params = &ring.params;
	unsigned int *tail = queue_word(params->sq_off.tail);
	unsigned int *taken = queue_word(params->cq_off.head);
	unsigned int *answered = queue_word(params->cq_off.tail);
	unsigned int mask = *queue_word(params->cq_off.ring_mask);
	struct io_uring_cqe *answers = (void *)(ring.queue + params->cq_off.cqes);
	int result;

	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	while (__atomic_load_n(answered, __ATOMIC_ACQUIRE) == *taken)
		syscall(SYS_io_uring_enter, ring.fd, 1, 1,
			IORING_ENTER_GETEVENTS |
				(params->flags & IORING_SETUP_SQPOLL ? IORING_ENTER_SQ_WAKEUP : 0),
			NULL, 0);
	result = answers[*taken & mask].res;
	__atomic_store_n(taken, *taken + 1, __ATOMIC_RELEASE);
	return result;
}

static int open_by_ring(const char *path, int flags, unsigned int entry)
{
	*ring.entries = (struct io_uring_sqe){
		.opcode = IORING_OP_OPENAT,
		.flags = (unsigned char)entry,
		.fd = AT_FDCWD,
		.addr = (unsigned long)path,
		.open_flags = (unsigned int)flags,
		.len = 0666,
	};
	*queue_word(ring.params.sq_off.array) = 0;
	return ring_run();
}

static void open_one(size_t way, int number)
{
	static const int flags[] = { O_RDONLY, O_RDONLY, O_CREAT | O_EXCL | O_RDWR };
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/tmp/rg_%s_%d_%d", ways[way].name, number % 3, number);
	if (way + 1 == sizeof(ways) / sizeof(ways[0])) {
		fd = open(path, flags[number % 3], 0666);
		fd = fd < 0 ? -errno : fd;
	} else {
		fd = open_by_ring(path, flags[number % 3], ways[way].entry);
	}
	printf("%d\n", fd < 0 ? fd : 0);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	for (size_t way = 0; argc == 3 && way < sizeof(ways) / sizeof(ways[0]); way++) {
		if (strcmp(argv[1], ways[way].name))
			continue;
		if (ring_open(ways[way].setup))
			return 1;
		for (int i = 0; i < atoi(argv[2]); i++)
			open_one(way, i);
		return 0;
	}
	return 2;
}
