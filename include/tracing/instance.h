/* SPDX-License-Identifier: MIT */
/*
 * An instance of the session: ring buffers of its own, which tasks are recorded in them, and which
 * events. Each change is the session's, which takes it back at its end.
 */
#ifndef FTOPEN_TRACING_INSTANCE_H
#define FTOPEN_TRACING_INSTANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "chain/record.h"
#include "kernel/plan.h"
#include "tracing/cgroup.h"
#include "tracing/session.h"
#include "util/comm_filter.h"

struct instance;

/**
 * session_instance - create an instance, with tracing off
 * @suffix: appended to the session's name; "" for the main one
 * @scope: which losses can affect its records
 * @instance: belongs to the session
 *
 * Return: 0, or a negative errno that was reported.
 */
int session_instance(struct session *session, const char *suffix, enum scope scope,
		     struct instance **instance);

/**
 * instance_set_up - set clock and sub-buffers; the kernel waits for grace periods for each of them
 * @subbuf_kb: sub-buffer size where the kernel has it, 0 for its default
 *
 * Other threads may use the session meanwhile. Return: 0, or a negative errno that was reported.
 */
int instance_set_up(struct instance *instance, size_t subbuf_kb);

/**
 * instance_resize - make its buffers @kb large, per CPU; 0 leaves the kernel's default
 */
int instance_resize(struct instance *instance, size_t kb);

/**
 * struct task_filter - whose records an instance gets
 * @pids: set_event_pid; an empty list selects nobody until instance_add_pids(), NULL is no task
 *	filter
 * @without_us: leave this process and its threads out (5.7 and later)
 * @follow_fork: event-fork, so that the children of @pids are traced too
 * @comms: ... of tasks with these names (-EINVAL if the kernel cannot filter on them)
 */
struct task_filter {
	const struct tid_list *pids;
	bool without_us;
	bool follow_fork;
	struct comm_filter comms;
};

/**
 * instance_select - select these, with tracing off
 *
 * Tasks that were selected before stay selected besides the pids of @selection, until they end if
 * follow_fork was set for them.
 *
 * Return: 0, or a negative errno that was reported.
 */
int instance_select(struct instance *instance, const struct task_filter *selection);

/**
 * instance_add_pids - select these tasks, too, in an instance with a task filter
 */
int instance_add_pids(struct instance *instance, const struct tid_list *pids);

/**
 * instance_pids, instance_left_out - append which tasks it selects, or leaves out, as the kernel
 * has it
 *
 * Return: 0 or a negative errno, not reported.
 */
int instance_pids(const struct instance *instance, struct tid_list *pids);
int instance_left_out(const struct instance *instance, struct tid_list *pids);

/**
 * instance_leave_out - record none of these tasks, nor what they start, and no others than these
 *
 * Return: 0, or a negative errno that was reported.
 */
int instance_leave_out(struct instance *instance, const struct tid_list *pids);

/**
 * instance_enable_foreign - enable SYSTEM/EVENT, which is the kernel's own, until the session ends
 */
int instance_enable_foreign(struct instance *instance, const char *event);

/**
 * instance_enable - enable a probe's event in this instance, unless it is
 */
int instance_enable(struct instance *instance, const struct planned *planned);
int instance_enable_event(struct instance *instance, const char *event);

/**
 * instance_enable_when - enable it for tasks that @filter lets through, once @when has happened
 * @filter: in the kernel's words
 * @when: SYSTEM/EVENT, in static storage, of any task; NULL for at once
 *
 * Until then it costs those that hit the probe hardly anything: a filter is asked only when a
 * record has been made.
 *
 * Return: 0, also where the kernel has no such event as @when; or a negative errno that was
 * reported.
 */
int instance_enable_when(struct instance *instance, const struct planned *planned,
			 const char *filter, const char *when);

/**
 * instance_disable - disable it again, if it is enabled in this instance
 */
int instance_disable(struct instance *instance, const struct planned *planned);

/**
 * instance_tracing - tracing_on
 */
int instance_tracing(struct instance *instance, bool on);

/**
 * instance_remember - note what is recorded now: which events, and that tracing is on
 *
 * Return: 0 or a negative errno, not reported.
 */
int instance_remember(struct instance *instance);

/**
 * instance_is_intact - whether the same is recorded as when it was remembered
 */
bool instance_is_intact(const struct instance *instance);

/**
 * instance_each_cpu - call @visit for each processor that has or can get a buffer: offline ones,
 * too
 *
 * Return: 0, what @visit returned that is not 0, or a negative errno that was reported.
 */
int instance_each_cpu(const struct instance *instance,
		      int (*visit)(void *context, const struct instance *instance, int cpu),
		      void *context);

/**
 * instance_dir - its path, with tracefs; stays the instance's
 */
const char *instance_dir(const struct instance *instance);
enum scope instance_scope(const struct instance *instance);

/**
 * instance_page_size - bytes of one of its sub-buffers, which is what trace_pipe_raw gives at once
 */
size_t instance_page_size(const struct instance *instance);

/**
 * session_drop_instance - undo one instance before the session's end
 */
int session_drop_instance(struct session *session, struct instance *instance);

#endif
