/* SPDX-License-Identifier: MIT */
/*
 * Requests of rings (io_uring): an open that its asker could not do without waiting is done again
 * by a worker, and both are one. The struct filename is the request's from its submission to its
 * end.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_REQUESTS 4096
#define MAX_OWNERS   3 /* a worker, the thread that polls a ring, its maker */

/* What a worker that may wait is called (5.12 to 7.3): it does not put off. */
#define WORKER_COMM "iou-wrk-"

struct request {
	uint64_t filename;
	struct open_call call;
	uint64_t start_epoch[SCOPE_NR];
	char path[];
};

static int32_t asker_of(const struct correlator *c, const struct task *task)
{
	int32_t tid = task->tid;

	for (int i = 0; i < MAX_OWNERS && task && task->owner; i++) {
		tid = task->owner;
		task = task_find(c, tid);
	}
	return tid;
}

void request_name_asker(const struct correlator *c, const struct task *task, struct open_call *call)
{
	const struct task *asker = task;

	if (task->owner) {
		call->tid = asker_of(c, task);
		asker = task_find(c, call->tid);
	}
	memcpy(call->comm, asker ? asker->comm : task->comm, COMM_SIZE);
}

bool request_is_put_off(const struct task *task, int64_t result)
{
	const struct frame *frame = task->frame;

	if (frame->call.call != CALL_IO_URING || result != -EAGAIN || !frame->request)
		return false;
	return !task->owner || strncmp(task->comm, WORKER_COMM, strlen(WORKER_COMM)) != 0;
}

static int emit(struct correlator *c, const struct open_call *call)
{
	c->totals.opens++;
	c->totals.caches[call->cache]++;
	return c->options.sink.open ? c->options.sink.open(c->options.sink.context, call) : 0;
}

int request_abandon(struct correlator *c, struct request *request)
{
	int ret;

	map_remove(&c->requests, request->filename);
	request->call.has_result = false;
	request->call.has_latency = false;
	request->call.complete = false;
	ret = emit(c, &request->call);
	free(request);
	return ret;
}

static bool is_continued(const struct request *request, const struct task *task,
			 const struct record *record)
{
	return task->owner && request->call.tid == task->frame->call.tid &&
	       has_field(record, FIELD_STRING) && record->str_len == request->call.path.len &&
	       !memcmp(record->str, request->path, record->str_len);
}

/* The frame goes on with the request that waited: it has that one's number and beginning. */
static void go_on(struct correlator *c, struct frame *frame, struct request *request)
{
	c->next_open = frame->call.id;
	frame->call.id = request->call.id;
	frame->call.ts = request->call.ts;
	memcpy(frame->call.comm, request->call.comm, COMM_SIZE);
	memcpy(frame->start_epoch, request->start_epoch, sizeof(frame->start_epoch));
	map_remove(&c->requests, request->filename);
	free(request);
}

int request_begin(struct correlator *c, struct task *task, const struct record *record)
{
	struct frame *frame = task->frame;
	struct request *request;

	frame->request = has_field(record, FIELD_FILENAME) ? record->value[FIELD_FILENAME] : 0;
	request = frame->request ? map_get(&c->requests, frame->request) : NULL;
	if (!request)
		return 0;
	/* Its struct filename is another one's: it has ended. */
	if (!is_continued(request, task, record))
		return request_abandon(c, request);
	go_on(c, frame, request);
	return 0;
}

int request_wait(struct correlator *c, struct task *task)
{
	struct frame *frame = task->frame;
	const struct bytes *path = &frame->call.path;
	struct request *request = malloc(sizeof(*request) + path->len + 1);
	int ret;

	if (!request)
		return -ENOMEM;
	frame->is_returned = false;
	request->filename = frame->request;
	request->call = frame->call;
	memcpy(request->start_epoch, frame->start_epoch, sizeof(request->start_epoch));
	memcpy(request->path, path->data, path->len + 1);
	request->call.path.data = request->path;
	request->call.resolved = request->call.dir = (struct bytes){ NULL, 0 };
	if (c->requests.count >= MAX_REQUESTS)
		return request_abandon(c, request);
	ret = map_put(&c->requests, request->filename, request);
	if (ret)
		free(request);
	return ret;
}

uint64_t request_id(const struct request *request)
{
	return request->call.id;
}

struct request *request_first(const struct correlator *c)
{
	struct request *request, *first = NULL;
	size_t at = 0;

	while ((request = map_next(&c->requests, &at))) {
		if (!first || request->call.id < first->call.id)
			first = request;
	}
	return first;
}

void requests_free(struct correlator *c)
{
	struct request *request;
	size_t at = 0;

	while ((request = map_next(&c->requests, &at)))
		free(request);
	map_release(&c->requests);
}
