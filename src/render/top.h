/* SPDX-License-Identifier: MIT */
/*
 * What the parts of top share: the counts (top.c), the screen (top_screen.c), the lines of JSON
 * (top_json.c). For these files only.
 */
#ifndef FTOPEN_RENDER_TOP_INTERNAL_H
#define FTOPEN_RENDER_TOP_INTERNAL_H

#include "render/top.h"
#include "stage_table.h"
#include "tally.h"
#include "util/json.h"

/* The counts of a program or a directory. */
enum top_column {
	TOP_OPENS,
	TOP_FAILED,
	TOP_MISSES,
	TOP_NEGATIVE, /* opens that a negative dentry answered */
	TOP_MADE,     /* negative dentries */
	TOP_TIME,     /* of all opens, in nanoseconds */
	TOP_SLOWEST,  /* of one of them */
	TOP_STAGE,    /* where most of that went; STAGE_NONE if that is not known */
	TOP_COLUMN_NR
};

_Static_assert(TOP_COLUMN_NR <= TALLY_COLUMNS, "a tally has a count for every column");

/**
 * struct top - the counts of one period
 * @json, @text: what is written
 * @line, @scratch: never flushed
 * @doubts: opens and dentries that count though their user is not known
 */
struct top {
	struct json json;
	struct text text;
	struct text line;
	struct text scratch;
	struct user_filter users;
	uint64_t doubts;
	uint64_t all[TOP_COLUMN_NR];
	struct tallies programs;
	struct tallies directories;
	struct stage_table stages;
};

#endif
