/* SPDX-License-Identifier: MIT */
/*
 * The kernel's text of a CPU's counts as numbers.
 */
#include "pages/cpu_stats.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static uint64_t stat_value(const char *text, const char *key)
{
	const char *at = strstr(text, key);
	uint64_t value;

	if (!at || sscanf(at + strlen(key), ": %" SCNu64, &value) != 1)
		return LOSS_UNKNOWN;
	return value;
}

void cpu_stats_parse(const char *text, struct cpu_stats *stats)
{
	stats->entries = stat_value(text, "entries");
	stats->overrun = stat_value(text, "\noverrun");
	stats->commit_overrun = stat_value(text, "commit overrun");
	stats->dropped = stat_value(text, "dropped events");
	stats->read_events = stat_value(text, "read events");
}

uint64_t cpu_stats_unreported(const struct cpu_stats *stats)
{
	if (stats->commit_overrun == LOSS_UNKNOWN || stats->dropped == LOSS_UNKNOWN)
		return LOSS_UNKNOWN;
	/* A broken file may say anything; but a loss it is. */
	if (stats->commit_overrun >= LOSS_UNKNOWN - stats->dropped)
		return LOSS_UNKNOWN - 1;
	return stats->commit_overrun + stats->dropped;
}

uint64_t cpu_stats_lost(const struct cpu_stats *stats)
{
	return add_counts(cpu_stats_unreported(stats), stats->entries);
}
