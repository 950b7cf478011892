/* SPDX-License-Identifier: MIT */
/*
 * A path call among the trees: one line, for it has no chain. It comes when the call returned, and
 * so before the trees.
 */
#include "tree.h"

#include "render/path.h"
#include "render/words.h"

static void write_result(struct text *text, const struct open_call *call)
{
	const char *name =
		call->has_result && call->result < 0 ? errno_name((int)-call->result) : NULL;

	if (!call->has_result)
		TEXT(text, "result not seen");
	else if (name)
		text_str(text, name);
	else
		text_s64(text, call->result);
}

int tree_call(struct renderer *renderer, const struct open_call *call)
{
	const struct shown_path path = open_shown_path(call);
	struct tree *tree = renderer->state;
	struct text *text = &tree->text;

	text_format(text, "%s ", call_name(call->call));
	text_u64(text, call->id);
	TEXT(text, " by ");
	tree_task(text, call->comm, call->tid);
	if (tree->options->shows_times && !tree->options->clock.only_orders) {
		TEXT(text, ", at ");
		times_plain(text, &tree->times, call->ts);
	}
	TEXT(text, ": ");
	path_write_all(text, &path);
	TEXT(text, ": ");
	write_result(text, call);
	text_format(text, ", cache %s", cache_name(call->cache));
	if (call->cache_why)
		text_format(text, " (%s)", call->cache_why);
	text_str(text, call->complete ? "\n" : ", incomplete: not all of it was seen\n");
	tree->has_calls = true;
	return text_flush(text);
}

void tree_end_calls(struct tree *tree)
{
	if (tree->has_calls)
		text_char(&tree->text, '\n');
	tree->has_calls = false;
}
