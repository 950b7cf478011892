/* SPDX-License-Identifier: MIT */
/* Opens of every kind, each logged with what it got. */
#include "oracle.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define REFUSED_FD  720 /* and the task's number: nobody else opens it */
#define CREAT_FLAGS (O_CREAT | O_WRONLY | O_TRUNC)

/* What is open stays so for a while: a name can be unlinked under it. */
static void hold(struct task *task, int fd)
{
	int *slot = &PICK(&task->rng, task->held);

	if (*slot >= 0)
		close(*slot);
	*slot = fd;
}

static long finish(struct task *task, struct op *op, long result)
{
	if (result < 0)
		result = -errno;
	else if (result >= 0)
		op_identify(op, result);
	op_end(task, op, result);
	return result;
}

long open_logged(struct task *task, struct spelled *where, int flags)
{
	struct op op = { .kind = "open",
			 .path = where->path,
			 .dirfd = where->dirfd,
			 .at = where->at,
			 .flags = flags };
	long fd;

	op_begin(&op);
	if (where->dirfd == AT_FDCWD && flags == CREAT_FLAGS)
		fd = syscall(SYS_creat, where->path, 0666);
	else if (where->dirfd == AT_FDCWD && rng_chance(&task->rng, 50))
		fd = syscall(SYS_open, where->path, flags, 0666);
	else
		fd = syscall(SYS_openat, where->dirfd, where->path, flags, 0666);
	return finish(task, &op, fd);
}

static const int file_flags[] = {
	O_RDONLY,
	O_RDONLY,
	O_RDONLY,
	O_RDONLY,
	O_RDWR,
	O_WRONLY | O_TRUNC,
	O_WRONLY | O_APPEND,
	O_CREAT | O_RDWR,
	O_CREAT | O_RDWR,
	O_CREAT | O_WRONLY,
	O_CREAT | O_EXCL | O_RDWR,
	O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW,
	O_PATH,
	O_PATH | O_NOFOLLOW,
	O_NOFOLLOW,
	O_DIRECTORY,
	O_DIRECTORY | O_NOFOLLOW,
	O_RDONLY | O_NONBLOCK | O_CLOEXEC,
	O_NOATIME,
	O_CREAT | O_DIRECTORY,
	O_CREAT | O_TRUNC | O_RDWR,
	CREAT_FLAGS,
	O_DSYNC | O_RDWR,
	O_ACCMODE,
};

/* A few opens of one name in a row: the later ones find what the first one left. */
void open_name(struct task *task)
{
	struct spelled where;
	int dir = pick_dir(task);
	const char *name = pick_name(task);
	long fd;

	do {
		path_of_name(task, &where, dir, name);
		fd = open_logged(task, &where, PICK(&task->rng, file_flags));
		if (fd >= 0)
			hold(task, fd);
	} while (rng_chance(&task->rng, 40));
}

/* Through links at the end, and what has no name of the pool. */
void open_directory(struct task *task)
{
	static const char *const ends[] = { "tail0",  "tail1",	"loop1", "dangling", "up",
					    "chain1", "escape", "to_d0", "to_d1",    "fifo",
					    "same",   "nest1",	".",	 "..",	     "" };
	struct spelled where;
	const char *end = PICK(&task->rng, ends);
	int dir = pick_dir(task), flags = O_RDONLY | O_NONBLOCK;
	long fd;

	if (rng_chance(&task->rng, 40))
		flags |= O_DIRECTORY;
	if (rng_chance(&task->rng, 10))
		flags |= O_CREAT;
	if (*end && *end != '.')
		for (int i = 0; i < world_nodes(); i++)
			if (!strcmp(world_node(i)->name, end) && task->root == W_ROOT)
				dir = world_node(i)->parent;
	path_of_name(task, &where, dir, end);
	fd = open_logged(task, &where, flags);
	if (fd >= 0 && !*end && task->dirfds[where.dir] < 0)
		task->dirfds[where.dir] = fd;
	else if (fd >= 0)
		hold(task, fd);
}

/* Any RESOLVE_ flag, none, or one that there is not. An absolute path begins at dirfd's, too. */
void how_init(struct task *task, struct open_how *how, int flags, struct spelled *where)
{
	static const uint64_t resolves[] = { RESOLVE_NO_XDEV,
					     RESOLVE_NO_MAGICLINKS,
					     RESOLVE_NO_SYMLINKS,
					     RESOLVE_BENEATH,
					     RESOLVE_IN_ROOT,
					     RESOLVE_CACHED,
					     0,
					     1 << 20 };

	*how = (struct open_how){ .flags = flags, .resolve = PICK(&task->rng, resolves) };
	if (flags & O_CREAT)
		how->mode = 0666;
	if (how->resolve == RESOLVE_IN_ROOT && where->dirfd == AT_FDCWD)
		where->at = task->cwd;
}

void open_how(struct task *task)
{
	struct spelled where;
	struct open_how how;
	struct op op = { .kind = "openat2", .path = where.path };
	long fd;

	path_of_name(task, &where, pick_dir(task), pick_name(task));
	how_init(task, &how, PICK(&task->rng, file_flags), &where);
	op.dirfd = where.dirfd;
	op.at = where.at;
	op.flags = how.flags;
	op.resolve = how.resolve;
	op_begin(&op);
	fd = finish(task, &op, syscall(SYS_openat2, where.dirfd, where.path, &how, sizeof(how)));
	if (fd >= 0)
		hold(task, fd);
}

/*
 * As long as a path can be, or too long by one. The first is more than one record holds, so that
 * there is a loss: in a few seeds only.
 */
static void make_long(struct task *task, struct spelled *where)
{
	bool too_long = rng_chance(&task->rng, 50);
	size_t len = too_long || world_seed() % 5 == 0 ? 4094 : 3800;

	for (size_t n = strlen(where->path); n < len; n++)
		strcpy(where->path + n, n % 2 ? "." : "/");
	strcat(where->path, too_long ? "//" : "/");
}

/* Paths that lead nowhere. */
void open_wrong(struct task *task)
{
	static const char *const ends[] = {
		"missing/n0", "missing/missing/n0", "n0/n1",	"n1/n1/n1", "n2/.",
		"n3/..",      "tail0/n1",	    "loop1/n0", "missing/"
	};
	struct spelled where;
	char name[300];
	long fd;

	switch (rng_below(&task->rng, 6)) {
	case 0: /* a name that is too long */
		memset(name, 'y', 256);
		name[256] = '\0';
		path_of_name(task, &where, pick_dir(task), name);
		break;
	case 1:
		path_of_name(task, &where, pick_dir(task), "");
		make_long(task, &where);
		break;
	case 2:
		where = (struct spelled){ .path = "", .dirfd = AT_FDCWD, .at = task->cwd };
		break;
	case 3:
		where = (struct spelled){ .path = "n0", .dirfd = 700, .at = -1 };
		break;
	default:
		path_of_name(task, &where, pick_dir(task), PICK(&task->rng, ends));
	}
	fd = open_logged(task, &where, O_RDONLY | O_NONBLOCK);
	if (fd >= 0)
		hold(task, fd);
}

/* A file without a name, which may get one. */
void open_tmpfile(struct task *task)
{
	static const int flags[] = { O_TMPFILE | O_RDWR, O_TMPFILE | O_WRONLY | O_EXCL,
				     O_TMPFILE | O_RDWR };
	struct spelled where;
	long fd;

	path_of_name(task, &where, pick_dir(task), "");
	fd = open_logged(task, &where, PICK(&task->rng, flags));
	if (fd >= 0 && task->root == W_ROOT && rng_chance(&task->rng, 50))
		do_link_of(task, fd);
	if (fd >= 0)
		hold(task, fd);
}

/* What a descriptor without a name leads to: an end of a pipe, or memory. */
static void open_nameless(struct task *task, struct spelled *where)
{
	int fds[2] = { -1, -1 };

	if (rng_chance(&task->rng, 50))
		fds[0] = memfd_create("memory", 0);
	else if (pipe(fds))
		return;
	snprintf(where->path, PATH_SIZE, "/proc/self/fd/%d", fds[0]);
	open_closed(task, where, O_RDONLY | O_NONBLOCK);
	close(fds[0]);
	close(fds[1]);
}

/* /proc/self/fd/N, cwd, root, exe: links that lead without a lookup. */
void open_magic(struct task *task)
{
	struct spelled where = { .dirfd = AT_FDCWD, .at = task->root };
	int held = PICK(&task->rng, task->held), dir = pick_dir(task);
	long fd;

	if (task->root != W_ROOT)
		return;
	switch (rng_below(&task->rng, 8)) {
	case 0:
		where.at = task->cwd;
		snprintf(where.path, PATH_SIZE, "/proc/thread-self/cwd/%s", pick_file(task));
		break;
	case 1:
		snprintf(where.path, PATH_SIZE, "/proc/self/root%s/%s", world_path(W_D0),
			 pick_file(task));
		break;
	case 2:
		strcpy(where.path, "/proc/self/exe");
		break;
	case 3:
		open_nameless(task, &where);
		return;
	case 4:
		if (task->dirfds[dir] < 0)
			return;
		where.at = dir;
		snprintf(where.path, PATH_SIZE, "/proc/self/fd/%d/%s", task->dirfds[dir],
			 pick_file(task));
		break;
	default:
		snprintf(where.path, PATH_SIZE, "/proc/self/fd/%d", held);
	}
	fd = open_logged(task, &where, O_RDONLY | O_NONBLOCK);
	if (fd >= 0)
		hold(task, fd);
}

/*
 * A link of /proc, once more after its descriptor was closed: the kernel finds the dentry and
 * refuses it.
 */
void open_refused(struct task *task)
{
	struct spelled where = { .dirfd = AT_FDCWD, .at = task->root };
	int number = REFUSED_FD + task->number;
	long fd;

	if (task->root != W_ROOT || dup2(LOG_FD, number) < 0)
		return;
	snprintf(where.path, PATH_SIZE, "/proc/self/fd/%d", number);
	fd = open_logged(task, &where, O_RDONLY);
	if (fd >= 0)
		close(fd);
	close(number);
	open_logged(task, &where, O_RDONLY);
}

/* In a directory that others make, rename and remove. */
void open_moving(struct task *task)
{
	struct spelled where;
	char name[2 * NAME_SIZE + 2];
	long fd;

	snprintf(name, sizeof(name), "%s/%s",
		 world_pool(DIRS0 + rng_below(&task->rng, POOL - DIRS0)), pick_file(task));
	path_of_name(task, &where, pick_dir(task), name);
	fd = open_logged(task, &where, rng_chance(&task->rng, 50) ? O_RDONLY : O_CREAT | O_RDWR);
	if (fd >= 0)
		hold(task, fd);
}
