/* SPDX-License-Identifier: MIT */
/* Spellings: one directory and one name become one of many paths that lead there. */
#include "oracle.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* Which directories are tried how often: few, so that tasks meet. */
static const int open_dirs[] = { W_D0,	   W_D0,   W_D0,   W_D1,       W_D1,	W_SUB,
				 W_DEEP,   W_LEAF, W_BIND, W_READONLY, W_TMPFS, W_LOCKED,
				 W_PUBLIC, W_LONG, W_CELL, W_BASE,     W_SELF };
static const int jail_dirs[] = { W_JAIL, W_CELL };

int pick_dir(struct task *task)
{
	if (task->root == W_JAIL)
		return PICK(&task->rng, jail_dirs);
	return rng_chance(&task->rng, 40) ? W_D0 : PICK(&task->rng, open_dirs);
}

/* Any name of the pool, or one that nobody used before. */
const char *pick_name(struct task *task)
{
	if (rng_chance(&task->rng, 85))
		return rng_chance(&task->rng, 50) ? pick_file(task)
						  : world_pool(rng_below(&task->rng, POOL));
	snprintf(task->fresh_name, sizeof(task->fresh_name), "fresh_%d_%u", task->number,
		 task->fresh++);
	return task->fresh_name;
}

/* One that is, if it is anything, a file. */
const char *pick_file(struct task *task)
{
	unsigned int index = rng_below(&task->rng, DIRS0);

	/* The first ones more often: they shall meet others' renames. */
	return world_pool(rng_chance(&task->rng, 50) ? index % 6 : index);
}

/* What stands between two components. */
static const char *separator(struct rng *rng)
{
	static const char *const rare[] = { "//", "/./", "///", "/.//" };

	return rng_chance(rng, 80) ? "/" : PICK(rng, rare);
}

static void append(struct spelled *out, const char *text)
{
	size_t len = strlen(out->path);

	snprintf(out->path + len, sizeof(out->path) - len, "%s", text);
}

static void append_component(struct rng *rng, struct spelled *out, const char *name)
{
	size_t len = strlen(out->path);

	if (len && out->path[len - 1] != '/')
		append(out, separator(rng));
	append(out, name);
}

/* The components from @above down to @dir, which is below it. */
static void append_down(struct rng *rng, struct spelled *out, int above, int dir)
{
	if (dir == above)
		return;
	append_down(rng, out, above, world_node(dir)->parent);
	append_component(rng, out, world_node(dir)->name);
	if (dir == W_D0 && rng_chance(rng, 10)) {
		append_component(rng, out, "sub");
		append_component(rng, out, "..");
	}
}

static bool is_above(int above, int dir)
{
	while (dir != above && dir != W_ROOT)
		dir = world_node(dir)->parent;
	return dir == above;
}

/* From @from to @dir by the names of the tree. */
static void append_relative(struct rng *rng, struct spelled *out, int from, int dir)
{
	while (!is_above(from, dir)) {
		append_component(rng, out, "..");
		from = world_node(from)->parent;
	}
	append_down(rng, out, from, dir);
}

static void start(struct task *task, struct spelled *out)
{
	/* Above a root there is that root. */
	static const char *const rare[] = { "//", "/../", "/./../", "/../../" };
	int dir;

	out->dirfd = AT_FDCWD;
	out->at = task->cwd;
	out->path[0] = '\0';
	if (rng_chance(&task->rng, 40))
		return;
	dir = pick_dir(task);
	if (task->dirfds[dir] >= 0 && rng_chance(&task->rng, 60)) {
		out->dirfd = task->dirfds[dir];
		out->at = dir;
		return;
	}
	out->at = task->root;
	append(out, rng_chance(&task->rng, 90) ? "/" : PICK(&task->rng, rare));
}

void path_of_name(struct task *task, struct spelled *out, int dir, const char *name)
{
	const struct detour *detour = world_detour(&task->rng, dir);

	start(task, out);
	out->dir = dir;
	if (detour && task->root == W_ROOT && rng_chance(&task->rng, 40)) {
		append_relative(&task->rng, out, out->at, W_BASE);
		append_component(&task->rng, out, detour->path);
		out->dir = detour->dir;
	} else {
		append_relative(&task->rng, out, out->at, dir);
	}
	if (*name)
		append_component(&task->rng, out, name);
	if (!*out->path)
		append(out, ".");
	/* A slash at the end asks for a directory. */
	if (rng_chance(&task->rng, 3))
		append(out, rng_chance(&task->rng, 50) ? "/" : "//");
}
