/* SPDX-License-Identifier: MIT */
/*
 * What `ftopen top` shows of each period: programs and directories by their opens, and where the
 * time goes, as a screen or as a line of JSON. In bounded memory; knows no terminal and no clock.
 */
#ifndef FTOPEN_RENDER_TOP_H
#define FTOPEN_RENDER_TOP_H

#include <stdio.h>

#include "chain/open.h"
#include "chain/summary.h"
#include "pages/clock.h"
#include "util/user_filter.h"

enum top_order {
	TOP_BY_OPENS,
	TOP_BY_FAILED,
	TOP_BY_MISSES,
	TOP_BY_MADE,
	TOP_BY_SLOWEST,
	TOP_ORDER_NR
};

struct top;

/**
 * struct top_period - what the counts are of
 * @from, @to: times of the trace clock, in nanoseconds
 * @losses: that became known in it
 */
struct top_period {
	uint64_t from, to;
	uint64_t losses;
};

/**
 * struct top_size - of the screen; no line is wider, and there are no more lines
 */
struct top_size {
	size_t rows, columns;
};

/**
 * top_new - counts of what @users lets through
 *
 * Return: NULL when out of memory; ends with top_free().
 */
struct top *top_new(const struct user_filter *users);

void top_free(struct top *top);

/**
 * top_open, top_negative - count an open, or a dentry that a traced task made negative
 *
 * Return: 0 or -ENOMEM.
 */
int top_open(struct top *top, const struct open_call *open);
int top_negative(struct top *top, const struct name *name, const struct lifetime *lifetime);

/**
 * top_doubts - how many of these count though it is not known whether their user should
 */
uint64_t top_doubts(const struct top *top);

/**
 * top_next - forget the counts: another period begins
 */
void top_next(struct top *top);

/**
 * top_order_of - the order that the key @key asks for; TOP_ORDER_NR for none
 */
enum top_order top_order_of(char key);

/**
 * top_screen - write the period's lines, each ended by a newline, those with most in @order first
 *
 * Return: 0 or a negative errno of the stream.
 */
int top_screen(struct top *top, FILE *out, const struct top_period *period, struct top_size size,
	       enum top_order order);

/**
 * top_json - write the period as one line of JSON
 * @clock: says where the wall clock is, which the line's times are of
 *
 * Return: as top_screen().
 */
int top_json(struct top *top, FILE *out, const struct top_period *period,
	     const struct trace_clock *clock);

/**
 * top_end, top_json_end - write the totals, after the last screen or line
 *
 * Only now all losses are known. Return: as top_screen().
 */
int top_end(struct top *top, FILE *out, const struct chain_summary *summary);
int top_json_end(struct top *top, FILE *out, const struct chain_summary *summary);

#endif
