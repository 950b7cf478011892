/* SPDX-License-Identifier: MIT */
/* Opens that need something around them: a signal, a limit, another program, a bad pointer. */
#include "oracle.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SELF "/usr/local/bin/oracle"

static void on_signal(int number)
{
	(void)number;
}

/* Until @timer is deleted the thread gets @number, again and again. */
static int signal_soon(struct task *task, timer_t *timer, int number, bool restarts, long ms)
{
	struct sigaction action = { .sa_handler = on_signal,
				    .sa_flags = restarts ? SA_RESTART : 0 };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = number };
	struct itimerspec when = { .it_value.tv_nsec = ms * 1000000,
				   .it_interval.tv_nsec = ms * 1000000 };

	event._sigev_un._tid = task->tid;
	sigaction(number, &action, NULL);
	if (timer_create(CLOCK_MONOTONIC, &event, timer))
		return -errno;
	timer_settime(*timer, 0, &when, NULL);
	return 0;
}

/* Nobody is at the other end of the FIFO: a signal ends the open, or lets it begin again. */
void open_fifo(struct task *task)
{
	struct spelled where;
	timer_t ends, restarts;

	if (task->root != W_ROOT)
		return;
	path_of_name(task, &where, W_BASE, "fifo");
	if (signal_soon(task, &ends, SIGUSR1, false, 7))
		return;
	if (!signal_soon(task, &restarts, SIGUSR2, true, rng_chance(&task->rng, 50) ? 3 : 900)) {
		open_closed(task, &where, rng_chance(&task->rng, 50) ? O_RDONLY : O_WRONLY);
		timer_delete(restarts);
	}
	timer_delete(ends);
}

void open_closed(struct task *task, struct spelled *where, int flags)
{
	long fd = open_logged(task, where, flags);

	if (fd >= 0)
		close(fd);
}

/* No descriptor is left for it; the limit is the whole process's. */
void open_poor(struct task *task)
{
	struct rlimit limit, none;
	struct spelled where;

	path_of_name(task, &where, pick_dir(task), pick_name(task));
	getrlimit(RLIMIT_NOFILE, &limit);
	none = (struct rlimit){ .rlim_cur = 3, .rlim_max = limit.rlim_max };
	setrlimit(RLIMIT_NOFILE, &none);
	open_closed(task, &where, rng_chance(&task->rng, 50) ? O_RDONLY : O_CREAT | O_RDWR);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* A path that ends in front of memory that is not there. */
static char *make_unterminated(char *pages, size_t page)
{
	if (pages == MAP_FAILED || mprotect(pages + page, page, PROT_NONE))
		return NULL;
	memset(pages, 'n', page);
	return pages + page - 8;
}

/* From nowhere, from the kernel's half, from no half, and from a text without an end. */
void open_nowhere(struct task *task)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *pages =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const char *const pointers[] = { (char *)8, NULL, (char *)-4096, (char *)(1UL << 62),
					 make_unterminated(pages, page) };
	struct op op = { .kind = "open", .dirfd = AT_FDCWD, .at = task->cwd };
	long fd;

	op_begin(&op);
	fd = syscall(SYS_openat, AT_FDCWD, PICK(&task->rng, pointers), O_RDONLY, 0);
	op_end(task, &op, fd < 0 ? -errno : fd);
	munmap(pages, 2 * page);
}

/* Whoever walks meanwhile begins a lookup anew: the log says when. */
static int mount_logged(struct task *task, const char *place)
{
	struct op op = { .kind = "mount", .dirfd = AT_FDCWD, .at = W_ROOT };
	int result;

	op_begin(&op);
	result = mount("tmpfs", place, "tmpfs", 0, "mode=777") ? -errno : 0;
	op_end(task, &op, result);
	return result;
}

static void unmount_logged(struct task *task, const char *place)
{
	struct op op = { .kind = "umount", .dirfd = AT_FDCWD, .at = W_ROOT };

	op_begin(&op);
	op_end(task, &op, umount(place) ? -errno : 0);
}

/*
 * A file system that only a child sees, with the same names as another one before it, and often the
 * same device number.
 */
static void open_mounted(struct task *task)
{
	const char *place = world_path(W_TMPFS);
	static const int flags[] = { O_RDONLY, O_CREAT | O_RDWR, O_RDONLY };
	struct spelled where = { .dirfd = AT_FDCWD, .at = W_ROOT };

	task->pid = task->tid = getpid();
	if (unshare(CLONE_NEWNS) || mount_logged(task, place))
		return;
	task->mount = task->pid;
	snprintf(where.path, sizeof(where.path), "%s/n0", place);
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		open_closed(task, &where, flags[i]);
	task->mount = 0;
	unmount_logged(task, place);
}

void do_mount(struct task *task)
{
	pid_t pid;

	if (task->root != W_ROOT)
		return;
	pid = fork();
	if (!pid) {
		open_mounted(task);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

/* What is made by a task in a root of its own has that root. */
static void open_in_cell(struct task *task)
{
	if (chdir(world_path(W_JAIL)) || chroot(".") || fork())
		return;
	task->pid = task->tid = getpid();
	task->cwd = task->root = W_JAIL;
	for (int i = 0; i < 3; i++)
		open_name(task);
}

void do_cell(struct task *task)
{
	pid_t pid;

	if (task->root != W_ROOT)
		return;
	pid = fork();
	if (!pid) {
		open_in_cell(task);
		while (wait(NULL) > 0)
			;
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

/* --- programs ------------------------------------------------------------------------------- */

struct program {
	struct task task;
	struct spelled where;
};

/* argv: oracle executed FACTS COMM PATH; what the program needs to log how it was executed. */
static const char facts_format[] = "%lu %lu %d %d %d %d %lu";

static void execute(struct program *program)
{
	struct task *task = &program->task;
	struct op op = { .kind = "exec",
			 .path = program->where.path,
			 .dirfd = program->where.dirfd,
			 .at = program->where.at };
	char facts[200];
	char *argv[] = { "oracle", "executed", facts, task->comm, program->where.path, NULL };
	long result;

	task->tid = syscall(SYS_gettid);
	op_begin(&op);
	snprintf(facts, sizeof(facts), facts_format, op.order, op.ns, task->tid, task->number,
		 op.at, op.dirfd, world_seed());
	result = syscall(SYS_execveat, program->where.dirfd, program->where.path, argv, environ, 0);
	/* A file that is no program, or that somebody writes to, was opened all the same. */
	op_end(task, &op, result && (errno == ENOEXEC || errno == ETXTBSY) ? 0 : -errno);
	_exit(0);
}

static void *execute_in_thread(void *program)
{
	execute(program);
	return NULL;
}

/* A child executes something, sometimes from a thread that is not its first. */
void do_exec(struct task *task)
{
	static struct program program;
	struct spelled where;
	pthread_t id;
	pid_t pid;

	if (task->root != W_ROOT)
		return;
	path_of_name(task, &where, pick_dir(task), pick_file(task));
	if (rng_chance(&task->rng, 60))
		where = (struct spelled){ .path = SELF, .dirfd = AT_FDCWD, .at = W_ROOT };
	pid = fork();
	if (!pid) {
		program.task = *task;
		program.task.pid = getpid();
		program.where = where;
		if (rng_chance(&task->rng, 50) &&
		    !pthread_create(&id, NULL, execute_in_thread, &program))
			pthread_join(id, NULL);
		execute(&program);
	}
	waitpid(pid, NULL, 0);
}

int run_executed(char **argv)
{
	struct op op = { .kind = "exec", .path = argv[4] };
	struct task task = { .pid = getpid() };
	uint64_t seed;

	shared = log_map(LOG_FD);
	if (!shared || sscanf(argv[2], facts_format, &op.order, &op.ns, &task.tid, &task.number,
			      &op.at, &op.dirfd, &seed) != 7)
		return 1;
	world_init(seed);
	snprintf(task.comm, sizeof(task.comm), "%s", argv[3]);
	op_end(&task, &op, 0);
	task_init(&task, op.order, task.number + 50, false);
	task_run(&task, 3);
	return 0;
}
