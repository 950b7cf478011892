/* SPDX-License-Identifier: MIT */
/*
 * Negative dentries, made by any call, by directory and by the task that made them.
 */
#ifndef FTOPEN_RENDER_NEGATIVES_H
#define FTOPEN_RENDER_NEGATIVES_H

#include "render/negative.h"
#include "tally.h"
#include "util/text.h"

/**
 * struct negatives - all zero is none yet
 * @pairs: by directory and task name, with a NUL between
 */
struct negatives {
	uint64_t counts[TALLY_COLUMNS];
	struct tallies directories;
	struct tallies pairs;
};

/**
 * negatives_add - count those of @name
 *
 * Return: 0 or -ENOMEM.
 */
int negatives_add(struct negatives *negatives, const struct name *name);

/**
 * negatives_write - a line for each directory with most of them, and an empty one; nothing if there
 * are none
 */
void negatives_write(struct negatives *negatives, struct text *text);

void negatives_release(struct negatives *negatives);

#endif
