/* SPDX-License-Identifier: MIT */
/*
 * When it is time to say how far something is. The line itself is message_progress().
 */
#include "util/progress.h"

#include "util/clock.h"

#define AFTER 1.0
#define EACH  0.2

void progress_start(struct progress *progress)
{
	progress->started = seconds_now();
	progress->shown = 0;
}

bool progress_is_due(struct progress *progress)
{
	double at = seconds_now();

	if (at - progress->started < AFTER || at - progress->shown < EACH)
		return false;
	progress->shown = at;
	return true;
}

double progress_seconds(const struct progress *progress)
{
	return seconds_now() - progress->started;
}
