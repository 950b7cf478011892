/* SPDX-License-Identifier: MIT */
/*
 * The session: the only code that changes tracefs. Every change pushes its undo as soon as it
 * succeeded; session_end() undoes them in reverse order, whatever happened in between. What was
 * there before is never touched: kprobe_events is appended to, never truncated, and no top-level
 * setting is written.
 */
#ifndef FTOPEN_TRACING_SESSION_H
#define FTOPEN_TRACING_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "chain/record.h"
#include "kernel/plan.h"
#include "pages/cpu_stats.h"

struct session;
struct instance;

/**
 * session_new - a session on the tracefs at @dir (tracefs_find()); nothing is changed yet
 *
 * The session's name is "ftopen_PID_STARTTIME" of this process: group of its events and start of
 * its instances' names, so that leftovers tell whose they are.
 *
 * Return: 0, or a negative errno that was reported. Ends with session_end().
 */
int session_new(const char *dir, struct session **session);

/**
 * session_end - undo everything in reverse order and free the session
 *
 * Return: 0, or the first negative errno, which was reported with what is left behind.
 */
int session_end(struct session *session);

const char *session_name(const struct session *session);

/**
 * session_registers - in which arguments are passed, NULL where the kernel fetches them by number
 */
const struct registers *session_registers(const struct session *session);

/**
 * session_define - append the definition of one probe to kprobe_events
 * @why: set to the kernel's error_log text and caret if it refused, the caller's to free(); else
 *	NULL
 *
 * Return: 0, or the negative errno of the write, not reported.
 */
int session_define(struct session *session, const struct planned *planned, char **why);

/**
 * session_define_event - the same for an event that is no probe of a plan
 * @event: its name in the session's group; @definition puts it there
 */
int session_define_event(struct session *session, const char *event, const char *definition,
			 char **why);

/**
 * session_undefine - remove one probe again (disabled everywhere first)
 */
int session_undefine(struct session *session, const struct planned *planned);
int session_undefine_event(struct session *session, const char *event);

/**
 * session_instance - create an instance, with tracing off
 * @suffix: appended to the session's name; "" for the main one
 * @scope: what its records can be touched by
 * @instance: belongs to the session
 *
 * Return: 0, or a negative errno that was reported.
 */
int session_instance(struct session *session, const char *suffix, enum scope scope,
		     struct instance **instance);

/**
 * instance_set_up - clock and sub-buffers, for each of which the kernel waits for grace periods
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
 * @pids: set_event_pid, 0 terminated; an empty list selects nobody until instance_add_pids(), NULL
 *	is no task filter
 * @without_us: leave this process and its threads out (5.7 and later)
 * @follow_fork: event-fork, so that the children of @pids are traced too
 * @comm: filter on exactly this comm, NULL for none (-EINVAL if it holds both kinds of quote)
 */
struct task_filter {
	const pid_t *pids;
	bool without_us;
	bool follow_fork;
	const char *comm;
};

/**
 * instance_select - select these, with tracing off
 *
 * Tasks that were selected before stay so beside @pids, until they end if @follow_fork was set for
 * them.
 *
 * Return: 0, or a negative errno that was reported.
 */
int instance_select(struct instance *instance, const struct task_filter *selection);

/**
 * instance_add_pids - select these tasks, too (0 terminated), in an instance with a task filter
 */
int instance_add_pids(struct instance *instance, const pid_t *pids);

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
 * instance_empty - leave neither records nor counts of lost ones, with tracing off
 *
 * What has been read and has lost nothing is empty already: to empty it costs grace periods.
 *
 * Return: 0, or a negative errno that was reported; -EBUSY if it does not stay empty.
 */
int instance_empty(const struct instance *instance);

/**
 * instance_each_cpu - call @visit for each processor that has or can get a buffer: offline ones,
 * too
 *
 * Return: 0, what @visit returned that is not 0, or a negative errno that was reported.
 */
int instance_each_cpu(const struct instance *instance,
		      int (*visit)(void *context, const struct instance *instance, int cpu),
		      void *context);

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

/**
 * instance_stats - what the kernel counts of one CPU
 *
 * Return: 0 or a negative errno, not reported.
 */
int instance_stats(const struct instance *instance, int cpu, struct cpu_stats *stats);

/**
 * struct profile - one look at kprobe_events and kprobe_profile
 * @counts: the profile; its lines stand in the order of @events
 */
struct profile {
	char *events;
	char *counts;
};

/**
 * profile_read - take that look; the caller frees it with profile_free(), also after an error
 *
 * Return: 0 or a negative errno, and then the profile knows no probe.
 */
int profile_read(const struct session *session, struct profile *profile);

/**
 * profile_of - hits and misses of one probe; both edges are events
 *
 * @misses: LOSS_UNKNOWN before 5.14, where fetches that fault are counted as misses
 *
 * Return: 0, or a negative errno (-ENOENT if it is not listed).
 */
int profile_of(const struct profile *profile, const struct session *session,
	       const struct planned *planned, uint64_t *hits, uint64_t *misses);

void profile_free(struct profile *profile);

/**
 * session_leftovers - count what session_clean() would remove
 */
int session_leftovers(const char *dir, unsigned int *count);

/**
 * session_clean - remove what dead runs of ftopen left: instances and probes whose name tells a
 * pid and start time that no process has. Never those of a live run or of anybody else.
 * @removed: number of instances and probes that were removed
 */
int session_clean(const char *dir, unsigned int *removed);

#endif
