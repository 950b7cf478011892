/* SPDX-License-Identifier: MIT */
/*
 * The members of a traced control group: which tasks are in it, and which came and left meanwhile.
 */
#ifndef FTOPEN_COMMAND_LIVE_MEMBERS_H
#define FTOPEN_COMMAND_LIVE_MEMBERS_H

#include "tracedat/extras.h"
#include "tracing/cgroup.h"
#include "tracing/instance.h"

struct live;

/**
 * struct members - all zero: no group is traced
 * @moves: the instance that records moves between groups; @pipe: its trace_pipe, negative until it
 *	is open
 * @looked: up to this time of the trace clock it is known who came
 * @late: tasks that were there before they were selected, @longest nanoseconds at most
 * @spans, @span_count: when that was, for a file
 * @is_on: tracing is on: who comes later is late
 * @has_left: tasks that left the group are left out
 */
struct members {
	struct cgroup cgroup;
	struct instance *moves;
	int pipe;
	uint64_t looked;
	uint64_t late;
	uint64_t longest;
	struct dat_span *spans;
	size_t span_count, span_room;
	bool is_on;
	bool has_left;
};

/**
 * members_start - record moves between groups, and select who is in the group
 *
 * For when everything else records. Return: 0, or a negative errno that was reported.
 */
int members_start(struct live *live);

/**
 * members_look - select tasks that came, leave out those that left, and report what was not seen
 *
 * At most as often as is useful. Return: 0 or a negative errno.
 */
int members_look(struct live *live);

/**
 * members_look_now - the same at once, whenever it was done before
 */
int members_look_now(struct live *live);

/**
 * members_spans_after - forget the spans of time that ended by @until
 * @before, @count: filled with all of them, the caller's to free()
 *
 * Return: 0 or -ENOMEM; then nothing changed.
 */
int members_spans_after(struct members *members, uint64_t until, struct dat_span **before,
			size_t *count);

/**
 * members_stop - look for the last time, with tracing still on, and say what was not seen
 */
int members_stop(struct live *live);

void members_release(struct members *members);

#endif
