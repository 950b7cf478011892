/* SPDX-License-Identifier: MIT */
/*
 * The end of an open: what its frame proves is stated, its paths are found, and it is handed out.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>

/* The path of the directory where the walk began, if a lookup showed it. */
static int resolve_start(const struct correlator *c, struct task *task)
{
	struct frame *frame = task->frame;
	struct open_call *call = &frame->call;

	if (!frame->start)
		return 0;
	if (frame_make_room(frame))
		return -ENOMEM;
	call->dir = path_of_start(c, task, frame->resolved + RESOLVED_SIZE, &call->dir_why);
	return 0;
}

int frame_close(struct correlator *c, struct task *task)
{
	struct frame *frame = task->frame;
	int ret = resolve_start(c, task);

	step_leave(frame);
	cache_answer(c, frame);
	frame->call.complete = frame->call.has_latency && !frame->call.has_unseen_path &&
			       !frame_has_loss(c, frame);
	for (size_t i = 0; i < frame->evidence_count && !ret; i++)
		ret = relate_open(c, frame, &frame->evidence[i]);
	frame->evidence_count = 0;
	crossings_forget(c, frame);
	frame->is_active = false;
	return ret;
}

/* The links are those of the spelling that the name is shown by. */
static bool is_shown_spelling(const struct frame *frame, const struct name *name)
{
	return !name->path.data || (name->path.len == frame->call.path.len &&
				    !memcmp(name->path.data, frame->path, frame->call.path.len));
}

int frame_resolve(const struct correlator *c, struct task *task, struct tracked_name *name)
{
	struct open_call *call = &task->frame->call;
	bool is_shown = is_shown_spelling(task->frame, &name->pub);

	if (frame_make_room(task->frame))
		return -ENOMEM;
	call->resolved = path_of_name(c, task, name, task->frame->resolved, &call->resolved_why);
	return name_resolve(name, &call->resolved, is_shown ? &call->links : NULL);
}

int frame_resolve_directory(const struct correlator *c, struct task *task,
			    const struct directory *dir)
{
	struct open_call *call = &task->frame->call;

	if (frame_make_room(task->frame))
		return -ENOMEM;
	call->resolved =
		path_of_directory(c, task, dir, task->frame->resolved, &call->resolved_why);
	return 0;
}

static int emit_path_call(struct correlator *c, const struct open_call *call)
{
	c->totals.path_calls++;
	return c->options.sink.path_call ? c->options.sink.path_call(c->options.sink.context, call)
					 : 0;
}

int frame_emit(struct correlator *c, struct task *task)
{
	struct frame *frame = task->frame;
	struct open_call *call = &frame->call;

	frame->is_returned = false;
	call->path.data = frame->path;
	user_tell(c, task);
	if (frame->is_path_call)
		return emit_path_call(c, call);
	if (call->call != CALL_KERNEL) {
		c->totals.opens++;
		c->totals.caches[call->cache]++;
	}
	/* An open that was tried again has the stages of its last attempt. */
	if (!frame->is_continued && !frame_has_loss(c, frame))
		stages_tell(c, task, call);
	if (!c->options.sink.open)
		return 0;
	return c->options.sink.open(c->options.sink.context, call);
}
