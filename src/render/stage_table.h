/* SPDX-License-Identifier: MIT */
/*
 * The stages of all opens as a table: count, total time, median, 99th percentile, and the longest
 * time with its path.
 */
#ifndef FTOPEN_RENDER_STAGE_TABLE_H
#define FTOPEN_RENDER_STAGE_TABLE_H

#include "chain/open.h"
#include "latency.h"

/**
 * struct stage_row - one stage
 * @slowest: the path of the open in which it took longest, malloc()ed; NULL if that had none
 */
struct stage_row {
	struct latency latency;
	char *slowest;
	size_t slowest_len;
};

/**
 * struct stage_table - all zero is an empty one
 */
struct stage_table {
	struct stage_row rows[STAGE_NR];
};

/**
 * stage_table_add - count what is known of the stages of @open
 *
 * Return: 0 or -ENOMEM.
 */
int stage_table_add(struct stage_table *table, const struct open_call *open);

/**
 * stage_table_write - write it, with an empty line after it; nothing if no stage is known
 */
void stage_table_write(const struct stage_table *table, struct text *text);

/**
 * stage_words - what a person reads as the stage's name
 */
const char *stage_words(enum stage stage);

void stage_table_release(struct stage_table *table);

#endif
