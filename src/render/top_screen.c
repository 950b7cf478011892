/* SPDX-License-Identifier: MIT */
/*
 * A period as lines for a screen of a given size: what is in all, then programs, directories and
 * stages in the room that there is, and the keys.
 */
#include "top.h"
#include "common.h"

#include <inttypes.h>
#include <string.h>

#include "util/clock.h"
#include "util/columns.h"
#include "util/escape.h"

#define STAGES_NEED  20 /* rows: on a smaller screen only programs and directories are shown */
#define COUNT_WIDTH  8
#define TIME_WIDTH   11
#define IN_WIDTH     12
#define NAME_LEAST   12
#define MOST_COLUMNS 4096
#define NAME_BYTES   8192 /* of a longer name only the end can be shown */

/* The orders of rows, the key of each, and the column that shows it. */
static const struct {
	char key;
	const char *word;
	enum top_column column;
} orders[TOP_ORDER_NR] = {
	[TOP_BY_OPENS] = { 'o', "opens", TOP_OPENS },
	[TOP_BY_FAILED] = { 'f', "failed", TOP_FAILED },
	[TOP_BY_MISSES] = { 'm', "misses", TOP_MISSES },
	[TOP_BY_MADE] = { 'n', "made", TOP_MADE },
	[TOP_BY_SLOWEST] = { 's', "slowest", TOP_SLOWEST },
};

/* What is being written, and how many lines there is room for. */
struct screen {
	struct top *top;
	size_t columns;
	size_t left;
};

enum top_order top_order_of(char key)
{
	int order = 0;

	while (order < TOP_ORDER_NR && orders[order].key != key)
		order++;
	return (enum top_order)order;
}

static void end_line(struct screen *screen)
{
	struct text *line = &screen->top->line;

	if (screen->left) {
		columns_shorten(&screen->top->text, line->data, line->len, screen->columns);
		text_char(&screen->top->text, '\n');
		screen->left--;
	}
	line->len = 0;
}

static void write_head(struct screen *screen, const struct top_period *period)
{
	const uint64_t *all = screen->top->all;
	struct text *line = &screen->top->line;

	text_format(line,
		    "%.1f s: %" PRIu64 " opens, %" PRIu64 " failed, %" PRIu64 " misses, %" PRIu64
		    " negative dentries made, ",
		    (double)(period->to - period->from) / (double)NS_PER_SECOND, all[TOP_OPENS],
		    all[TOP_FAILED], all[TOP_MISSES], all[TOP_MADE]);
	if (screen->top->doubts)
		text_format(line, "%" PRIu64 " by unknown users, ", screen->top->doubts);
	if (period->losses)
		text_format(line, "%" PRIu64 " losses", period->losses);
	else
		TEXT(line, "nothing lost");
	end_line(screen);
}

static size_t name_width(const struct screen *screen)
{
	const size_t others = (TOP_ORDER_NR - 1) * COUNT_WIDTH + TIME_WIDTH + IN_WIDTH;

	return screen->columns > others + NAME_LEAST ? screen->columns - others : NAME_LEAST;
}

/* In at most this many columns. Return: how many it takes. */
static size_t write_within(struct screen *screen, const char *name, size_t len, size_t columns)
{
	struct text *line = &screen->top->line, *scratch = &screen->top->scratch;
	size_t skipped = len > NAME_BYTES ? len - NAME_BYTES : 0, start = line->len;

	scratch->len = 0;
	escape_c(scratch, name + skipped, len - skipped);
	columns_shorten(line, scratch->data, scratch->len, columns);
	return columns_of(line->data + start, line->len - start);
}

static void write_name(struct screen *screen, const char *name, size_t len)
{
	size_t width = name_width(screen);

	text_spaces(&screen->top->line, width - write_within(screen, name, len, width));
}

static void write_heading(struct screen *screen, const char *title)
{
	struct text *line = &screen->top->line;

	write_name(screen, title, strlen(title));
	for (int i = 0; i < TOP_ORDER_NR; i++)
		text_format(line, "%*s", i == TOP_BY_SLOWEST ? TIME_WIDTH : COUNT_WIDTH,
			    orders[i].word);
	TEXT(line, "  in");
	end_line(screen);
}

static void write_row(struct screen *screen, const struct bytes *name, const uint64_t *counts)
{
	struct text *line = &screen->top->line;
	enum stage stage = (enum stage)counts[TOP_STAGE];
	char slowest[NS_SIZE] = "-";

	write_name(screen, name->data, name->len);
	for (int i = 0; i < TOP_BY_SLOWEST; i++)
		text_format(line, "%*" PRIu64, COUNT_WIDTH, counts[orders[i].column]);
	if (counts[TOP_SLOWEST])
		format_ns(slowest, counts[TOP_SLOWEST]);
	text_format(line, "%*s  %s", TIME_WIDTH, slowest,
		    stage == STAGE_NONE ? "-" : stage_name(stage));
	end_line(screen);
}

/* What did not fit into the table is in a row of its own. */
static void write_table(struct screen *screen, struct tallies *tallies, const char *title,
			size_t rows, enum top_order order)
{
	static const struct bytes others = { "(others)", 8 }, unknown = { "(unknown)", 9 };
	bool has_others = tallies->others.counts[TOP_OPENS] || tallies->others.counts[TOP_MADE];

	write_heading(screen, title);
	tallies_sort(tallies, orders[order].column);
	for (size_t i = 0; i + 1 < rows; i++) {
		const struct tally *tally = i < tallies->count ? tallies->rows[i] : NULL;

		if (!tally)
			end_line(screen);
		else if (has_others && i + 2 == rows)
			write_row(screen, &others, tallies->others.counts);
		else
			write_row(screen, tally->key.len ? &tally->key : &unknown, tally->counts);
	}
}

static void write_stage(struct screen *screen, enum stage stage)
{
	const struct stage_row *row = &screen->top->stages.rows[stage];
	const size_t taken = name_width(screen) + COUNT_WIDTH + 2 * TIME_WIDTH;
	struct text *line = &screen->top->line;
	char all[NS_SIZE], slowest[NS_SIZE];

	format_ns(all, row->latency.sum);
	format_ns(slowest, row->latency.max);
	write_name(screen, stage_words(stage), strlen(stage_words(stage)));
	text_format(line, "%*" PRIu64 "%*s%*s  ", COUNT_WIDTH, row->latency.count, TIME_WIDTH, all,
		    TIME_WIDTH, slowest);
	if (screen->columns > taken + 2)
		write_within(screen, row->slowest, row->slowest_len, screen->columns - taken - 2);
	end_line(screen);
}

static size_t count_stages(const struct top *top)
{
	size_t count = 0;

	for (int i = STAGE_NONE + 1; i < STAGE_NR; i++)
		count += top->stages.rows[i].latency.count != 0;
	return count;
}

static void write_stages(struct screen *screen)
{
	struct text *line = &screen->top->line;

	write_name(screen, "where the time goes", strlen("where the time goes"));
	text_format(line, "%*s%*s%*s  at", COUNT_WIDTH, "opens", TIME_WIDTH, "in all", TIME_WIDTH,
		    "slowest");
	end_line(screen);
	for (int i = STAGE_NONE + 1; i < STAGE_NR; i++) {
		if (screen->top->stages.rows[i].latency.count)
			write_stage(screen, (enum stage)i);
	}
}

static void write_keys(struct screen *screen, enum top_order order)
{
	struct text *line = &screen->top->line;

	TEXT(line, "order:");
	for (int i = 0; i < TOP_ORDER_NR; i++)
		text_format(line, i == (int)order ? " [%c %s]" : "  %c %s ", orders[i].key,
			    orders[i].word);
	TEXT(line, "  q quits");
	end_line(screen);
}

int top_screen(struct top *top, FILE *out, const struct top_period *period, struct top_size size,
	       enum top_order order)
{
	const size_t stages = size.rows >= STAGES_NEED ? count_stages(top) : 0;
	const size_t stage_lines = stages ? stages + 1 : 0;
	const size_t fixed = 2 + stage_lines; /* the head and the keys */
	struct screen screen = {
		.top = top,
		.columns = size.columns < MOST_COLUMNS ? size.columns : MOST_COLUMNS,
		.left = size.rows,
	};
	size_t rows = size.rows > fixed ? size.rows - fixed : 0;

	text_init(&top->text, out);
	top->line.len = 0;
	write_head(&screen, period);
	write_table(&screen, &top->programs, "program", rows / 2, order);
	write_table(&screen, &top->directories, "directory", rows - rows / 2, order);
	if (stage_lines)
		write_stages(&screen);
	while (screen.left > 1)
		end_line(&screen);
	write_keys(&screen, order);
	return text_flush(&top->text);
}

int top_end(struct top *top, FILE *out, const struct chain_summary *summary)
{
	static const struct shown_counts none;

	text_init(&top->text, out);
	render_totals(&top->text, summary, &none);
	return text_flush(&top->text);
}
