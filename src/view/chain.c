/* SPDX-License-Identifier: MIT */
/*
 * The chain of one open: what the open itself says, its stages, and the trees of the names that it
 * came by, as report writes them. The recording is read again, so that no row has to keep a chain.
 */
#include "chain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#define TELL_EACH 4096 /* opens */

struct chain_reading {
	const struct view_chain *chain;
	struct renderer renderer;
	struct chain_sink trees;
	struct text text;
	uint64_t all;
	uint64_t opens;
	uint64_t names;
};

/* --- the open itself -------------------------------------------------------------------------- */

static uint64_t sum_of_stages(const struct open_call *open)
{
	uint64_t sum = 0;

	for (int i = STAGE_NONE + 1; i < STAGE_NR; i++)
		sum += has_stage(open, (enum stage)i) ? open->stage_ns[i] : 0;
	return sum;
}

static void write_stages(struct text *text, const struct open_call *open)
{
	double sum = (double)sum_of_stages(open);

	for (int i = STAGE_NONE + 1; i < STAGE_NR; i++) {
		double ns = (double)open->stage_ns[i];

		if (has_stage(open, (enum stage)i))
			text_format(text, "  %-12s%10.1f us%7.1f %%\n", stage_name((enum stage)i),
				    ns / 1e3, sum > 0 ? 100 * ns / sum : 0);
	}
	if (!open->stages)
		TEXT(text, "  where its time went is not known\n");
}

static void write_open(struct chain_reading *reading, const struct open_call *open)
{
	struct text *text = &reading->text;

	text_format(text, "asked by tid %" PRId32 "; the cache: %s", open->tid,
		    cache_name(open->cache));
	if (open->cache_why) {
		TEXT(text, ", ");
		text_str(text, open->cache_why);
	}
	text_char(text, '\n');
	write_stages(text, open);
	text_char(text, '\n');
}

static int take_open(void *context, const struct open_call *open)
{
	struct chain_reading *reading = context;
	const struct view_chain *chain = reading->chain;

	reading->opens++;
	if (reading->opens % TELL_EACH == 0 &&
	    !chain->goes_on(chain->context, (unsigned int)(100 * reading->opens / reading->all)))
		return -ECANCELED;
	if (open->id != chain->open)
		return 0;
	write_open(reading, open);
	text_flush(&reading->text);
	return reading->trees.open(reading->trees.context, open);
}

/* --- the names that it came by ---------------------------------------------------------------- */

static bool has_open(const struct name *name, uint64_t open)
{
	for (size_t i = 0; i < name->lifetime_count; i++) {
		const struct hop_list *hops = &name->lifetimes[i]->hops;

		for (size_t j = 0; j < hops->count; j++) {
			if (hops->items[j].open == open)
				return true;
		}
	}
	return false;
}

static int take_name(void *context, const struct name *name)
{
	struct chain_reading *reading = context;
	const struct view_chain *chain = reading->chain;

	if (!has_open(name, chain->open) || (!name->is_requested && !chain->components))
		return 0;
	reading->names++;
	return reading->trees.name(reading->trees.context, name);
}

static int take_summary(void *context, const struct chain_summary *summary)
{
	struct chain_reading *reading = context;

	(void)summary;
	if (!reading->names)
		TEXT(&reading->text, "No lookup of its own was recorded.\n");
	return text_flush(&reading->text);
}

static int read_into(const struct viewer *view, const struct view_source *source,
		     struct chain_reading *reading, FILE *out)
{
	struct render_options options = view->options;
	const struct chain_sink sink = {
		.open = take_open,
		.name = take_name,
		.summary = take_summary,
		.context = reading,
		.only_open = reading->chain->open,
	};
	int ret;

	options.explain = reading->chain->explains;
	options.filters.components = true;
	options.shows_since = !options.clock.only_orders;
	ret = renderer_init(&reading->renderer, &render_tree, out, &options);
	if (ret)
		return ret;
	reading->trees = renderer_sink(&reading->renderer);
	text_init(&reading->text, out);
	ret = source->read(source->context, &sink);
	renderer_release(&reading->renderer);
	return ret;
}

int view_chain_read(const struct viewer *view, const struct view_source *source,
		    const struct view_chain *chain, char **text)
{
	struct chain_reading *reading = calloc(1, sizeof(*reading));
	size_t size;
	FILE *out = open_memstream(text, &size);
	int ret = -ENOMEM;

	if (reading && out) {
		reading->chain = chain;
		reading->all = view->taken;
		ret = read_into(view, source, reading, out);
	}
	if (out && fclose(out) && !ret)
		ret = -ENOMEM;
	free(reading);
	if (!ret)
		return 0;
	if (out)
		free(*text);
	*text = NULL;
	return ret;
}
