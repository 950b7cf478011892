/* SPDX-License-Identifier: MIT */
/*
 * The mounts that a task sees, by /proc/PID/mountinfo, and which of them show what can be seen in
 * another place as well. Changes no mount.
 */
#ifndef FTOPEN_COMMAND_MOUNTS_H
#define FTOPEN_COMMAND_MOUNTS_H

#include <stdbool.h>
#include <stdio.h>

/**
 * struct mount - one of them
 * @root: which directory of the file system it shows, from that one's root
 * @at: where, from the task's root
 */
struct mount {
	unsigned int major, minor;
	char *root, *at;
};

struct mounts {
	struct mount *items;
	size_t count;
};

/**
 * mounts_read - what the lines of @in list; a line that is not understood is passed over
 *
 * Return: 0 or -ENOMEM; ends with mounts_release() in any case.
 */
int mounts_read(struct mounts *mounts, FILE *in);
void mounts_release(struct mounts *mounts);

/**
 * mount_is_bound - whether what @mount shows is seen by its own name as well, in another mount
 * mount_is_twice - whether another mount shows the same, in another place
 */
bool mount_is_bound(const struct mounts *mounts, const struct mount *mount);
bool mount_is_twice(const struct mounts *mounts, const struct mount *mount);

#endif
