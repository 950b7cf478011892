/* SPDX-License-Identifier: MIT */
/*
 * Up from a directory, one name after the other, as a task sees them.
 */
#ifndef FTOPEN_CHAIN_CLIMB_H
#define FTOPEN_CHAIN_CLIMB_H

#include "internal.h"

extern const char WHY_NO_NAME[];
extern const char WHY_MOUNTED_TWICE[];

struct climb {
	const struct correlator *c;
	const struct task *task;
	const struct frame *frame;
	const struct directory *root; /* of the task */
	size_t crossings;	      /* of the walk's own, which are still further up */
	bool is_walked;		      /* the walk itself came this way */
	const struct cwd *cwd; /* in which mounts the walk began; NULL if that is not known */
	size_t crossed;	       /* of these mounts */
	size_t ups;	       /* the walk was not seen up to so many directories above its start */
};

/**
 * climb_of - from where the walk of @task is; outside of an open the names alone tell the way
 */
struct climb climb_of(const struct correlator *c, const struct task *task);

/**
 * climb_from_start - the same from where the walk began
 */
struct climb climb_from_start(const struct correlator *c, const struct task *task);

/**
 * climb_comes_to - the climb is at @dir: perhaps the walk was not seen further up
 */
void climb_comes_to(struct climb *climb, const struct directory *dir);

/**
 * climb_name - the name that leads further up from @dir
 *
 * Return: NULL if that is not known: *@why tells.
 */
const struct tracked_name *climb_name(struct climb *climb, const struct directory *dir,
				      const char **why);

/**
 * climb_is_above_root - whether the task's root was met in another mount of it, above which the
 * climb goes on
 */
bool climb_is_above_root(const struct climb *climb);

/**
 * climb_is_in_root_mount - whether nothing but names is between here and the task's root
 */
bool climb_is_in_root_mount(const struct climb *climb);

/**
 * climb_is_apart - whether the climb left all mounts that are below the task's root
 */
bool climb_is_apart(const struct climb *climb);

/**
 * climb_is_at_start - whether @dir is where the program began, or @*ups directories above it
 *
 * The path of that, which ftopen saw before the trace, is only right for a task that still has the
 * same root.
 */
bool climb_is_at_start(const struct climb *climb, const struct directory *dir, size_t *ups);

/**
 * climb_is_told_by_start - whether the task still works where the program began
 */
bool climb_is_told_by_start(const struct climb *climb);

/**
 * climb_leads_to - go up from *@at, as @dotdots times ".." does, to @dir
 *
 * Return: false if that is not where they lead to: *@at is where, or NULL if that is not known.
 */
bool climb_leads_to(struct climb *climb, const struct directory **at, const struct directory *dir,
		    size_t dotdots);

/**
 * crossing_to - the name on which this walk found @dir mounted, NULL if it did not
 * @before: only among so many crossings; on return those in front of the one that was found
 */
struct tracked_name *crossing_to(const struct frame *frame, const struct directory *dir,
				 size_t *before);

/**
 * is_in_two_places - whether @dir may be seen by more than its own name
 */
static inline bool is_in_two_places(const struct directory *dir)
{
	return dir->has_mountpoints || dir->is_bound;
}

static inline bool is_mounted(const struct directory *dir)
{
	return dir->mountpoint || is_in_two_places(dir);
}

#endif
