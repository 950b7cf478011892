/* SPDX-License-Identifier: MIT */
/*
 * From chains to rows. Never keeps a chain.
 */
#include "model.h"

#include <errno.h>
#include <stdlib.h>

int viewer_new(const struct render_options *options, struct viewer **view)
{
	struct viewer *made = calloc(1, sizeof(*made));

	if (!made)
		return -ENOMEM;
	made->options = *options;
	made->page.options = &made->options;
	made->page.times = times_of(&made->options);
	text_init(&made->page.scratch, NULL);
	text_init(&made->scratch, NULL);
	made->opens.strings = &made->strings;
	made->opens.page = &made->page;
	made->negatives.strings = &made->strings;
	made->folders.strings = &made->strings;
	if (view_opens_start(&made->opens, &made->scratch)) {
		viewer_free(made);
		return -ENOMEM;
	}
	*view = made;
	return 0;
}

static int take_open(void *context, const struct open_call *open)
{
	struct viewer *view = context;
	const struct user_filter *users = &view->options.filters.users;
	int ret;

	view->taken++;
	if (!user_filter_has(users, open->has_uid, open->uid))
		return 0;
	view->doubts += user_filter_doubts(users, open->has_uid);
	ret = view_opens_add(&view->opens, open, &view->scratch);
	return ret ? ret : view_folders_add(&view->folders, open, &view->scratch);
}

static int take_name(void *context, const struct name *name)
{
	struct viewer *view = context;

	return view_negatives_add(&view->negatives, name, &view->options.filters.users,
				  &view->scratch);
}

static int take_summary(void *context, const struct chain_summary *summary)
{
	struct viewer *view = context;
	struct view_strings *strings = &view->strings;
	int ret;

	view->totals = summary->totals;
	view_strings_settle(strings);
	ret = view_table_init(&view->tables[VIEW_OPENS], &view_kind_opens, &view->opens,
			      view->opens.count, strings);
	if (!ret)
		ret = view_table_init(&view->tables[VIEW_NEGATIVES], &view_kind_negatives,
				      &view->negatives, view->negatives.count, strings);
	if (!ret)
		ret = view_table_init(&view->tables[VIEW_FOLDERS], &view_kind_folders,
				      &view->folders, view->folders.count, strings);
	return ret;
}

struct chain_sink viewer_sink(struct viewer *view)
{
	return (struct chain_sink){
		.open = take_open,
		.name = take_name,
		.summary = take_summary,
		.context = view,
		.ignores_relations = true,
	};
}

uint64_t viewer_doubts(const struct viewer *view)
{
	return view->doubts + view->negatives.doubts;
}

uint32_t view_find_open(const struct viewer *view, uint64_t id)
{
	for (uint32_t row = 0; row < view->opens.count; row++) {
		if (view->opens.rows[row].id == id)
			return row;
	}
	return VIEW_NO_ROW;
}

void viewer_free(struct viewer *view)
{
	if (!view)
		return;
	for (int i = 0; i < VIEW_LISTS; i++)
		view_table_release(&view->tables[i]);
	view_opens_release(&view->opens);
	view_negatives_release(&view->negatives);
	view_folders_release(&view->folders);
	view_strings_release(&view->strings);
	free(view);
}
