/* SPDX-License-Identifier: MIT */
/*
 * Negative dentries by the directory that they are in and by who made them, whatever call it was.
 */
#ifndef FTOPEN_RENDER_NEGATIVES_H
#define FTOPEN_RENDER_NEGATIVES_H

#include "tally.h"
#include "util/text.h"

enum negatives_column {
	NEGATIVES_MADE,
	NEGATIVES_KEPT,	   /* still cached at the end */
	NEGATIVES_UNKNOWN, /* lost records may tell their end */
};

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
 * negative_maker - the hop that made @lifetime's dentry negative, NULL if it is not, or if no
 * traced task did that
 *
 * That is who unlinked the name, or who looked it up in vain.
 */
const struct hop *negative_maker(const struct lifetime *lifetime);

/**
 * negative_end - in which column the lifetime counts beside NEGATIVES_MADE; NEGATIVES_MADE if in
 * none
 */
enum negatives_column negative_end(const struct lifetime *lifetime);

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
