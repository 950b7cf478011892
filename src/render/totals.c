/* SPDX-License-Identifier: MIT */
/*
 * Losses and totals in words, for the formats that people read. In lower case: no line of these
 * ends in a verdict.
 */
#include "common.h"

#include "util/escape.h"

static void write_span(struct text *text, const struct render_options *options,
		       const struct loss *loss)
{
	struct times times = times_of(options);

	if (times.shown == TIMES_DELTA)
		times.shown = TIMES_TRACE;
	TEXT(text, ", between ");
	times_seconds(text, &times, loss->from);
	TEXT(text, " s and ");
	times_seconds(text, &times, loss->to);
	TEXT(text, " s");
}

static void write_lost(struct text *text, const struct loss *loss)
{
	if (loss->is_unselected) {
		TEXT(text, UNSELECTED);
		return;
	}
	if (loss->count == LOSS_UNKNOWN)
		TEXT(text, "an unknown number of");
	else
		text_u64(text, loss->count);
	text_str(text, loss->scope == SCOPE_TASK ? " records of the traced tasks"
						 : " records of evictions, unlinks and renames");
}

void render_loss(struct text *text, const struct render_options *options, const struct loss *loss)
{
	TEXT(text, "lost: ");
	write_lost(text, loss);
	if (loss->cpu >= 0) {
		TEXT(text, " on CPU ");
		text_s64(text, loss->cpu);
	}
	if (!options->clock.only_orders)
		write_span(text, options, loss);
	text_char(text, '\n');
}

static void write_count(struct text *text, uint64_t count, const char *one, const char *many)
{
	if (count == COUNT_UNKNOWN)
		TEXT(text, "unknown");
	else
		text_u64(text, count);
	text_char(text, ' ');
	text_str(text, count == 1 ? one : many);
}

/* What every trace has, and then what only this one has. */
static void write_caches(struct text *text, const uint64_t *caches)
{
	static const enum cache rest[] = { CACHE_CREATED, CACHE_STALE, CACHE_NONE, CACHE_UNREACHED,
					   CACHE_UNKNOWN };

	write_count(text, caches[CACHE_HIT], "hit, ", "hits, ");
	write_count(text, caches[CACHE_NEGATIVE], "negative hit, ", "negative hits, ");
	write_count(text, caches[CACHE_MISS], "miss, ", "misses, ");
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
		if (!caches[rest[i]])
			continue;
		write_count(text, caches[rest[i]], cache_name(rest[i]), cache_name(rest[i]));
		TEXT(text, ", ");
	}
}

static void write_opens(struct text *text, const struct chain_totals *totals,
			const struct shown_counts *seen)
{
	write_count(text, totals->opens, "open, ", "opens, ");
	if (totals->path_calls && totals->path_calls != COUNT_UNKNOWN)
		write_count(text, totals->path_calls, "path of another call, ",
			    "paths of other calls, ");
	write_count(text, totals->names, "name", "names");
	if (seen->has_names) {
		TEXT(text, " (");
		text_u64(text, seen->names);
		TEXT(text, " shown)");
	}
	TEXT(text, ": ");
	write_caches(text, totals->caches);
	write_count(text, totals->allocs, "alloc, ", "allocs, ");
	write_count(text, totals->evictions, "eviction\n", "evictions\n");
}

void text_verdicts(struct text *text, const uint64_t verdicts[VERDICT_NR])
{
	text_u64(text, verdicts[VERDICT_PASS]);
	TEXT(text, " pass, ");
	text_u64(text, verdicts[VERDICT_FAIL]);
	TEXT(text, " fail, ");
	text_u64(text, verdicts[VERDICT_UNKNOWN]);
	TEXT(text, " unknown\n");
}

static void write_losses(struct text *text, const struct chain_summary *summary)
{
	const struct chain_totals *totals = &summary->totals;

	write_count(text, totals->records, "record, ", "records, ");
	if (!totals->lost_is_known)
		TEXT(text, "how many were lost is unknown, ");
	else if (totals->lost)
		write_count(text, totals->lost, "lost, ", "lost, ");
	else
		TEXT(text, "none lost, ");
	if (!summary->has_missed_probes)
		TEXT(text, "how many hits the probes missed is unknown\n");
	else
		write_count(text, summary->missed_probes, "hit missed by a probe\n",
			    "hits missed by the probes\n");
}

/* Remarks that limit all of the above, if there are any. */
static void write_limits(struct text *text, const struct chain_totals *totals, uint64_t incomplete)
{
	if (incomplete)
		write_count(text, incomplete, "open is incomplete\n", "opens are incomplete\n");
	if (totals->pushed_out)
		write_count(text, totals->pushed_out,
			    "name was shown before the end, to keep memory small\n",
			    "names were shown before the end, to keep memory small\n");
}

/* A role without a probe: its hops are neither claimed nor denied. */
static void write_blind(struct text *text, const struct plan_entry *entry)
{
	if (entry->state != PROBE_REFUSED && entry->state != PROBE_SILENT)
		return;
	TEXT(text, "not seen here: ");
	text_str(text, role_name(entry->role));
	text_char(text, ' ');
	text_str(text, point_name(entry->point));
	TEXT(text, " (");
	text_str(text, probe_state_name(entry->state));
	if (entry->note) {
		TEXT(text, ": ");
		escape_c(text, entry->note, strlen(entry->note));
	}
	TEXT(text, ")\n");
}

/* A layout from BTF is not mentioned; a measured one is. */
static void write_layout(struct text *text, enum layout_source layout)
{
	if (layout == LAYOUT_UNKNOWN || layout == LAYOUT_BTF)
		return;
	TEXT(text, "layout of the kernel's structures: ");
	text_str(text, layout_source_name(layout));
	text_char(text, '\n');
}

void render_limits(struct text *text, const struct chain_summary *summary,
		   const struct shown_counts *seen)
{
	write_losses(text, summary);
	write_limits(text, &summary->totals, seen->incomplete);
	write_layout(text, summary->layout);
	for (size_t i = 0; i < summary->plan_count; i++)
		write_blind(text, &summary->plan[i]);
}

void render_totals(struct text *text, const struct chain_summary *summary,
		   const struct shown_counts *seen)
{
	write_opens(text, &summary->totals, seen);
	text_verdicts(text, summary->totals.verdicts);
	render_limits(text, summary, seen);
}
