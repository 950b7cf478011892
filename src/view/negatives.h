/* SPDX-License-Identifier: MIT */
/*
 * The negative dentries of a recording. For the files of this folder only.
 */
#ifndef FTOPEN_VIEW_NEGATIVES_H
#define FTOPEN_VIEW_NEGATIVES_H

#include "chain/chain.h"
#include "render/negative.h"
#include "table.h"
#include "util/user_filter.h"

/**
 * struct view_negative - a negative dentry; its strings are numbers of view_strings
 * @open: in which it was made, 0 outside of one
 */
struct view_negative {
	uint64_t open;
	uint64_t ts;
	uint32_t path;
	uint32_t comm;
	uint8_t end;
	bool is_unlinked;
};

/**
 * struct view_negatives - all zero but for @strings has none
 * @doubts: how many there are although the user who made them is not known
 */
struct view_negatives {
	struct view_strings *strings;
	struct view_negative *rows;
	uint32_t count, room;
	uint64_t doubts;
};

extern const struct view_kind view_kind_negatives;

/**
 * view_negatives_add - keep the negative dentries that bore @name and that @users made
 * @scratch: is written over
 *
 * Return: 0, -ENOMEM or -EFBIG.
 */
int view_negatives_add(struct view_negatives *negatives, const struct name *name,
		       const struct user_filter *users, struct text *scratch);

void view_negatives_release(struct view_negatives *negatives);

#endif
