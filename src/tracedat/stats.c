/* SPDX-License-Identifier: MIT */
/*
 * The kernel's counts in a file, one text for each CPU of one buffer after the other, and the lines
 * that ftopen puts behind them. Decides nothing.
 */
#include "read_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pages/cpu_stats.h"
#include "tracedat/write.h"

static int add_lost(struct dat *dat, int cpu, uint64_t count)
{
	struct dat_lost *grown = realloc(dat->lost, (dat->lost_nr + 1) * sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	dat->lost = grown;
	grown[dat->lost_nr++] = (struct dat_lost){ dat->stats_scope, cpu, count };
	return 0;
}

/* "CPU: N\nentries: N\noverrun: N\n…" */
static int take_cpu(struct dat *dat, const char *text)
{
	struct cpu_stats stats;
	uint64_t count;
	int cpu;

	cpu_stats_parse(text, &stats);
	count = cpu_stats_untold(&stats);
	if (sscanf(text, "CPU: %d", &cpu) != 1 || cpu < 0 || cpu >= MAX_CPUS ||
	    count == LOSS_UNKNOWN) {
		dat->has_strange_stats = true;
		return 0;
	}
	dat->stats_count[dat->stats_scope]++;
	dat->info.overrun = add_counts(dat->info.overrun, stats.overrun);
	return count ? add_lost(dat, cpu, count) : 0;
}

/* "\nBuffer: NAME\n\n" stands before the counts of every buffer but the main one. */
static bool take_name(struct dat *dat, const char *text)
{
	char name[256];

	if (sscanf(text, "\nBuffer: %255[^\n]", name) != 1)
		return false;
	dat->stats_scope = buffer_scope(name);
	return true;
}

int take_stats(struct dat *dat, struct cursor *cursor, uint32_t size)
{
	char *text;
	int ret = cursor_text(cursor, size, &text);

	if (ret)
		return ret;
	if (strstr(text, DAT_PROBES)) {
		keep(&dat->extras, text);
		return 0;
	}
	if (!take_name(dat, text))
		ret = take_cpu(dat, text);
	free(text);
	return ret;
}
