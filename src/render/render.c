/* SPDX-License-Identifier: MIT */
/*
 * A renderer: one output in one format, after the filters. Writes nothing itself.
 */
#include "render/render.h"
#include "common.h"
#include "negatives.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/glob.h"

static bool is_match(const char *glob, const struct bytes *text)
{
	return text->data && glob_match(glob, strlen(glob), text->data, text->len);
}

bool is_path_match(const char *glob, const struct bytes *path)
{
	const char *slash = path->data ? memrchr(path->data, '/', path->len) : NULL;
	struct bytes last = { NULL, 0 };

	if (slash)
		last = (struct bytes){ slash + 1, path->len - (size_t)(slash + 1 - path->data) };
	return is_match(glob, path) || is_match(glob, &last);
}

static bool is_glob_match(const char *glob, const struct name *name)
{
	if (is_match(glob, &name->component) || is_match(glob, &name->path) ||
	    is_match(glob, &name->resolved))
		return true;
	for (size_t i = 0; i < name->path_count; i++) {
		if (is_match(glob, &name->paths[i]))
			return true;
	}
	return false;
}

static bool any_hop(const struct name *name, bool (*test)(const struct hop *hop))
{
	for (size_t i = 0; i < name->lifetime_count; i++) {
		const struct hop_list *hops = &name->lifetimes[i]->hops;

		for (size_t j = 0; j < hops->count; j++) {
			if (test(&hops->items[j]))
				return true;
		}
	}
	return false;
}

static bool is_failed_open(const struct hop *hop)
{
	return hop->kind == HOP_FILE && hop->err;
}

static bool is_negative_hit(const struct hop *hop)
{
	return hop->kind == HOP_LOOKUP && hop->has_addr && hop->negative == IS_TRUE;
}

static bool has_negative(const struct name *name)
{
	for (size_t i = 0; i < name->lifetime_count; i++) {
		if (name->lifetimes[i]->negative == IS_TRUE)
			return true;
	}
	return any_hop(name, is_negative_hit);
}

/* Dentries that other calls than opens left in the cache are shown on request. */
static bool is_made_negative(const struct name *name)
{
	for (size_t i = 0; i < name->lifetime_count; i++) {
		if (negative_maker(name->lifetimes[i]))
			return true;
	}
	return false;
}

bool is_name_shown(const struct render_options *options, const struct name *name)
{
	if (!name->is_requested && !options->filters.components &&
	    !(options->filters.negative && is_made_negative(name)))
		return false;
	if (options->filters.failed && !any_hop(name, is_failed_open))
		return false;
	if (options->filters.negative && !has_negative(name))
		return false;
	return !options->filters.name_glob || is_glob_match(options->filters.name_glob, name);
}

bool is_open_shown(const struct render_options *options, const struct open_call *open)
{
	if (options->filters.failed && !(open->has_result && open->result < 0))
		return false;
	if (options->filters.negative && open->cache != CACHE_NEGATIVE)
		return false;
	return !options->filters.name_glob ||
	       is_path_match(options->filters.name_glob, &open->path) ||
	       is_path_match(options->filters.name_glob, &open->resolved);
}

int renderer_init(struct renderer *renderer, const struct render_format *format, FILE *out,
		  const struct render_options *options)
{
	*renderer = (struct renderer){ .format = format, .options = *options, .out = out };
	renderer->options.filters.components |= format->counts_all;
	return format->start ? format->start(renderer) : 0;
}

void renderer_release(struct renderer *renderer)
{
	if (renderer->format && renderer->format->release)
		renderer->format->release(renderer);
	free(renderer->selected.words);
	*renderer = (struct renderer){ 0 };
}

static int sink_open(void *context, const struct open_call *open)
{
	struct renderer *renderer = context;
	int ret = select_open(renderer, open);

	if (ret <= 0)
		return ret;
	if (!renderer->format->open || !is_open_shown(&renderer->options, open))
		return 0;
	return renderer->format->open(renderer, open);
}

static int sink_path_call(void *context, const struct open_call *call)
{
	struct renderer *renderer = context;
	int ret = select_open(renderer, call);

	if (ret <= 0)
		return ret;
	if (!renderer->format->path_call || !is_open_shown(&renderer->options, call))
		return 0;
	return renderer->format->path_call(renderer, call);
}

static int sink_name(void *context, const struct name *name)
{
	struct renderer *renderer = context;

	if (!renderer->format->name_done || !is_name_shown(&renderer->options, name) ||
	    !is_name_selected(renderer, name))
		return 0;
	return renderer->format->name_done(renderer, name);
}

static int sink_loss(void *context, const struct loss *loss)
{
	struct renderer *renderer = context;

	return renderer->format->loss ? renderer->format->loss(renderer, loss) : 0;
}

/* The last word: only now a full disk or a closed pipe is sure to have shown itself. */
static int sink_summary(void *context, const struct chain_summary *summary)
{
	struct renderer *renderer = context;
	int ret = 0;

	if (renderer->format->summary)
		ret = renderer->format->summary(renderer, summary);
	if (!ret && fflush(renderer->out))
		ret = -errno;
	return ret;
}

struct chain_sink renderer_sink(struct renderer *renderer)
{
	return (struct chain_sink){
		.open = sink_open,
		.path_call = sink_path_call,
		.name = sink_name,
		.loss = sink_loss,
		.summary = sink_summary,
		.context = renderer,
		.ignores_relations = renderer->format->ignores_relations,
	};
}
