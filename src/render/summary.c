/* SPDX-License-Identifier: MIT */
/*
 * The summary: one screen that says who opens what, what the directory cache had, how long it
 * took, and who fills the cache with names that do not exist. Never shows a chain.
 */
#include "render/render.h"
#include "common.h"
#include "latency.h"
#include "negatives.h"
#include "render/path.h"
#include "stage_table.h"
#include "summary_head.h"
#include "summary_vain.h"
#include "tally.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "util/columns.h"
#include "util/escape.h"

#define SHOWN_ROWS   10
#define KEY_COLUMNS  19
#define NAME_UNKNOWN "(name unknown)"

enum summary_column {
	COLUMN_OPENS,
	COLUMN_FAILED,
	COLUMN_FAST,
	COLUMN_SLOW,
	COLUMN_NEGATIVE,
	COLUMN_MISSES,
	COLUMN_CREATED,
	COLUMN_ELSE,
	COLUMN_UNKNOWN,
	COLUMN_ALLOCS,
	COLUMN_EVICTIONS,
	COLUMN_MADE,
	COLUMN_KEPT,
	COLUMN_NR
};

_Static_assert(COLUMN_NR <= TALLY_COLUMNS, "a tally has a count for every column");

static const struct {
	const char *heading;
	int width;
} shown[COLUMN_NR] = {
	[COLUMN_OPENS] = { "opens", 6 },      [COLUMN_FAILED] = { "failed", 6 },
	[COLUMN_FAST] = { "fast", 5 },	      [COLUMN_SLOW] = { "slow", 5 },
	[COLUMN_NEGATIVE] = { "neg", 5 },     [COLUMN_MISSES] = { "miss", 5 },
	[COLUMN_CREATED] = { "new", 5 },      [COLUMN_ELSE] = { "else", 5 },
	[COLUMN_UNKNOWN] = { "?", 4 },	      [COLUMN_ALLOCS] = { "allocs", 6 },
	[COLUMN_EVICTIONS] = { "evicts", 6 }, [COLUMN_MADE] = { "made", 5 },
	[COLUMN_KEPT] = { "kept", 5 },
};

struct summary {
	struct text text;
	struct text scratch; /* never flushed */
	struct tallies programs;
	struct tallies directories;
	struct latency latency[CACHE_NR];
	struct stage_table stages;
	struct vain_names vain;
	struct negatives negatives;
	uint64_t lifetimes_dropped;
	struct head head;
	struct shown_counts seen;
};

static struct bytes comm_key(const char *comm)
{
	return (struct bytes){ comm, strlen(comm) };
}

/* It may stand in the scratch; "" where nothing is known of the path. */
static struct bytes directory_key(struct summary *summary, const struct shown_path *path)
{
	struct bytes whole = path_bytes(&summary->scratch, path);

	return path_directory(&whole);
}

/* Add to a program's and a directory's counts. */
static int count(struct summary *summary, const char *comm, const struct shown_path *path,
		 enum summary_column column)
{
	struct bytes program = comm_key(comm), directory = directory_key(summary, path);
	struct tally *by_program = tallies_get(&summary->programs, &program);
	struct tally *by_directory = tallies_get(&summary->directories, &directory);

	if (!by_program || !by_directory)
		return -ENOMEM;
	by_program->counts[column]++;
	by_directory->counts[column]++;
	return 0;
}

static enum summary_column outcome_column(const struct open_call *open)
{
	switch (open->cache) {
	case CACHE_NEGATIVE:
		return COLUMN_NEGATIVE;
	case CACHE_MISS:
		return COLUMN_MISSES;
	case CACHE_HIT:
		if (open->walk == WALK_RCU)
			return COLUMN_FAST;
		if (open->walk == WALK_REF)
			return COLUMN_SLOW;
		break;
	case CACHE_CREATED:
		return COLUMN_CREATED;
	case CACHE_STALE:
	case CACHE_NONE:
	case CACHE_UNREACHED:
		return COLUMN_ELSE;
	case CACHE_UNKNOWN:
	case CACHE_NR:
		break;
	}
	return COLUMN_UNKNOWN;
}

static int summary_open(struct renderer *renderer, const struct open_call *open)
{
	struct summary *summary = renderer->state;
	const struct shown_path path = open_shown_path(open);
	int ret = count(summary, open->comm, &path, COLUMN_OPENS);

	summary->seen.incomplete += !open->complete;
	head_open(&summary->head, open);
	if (!ret)
		ret = count(summary, open->comm, &path, outcome_column(open));
	if (!ret && open->has_result && open->result < 0)
		ret = count(summary, open->comm, &path, COLUMN_FAILED);
	if (open->has_latency)
		latency_add(&summary->latency[open->cache], open->latency_ns);
	return ret ? ret : stage_table_add(&summary->stages, open);
}

static const struct hop *find_hop(const struct lifetime *lifetime, enum hop_kind kind)
{
	for (size_t i = 0; i < lifetime->hops.count; i++) {
		if (lifetime->hops.items[i].kind == kind)
			return &lifetime->hops.items[i];
	}
	return NULL;
}

/* The columns of programs and directories; @summary->negatives has them by both. */
static int count_negative(struct summary *summary, const struct name *name,
			  const struct lifetime *lifetime)
{
	const struct shown_path path = name_shown_path(name);
	const struct hop *maker = negative_maker(lifetime);
	int ret = maker ? count(summary, maker->comm, &path, COLUMN_MADE) : 0;

	if (ret || !maker || negative_end(lifetime) != NEGATIVES_KEPT)
		return ret;
	return count(summary, maker->comm, &path, COLUMN_KEPT);
}

static int count_lifetime(struct summary *summary, const struct name *name,
			  const struct lifetime *lifetime)
{
	const struct shown_path path = name_shown_path(name);
	const struct hop *alloc = find_hop(lifetime, HOP_ALLOC);
	int ret = 0;

	if (alloc)
		ret = count(summary, alloc->comm, &path, COLUMN_ALLOCS);
	if (!ret && lifetime->end == END_EVICTED)
		ret = count(summary, lifetime->end_comm, &path, COLUMN_EVICTIONS);
	return ret ? ret : count_negative(summary, name, lifetime);
}

static int summary_name(struct renderer *renderer, const struct name *name)
{
	struct summary *summary = renderer->state;
	int ret;

	summary->lifetimes_dropped += name->lifetimes_dropped;
	for (size_t i = 0; i < name->lifetime_count; i++) {
		ret = count_lifetime(summary, name, name->lifetimes[i]);
		if (ret)
			return ret;
	}
	ret = negatives_add(&summary->negatives, name);
	return ret ? ret : vain_add(&summary->vain, name, &summary->scratch);
}

/* How wide it is in the output: escaped, a byte has four at most. What is longer is too wide. */
static size_t key_columns(struct text *scratch, const char *data, size_t len)
{
	if (len > TEXT_SIZE / 4)
		return KEY_COLUMNS;
	scratch->len = 0;
	escape_c(scratch, data, len);
	return columns_of(scratch->data, scratch->len);
}

/* A key of any length: one that is too long gets a line of its own. */
static void write_key(struct summary *summary, const char *data, size_t len)
{
	size_t columns = key_columns(&summary->scratch, data, len);

	escape_c(&summary->text, data, len);
	if (columns >= KEY_COLUMNS) {
		text_char(&summary->text, '\n');
		columns = 0;
	}
	text_spaces(&summary->text, KEY_COLUMNS - columns);
}

/* A number that is too wide moves what follows, and is never joined with it. */
static void write_counts(struct text *text, const uint64_t *counts)
{
	for (int i = 0; i < COLUMN_NR; i++)
		text_format(text, " %*" PRIu64, shown[i].width, counts[i]);
	text_char(text, '\n');
}

static void write_tally(struct summary *summary, const struct tally *tally, const char *empty)
{
	bool is_empty = !tally->key.len;

	write_key(summary, is_empty ? empty : tally->key.data,
		  is_empty ? strlen(empty) : tally->key.len);
	write_counts(&summary->text, tally->counts);
}

static void write_table(struct summary *summary, struct tallies *tallies, const char *title,
			const char *empty)
{
	struct tally rest = tallies->others;
	size_t hidden = 0;

	write_key(summary, title, strlen(title));
	for (int i = 0; i < COLUMN_NR; i++)
		text_format(&summary->text, " %*s", shown[i].width, shown[i].heading);
	text_char(&summary->text, '\n');
	tallies_sort(tallies, COLUMN_OPENS);
	for (size_t i = 0; i < tallies->count; i++) {
		if (i < SHOWN_ROWS) {
			write_tally(summary, tallies->rows[i], empty);
			continue;
		}
		hidden++;
		for (int j = 0; j < COLUMN_NR; j++)
			rest.counts[j] += tallies->rows[i]->counts[j];
	}
	if (hidden)
		write_tally(summary, &rest, "all others");
	text_char(&summary->text, '\n');
}

static void write_latency(struct text *text, const char *outcome, const struct latency *latency)
{
	char mean[NS_SIZE], half[NS_SIZE], most[NS_SIZE], max[NS_SIZE];

	format_ns(mean, latency->sum / latency->count);
	format_ns(half, latency_within(latency, 0.5));
	format_ns(most, latency_within(latency, 0.99));
	format_ns(max, latency->max);
	text_format(text, "%-10s%8" PRIu64 "%11s%11s%11s%11s  ", outcome, latency->count, mean,
		    half, most, max);
	latency_histogram(text, latency);
	text_char(text, '\n');
}

static void write_latencies(struct summary *summary)
{
	static const enum cache order[] = { CACHE_HIT,	     CACHE_NEGATIVE, CACHE_MISS,
					    CACHE_CREATED,   CACHE_STALE,    CACHE_NONE,
					    CACHE_UNREACHED, CACHE_UNKNOWN };
	struct text *text = &summary->text;

	text_format(text, "%-10s%8s%11s%11s%11s%11s  one block per doubling from %d ns\n",
		    "latency", "opens", "mean", "50% within", "99% within", "slowest",
		    LATENCY_FIRST_NS);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		const struct latency *latency = &summary->latency[order[i]];

		if (latency->count)
			write_latency(text, cache_name(order[i]), latency);
	}
	text_char(text, '\n');
}

static void write_negative(struct summary *summary)
{
	const uint64_t *counts = summary->negatives.counts;
	const struct tally *most = NULL;
	struct text *text = &summary->text;

	for (size_t i = 0; i < summary->programs.count; i++) {
		const struct tally *row = summary->programs.rows[i];

		if (!most || row->counts[COLUMN_MADE] > most->counts[COLUMN_MADE])
			most = row;
	}
	text_format(text,
		    "negative dentries: %" PRIu64 " made, %" PRIu64 " still cached at the end",
		    counts[NEGATIVES_MADE], counts[NEGATIVES_KEPT]);
	if (counts[NEGATIVES_UNKNOWN])
		text_format(text, ", %" PRIu64 " unknown", counts[NEGATIVES_UNKNOWN]);
	if (most && most->counts[COLUMN_MADE]) {
		TEXT(text, "; most by ");
		escape_c(text, most->key.data, most->key.len);
		text_format(text, "%s: %" PRIu64, most->key.len ? "" : NAME_UNKNOWN,
			    most->counts[COLUMN_MADE]);
	}
	text_char(text, '\n');
}

/* What the tables have is at most what the totals have. */
static void write_unnamed(struct summary *summary, const struct chain_totals *totals)
{
	const struct tallies *programs = &summary->programs;
	uint64_t named = programs->others.counts[COLUMN_ALLOCS];

	for (size_t i = 0; i < programs->count; i++)
		named += programs->rows[i]->counts[COLUMN_ALLOCS];
	if (totals->allocs == COUNT_UNKNOWN || totals->allocs <= named)
		return;
	text_format(&summary->text,
		    "%" PRIu64 " of %" PRIu64
		    " allocs were for names that were not seen: the tables lack them\n",
		    totals->allocs - named, totals->allocs);
}

/* What cannot be distinguished is said, not guessed. */
static void write_limits(struct summary *summary, const struct chain_totals *totals)
{
	if (!summary->lifetimes_dropped) {
		write_unnamed(summary, totals);
		return;
	}
	text_format(&summary->text,
		    "%" PRIu64
		    " lifetimes were not kept: allocs, evicts, made and kept lack them\n",
		    summary->lifetimes_dropped);
}

static int summary_loss(struct renderer *renderer, const struct loss *loss)
{
	struct summary *summary = renderer->state;

	return head_loss(&summary->head, loss);
}

static int summary_end(struct renderer *renderer, const struct chain_summary *end)
{
	struct summary *summary = renderer->state;

	head_write(&summary->text, &summary->head, &renderer->options, end);
	write_table(summary, &summary->programs, "program", NAME_UNKNOWN);
	write_table(summary, &summary->directories, "directory", "(path unknown)");
	write_latencies(summary);
	stage_table_write(&summary->stages, &summary->text);
	vain_write(&summary->vain, &summary->text);
	negatives_write(&summary->negatives, &summary->text);
	write_negative(summary);
	write_limits(summary, &end->totals);
	render_totals(&summary->text, end, &summary->seen);
	return text_flush(&summary->text);
}

static int summary_start(struct renderer *renderer)
{
	struct summary *summary = calloc(1, sizeof(*summary));

	if (!summary)
		return -ENOMEM;
	text_init(&summary->text, renderer->out);
	text_init(&summary->scratch, NULL);
	renderer->state = summary;
	return 0;
}

static void summary_release(struct renderer *renderer)
{
	struct summary *summary = renderer->state;

	if (!summary)
		return;
	vain_release(&summary->vain);
	head_release(&summary->head);
	stage_table_release(&summary->stages);
	negatives_release(&summary->negatives);
	tallies_release(&summary->programs);
	tallies_release(&summary->directories);
	free(summary);
}

const struct render_format render_summary = {
	.name = "summary",
	.counts_all = true,
	.ignores_relations = true,
	.start = summary_start,
	.open = summary_open,
	.name_done = summary_name,
	.loss = summary_loss,
	.summary = summary_end,
	.release = summary_release,
};
