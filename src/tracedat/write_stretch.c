/* SPDX-License-Identifier: MIT */
/*
 * One stretch of a recording: its counts are differences, and its lines say where it begins.
 */
#include "write_stretch.h"

#include <inttypes.h>
#include <stdlib.h>

static void print_count(FILE *out, const char *word, uint64_t count)
{
	if (count != LOSS_UNKNOWN)
		fprintf(out, "%s: %" PRIu64 "\n", word, count);
}

/* Nobody reads the rest of the last part. */
static uint64_t lost_at_end(const struct dat_stretch *stretch, uint64_t left)
{
	return stretch->part.until ? 0 : left;
}

char *stretch_stats(const struct dat_stretch *stretch, const struct instance *instance, int cpu)
{
	struct cpu_stats now, then = counts_mark_of(&stretch->before, instance, cpu);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fprintf(out, "CPU: %d\n", cpu);
	if (!instance_stats(instance, cpu, &now)) {
		print_count(out, "overrun", counts_since(then.overrun, now.overrun));
		print_count(out, "commit overrun",
			    counts_since(then.commit_overrun, now.commit_overrun));
		print_count(out, "dropped events",
			    add_counts(counts_since(then.dropped, now.dropped),
				       lost_at_end(stretch, now.entries)));
	}
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

void stretch_count(const struct dat_stretch *stretch, const struct session *session,
		   const struct planned *planned, uint64_t *hits, uint64_t *missed)
{
	uint64_t hits_then = 0, missed_then = 0;

	if (stretch->before.profile.events &&
	    profile_of(&stretch->before.profile, session, planned, &hits_then, &missed_then))
		hits_then = missed_then = LOSS_UNKNOWN;
	*hits = counts_since(hits_then, *hits);
	*missed = counts_since(missed_then, *missed);
}

void stretch_print(const struct dat_stretch *stretch, FILE *out)
{
	const struct dat_part *part = &stretch->part;

	fprintf(out, "part: %u %" PRIu64 " %" PRIu64 " %" PRId32 " %d\n", part->number, part->from,
		part->until, part->root, part->group_only);
	if (stretch->known)
		fputs(stretch->known, out);
}
