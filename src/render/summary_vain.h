/* SPDX-License-Identifier: MIT */
/*
 * The names that were looked up in vain most often, for the summary.
 */
#ifndef FTOPEN_RENDER_SUMMARY_VAIN_H
#define FTOPEN_RENDER_SUMMARY_VAIN_H

#include "common.h"

#define VAIN_NAMES 10

/**
 * struct vain_name - one of them
 * @text: its path, escaped
 * @negative: hits of a negative dentry
 * @at_least: hops or lifetimes were dropped
 */
struct vain_name {
	char *text;
	size_t len;
	uint64_t misses;
	uint64_t negative;
	bool at_least;
};

/**
 * struct vain_names - the most frequent ones first; all zero is none
 */
struct vain_names {
	struct vain_name items[VAIN_NAMES];
	size_t count;
};

/**
 * vain_add - keep @name if it is one of them
 * @scratch: for its path
 *
 * Return: 0 or -ENOMEM. Ends with vain_release().
 */
int vain_add(struct vain_names *names, const struct name *name, struct text *scratch);

void vain_write(const struct vain_names *names, struct text *text);
void vain_release(struct vain_names *names);

#endif
