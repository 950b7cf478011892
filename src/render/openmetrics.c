/* SPDX-License-Identifier: MIT */
/*
 * OpenMetrics, for programs that collect metrics from files: opens, negative dentries and latencies
 * by program and directory. Of so many of these at most, the rest together; never an address.
 */
#include "render/render.h"
#include "common.h"
#include "render/expect_results.h"
#include "negatives.h"
#include "render/path.h"
#include "tally.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "util/escape.h"

#define SHOWN_ROWS 200
#define KEY_SIZE   4352 /* a path, a comm and a NUL between */
#define OTHERS	   "(others)\0(others)"

/* Opens in the bucket took this long or less; the words are those of the format. */
static const struct {
	uint64_t ns;
	const char *seconds;
} buckets[] = {
	{ 1000, "1e-06" },     { 2500, "2.5e-06" },   { 5000, "5e-06" },     { 10000, "1e-05" },
	{ 25000, "2.5e-05" },  { 50000, "5e-05" },    { 100000, "0.0001" },  { 250000, "0.00025" },
	{ 500000, "0.0005" },  { 1000000, "0.001" },  { 2500000, "0.0025" }, { 5000000, "0.005" },
	{ 10000000, "0.01" },  { 25000000, "0.025" }, { 50000000, "0.05" },  { 100000000, "0.1" },
	{ 250000000, "0.25" }, { 500000000, "0.5" },  { 1000000000, "1.0" }, { UINT64_MAX, "+Inf" },
};

#define BUCKET_NR (sizeof(buckets) / sizeof(buckets[0]))

enum metrics_column {
	COLUMN_WEIGHT, /* opens, and negative dentries made: the heaviest are shown */
	COLUMN_CACHES,
	COLUMN_FAILED = COLUMN_CACHES + CACHE_NR,
	COLUMN_MADE,
	COLUMN_KEPT,
	COLUMN_SUM, /* nanoseconds */
	COLUMN_BUCKETS,
	COLUMN_NR = COLUMN_BUCKETS + BUCKET_NR
};

_Static_assert(COLUMN_NR <= TALLY_COLUMNS, "a tally has a count for every column");

struct openmetrics {
	struct text text;
	struct text scratch; /* never flushed */
	struct tallies rows; /* by directory and program, with a NUL between */
};

/* --- counting --------------------------------------------------------------------------------- */

static struct tally *row_of(struct openmetrics *metrics, const struct shown_path *path,
			    const char *comm)
{
	struct bytes whole = path_bytes(&metrics->scratch, path);
	struct bytes directory = path_directory(&whole);
	size_t comm_len = strnlen(comm, COMM_SIZE);
	struct bytes key;
	char text[KEY_SIZE];

	directory.len -= directory.len > 1;
	if (!directory.len || directory.len > sizeof(text) - COMM_SIZE - 1)
		directory = (struct bytes){ "(unknown)", sizeof("(unknown)") - 1 };
	memcpy(text, directory.data, directory.len);
	text[directory.len] = '\0';
	memcpy(text + directory.len + 1, comm, comm_len);
	key = (struct bytes){ text, directory.len + 1 + comm_len };
	return tallies_get(&metrics->rows, &key);
}

static void count_latency(struct tally *row, uint64_t ns)
{
	size_t i = 0;

	while (ns > buckets[i].ns)
		i++;
	row->counts[COLUMN_BUCKETS + i]++;
	row->counts[COLUMN_SUM] += ns;
}

static int count_open(struct renderer *renderer, const struct open_call *open)
{
	const struct shown_path path = open_shown_path(open);
	struct tally *row;

	if (open->call == CALL_KERNEL)
		return 0;
	row = row_of(renderer->state, &path, open->comm);
	if (!row)
		return -ENOMEM;
	row->counts[COLUMN_WEIGHT]++;
	row->counts[COLUMN_CACHES + open->cache]++;
	row->counts[COLUMN_FAILED] += open->has_result && open->result < 0;
	if (open->has_latency)
		count_latency(row, open->latency_ns);
	return 0;
}

static int count_name(struct renderer *renderer, const struct name *name)
{
	const struct shown_path path = name_shown_path(name);

	for (size_t i = 0; i < name->lifetime_count; i++) {
		const struct hop *maker = negative_maker(name->lifetimes[i]);
		struct tally *row;

		if (!maker)
			continue;
		row = row_of(renderer->state, &path, maker->comm);
		if (!row)
			return -ENOMEM;
		row->counts[COLUMN_WEIGHT]++;
		row->counts[COLUMN_MADE]++;
		row->counts[COLUMN_KEPT] += negative_end(name->lifetimes[i]) == NEGATIVES_KEPT;
	}
	return 0;
}

/* --- writing ---------------------------------------------------------------------------------- */

static void write_value(struct openmetrics *metrics, const char *data, size_t len)
{
	text_char(&metrics->text, '"');
	escape_c_within(&metrics->text, &metrics->scratch, &quoting_by_backslash, data, len);
	text_char(&metrics->text, '"');
}

struct label {
	const char *name;
	const char *value;
};

/* A sample's name and labels; @further is one more, NULL for none. */
static void begin_sample(struct openmetrics *metrics, const char *name, const struct bytes *key,
			 const struct label *further)
{
	size_t directory = strlen(key->data);
	struct text *text = &metrics->text;

	text_str(text, name);
	TEXT(text, "{program=");
	write_value(metrics, key->data + directory + 1, key->len - directory - 1);
	TEXT(text, ",directory=");
	write_value(metrics, key->data, directory);
	if (further)
		text_format(text, ",%s=\"%s\"", further->name, further->value);
	TEXT(text, "} ");
}

static void write_sample(struct openmetrics *metrics, const char *name, const struct bytes *key,
			 const struct label *further, uint64_t value)
{
	begin_sample(metrics, name, key, further);
	text_u64(&metrics->text, value);
	text_char(&metrics->text, '\n');
}

static void write_caches(struct openmetrics *metrics, const struct tally *row)
{
	for (int i = 0; i < CACHE_NR; i++) {
		const struct label cache = { "cache", cache_name((enum cache)i) };
		uint64_t count = row->counts[COLUMN_CACHES + i];

		if (count)
			write_sample(metrics, "ftopen_opens_total", &row->key, &cache, count);
	}
}

static void write_failed(struct openmetrics *metrics, const struct tally *row)
{
	if (row->counts[COLUMN_FAILED])
		write_sample(metrics, "ftopen_failed_opens_total", &row->key, NULL,
			     row->counts[COLUMN_FAILED]);
}

static void write_made(struct openmetrics *metrics, const struct tally *row)
{
	if (row->counts[COLUMN_MADE])
		write_sample(metrics, "ftopen_negative_dentries_made_total", &row->key, NULL,
			     row->counts[COLUMN_MADE]);
}

static void write_kept(struct openmetrics *metrics, const struct tally *row)
{
	if (row->counts[COLUMN_MADE])
		write_sample(metrics, "ftopen_negative_dentries_kept", &row->key, NULL,
			     row->counts[COLUMN_KEPT]);
}

static void write_latency(struct openmetrics *metrics, const struct tally *row)
{
	uint64_t count = 0;

	for (size_t i = 0; i < BUCKET_NR; i++)
		count += row->counts[COLUMN_BUCKETS + i];
	if (!count)
		return;
	count = 0;
	for (size_t i = 0; i < BUCKET_NR; i++) {
		const struct label at_most = { "le", buckets[i].seconds };

		count += row->counts[COLUMN_BUCKETS + i];
		write_sample(metrics, "ftopen_open_latency_seconds_bucket", &row->key, &at_most,
			     count);
	}
	write_sample(metrics, "ftopen_open_latency_seconds_count", &row->key, NULL, count);
	begin_sample(metrics, "ftopen_open_latency_seconds_sum", &row->key, NULL);
	text_seconds(&metrics->text, row->counts[COLUMN_SUM]);
	text_char(&metrics->text, '\n');
}

static const struct {
	const char *head;
	void (*write)(struct openmetrics *metrics, const struct tally *row);
} families[] = {
	{ "# TYPE ftopen_opens counter\n"
	  "# HELP ftopen_opens Opens, by what the directory cache had.\n",
	  write_caches },
	{ "# TYPE ftopen_failed_opens counter\n"
	  "# HELP ftopen_failed_opens Opens that failed.\n",
	  write_failed },
	{ "# TYPE ftopen_negative_dentries_made counter\n"
	  "# HELP ftopen_negative_dentries_made Negative dentries that came into the cache.\n",
	  write_made },
	{ "# TYPE ftopen_negative_dentries_kept gauge\n"
	  "# HELP ftopen_negative_dentries_kept How many of these were cached at the end.\n",
	  write_kept },
	{ "# TYPE ftopen_open_latency_seconds histogram\n"
	  "# UNIT ftopen_open_latency_seconds seconds\n"
	  "# HELP ftopen_open_latency_seconds From the entry to the return of the kernel's open.\n",
	  write_latency },
};

/* The heaviest rows first; what is after the last one that is shown goes to @rest. */
static void fold_rest(struct openmetrics *metrics, struct tally *rest)
{
	*rest = metrics->rows.others;
	rest->key = (struct bytes){ OTHERS, sizeof(OTHERS) - 1 };
	tallies_sort(&metrics->rows, COLUMN_WEIGHT);
	for (size_t i = SHOWN_ROWS; i < metrics->rows.count; i++) {
		for (int column = 0; column < COLUMN_NR; column++)
			rest->counts[column] += metrics->rows.rows[i]->counts[column];
	}
}

static void write_totals(struct text *text, const struct chain_totals *totals)
{
	text_format(text,
		    "# TYPE ftopen_records counter\n"
		    "# HELP ftopen_records Records of the kernel.\n"
		    "ftopen_records_total %" PRIu64 "\n"
		    "# TYPE ftopen_losses counter\n"
		    "# HELP ftopen_losses Gaps in these records.\n"
		    "ftopen_losses_total %" PRIu64 "\n",
		    totals->records, totals->losses);
	TEXT(text, "# EOF\n");
}

static int write_all_metrics(struct renderer *renderer, const struct chain_summary *summary)
{
	struct openmetrics *metrics = renderer->state;
	struct tally rest;

	fold_rest(metrics, &rest);
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		text_str(&metrics->text, families[i].head);
		for (size_t j = 0; j < metrics->rows.count && j < SHOWN_ROWS; j++)
			families[i].write(metrics, metrics->rows.rows[j]);
		families[i].write(metrics, &rest);
	}
	write_totals(&metrics->text, &summary->totals);
	return text_flush(&metrics->text);
}

static int start(struct renderer *renderer)
{
	struct openmetrics *metrics = calloc(1, sizeof(*metrics));

	if (!metrics)
		return -ENOMEM;
	text_init(&metrics->text, renderer->out);
	text_init(&metrics->scratch, NULL);
	renderer->state = metrics;
	return 0;
}

static void release(struct renderer *renderer)
{
	struct openmetrics *metrics = renderer->state;

	if (!metrics)
		return;
	tallies_release(&metrics->rows);
	free(metrics);
}

const struct render_format render_openmetrics = {
	.name = "openmetrics",
	.claims_aside = true,
	.counts_all = true,
	.ignores_relations = true,
	.is_published = true,
	.start = start,
	.open = count_open,
	.name_done = count_name,
	.summary = write_all_metrics,
	.release = release,
};
