/* SPDX-License-Identifier: MIT */
/*
 * Opens that outlive their frame: kept until another frame continues them.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

struct put_off *put_off_new(struct frame *frame)
{
	size_t len = frame->call.path.len;
	struct put_off *made = calloc(1, sizeof(*made) + len + 1);

	if (!made)
		return NULL;
	frame->is_returned = false;
	made->call = frame->call;
	made->scope = frame->scope;
	memcpy(made->start_epoch, frame->start_epoch, sizeof(made->start_epoch));
	memcpy(made->path, frame->path, len);
	made->call.path.data = made->path;
	made->call.resolved = made->call.dir = (struct bytes){ NULL, 0 };
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
