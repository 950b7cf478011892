/* SPDX-License-Identifier: MIT */
/*
 * Who does the operations: threads and processes of the traced program, and a process that was
 * started before the trace and ends after it.
 */
#include "oracle.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS_MAX 4
#define EARLY_OPS   15
#define OUTSIDERS   2

/* Where the threads of a process begin together. */
static pthread_barrier_t start_line;

static void do_pause(struct task *task)
{
	usleep(rng_below(&task->rng, 2000));
}

static const struct action actions[] = {
	{ open_name, 40, 10 },	{ open_how, 8, 2 },	{ open_directory, 8, 2 },
	{ open_wrong, 6, 1 },	{ open_tmpfile, 3, 1 }, { open_magic, 4, 1 },
	{ open_moving, 6, 4 },	{ do_stat, 6, 5 },	{ do_access, 3, 5 },
	{ do_rename, 3, 15 },	{ do_exchange, 2, 10 }, { do_unlink, 4, 15 },
	{ do_link, 2, 4 },	{ do_symlink, 1, 2 },	{ do_mkdir, 2, 5 },
	{ do_rmdir, 1, 3 },	{ do_create, 2, 10 },	{ do_chdir, 4, 2 },
	{ do_drop, 1, 1 },	{ open_fifo, 1, 0 },	{ open_poor, 1, 0 },
	{ open_nowhere, 1, 0 }, { do_exec, 1, 0 },	{ do_mount, 1, 0 },
	{ open_uring, 4, 0 },	{ do_pause, 20, 0 },	{ do_comm, 1, 1 },
	{ do_look, 2, 1 },	{ do_churn, 1, 4 },	{ do_remake, 1, 3 },
	{ do_cell, 1, 0 },	{ open_refused, 2, 0 },
};

struct crew {
	struct task task;
	uint64_t seed;
	int ops;
	pthread_t id;
};

void task_init(struct task *task, uint64_t seed, int number, bool is_outside)
{
	*task = (struct task){
		.number = number, .is_outside = is_outside, .cwd = W_ROOT, .root = W_ROOT
	};
	rng_seed(&task->rng, seed, number);
	for (int i = 0; i < W_DIRS; i++)
		task->dirfds[i] = -1;
	for (int i = 0; i < HELD; i++)
		task->held[i] = -1;
	task->pid = getpid();
	task->tid = syscall(SYS_gettid);
	snprintf(task->comm, sizeof(task->comm), "oracle_%d", number);
	prctl(PR_SET_NAME, task->comm);
	if (chdir("/"))
		abort();
}

static unsigned int weight(const struct action *action, const struct task *task)
{
	return task->is_outside ? action->outside : action->inside;
}

static void do_any(struct task *task)
{
	const struct action *action = actions;
	unsigned int total = 0, pick;

	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		total += weight(&actions[i], task);
	pick = rng_below(&task->rng, total);
	for (; pick >= weight(action, task); action++)
		pick -= weight(action, task);
	action->run(task);
}

void task_run(struct task *task, int ops)
{
	for (int i = 0; i < ops; i++)
		do_any(task);
}

/* The rights of somebody else, for this thread alone. */
static int become_user(struct task *task)
{
	(void)task;
	return syscall(SYS_setresuid, 1000, 1000, 1000);
}

static int enter_jail(struct task *task)
{
	if (chdir(world_path(W_JAIL)) || chroot("."))
		return -1;
	task->cwd = task->root = W_JAIL;
	return 0;
}

/* All at once the same path, whose links nobody has looked up yet. */
static void rush(struct task *task, uint64_t seed)
{
	static const char *const ends[] = { "chain1/n0", "d1/tail0", "to_sub/n3", "d0/to_d1/n2",
					    "d0/up/to_d0/n4" };
	struct spelled where = { .dirfd = AT_FDCWD, .at = W_ROOT };

	snprintf(where.path, sizeof(where.path), "%s/%s", world_path(W_BASE),
		 ends[seed / 4 % (sizeof(ends) / sizeof(ends[0]))]);
	pthread_barrier_wait(&start_line);
	open_closed(task, &where, O_RDONLY);
}

/* What some tasks are apart from the others. */
static const struct {
	int number;
	int (*play)(struct task *task);
} parts[] = { { 11, become_user }, { 12, enter_jail } };

static void *run_thread(void *argument)
{
	struct crew *crew = argument;
	int number = crew->task.number;

	unshare(CLONE_FS);
	task_init(&crew->task, crew->seed, number, false);
	rush(&crew->task, crew->seed);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].number == number && parts[i].play(&crew->task))
			return NULL;
	task_run(&crew->task, crew->ops);
	return NULL;
}

/* A process of @threads threads; the first task number is @number. */
static void run_process(uint64_t seed, int ops, int number, int threads)
{
	static struct crew crews[THREADS_MAX];

	pthread_barrier_init(&start_line, NULL, threads);
	for (int i = 0; i < threads; i++) {
		crews[i].seed = seed;
		crews[i].ops = ops;
		crews[i].task.number = number + i;
		pthread_create(&crews[i].id, NULL, run_thread, &crews[i]);
	}
	for (int i = 0; i < threads; i++)
		pthread_join(crews[i].id, NULL);
}

static void run_child(uint64_t seed, int ops, int number)
{
	pid_t pid = fork();

	if (pid)
		return;
	run_process(seed, ops, number, 3);
	_exit(0);
}

/*
 * The seed decides how much happens at once: a quarter of them has one task alone, where the most
 * can be said of each name.
 */
void run_inside(uint64_t seed, int ops)
{
	struct task task;

	if (seed % 4 == 0) {
		task_init(&task, seed, 1, false);
		task_run(&task, 3 * ops);
	} else {
		if (seed % 4 > 1)
			run_child(seed, ops, 10);
		run_process(seed, ops, 2, 2 + seed % 3);
	}
	while (wait(NULL) > 0)
		;
}

static void *change_names(void *argument)
{
	struct crew *crew = argument;
	int number = crew->task.number;

	unshare(CLONE_FS);
	task_init(&crew->task, crew->seed, number, true);
	while (!is_raised(&shared->done) && !is_raised(&shared->over)) {
		usleep(100);
		do_any(&crew->task);
	}
	return NULL;
}

/* A little before the trace; then, for every other seed, as long as the traced part runs. */
void run_outside(uint64_t seed)
{
	struct crew crews[OUTSIDERS] = { 0 };
	struct task task;

	task_init(&task, seed, 100, true);
	task_run(&task, EARLY_OPS);
	await_flag(&shared->begun);
	for (int i = 0; i < OUTSIDERS && seed % 2; i++) {
		crews[i].seed = seed;
		crews[i].task.number = 101 + i;
		pthread_create(&crews[i].id, NULL, change_names, &crews[i]);
	}
	for (int i = 0; i < OUTSIDERS && seed % 2; i++)
		pthread_join(crews[i].id, NULL);
	await_flag(&shared->done);
}
