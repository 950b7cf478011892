/* SPDX-License-Identifier: MIT */
/*
 * Opens that outlive their frame: kept until another frame continues them.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* Its frame is another open's soon: @text is kept at @room, which ends after it then. */
static void keep(struct bytes *text, char **room)
{
	if (!text->data)
		return;
	memcpy(*room, text->data, text->len);
	text->data = *room;
	*room += text->len + 1;
}

struct put_off *put_off_new(struct frame *frame)
{
	const struct open_call *call = &frame->call;
	size_t room = call->path.len + call->resolved.len + call->dir.len + call->links.len + 4;
	struct put_off *made = calloc(1, sizeof(*made) + room);
	char *at;

	if (!made)
		return NULL;
	frame->is_returned = false;
	made->call = *call;
	made->scope = frame->scope;
	memcpy(made->start_epoch, frame->start_epoch, sizeof(made->start_epoch));
	at = made->texts;
	keep(&made->call.path, &at);
	keep(&made->call.resolved, &at);
	keep(&made->call.dir, &at);
	keep(&made->call.links, &at);
	return made;
}

bool put_off_has_loss(const struct correlator *c, const struct put_off *open)
{
	return open->start_epoch[SCOPE_TASK] != c->epoch[SCOPE_TASK] ||
	       (open->scope == SCOPE_ANY && open->start_epoch[SCOPE_ANY] != c->epoch[SCOPE_ANY]);
}

void put_off_go_on(struct correlator *c, struct frame *frame, struct put_off *open)
{
	c->next_open = frame->call.id;
	frame->is_continued = true;
	frame->call.id = open->call.id;
	frame->call.ts = open->call.ts;
	memcpy(frame->call.comm, open->call.comm, COMM_SIZE);
	memcpy(frame->start_epoch, open->start_epoch, sizeof(frame->start_epoch));
	free(open);
}

int put_off_emit(struct correlator *c, struct put_off *open)
{
	int ret = 0;

	c->totals.opens++;
	c->totals.caches[open->call.cache]++;
	if (c->options.sink.open)
		ret = c->options.sink.open(c->options.sink.context, &open->call);
	free(open);
	return ret;
}

int put_off_abandon(struct correlator *c, struct put_off *open)
{
	open->call.has_result = false;
	open->call.has_latency = false;
	open->call.complete = false;
	return put_off_emit(c, open);
}
