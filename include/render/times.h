/* SPDX-License-Identifier: MIT */
/*
 * How times are written.
 */
#ifndef FTOPEN_RENDER_TIMES_H
#define FTOPEN_RENDER_TIMES_H

#include "render/render.h"
#include "util/text.h"

/**
 * struct times - what times are written like, and the one before
 * @before: 0 for none
 */
struct times {
	const struct trace_clock *clock;
	enum render_times shown;
	uint64_t before;
};

static inline struct times times_of(const struct render_options *options)
{
	return (struct times){ .clock = &options->clock, .shown = options->times };
}

/**
 * times_seconds - write time @ts as seconds with nine decimals; not for a clock without times
 */
void times_seconds(struct text *text, struct times *times, uint64_t ts);

/**
 * times_plain - write time @ts: seconds with six decimals, the time of day for TIMES_WALL, or "-"
 * by a clock without times
 */
void times_plain(struct text *text, struct times *times, uint64_t ts);

/**
 * times_column - times_plain() in TIMES_WIDTH columns
 */
#define TIMES_WIDTH 15
void times_column(struct text *text, struct times *times, uint64_t ts);

#endif
