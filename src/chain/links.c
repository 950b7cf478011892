/* SPDX-License-Identifier: MIT */
/*
 * The links that a walk followed, as an open tells them: their paths, and of their bodies what the
 * walk looked up.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LINKS 2048 /* bytes; what does not fit is left out */

static const char unknown[] = "…/";

static void add(struct frame *frame, const char *text, size_t len)
{
	memcpy(frame->links + frame->links_len, text, len);
	frame->links_len += len;
}

/* The text before the first component that was looked up; nothing else is known of it. */
static const char *beginning(const struct task *task, const struct pending *lookup)
{
	const struct directory *root = task->root;

	if (lookup->parent == task->frame->step.parent)
		return "";
	return root && is_in_directory(root, &lookup->identity) ? "/" : unknown;
}

int link_follow(const struct correlator *c, struct task *task, const struct pending *lookup,
		const struct record *record)
{
	struct frame *frame = task->frame;
	const struct tracked_name *name = life_name(frame->step.life);
	const char *before = beginning(task, lookup), *why;
	struct bytes path;
	size_t size;

	if (frame_make_room(frame))
		return -ENOMEM;
	path = path_of_name(c, task, name, frame->resolved, &why);
	if (!path.data)
		path = name->pub.component;
	size = path.len + strlen(before) + record->str_len + sizeof(unknown) + 2;
	if (!frame->links)
		frame->links = malloc(MAX_LINKS);
	if (!frame->links)
		return -ENOMEM;
	if (frame->links_len + size > MAX_LINKS)
		return 0;
	if (path.data[0] != '/')
		add(frame, unknown, sizeof(unknown) - 1);
	add(frame, path.data, path.len);
	add(frame, "", 1);
	add(frame, before, strlen(before));
	add(frame, record->str, record->str_len);
	add(frame, "", 1);
	frame->call.links = (struct bytes){ frame->links, frame->links_len };
	return 0;
}
