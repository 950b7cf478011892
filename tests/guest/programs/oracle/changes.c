/* SPDX-License-Identifier: MIT */
/* What makes, moves and removes names, or looks them up without an open. */
#include "oracle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef RENAME_EXCHANGE
#define RENAME_NOREPLACE (1 << 0)
#define RENAME_EXCHANGE	 (1 << 1)
#endif

/* One path: the call's arguments after the path are @third and @fourth. */
static long on_path(struct task *task, const char *kind, long number, struct spelled *where,
		    long third, long fourth)
{
	struct op op = {
		.kind = kind, .path = where->path, .dirfd = where->dirfd, .at = where->at
	};
	long result;

	op_begin(&op);
	result = syscall(number, where->dirfd, where->path, third, fourth);
	op_end(task, &op, result < 0 ? -errno : 0);
	return result;
}

static long on_two(struct task *task, const char *kind, long number, struct spelled *from,
		   struct spelled *to, long flags)
{
	struct op op = { .kind = kind,
			 .path = from->path,
			 .other = to->path,
			 .dirfd = from->dirfd,
			 .at = from->at,
			 .other_at = to->at,
			 .flags = flags };
	long result;

	op_begin(&op);
	result = syscall(number, from->dirfd, from->path, to->dirfd, to->path, flags);
	op_end(task, &op, result < 0 ? -errno : 0);
	return result;
}

void do_stat(struct task *task)
{
	struct spelled where;
	struct stat st;

	path_of_name(task, &where, pick_dir(task), pick_name(task));
	on_path(task, "stat", SYS_newfstatat, &where, (long)&st,
		rng_chance(&task->rng, 50) ? AT_SYMLINK_NOFOLLOW : 0);
}

void do_access(struct task *task)
{
	struct spelled where;

	path_of_name(task, &where, pick_dir(task), pick_name(task));
	on_path(task, "access", SYS_faccessat, &where, R_OK, 0);
}

void do_create(struct task *task)
{
	struct spelled where;

	path_of_name(task, &where, pick_dir(task), pick_file(task));
	on_path(task, "mknod", SYS_mknodat, &where, S_IFREG | 0666, 0);
}

static const char *pick_moving(struct task *task)
{
	return world_pool(DIRS0 + rng_below(&task->rng, LINKS0 - DIRS0));
}

static const char *pick_link(struct task *task)
{
	return world_pool(LINKS0 + rng_below(&task->rng, POOL - LINKS0));
}

/* So few that tasks meet. */
static const char *pick_few(struct task *task)
{
	return world_pool(rng_below(&task->rng, 3));
}

void do_unlink(struct task *task)
{
	struct spelled where;

	path_of_name(task, &where, pick_dir(task),
		     rng_chance(&task->rng, 85) ? pick_file(task) : pick_link(task));
	on_path(task, "unlink", SYS_unlinkat, &where, 0, 0);
}

void do_mkdir(struct task *task)
{
	struct spelled where;

	path_of_name(task, &where, pick_dir(task), pick_moving(task));
	on_path(task, "mkdir", SYS_mkdirat, &where, 0777, 0);
}

void do_rmdir(struct task *task)
{
	struct spelled where;

	path_of_name(task, &where, pick_dir(task), pick_moving(task));
	on_path(task, "rmdir", SYS_unlinkat, &where, AT_REMOVEDIR, 0);
}

/* A name that others drop, remove and make anew is looked up again and again meanwhile. */
void do_look(struct task *task)
{
	struct spelled where;
	struct stat st;
	struct op op;
	long result = 0;

	path_of_name(task, &where, pick_dir(task), pick_few(task));
	op = (struct op){
		.kind = "stat", .path = where.path, .dirfd = where.dirfd, .at = where.at
	};
	for (int i = 0; i < 4; i++) {
		op_begin(&op);
		for (int j = 0; j < 50; j++)
			result = syscall(SYS_newfstatat, where.dirfd, where.path, &st, 0);
		op_end(task, &op, result < 0 ? -errno : 0);
		open_closed(task, &where, O_RDONLY | O_NONBLOCK);
	}
}

void do_churn(struct task *task)
{
	struct spelled where;

	path_of_name(task, &where, pick_dir(task), pick_few(task));
	for (int i = 0; i < 4; i++) {
		on_path(task, "mknod", SYS_mknodat, &where, S_IFREG | 0666, 0);
		if (i == 1)
			do_drop(task);
		on_path(task, "unlink", SYS_unlinkat, &where, 0, 0);
	}
}

/* The same name, and often the same inode number, for another directory. */
void do_remake(struct task *task)
{
	struct spelled where;

	path_of_name(task, &where, pick_dir(task), pick_moving(task));
	on_path(task, "rmdir", SYS_unlinkat, &where, AT_REMOVEDIR, 0);
	on_path(task, "mkdir", SYS_mkdirat, &where, 0777, 0);
}

/* Two names, mostly files. A link is renamed to a link only: so a name says what a walk finds. */
static void pick_two(struct task *task, struct spelled *from, struct spelled *to)
{
	static const struct {
		const char *(*from)(struct task *task);
		const char *(*to)(struct task *task);
	} kinds[] = {
		{ pick_file, pick_file },     { pick_file, pick_file },	  { pick_file, pick_file },
		{ pick_file, pick_file },     { pick_file, pick_file },	  { pick_file, pick_file },
		{ pick_moving, pick_moving }, { pick_moving, pick_file }, { pick_link, pick_link },
	};
	unsigned int kind = rng_below(&task->rng, sizeof(kinds) / sizeof(kinds[0]));
	int dir = pick_dir(task);

	path_of_name(task, from, dir, kinds[kind].from(task));
	if (rng_chance(&task->rng, 50))
		dir = pick_dir(task);
	path_of_name(task, to, dir, kinds[kind].to(task));
}

void do_rename(struct task *task)
{
	struct spelled from, to;

	pick_two(task, &from, &to);
	on_two(task, "rename", SYS_renameat2, &from, &to,
	       rng_chance(&task->rng, 20) ? RENAME_NOREPLACE : 0);
}

void do_exchange(struct task *task)
{
	struct spelled from, to;

	pick_two(task, &from, &to);
	on_two(task, "exchange", SYS_renameat2, &from, &to, RENAME_EXCHANGE);
}

void do_link(struct task *task)
{
	struct spelled from, to;

	pick_two(task, &from, &to);
	on_two(task, "link", SYS_linkat, &from, &to, 0);
}

/* A name for what is open, and then the open of that name. */
void do_link_of(struct task *task, int fd)
{
	struct spelled from = { .dirfd = AT_FDCWD, .at = W_ROOT }, to;

	snprintf(from.path, sizeof(from.path), "/proc/self/fd/%d", fd);
	path_of_name(task, &to, pick_dir(task), pick_file(task));
	on_two(task, "link", SYS_linkat, &from, &to, AT_SYMLINK_FOLLOW);
	open_closed(task, &to, O_RDONLY);
}

void do_symlink(struct task *task)
{
	struct spelled where;
	struct op op = { .kind = "symlink", .path = where.path, .flags = 0 };
	long result;

	path_of_name(task, &where, pick_dir(task), pick_link(task));
	op.dirfd = where.dirfd;
	op.at = where.at;
	op_begin(&op);
	result = syscall(SYS_symlinkat, "n2", where.dirfd, where.path);
	op_end(task, &op, result < 0 ? -errno : 0);
}

void do_chdir(struct task *task)
{
	struct spelled where;
	struct op op = { .kind = "chdir", .path = where.path };
	long result;

	path_of_name(task, &where, pick_dir(task), "");
	op.dirfd = where.dirfd;
	op.at = where.at;
	op_begin(&op);
	if (where.dirfd == AT_FDCWD) {
		result = chdir(where.path);
	} else {
		op.kind = "fchdir";
		op.path = NULL;
		where.dir = where.at;
		result = fchdir(where.dirfd);
	}
	op_end(task, &op, result < 0 ? -errno : 0);
	if (!result)
		task->cwd = where.dir;
}

void do_drop(struct task *task)
{
	struct spelled where = { .path = "/proc/sys/vm/drop_caches",
				 .dirfd = AT_FDCWD,
				 .at = W_ROOT };
	struct op op = { .kind = "drop", .dirfd = AT_FDCWD };
	long fd, written;

	if (task->root != W_ROOT)
		return;
	fd = open_logged(task, &where, O_WRONLY);
	if (fd < 0)
		return;
	op_begin(&op);
	written = write(fd, "2", 1);
	op_end(task, &op, written < 0 ? -errno : 0);
	close(fd);
}

/* Another name for the thread. */
void do_comm(struct task *task)
{
	static const char *const comms[] = { "oracle \"x\"", "same", "fifteen_bytes_x", "(x)" };

	snprintf(task->comm, sizeof(task->comm), "%s", comms[rng_below(&task->rng, 4)]);
	prctl(PR_SET_NAME, task->comm);
}
