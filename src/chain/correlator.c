/* SPDX-License-Identifier: MIT */
/*
 * What happens to a record: its task is found, and the part for its role takes it.
 */
#include "chain/correlator.h"
#include "internal.h"

#include <errno.h>
#include <stdlib.h>

#define DEFAULT_MAX_NAMES     131072
#define DEFAULT_MAX_HOPS      128
#define DEFAULT_MAX_LIFETIMES 4096
#define DEFAULT_MAX_KEPT      (256 * 1024 * 1024)
#define LEAST_MAX_HOPS	      16

static size_t cap(size_t asked, size_t fallback, size_t least)
{
	if (!asked)
		return fallback;
	return asked < least ? least : asked;
}

int correlator_new(const struct correlator_options *options, struct correlator **correlator)
{
	struct correlator *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->births = births_new();
	if (!c->births) {
		free(c);
		return -ENOMEM;
	}
	c->options = *options;
	c->options.max_names = cap(options->max_names, DEFAULT_MAX_NAMES, 1);
	c->options.max_hops = cap(options->max_hops, DEFAULT_MAX_HOPS, LEAST_MAX_HOPS);
	c->options.max_lifetimes = cap(options->max_lifetimes, DEFAULT_MAX_LIFETIMES, 2);
	c->stages_seen = stages_seen_by(options);
	c->options.max_kept = cap(options->max_kept, DEFAULT_MAX_KEPT, 1);
	c->next_open = 1;
	c->totals.lost_is_known = true;
	if (tasks_know(c)) {
		correlator_free(c);
		return -ENOMEM;
	}
	*correlator = c;
	return 0;
}

void correlator_free(struct correlator *c)
{
	if (!c)
		return;
	tasks_free(c);
	requests_free(c);
	directory_put(c, c->start_dir);
	directory_put(c, c->start_root);
	names_free(c);
	directories_free(c);
	free(c->forgotten);
	free(c->births);
	free(c->losses);
	free(c);
}

/* While a loss lasts no two records may be related: each gets an epoch of its own. */
static void advance_epochs(struct correlator *c, uint64_t ts)
{
	for (int scope = 0; scope < SCOPE_NR; scope++) {
		if (!c->in_loss[scope])
			continue;
		c->epoch[scope]++;
		c->in_loss[scope] = ts <= c->loss_until[scope];
	}
}

static bool is_of_task(const struct record *record)
{
	return record->role == ROLE_TASK || record->role == ROLE_EXEC ||
	       record->role == ROLE_CHROOT || record->role == ROLE_CWD ||
	       record->role == ROLE_COMM || record->role == ROLE_CREDS ||
	       is_mount_role((enum role)record->role);
}

/* If there are too many frames, the oldest one is handed out as it is. */
static int give_frame(struct correlator *c, struct task *task)
{
	struct task *first = task->frame ? NULL : frame_in_excess(c);
	int ret = 0;

	if (first) {
		ret = call_abandon(c, first);
		frame_drop(c, first);
	}
	return ret ? ret : frame_take(c, task);
}

static int task_act(struct correlator *c, struct task *task, const struct record *record)
{
	if (is_path_call_role((enum role)record->role))
		return path_call_record(c, task, record);
	switch (record->role) {
	case ROLE_SYSCALL:
	case ROLE_GETNAME:
	case ROLE_OPEN:
	case ROLE_HANDLE:
	case ROLE_OPEN_ROOT:
		return open_record(c, task, record);
	case ROLE_SIGNAL:
		return interrupted_signal(c, task, record);
	case ROLE_DELIVERY:
		interrupted_look(task);
		return 0;
	case ROLE_OPENER:
		user_opens(c, task, record);
		return 0;
	default:
		path_call_turn(task, record);
		return walk_record(c, task, record);
	}
}

int correlator_record(struct correlator *c, const struct record *record)
{
	struct task *task;
	int ret;

	if (!c->totals.records)
		c->first_ts = record->ts;
	c->totals.records += !record->is_call || record->point == POINT_RETURN;
	c->last_ts = record->ts;
	advance_epochs(c, record->ts);
	ret = names_fit(c);
	if (ret)
		return ret;
	if (role_scope((enum role)record->role) == SCOPE_ANY)
		return end_record(c, record);
	/* Nothing is kept of a worker that works for no traced task. */
	if (record->scope == SCOPE_ANY && !task_find(c, record->tid))
		return 0;
	task = task_again(c, record->tid);
	if (!task)
		return -ENOMEM;
	if (!task_takes(task, (enum scope)record->scope))
		return 0;
	task->is_moving = false;
	if (is_of_task(record))
		return task_record(c, record);
	if (record->role == ROLE_SYSCALL || record->role == ROLE_HANDLE)
		task_syscall(c, task);
	if (!is_selected(c, task))
		return 0;
	ret = give_frame(c, task);
	if (ret)
		return ret;
	ret = task_act(c, task, record);
	frame_rest(c, task);
	task->last_ts = record->ts;
	return ret;
}

int correlator_finish(struct correlator *c, struct chain_totals *totals)
{
	int ret = tasks_abandon(c);

	if (!ret)
		ret = names_finish(c);
	if (!ret)
		ret = losses_finish(c);
	*totals = c->totals;
	totals->lost_is_known &= !c->uncounted_overruns;
	if (!c->options.armed[ROLE_PATH][POINT_ENTRY] &&
	    !c->options.armed[ROLE_PARENT][POINT_ENTRY])
		totals->path_calls = COUNT_UNKNOWN;
	if (!c->options.armed[ROLE_ALLOC][POINT_RETURN])
		totals->allocs = COUNT_UNKNOWN;
	if (!c->options.armed[ROLE_EVICT][POINT_ENTRY])
		totals->evictions = COUNT_UNKNOWN;
	return ret;
}
