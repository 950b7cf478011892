/* SPDX-License-Identifier: MIT */
/*
 * Requests of io_uring: if the submitter would have to wait in an open, a worker does it again.
 * Both attempts are one open. The request has one struct filename from its submission to its end.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_REQUESTS 4096
#define MAX_OWNERS   3 /* a worker, the thread that polls a ring, its maker */

/* The name of a worker that may wait (5.12 to 7.3): it leaves no request to others. */
#define WORKER_COMM "iou-wrk-"

static int32_t submitter_of(const struct correlator *c, const struct task *task)
{
	int32_t tid = task->tid;

	for (int i = 0; i < MAX_OWNERS && task && task->owner; i++) {
		tid = task->owner;
		task = task_find(c, tid);
	}
	return tid;
}

void request_name_submitter(const struct correlator *c, const struct task *task,
			    struct open_call *call)
{
	const struct task *submitter = task;

	if (task->owner) {
		call->tid = submitter_of(c, task);
		submitter = task_find(c, call->tid);
	}
	memcpy(call->comm, submitter ? submitter->comm : task->comm, COMM_SIZE);
}

bool request_is_put_off(const struct task *task, int64_t result)
{
	const struct frame *frame = task->frame;

	if (!frame->is_attempt || result != -EAGAIN || !frame->request)
		return false;
	return !task->owner || strncmp(task->comm, WORKER_COMM, strlen(WORKER_COMM)) != 0;
}

int request_abandon(struct correlator *c, struct put_off *request)
{
	map_remove(&c->requests, request->filename);
	return put_off_abandon(c, request);
}

static bool is_continued(const struct put_off *request, const struct task *task,
			 const struct record *record)
{
	return task->owner && request->call.tid == task->frame->call.tid &&
	       has_field(record, FIELD_STRING) && record->str_len == request->call.path.len &&
	       !memcmp(record->str, request->call.path.data, record->str_len);
}

int request_begin(struct correlator *c, struct task *task, const struct record *record)
{
	struct frame *frame = task->frame;
	struct put_off *request;

	frame->request = has_field(record, FIELD_FILENAME) ? record->value[FIELD_FILENAME] : 0;
	/* After a loss it may be an openat2() that must not wait: then it has no result. */
	frame->is_attempt = frame->call.call == CALL_IO_URING ||
			    (frame->call.call == CALL_UNKNOWN && call_must_not_wait(record));
	request = frame->request ? map_get(&c->requests, frame->request) : NULL;
	if (!request)
		return 0;
	/* Its struct filename is another one's: it has ended. */
	if (!is_continued(request, task, record))
		return request_abandon(c, request);
	map_remove(&c->requests, request->filename);
	put_off_go_on(c, frame, request);
	return 0;
}

int request_wait(struct correlator *c, struct task *task)
{
	struct put_off *request = put_off_new(task->frame);
	int ret;

	if (!request)
		return -ENOMEM;
	request->filename = task->frame->request;
	if (c->requests.count >= MAX_REQUESTS)
		return put_off_abandon(c, request);
	ret = map_put(&c->requests, request->filename, request);
	if (ret)
		free(request);
	return ret;
}

struct put_off *request_first(const struct correlator *c)
{
	struct put_off *request, *first = NULL;
	size_t at = 0;

	while ((request = map_next(&c->requests, &at))) {
		if (!first || request->call.id < first->call.id)
			first = request;
	}
	return first;
}

void requests_free(struct correlator *c)
{
	struct put_off *request;
	size_t at = 0;

	while ((request = map_next(&c->requests, &at)))
		free(request);
	map_release(&c->requests);
}
