/* SPDX-License-Identifier: MIT */
/*
 * The tree: for each name its lifetimes, for each of these the opens with their hops, and under
 * each what it proves. Only the line of a relation ends with the word of a verdict.
 */
#include "tree.h"
#include "common.h"

#include <errno.h>
#include <stdlib.h>

#include "render/path.h"
#include "util/escape.h"

static void write_quoted(struct text *text, const struct bytes *bytes)
{
	text_char(text, '"');
	escape_c(text, bytes->data, bytes->len);
	text_char(text, '"');
}

static void write_name_string(struct tree *tree, const struct name *name)
{
	const struct bytes *bytes = name->path.data ? &name->path : &name->component;
	struct text *text = &tree->text;

	if (name->path.data)
		TEXT(text, "name string = ");
	else
		TEXT(text, "component = ");
	tree_style(tree, STYLE_NAME);
	write_quoted(text, bytes);
	tree_plain(tree);
	if (!name->path.data)
		TEXT(text, " (no open passed a path)");
	text_char(text, '\n');
	for (size_t i = 0; i < name->path_count; i++) {
		if (bytes_are_equal(&name->paths[i], &name->path))
			continue;
		TEXT(text, "also passed as ");
		write_quoted(text, &name->paths[i]);
		text_char(text, '\n');
	}
	if (name->paths_dropped)
		TEXT(text, "also passed in further spellings that were not kept\n");
}

/* Where that is not what the program passed. */
static void write_path(struct tree *tree, const struct name *name)
{
	const struct shown_path path = name_shown_path(name);
	struct text *text = &tree->text;

	if (path.resolved.data && bytes_are_equal(&path.resolved, &name->path))
		return;
	TEXT(text, "path ");
	if (path.resolved.data) {
		path_write_bytes(text, &path.resolved);
		if (path_write_links(text, &path, " ("))
			TEXT(text, ")");
	} else {
		path_write(text, &(struct shown_path){ .passed = name->component });
		TEXT(text, " (the rest is not known)");
	}
	text_char(text, '\n');
}

static void write_identity(struct tree *tree, const struct name *name)
{
	struct text *text = &tree->text;

	if (!tree->options->verbose)
		return;
	TEXT(text, "component ");
	write_quoted(text, &name->component);
	if (!name->has_dir) {
		TEXT(text, " of an unknown directory\n");
		return;
	}
	TEXT(text, " in the directory with inode ");
	text_u64(text, name->dir_ino);
	TEXT(text, " on device ");
	text_dev(text, name->dev);
	text_char(text, '\n');
}

/* How a lifetime began and ended, in words that go on after "dentry 0x…". */
static const char *const born_words[] = {
	[BORN_NOT] = "",
	[BORN_TRACED] = ", born traced",
	[BORN_BEFORE] = ", born before the trace",
	[BORN_UNTRACED] = ", born untraced",
	[BORN_UNKNOWN] = ", birth unknown",
};

static const char *const storage_words[] = {
	[STORAGE_UNKNOWN] = "",
	[STORAGE_INLINE] = " name inline",
	[STORAGE_EXTERNAL] = " name external",
};

static const char *const end_words[] = {
	[END_ALIVE] = ", alive",	   [END_EVICTED] = ", ended evicted",
	[END_DELETED] = ", ended deleted", [END_UNHASHED] = ", ended unhashed",
	[END_RENAMED] = ", ended renamed", [END_UNKNOWN] = ", end unknown",
};

static void write_end(struct text *text, const struct lifetime *lifetime)
{
	text_str(text, end_words[lifetime->end]);
	if (lifetime->end != END_ALIVE && lifetime->end != END_UNKNOWN && lifetime->end_tid) {
		TEXT(text, " by ");
		tree_task(text, lifetime->end_comm, lifetime->end_tid);
	}
}

static void write_life(struct text *text, const struct lifetime *lifetime)
{
	TEXT(text, ": dentry ");
	text_addr(text, lifetime->dentry);
	text_str(text, born_words[lifetime->born]);
	if (lifetime->born_tid) {
		TEXT(text, " by ");
		tree_task(text, lifetime->born_comm, lifetime->born_tid);
	}
	write_end(text, lifetime);
}

/* How its name was stored and whether it was negative, on the same line if that has room. */
static void write_state(struct text *text, const struct lifetime *lifetime, size_t column)
{
	const char *storage = storage_words[lifetime->storage];
	const char *negative = lifetime->negative == IS_TRUE ? " negative" : "";
	size_t columns = strlen(storage) + strlen(negative);

	if (!columns)
		return;
	TEXT(text, ",");
	if (column + columns + 2 > TREE_COLUMNS)
		TEXT(text, "\n ");
	text_str(text, storage);
	if (*storage && *negative)
		TEXT(text, ",");
	text_str(text, negative);
}

static void write_lifetime(struct tree *tree, const struct name *name,
			   const struct lifetime *lifetime)
{
	struct text *text = &tree->scratch;

	text->len = 0;
	TEXT(text, "lifetime ");
	text_u64(text, (uint64_t)lifetime->index + 1);
	TEXT(text, " of ");
	text_u64(text, name->lifetime_count + name->lifetimes_dropped);
	if (lifetime->dentry) {
		write_life(text, lifetime);
		write_state(text, lifetime, text->len);
	} else {
		TEXT(text, ": no dentry was seen");
	}
	text_char(text, '\n');
	text_bytes(&tree->text, text->data, text->len);
}

static void write_group_heading(struct tree *tree, const struct hop_group *group)
{
	struct text *text = &tree->text;

	if (group->start->open) {
		TEXT(text, "open ");
		text_u64(text, group->start->open);
		TEXT(text, " by ");
	} else {
		TEXT(text, "outside of an open, by ");
	}
	tree_task(text, group->start->comm, group->start->tid);
	if (tree->options->shows_times && !tree->options->clock.only_orders) {
		TEXT(text, ", at ");
		times_plain(text, &tree->times, group->start->ts);
	}
	if (group->start->open && tree_is_incomplete(tree, group->start->open))
		TEXT(text, ", incomplete: not all of it was seen");
	text_char(text, '\n');
}

static void write_hops_dropped(struct text *text, const struct hop_list *hops)
{
	TEXT(text, "… ");
	text_u64(text, hops->dropped);
	TEXT(text, " hops of this lifetime were not kept\n");
}

static int write_lifetime_trees(struct tree *tree, const struct name *name,
				const struct lifetime *lifetime)
{
	const struct hop_list *hops = &lifetime->hops;
	bool is_gap_due = hops->dropped != 0;
	int ret = shape_make(&tree->shape, lifetime);

	if (ret)
		return ret;
	write_lifetime(tree, name, lifetime);
	for (size_t i = 0; i < tree->shape.group_count; i++) {
		const struct hop_group *group = &tree->shape.groups[i];

		if (group->is_folded)
			continue;
		if (is_gap_due && group->begin >= hops->count / 2) {
			write_hops_dropped(&tree->text, hops);
			is_gap_due = false;
		}
		write_group_heading(tree, group);
		tree_group(tree, lifetime, group);
		if (group->start->open)
			tree_relations(tree, name, lifetime->index, group->start->open);
		tree_fold(tree, name, lifetime, i);
	}
	if (is_gap_due)
		write_hops_dropped(&tree->text, hops);
	tree_relations(tree, name, lifetime->index, 0);
	return 0;
}

static int reset_shown(struct tree *tree, size_t count)
{
	if (count > tree->is_shown_room) {
		bool *grown = realloc(tree->is_shown, count * sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		tree->is_shown = grown;
		tree->is_shown_room = count;
	}
	for (size_t i = 0; i < count; i++)
		tree->is_shown[i] = false;
	return 0;
}

static int write_lifetimes(struct tree *tree, const struct name *name)
{
	for (size_t i = 0; i < name->lifetime_count; i++) {
		int ret;

		if (name->lifetimes_dropped && i == name->lifetime_count / 2) {
			TEXT(&tree->text, "… ");
			text_u64(&tree->text, name->lifetimes_dropped);
			TEXT(&tree->text, " lifetimes of this name were not kept\n");
		}
		ret = write_lifetime_trees(tree, name, name->lifetimes[i]);
		if (ret)
			return ret;
	}
	return 0;
}

static int tree_name(struct renderer *renderer, const struct name *name)
{
	struct tree *tree = renderer->state;
	int ret = reset_shown(tree, name->relation_count);

	if (ret)
		return ret;
	tree->names++;
	tree_end_calls(tree);
	write_name_string(tree, name);
	write_path(tree, name);
	write_identity(tree, name);
	ret = write_lifetimes(tree, name);
	if (ret)
		return ret;
	tree_relations_rest(tree, name);
	text_char(&tree->text, '\n');
	return text_flush(&tree->text);
}

/* Nothing is shown yet: the open's hops come with its names. */
static int tree_open(struct renderer *renderer, const struct open_call *open)
{
	struct tree *tree = renderer->state;

	if (open->complete)
		return 0;
	if (tree->incomplete_count < MAX_INCOMPLETE)
		tree->incomplete[tree->incomplete_count] = open->id;
	tree->incomplete_count++;
	return 0;
}

static int tree_loss(struct renderer *renderer, const struct loss *loss)
{
	struct tree *tree = renderer->state;

	render_loss(&tree->text, tree->options, loss);
	return text_flush(&tree->text);
}

static int tree_summary(struct renderer *renderer, const struct chain_summary *summary)
{
	struct tree *tree = renderer->state;
	const struct shown_counts seen = { true, tree->names, tree->incomplete_count };

	tree_end_calls(tree);
	render_totals(&tree->text, summary, &seen);
	renderer->is_long = true;
	return text_flush(&tree->text);
}

static int tree_start(struct renderer *renderer)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	if (!tree)
		return -ENOMEM;
	text_init(&tree->text, renderer->out);
	tree->options = &renderer->options;
	tree->times = times_of(&renderer->options);
	renderer->state = tree;
	return 0;
}

static void tree_release(struct renderer *renderer)
{
	struct tree *tree = renderer->state;

	if (!tree)
		return;
	shape_release(&tree->shape);
	free(tree->is_shown);
	free(tree);
}

const struct render_format render_tree = {
	.name = "tree",
	.claims_first = true,
	.start = tree_start,
	.open = tree_open,
	.path_call = tree_call,
	.name_done = tree_name,
	.loss = tree_loss,
	.summary = tree_summary,
	.release = tree_release,
};
