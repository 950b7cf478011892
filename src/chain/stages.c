/* SPDX-License-Identifier: MIT */
/*
 * Where the time of an open goes: it is in one stage at any moment, and each record that tells of
 * the next one ends the one before. So the stages of an open add up to the whole of it. What a
 * missing probe or record would have ended is not known.
 */
#include "internal.h"

#define BIT(stage) (1U << (stage))
#define LAST	   (BIT(STAGE_FILE_SYSTEM) | BIT(STAGE_OPENING))

/*
 * What a record that comes in a stage says: what the time since the last one was, and what is next.
 */
struct turn {
	uint8_t was;
	uint8_t next;
};

/*
 * Records that a stage does not wait for change nothing: they have STAGE_NONE. A lookup that found
 * something is followed by the opening, unless another lookup comes (a link, a walk that begins
 * anew), or an allocation (the file system refused what was found).
 */
/* clang-format off */
static const struct turn turns[STAGE_EVENT_NR][STAGE_NR] = {
	[STAGE_EVENT_COPIED] = {
		[STAGE_COPY] = { STAGE_COPY, STAGE_DESCRIPTOR },
	},
	[STAGE_EVENT_ON_THE_WAY] = {
		[STAGE_LOOKUP] = { STAGE_LOOKUP, STAGE_WALK },
		[STAGE_ALLOC] = { STAGE_ALLOC, STAGE_WALK },
		[STAGE_FILE_SYSTEM] = { STAGE_FILE_SYSTEM, STAGE_WALK },
		[STAGE_OPENING] = { STAGE_WALK, STAGE_WALK },
	},
	[STAGE_EVENT_AT_LAST] = {
		[STAGE_WALK] = { STAGE_WALK, STAGE_LOOKUP },
		[STAGE_OPENING] = { STAGE_LOOKUP, STAGE_LOOKUP },
	},
	[STAGE_EVENT_FOUND] = {
		[STAGE_LOOKUP] = { STAGE_LOOKUP, STAGE_OPENING },
		[STAGE_FILE_SYSTEM] = { STAGE_FILE_SYSTEM, STAGE_OPENING },
	},
	[STAGE_EVENT_ALLOC] = {
		[STAGE_LOOKUP] = { STAGE_LOOKUP, STAGE_ALLOC },
		[STAGE_OPENING] = { STAGE_FILE_SYSTEM, STAGE_ALLOC },
	},
	[STAGE_EVENT_ALLOCATED] = {
		[STAGE_ALLOC] = { STAGE_ALLOC, STAGE_FILE_SYSTEM },
	},
	[STAGE_EVENT_INSERTED] = {
		[STAGE_FILE_SYSTEM] = { STAGE_FILE_SYSTEM, STAGE_OPENING },
	},
	[STAGE_EVENT_MADE] = {
		[STAGE_FILE_SYSTEM] = { STAGE_FILE_SYSTEM, STAGE_OPENING },
		[STAGE_OPENING] = { STAGE_FILE_SYSTEM, STAGE_OPENING },
	},
};

/* The probes whose records begin and end a stage, besides those of the open itself. */
static const struct bound {
	enum role role;
	enum point point;
	unsigned int stages;
} bounds[] = {
	{ ROLE_SYSCALL, POINT_ENTRY, BIT(STAGE_COPY) },
	{ ROLE_SYSCALL, POINT_RETURN, BIT(STAGE_DESCRIPTOR) },
	{ ROLE_GETNAME, POINT_RETURN, BIT(STAGE_COPY) | BIT(STAGE_DESCRIPTOR) },
	{ ROLE_LOOKUP_FAST, POINT_ENTRY, BIT(STAGE_WALK) | BIT(STAGE_LOOKUP) | BIT(STAGE_OPENING) },
	{ ROLE_LOOKUP_REF, POINT_ENTRY, BIT(STAGE_WALK) | BIT(STAGE_LOOKUP) | BIT(STAGE_OPENING) },
	{ ROLE_LOOKUP_SLOW, POINT_ENTRY, BIT(STAGE_WALK) | BIT(STAGE_LOOKUP) | BIT(STAGE_OPENING) },
	{ ROLE_LOOKUP_FAST, POINT_RETURN, BIT(STAGE_LOOKUP) | BIT(STAGE_OPENING) },
	{ ROLE_LOOKUP_REF, POINT_RETURN, BIT(STAGE_LOOKUP) | BIT(STAGE_OPENING) },
	{ ROLE_LOOKUP_SLOW, POINT_RETURN, BIT(STAGE_LOOKUP) | BIT(STAGE_OPENING) },
	{ ROLE_ALLOC, POINT_ENTRY, BIT(STAGE_LOOKUP) | BIT(STAGE_ALLOC) | LAST },
	{ ROLE_ALLOC, POINT_RETURN, BIT(STAGE_ALLOC) | LAST },
	{ ROLE_INSERT, POINT_ENTRY, LAST },
	{ ROLE_INSTANTIATE, POINT_ENTRY, LAST },
};
/* clang-format on */

unsigned int stages_seen_by(const struct correlator_options *options)
{
	unsigned int seen = ~0U;

	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		if (!options->armed[bounds[i].role][bounds[i].point])
			seen &= ~bounds[i].stages;
	}
	return seen;
}

static void go_on(struct stages *stages, enum stage was, enum stage next, uint64_t ts)
{
	stages->ns[was] += ts - stages->since;
	stages->known |= BIT(was);
	stages->since = ts;
	stages->at = next;
}

void stages_start(const struct correlator *c, struct task *task, enum stage first, uint64_t ts)
{
	task->frame->stages = (struct stages){
		.at = first,
		.since = ts,
		.epoch = task_epoch(c, task),
		.has_call = first == STAGE_COPY,
	};
}

void stages_open(const struct correlator *c, struct task *task, bool has_call, uint64_t ts)
{
	struct stages *stages = &task->frame->stages;

	if (!has_call || stages->has_open || stages->at == STAGE_NONE) {
		stages_start(c, task, STAGE_WALK, ts);
		stages->has_open = true;
		return;
	}
	/* Without a record of the copy, the end of this stage is not known. */
	if (stages->at == STAGE_COPY)
		stages->unclear |= BIT(STAGE_COPY) | BIT(STAGE_DESCRIPTOR);
	stages->has_open = true;
	go_on(stages, stages->at, STAGE_WALK, ts);
}

void stages_note(struct stages *stages, enum stage_event event, uint64_t ts)
{
	const struct turn *turn = &turns[event][stages->at];

	stages->is_made |= event == STAGE_EVENT_MADE;
	if (turn->next)
		go_on(stages, turn->was, turn->next, ts);
}

void stages_blur(struct stages *stages)
{
	stages->unclear |= BIT(STAGE_WALK) | BIT(STAGE_LOOKUP) | BIT(STAGE_ALLOC);
}

void stages_return(struct stages *stages, bool has_file, bool is_created, uint64_t ts)
{
	if (stages->at == STAGE_NONE)
		return;
	/* Nothing was looked up, or nothing was seen of it. */
	if (has_file && stages->at == STAGE_WALK)
		stages->unclear |= BIT(STAGE_WALK) | BIT(STAGE_OPENING);
	/* Not every file system inserts or instantiates what it made. */
	if (has_file && (stages->at == STAGE_FILE_SYSTEM || (is_created && !stages->is_made)))
		stages->unclear |= LAST;
	stages->has_return = true;
	go_on(stages, stages->at, STAGE_DESCRIPTOR, ts);
}

void stages_done(struct stages *stages, uint64_t ts)
{
	if (stages->at == STAGE_NONE)
		return;
	go_on(stages, stages->at, STAGE_NONE, ts);
}

void stages_tell(const struct correlator *c, const struct task *task, struct open_call *call)
{
	const struct stages *stages = &task->frame->stages;
	bool is_whole = stages->has_open ? stages->has_return : stages->at == STAGE_NONE;
	bool has_end = stages->has_call && stages->at == STAGE_NONE;

	call->stages = 0;
	if (!is_whole || stages->epoch != task_epoch(c, task))
		return;
	call->stages = (uint8_t)(stages->known & ~stages->unclear & c->stages_seen);
	if (!has_end)
		call->stages &= (uint8_t)~BIT(STAGE_DESCRIPTOR);
	for (int i = 0; i < STAGE_NR; i++)
		call->stage_ns[i] = stages->ns[i];
}
