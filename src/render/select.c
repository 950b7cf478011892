/* SPDX-License-Identifier: MIT */
/*
 * Which opens are selected, by the time at which they began and by their task, and which names with
 * them. Totals count all opens.
 */
#include "common.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WORD_BITS 64
#define MIN_WORDS 64

static bool selects(const struct render_options *options)
{
	const struct render_filters *filters = &options->filters;

	return options->since || options->until || filters->pid_count || filters->users.is_set ||
	       comm_filter_is_set(&filters->comms);
}

static bool is_of_pids(const struct render_filters *filters, const struct open_call *open)
{
	for (size_t i = 0; i < filters->pid_count; i++) {
		if (filters->pids[i] == open->tid || filters->pids[i] == open->tgid)
			return true;
	}
	return !filters->pid_count;
}

static bool passes(const struct render_options *options, const struct open_call *open)
{
	const struct render_filters *filters = &options->filters;

	if (open->ts < options->since || (options->until && open->ts > options->until))
		return false;
	if (!comm_filter_has(&filters->comms, open->comm))
		return false;
	if (!user_filter_has(&filters->users, open->has_uid, open->uid))
		return false;
	return is_of_pids(filters, open);
}

static int make_room(struct selected *selected, size_t words)
{
	size_t room = selected->room ? selected->room : MIN_WORDS;
	uint64_t *grown;

	while (room < words)
		room *= 2;
	if (room == selected->room)
		return 0;
	grown = realloc(selected->words, room * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	memset(grown + selected->room, 0, (room - selected->room) * sizeof(*grown));
	selected->words = grown;
	selected->room = room;
	return 0;
}

int select_open(struct renderer *renderer, const struct open_call *open)
{
	struct selected *selected = &renderer->selected;
	size_t word = (size_t)(open->id / WORD_BITS);
	int ret;

	if (!selects(&renderer->options))
		return 1;
	if (!passes(&renderer->options, open))
		return 0;
	selected->unknown += user_filter_doubts(&renderer->options.filters.users, open->has_uid);
	ret = make_room(selected, word + 1);
	if (ret)
		return ret;
	selected->words[word] |= UINT64_C(1) << (open->id % WORD_BITS);
	return 1;
}

static bool has_selected(const struct selected *selected, const struct hop_list *hops)
{
	for (size_t i = 0; i < hops->count; i++) {
		uint64_t id = hops->items[i].open;

		if (id / WORD_BITS < selected->room &&
		    selected->words[id / WORD_BITS] >> (id % WORD_BITS) & 1)
			return true;
	}
	return false;
}

bool is_name_selected(const struct renderer *renderer, const struct name *name)
{
	if (!selects(&renderer->options))
		return true;
	for (size_t i = 0; i < name->lifetime_count; i++) {
		if (has_selected(&renderer->selected, &name->lifetimes[i]->hops))
			return true;
	}
	return false;
}
