/* SPDX-License-Identifier: MIT */
/*
 * The default format on a terminal: trees if there are few names, the list if there are many. Which
 * of them it is shows only at the end; until then both are made.
 */
#include "render/render.h"

#include <errno.h>
#include <stdlib.h>

#define MAX_TREES 12

/**
 * struct automatic - both formats
 * @trees: what the tree wrote, in @file; NULL once there are too many names
 */
struct automatic {
	struct renderer list;
	struct renderer tree;
	FILE *file;
	char *trees;
	size_t size;
	uint64_t names;
};

static void drop_trees(struct automatic *automatic)
{
	if (!automatic->file)
		return;
	renderer_release(&automatic->tree);
	fclose(automatic->file);
	free(automatic->trees);
	automatic->file = NULL;
	automatic->trees = NULL;
}

static int auto_open(struct renderer *renderer, const struct open_call *open)
{
	struct automatic *automatic = renderer->state;
	int ret = render_list.open(&automatic->list, open);

	return ret || !automatic->file ? ret : render_tree.open(&automatic->tree, open);
}

/* Trees have no place for it. */
static int auto_path_call(struct renderer *renderer, const struct open_call *call)
{
	struct automatic *automatic = renderer->state;

	drop_trees(automatic);
	return render_list.path_call(&automatic->list, call);
}

static int auto_name(struct renderer *renderer, const struct name *name)
{
	struct automatic *automatic = renderer->state;

	if (++automatic->names > MAX_TREES)
		drop_trees(automatic);
	return automatic->file ? render_tree.name_done(&automatic->tree, name) : 0;
}

static int auto_loss(struct renderer *renderer, const struct loss *loss)
{
	struct automatic *automatic = renderer->state;
	struct renderer *list = &automatic->list;

	return automatic->file ? render_tree.loss(&automatic->tree, loss)
			       : render_list.loss(list, loss);
}

static int auto_summary(struct renderer *renderer, const struct chain_summary *summary)
{
	struct automatic *automatic = renderer->state;
	int ret;

	if (!automatic->file)
		return render_list.summary(&automatic->list, summary);
	ret = render_tree.summary(&automatic->tree, summary);
	if (!ret && fflush(automatic->file))
		ret = -errno;
	if (!ret && fwrite(automatic->trees, 1, automatic->size, renderer->out) != automatic->size)
		ret = -errno;
	renderer->is_long = true;
	return ret;
}

static void auto_release(struct renderer *renderer)
{
	struct automatic *automatic = renderer->state;

	if (!automatic)
		return;
	drop_trees(automatic);
	renderer_release(&automatic->list);
	free(automatic);
	renderer->state = NULL;
}

static int auto_start(struct renderer *renderer)
{
	struct automatic *automatic = calloc(1, sizeof(*automatic));
	int ret;

	if (!automatic)
		return -ENOMEM;
	renderer->state = automatic;
	automatic->file = open_memstream(&automatic->trees, &automatic->size);
	ret = automatic->file ? 0 : -ENOMEM;
	if (!ret)
		ret = renderer_init(&automatic->tree, &render_tree, automatic->file,
				    &renderer->options);
	if (!ret)
		ret = renderer_init(&automatic->list, &render_list, renderer->out,
				    &renderer->options);
	if (ret)
		auto_release(renderer);
	return ret;
}

const struct render_format render_auto = {
	.name = "auto",
	.claims_first = true,
	.start = auto_start,
	.open = auto_open,
	.path_call = auto_path_call,
	.name_done = auto_name,
	.loss = auto_loss,
	.summary = auto_summary,
	.release = auto_release,
};
