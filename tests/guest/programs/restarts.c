/* SPDX-License-Identifier: MIT */
/*
 * Two interruptions of one open, before the task is back in the program: a ring's work, which the
 * kernel restarts a system call for, and the signal that this work sends. Prints what the open of a
 * FIFO gave, 0 for a descriptor, first with a handler without SA_RESTART, then with it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIFO "/tmp/rs_fifo"

/* Of the task that opens and the one that lets it go. */
static volatile struct {
	bool is_handled, is_over;
} * shared;

static void on_signal(int number)
{
	(void)number;
	shared->is_handled = true;
}

static void *map_ring(int ring, size_t size, off_t offset)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, offset);
}

/* A write for which there is no room: the ring does it when there is, or nobody can read it. */
static int write_by_ring(int socket)
{
	static const char byte;
	struct io_uring_params params = { 0 };
	int ring = (int)syscall(SYS_io_uring_setup, 1, &params);
	struct io_uring_sqe *entry;
	char *queue;

	if (ring < 0)
		return -1;
	queue = map_ring(ring, params.sq_off.array + params.sq_entries * sizeof(unsigned int),
			 IORING_OFF_SQ_RING);
	entry = map_ring(ring, params.sq_entries * sizeof(*entry), IORING_OFF_SQES);
	if (queue == MAP_FAILED || (void *)entry == MAP_FAILED)
		return -1;
	*entry = (struct io_uring_sqe){
		.opcode = IORING_OP_WRITE, .fd = socket, .addr = (unsigned long)&byte, .len = 1
	};
	__atomic_store_n((unsigned int *)(queue + params.sq_off.tail), 1, __ATOMIC_RELEASE);
	return syscall(SYS_io_uring_enter, ring, 1, 0, 0, NULL, 0) == 1 ? ring : -1;
}

static void fill(int socket)
{
	static const char bytes[4096];

	while (send(socket, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
		;
	while (send(socket, bytes, 1, MSG_DONTWAIT) > 0)
		;
}

static bool is_asleep(pid_t pid)
{
	char path[64], stat[512] = "";
	const char *state;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "r");
	if (!file)
		return false;
	state = fgets(stat, sizeof(stat), file) ? strrchr(stat, ')') : NULL;
	fclose(file);
	return state && !strncmp(state, ") S", 3);
}

static void await_sleep(pid_t pid)
{
	while (!is_asleep(pid) && !shared->is_over)
		usleep(1000);
}

/* Closes the last end of the sockets that can read; what is interrupted by that is let go. */
static void interrupt(pid_t opener, int reader)
{
	int fd = -1;

	await_sleep(opener);
	close(reader);
	while (!shared->is_handled)
		usleep(1000);
	await_sleep(opener);
	while (fd < 0 && !shared->is_over) {
		usleep(1000);
		fd = open(FIFO, O_WRONLY | O_NONBLOCK);
	}
	_exit(0);
}

static int try(int sa_flags)
{
	const struct sigaction action = { .sa_handler = on_signal, .sa_flags = sa_flags };
	pid_t opener = getpid();
	int sockets[2], ring, fd;

	shared->is_handled = shared->is_over = false;
	sigaction(SIGPIPE, &action, NULL);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets))
		return -1;
	fill(sockets[0]);
	ring = write_by_ring(sockets[0]);
	if (ring < 0)
		return -1;
	if (!fork())
		interrupt(opener, sockets[1]);
	close(sockets[1]);
	fd = open(FIFO, O_RDONLY);
	printf("%d\n", fd < 0 ? -errno : 0);
	shared->is_over = true;
	close(fd);
	close(ring);
	close(sockets[0]);
	return wait(NULL) < 0 ? -1 : 0;
}

int main(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	unlink(FIFO);
	if (shared == MAP_FAILED || mkfifo(FIFO, 0600))
		return 1;
	return try(0) || try(SA_RESTART) ? 1 : 0;
}
