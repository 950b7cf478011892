/* SPDX-License-Identifier: MIT */
/*
 * How far something is that lasts: one line on the terminal that is written over. It is for the
 * person who waits: nothing shows it if stderr is no terminal, or with -q.
 */
#ifndef FTOPEN_UTIL_PROGRESS_H
#define FTOPEN_UTIL_PROGRESS_H

#include <stdbool.h>

/**
 * struct progress - when the work began and when the line was last written, in seconds
 */
struct progress {
	double started, shown;
};

/**
 * progress_start - the work begins; the line waits for a second, because most work is done by then
 */
void progress_start(struct progress *progress);

/**
 * progress_is_due - whether it is time to write the line
 */
bool progress_is_due(struct progress *progress);

/**
 * progress_seconds - how long the work has lasted
 */
double progress_seconds(const struct progress *progress);

#endif
