/* SPDX-License-Identifier: MIT */
/*
 * One line per open as it happens, and the summary at the end.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"
#include "render/path.h"
#include "util/escape.h"

/* On a terminal the header comes again before it has left the screen. */
#define HEADER_EVERY 40

#define RED    "\033[31m"
#define YELLOW "\033[33m"
#define PLAIN  "\033[0m"

struct live_lines {
	struct text text;
	struct text scratch;
	struct renderer summary;
	struct times times;
	uint64_t lines;
};

static void write_header(struct live_lines *live, bool repeats)
{
	if (live->lines % HEADER_EVERY || (live->lines && !repeats))
		return;
	TEXT(&live->text, "           time comm                tid result        cache    walk"
			  "  latency us name\n");
}

static void write_result(struct text *text, const struct open_call *open)
{
	const char *name =
		open->has_result && open->result < 0 ? errno_name((int)-open->result) : NULL;

	if (!open->has_result)
		text_format(text, " %-13s", "?");
	else if (name)
		text_format(text, " %-13s", name);
	else
		text_format(text, " %-13" PRId64, open->result);
}

static void write_latency(struct text *text, const struct open_call *open)
{
	if (open->has_latency)
		text_format(text, " %11.1f ", (double)open->latency_ns / 1e3);
	else
		text_format(text, " %11s ", "?");
}

static const char *color_of(const struct open_call *open)
{
	if (open->has_result && open->result < 0)
		return RED;
	return open->cache == CACHE_MISS ? YELLOW : NULL;
}

/* The kernel's text, padded by its width on the terminal. */
static void write_comm(struct live_lines *live, const char *comm)
{
	struct text *scratch = &live->scratch;

	scratch->len = 0;
	escape_c(scratch, comm, strnlen(comm, COMM_SIZE));
	text_format(&live->text, " %-16.*s", (int)scratch->len, scratch->data);
}

static void write_line(struct live_lines *live, const struct open_call *open, const char *color)
{
	const struct shown_path path = open_shown_path(open);
	struct text *text = &live->text;

	times_column(text, &live->times, open->ts);
	write_comm(live, open->comm);
	text_format(text, " %6" PRId32, open->tid);
	if (color)
		text_str(text, color);
	write_result(text, open);
	text_format(text, " %-9s %-4s", cache_name(open->cache),
		    open->walk == WALK_UNKNOWN ? "?" : walk_name(open->walk));
	if (color)
		TEXT(text, PLAIN);
	write_latency(text, open);
	if (is_path_call(open->call))
		text_format(text, "%s: ", call_name(open->call));
	path_write_all(text, &path);
	text_str(text, open->complete ? "\n" : " (incomplete)\n");
}

static int show(struct renderer *renderer, const struct open_call *open)
{
	struct live_lines *live = renderer->state;
	bool has_color = renderer->options.color;
	int ret;

	write_header(live, has_color);
	write_line(live, open, has_color ? color_of(open) : NULL);
	live->lines++;
	ret = text_flush(&live->text);
	if (!ret && fflush(renderer->out))
		ret = -errno;
	return ret;
}

static int live_open(struct renderer *renderer, const struct open_call *open)
{
	struct live_lines *live = renderer->state;
	int ret = show(renderer, open);

	return ret ? ret : render_summary.open(&live->summary, open);
}

static int live_name(struct renderer *renderer, const struct name *name)
{
	struct live_lines *live = renderer->state;

	return render_summary.name_done(&live->summary, name);
}

static int live_loss(struct renderer *renderer, const struct loss *loss)
{
	struct live_lines *live = renderer->state;

	render_loss(&live->text, &renderer->options, loss);
	if (text_flush(&live->text))
		return live->text.error;
	return render_summary.loss(&live->summary, loss);
}

static int live_end(struct renderer *renderer, const struct chain_summary *summary)
{
	struct live_lines *live = renderer->state;

	TEXT(&live->text, "\n");
	if (text_flush(&live->text))
		return live->text.error;
	return render_summary.summary(&live->summary, summary);
}

static int live_start(struct renderer *renderer)
{
	struct live_lines *live = calloc(1, sizeof(*live));
	int ret;

	if (!live)
		return -ENOMEM;
	ret = renderer_init(&live->summary, &render_summary, renderer->out, &renderer->options);
	if (ret) {
		free(live);
		return ret;
	}
	text_init(&live->text, renderer->out);
	text_init(&live->scratch, NULL);
	live->times = times_of(&renderer->options);
	renderer->state = live;
	return 0;
}

static void live_release(struct renderer *renderer)
{
	struct live_lines *live = renderer->state;

	if (!live)
		return;
	renderer_release(&live->summary);
	free(live);
}

const struct render_format render_live = {
	.name = "live",
	.counts_all = true,
	.ignores_relations = true,
	.start = live_start,
	.open = live_open,
	.path_call = show,
	.name_done = live_name,
	.loss = live_loss,
	.summary = live_end,
	.release = live_release,
};
