/* SPDX-License-Identifier: MIT */
/*
 * The acts of a measurement, and what we know of each: from stat(2) and from having done it. The
 * rounds differ in all that is looked for.
 */
#include "tracing/measure_run.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure_hold.h"
#include "measure_taps.h"
#include "tracing/place.h"
#include "util/io.h"
#include "util/message.h"

#define PATH_SIZE   256
#define MAX_ROUNDS  32
#define LENGTHS	    64 /* longer than any name that a dentry holds within */
#define SLAB_FOLDER "/sys/kernel/slab/dentry"

/**
 * struct file_plan - a file that is made in a directory of its own
 * @flags: not O_CLOEXEC, which the kernel takes out of what it passes on
 */
struct file_plan {
	const char *dir, *name;
	int flags;
	mode_t mode;
};

static const struct file_plan files[] = {
	{ "d", "name", O_RDWR, 0640 },
	{ "dir-2", "another-name", O_WRONLY | O_APPEND, 0600 },
	{ "third.dir", "x.3", O_RDWR | O_NONBLOCK | O_SYNC, 0704 },
	{ "four", "the-fourth", O_WRONLY | O_NOFOLLOW, 0444 },
};

#define FILE_NR	    (sizeof(files) / sizeof(files[0]))
#define PLACE_NAMES (2 * FILE_NR + 1) /* with their directories, and a FIFO */

/* File systems that nearly every machine has, each with a number of its own. */
static const char *const elsewhere[] = { "/proc", "/sys", "/dev", "/run", "/dev/shm" };

#define ELSEWHERE_NR (sizeof(elsewhere) / sizeof(elsewhere[0]))

#define TASK_ROUNDS 4 /* threads and processes in turn */

/**
 * struct measuring - a measurement in progress
 * @paths: of each round, as it was passed: other addresses, other texts
 */
struct measuring {
	struct taps *taps;
	struct test_place place;
	struct round rounds[MAX_ROUNDS];
	char paths[MAX_ROUNDS][PATH_SIZE];
	size_t count;
	struct window named[LENGTHS];
	size_t named_count;
};

/* One act, and its result. */
struct act {
	const char *path;
	int flags;
	mode_t mode;
	int fd;
	pid_t pid, tgid;
};

/**
 * struct made - a file that is there, in its directory
 * @parent: address of the directory's dentry
 * @created: the round of the file itself
 */
struct made {
	char *dir, *path;
	uint64_t parent;
	const struct round *created;
};

static void know(struct round *round, enum number number, uint64_t value)
{
	round->numbers[number] = value;
	round->has[number] = true;
}

/* A new round about @dir/@name. */
static struct round *new_round(struct measuring *run, const char *dir, const char *name,
			       char **path)
{
	struct round *round = &run->rounds[run->count];
	size_t prefix = strlen(dir) + 1;

	*path = run->paths[run->count++];
	snprintf(*path, PATH_SIZE, "%s/%s", dir, name);
	round->windows[VIEW_FILENAME].text = *path;
	round->windows[VIEW_NEW_DENTRY].text = *path + prefix;
	know(round, NUMBER_UPTR, (uintptr_t)*path);
	know(round, NUMBER_LEN, strlen(name));
	know(round, NUMBER_PREFIX, prefix);
	return round;
}

static void know_inode(struct round *round, const struct test_place *place, int fd)
{
	uint64_t generation;
	struct stat info;

	if (fd < 0 || fstat(fd, &info) < 0)
		return;
	know(round, NUMBER_INO, info.st_ino);
	know(round, NUMBER_MODE, info.st_mode);
	if (place->kind->shows_place)
		know(round, NUMBER_DEV, kernel_dev(info.st_dev));
	if (place_generation(fd, &generation))
		know(round, NUMBER_GENERATION, generation);
}

/* --- the acts --------------------------------------------------------------------------------- */

/* Return: errno, negative and reported. */
static int fail(const char *path)
{
	int ret = -errno;

	error("cannot measure the layout with '%s': %s", path, strerror(-ret));
	hint("it makes a dozen files and directories there, and removes them again");
	return ret;
}

static int make_dir(void *context)
{
	const struct act *act = context;

	return mkdir(act->path, act->mode) < 0 ? fail(act->path) : 0;
}

static int open_file(void *context)
{
	struct act *act = context;

	act->fd = open(act->path, act->flags, act->mode);
	return 0;
}

static int create_file(void *context)
{
	struct act *act = context;

	open_file(act);
	return act->fd < 0 ? fail(act->path) : 0;
}

static int unlink_file(void *context)
{
	const struct act *act = context;

	return unlink(act->path) < 0 ? fail(act->path) : 0;
}

static void *tell_tid(void *context)
{
	struct act *act = context;

	act->pid = gettid();
	return NULL;
}

static int start_thread(void *context)
{
	struct act *act = context;
	pthread_t thread;

	act->tgid = getpid();
	if (!pthread_create(&thread, NULL, tell_tid, act))
		pthread_join(thread, NULL);
	return 0;
}

static int start_process(void *context)
{
	struct act *act = context;
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	act->pid = act->tgid = pid > 0 ? pid : 0;
	return 0;
}

/* A name of each length that is not there. */
static int miss_lengths(void *context)
{
	const struct test_place *place = context;
	char path[PATH_SIZE];
	int used = snprintf(path, sizeof(path), "%s/", place->dir);

	for (size_t len = 1; len <= LENGTHS; len++) {
		int fd;

		memset(path + used, 'n', len);
		path[(size_t)used + len] = '\0';
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd >= 0)
			close(fd);
	}
	return 0;
}

/* --- the rounds ------------------------------------------------------------------------------- */

/* What the kernel keeps of the flags of open() is without those that only matter at once. */
static void know_flags(struct round *round, const struct act *act)
{
	int kept = act->fd < 0 ? -1 : fcntl(act->fd, F_GETFL);

	if (kept >= 0)
		know(round, NUMBER_FLAGS, (uint64_t)(unsigned int)(act->flags | kept));
}

static int measure_dir(struct measuring *run, const struct file_plan *plan, char **path,
		       uint64_t *address)
{
	struct round *round = new_round(run, run->place.dir, plan->dir, path);
	struct act act = { .path = *path, .mode = 0700 };
	int fd, ret = taps_watch(run->taps, make_dir, &act, round);

	if (ret)
		return ret;
	fd = open(*path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	know_inode(round, &run->place, fd);
	if (fd >= 0)
		close(fd);
	*address = round->windows[VIEW_NEW_DENTRY].address;
	return 0;
}

static int measure_create(struct measuring *run, const struct file_plan *plan, const char *dir,
			  char **path, const struct round **created)
{
	struct round *round = new_round(run, dir, plan->name, path);
	struct act act = { *path, plan->flags | O_CREAT | O_EXCL, plan->mode, -1, 0, 0 };
	int ret = taps_watch(run->taps, create_file, &act, round);

	*created = round;
	if (act.fd < 0)
		return ret;
	know_flags(round, &act);
	know_inode(round, &run->place, act.fd);
	close(act.fd);
	return ret;
}

static int measure_unlink(struct measuring *run, const struct made *made)
{
	const struct round *created = made->created;
	struct round *round = &run->rounds[run->count++];
	struct act act = { .path = made->path };
	int ret = taps_watch(run->taps, unlink_file, &act, round);

	/* Another dentry than the one that was made for it would be no evidence. */
	if (round->windows[VIEW_DENTRY].address != created->windows[VIEW_NEW_DENTRY].address)
		round->windows[VIEW_DENTRY].size = 0;
	round->windows[VIEW_PARENT].address = made->parent;
	round->windows[VIEW_INODE].address = created->windows[VIEW_INODE].address;
	return ret;
}

static int measure_made(struct measuring *run, size_t number, struct made *made)
{
	const struct file_plan *plan = &files[number];
	struct hold hold = { .is_held = false };
	int ret;

	if (number % 2)
		hold_filename(&hold, run->place.dir);
	ret = measure_dir(run, plan, &made->dir, &made->parent);
	if (!ret)
		ret = measure_create(run, plan, made->dir, &made->path, &made->created);
	hold_release(&hold);
	return ret;
}

/* None goes before all are there: the kernel likes to give a new object the place of an old one. */
static int measure_files(struct measuring *run)
{
	struct made made[FILE_NR] = { 0 };
	int ret = 0;

	for (size_t i = 0; i < FILE_NR && !ret; i++)
		ret = measure_made(run, i, &made[i]);
	for (size_t i = 0; i < FILE_NR && !ret; i++)
		ret = measure_unlink(run, &made[i]);
	for (size_t i = 0; i < FILE_NR && made[i].dir; i++) {
		if (ret && made[i].path)
			unlink(made[i].path);
		rmdir(made[i].dir);
	}
	return ret;
}

static int measure_elsewhere(struct measuring *run, const char *dir)
{
	const char *unique = strrchr(run->place.dir, '-') + 1;
	struct act act = { .flags = O_RDONLY, .fd = -1 };
	struct round *round;
	char *path, name[32];
	struct stat info;
	int ret;

	if (stat(dir, &info) < 0)
		return 0;
	snprintf(name, sizeof(name), "missing.%s", unique);
	round = new_round(run, dir, name, &path);
	act.path = path;
	know(round, NUMBER_DEV, kernel_dev(info.st_dev));
	ret = taps_watch(run->taps, open_file, &act, round);
	if (act.fd >= 0)
		close(act.fd);
	return ret;
}

static int measure_task(struct measuring *run, size_t number)
{
	struct round *round = &run->rounds[run->count++];
	struct act act = { .fd = -1 };
	int ret = taps_watch(run->taps, number % 2 ? start_process : start_thread, &act, round);

	if (!act.pid)
		return ret;
	know(round, NUMBER_PID, (uint64_t)act.pid);
	know(round, NUMBER_TGID, (uint64_t)act.tgid);
	return ret;
}

static int act_all(struct measuring *run)
{
	int ret = measure_files(run);

	for (size_t i = 0; i < ELSEWHERE_NR && !ret; i++)
		ret = measure_elsewhere(run, elsewhere[i]);
	for (size_t i = 0; i < TASK_ROUNDS && !ret; i++)
		ret = measure_task(run, i);
	run->named_count = LENGTHS;
	if (!ret)
		ret = taps_watch_named(run->taps, miss_lengths, &run->place, run->named,
				       &run->named_count);
	return ret;
}

_Static_assert(3 * FILE_NR + ELSEWHERE_NR + TASK_ROUNDS <= MAX_ROUNDS, "all rounds fit");

/* --- the rest --------------------------------------------------------------------------------- */

static uint32_t read_number(const char *path, uint32_t otherwise)
{
	uint32_t number = otherwise;
	char *text;

	if (read_file(path, &text, NULL))
		return otherwise;
	if (sscanf(text, "%u", &number) != 1)
		number = otherwise;
	free(text);
	return number;
}

/* The allocator's own word for it; a cache that others share holds the largest of theirs. */
static uint32_t dentry_size(void)
{
	return read_number(SLAB_FOLDER "/aliases", 1) ? 0
						      : read_number(SLAB_FOLDER "/object_size", 0);
}

static void tell(const struct measures *measures)
{
	for (size_t i = 0; i < MEASURE_NR; i++) {
		const struct measured *measured = &measures->members[i];

		debug("measured %s: %s, offset %u", measure_path(i),
		      measure_state_text(measured->state), measured->member.offset);
	}
}

static int run_all(struct measuring *run, struct session *session, const struct symbols *symbols,
		   struct measures *measures)
{
	struct observations seen = {
		.pointer_size = sizeof(long),
		.rounds = run->rounds,
		.named = run->named,
	};
	int undone, ret = taps_new(session, symbols, &run->taps);

	if (ret)
		return ret;
	ret = act_all(run);
	seen.round_count = run->count;
	seen.named_count = run->named_count;
	seen.dentry_size = dentry_size();
	if (!ret)
		measure(&seen, measures);
	undone = taps_free(run->taps);
	return ret ? ret : undone;
}

int measure_run(struct session *session, const struct symbols *symbols, struct measures *measures)
{
	struct measuring *run = calloc(1, sizeof(*run));
	int ret;

	memset(measures, 0, sizeof(*measures));
	if (!run)
		return -ENOMEM;
	if (place_make(&run->place, "ftopen-measure", PLACE_NAMES)) {
		ret = run_all(run, session, symbols, measures);
		rmdir(run->place.dir);
	} else {
		ret = -ENOSPC;
		error("cannot measure the layout: no writable directory has room");
		hint("it makes a dozen files and directories, and removes them again");
	}
	if (!ret)
		tell(measures);
	free(run);
	return ret;
}
