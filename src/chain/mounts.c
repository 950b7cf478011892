/* SPDX-License-Identifier: MIT */
/*
 * Mounts, as walks show them: between two components of one string there is no link and no "..", so
 * a directory that is not what the first came to is mounted on it.
 */
#include "internal.h"

#include <errno.h>

void crossings_forget(struct correlator *c, struct frame *frame)
{
	while (frame->crossing_count)
		directory_put(c, frame->crossings[--frame->crossing_count].dir);
}

static void forget_name(struct frame *frame, const struct tracked_name *name)
{
	for (size_t i = 0; i < frame->crossing_count; i++) {
		if (frame->crossings[i].mountpoint == name)
			frame->crossings[i].mountpoint = NULL;
	}
}

void crossings_forget_name(struct correlator *c, struct tracked_name *name)
{
	for (struct task *task = c->active; task; task = task->next_active) {
		for (struct frame *frame = task->frame; frame; frame = frame->other)
			forget_name(frame, name);
	}
}

/* The oldest one gives its place to the newest. */
static void add_crossing(struct correlator *c, struct frame *frame, struct directory *dir,
			 struct tracked_name *mountpoint)
{
	struct crossing *crossing;

	if (frame->crossing_count == FRAME_MAX_CROSSINGS) {
		directory_put(c, frame->crossings[0].dir);
		for (size_t i = 1; i < FRAME_MAX_CROSSINGS; i++)
			frame->crossings[i - 1] = frame->crossings[i];
		frame->crossing_count--;
	}
	crossing = &frame->crossings[frame->crossing_count++];
	crossing->dir = directory_get(dir);
	crossing->mountpoint = mountpoint;
}

/* A walk that comes to a directory by its own name has not crossed a mount to it. */
static void leave_crossing(const struct correlator *c, struct frame *frame, uint64_t dentry)
{
	const struct directory *dir = map_get(&c->dirs, dentry);

	for (size_t i = 0; i < frame->crossing_count && dir; i++) {
		if (frame->crossings[i].dir == dir)
			frame->crossings[i].mountpoint = NULL;
	}
}

/* The walk continues in the directory that a lookup found, unless something is mounted on it. */
static bool can_be_mountpoint(const struct step *step)
{
	return step->is_valid && step->life && step->life->inode == INODE_DIRECTORY &&
	       step->outcome.saw_hit && !step->outcome.saw_alloc;
}

static bool is_other_file_system(const struct step *step, uint64_t sb)
{
	return step->is_valid && step->life && step->life->inode != INODE_UNKNOWN &&
	       step->life->inode != INODE_LINK && step->parent_sb && sb && step->parent_sb != sb;
}

int mount_note(struct correlator *c, struct frame *frame, const struct pending *next)
{
	const struct step *step = &frame->step;
	struct directory *dir;
	int ret;

	if (!step->is_valid || !step->life)
		return 0;
	if (next->parent == step->life->pub.dentry) {
		leave_crossing(c, frame, next->parent);
		return 0;
	}
	if (!can_be_mountpoint(step) && !is_other_file_system(step, next->parent_sb))
		return 0;
	dir = directory_of(c, &next->identity, &ret);
	if (!dir)
		return ret;
	directory_mounted(dir, life_name(step->life));
	add_crossing(c, frame, dir, life_name(step->life));
	return 0;
}

void mount_note_end(struct correlator *c, struct frame *frame, struct directory *dir)
{
	const struct step *step = &frame->step;

	if (step->is_valid && step->life && step->life->pub.dentry == dir->dentry) {
		leave_crossing(c, frame, dir->dentry);
	} else if (is_walked_out(frame) && can_be_mountpoint(step)) {
		directory_mounted(dir, life_name(step->life));
		add_crossing(c, frame, dir, life_name(step->life));
	}
}

bool is_mounted_file(const struct frame *frame, const struct life *file)
{
	const struct step *step = &frame->step;
	const struct life *life = step->is_valid ? step->life : NULL;

	return life && life != file && life->inode == INODE_OTHER && is_walked_out(frame) &&
	       file->inode != INODE_DIRECTORY && step->outcome.saw_hit &&
	       !step->outcome.saw_alloc && step->outcome.negative == IS_FALSE;
}
