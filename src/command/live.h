/* SPDX-License-Identifier: MIT */
/*
 * A live trace: from the plan through session, instances and stream to decoded records. What
 * trace, record and doctor share; it knows no output format.
 */
#ifndef FTOPEN_COMMAND_LIVE_H
#define FTOPEN_COMMAND_LIVE_H

#include <pthread.h>

#include "command/options.h"
#include "live_members.h"
#include "pipeline.h"
#include "start.h"
#include "target.h"
#include "kernel/plan.h"
#include "tracing/child.h"
#include "tracing/decode_live.h"
#include "tracing/instance.h"
#include "tracing/selftest.h"
#include "tracing/session.h"
#include "tracing/stream.h"

struct tep_handle;

/**
 * struct live - everything that is up while a trace runs; all zero is nothing
 * @root: pid of the traced program, 0 when attached
 * @verified: up to this time of the trace clock the instances were unchanged
 * @is_disturbed: after @verified it may not be: somebody else changed our instances
 * @explains_plan: the plan is to say why each function that was not chosen cannot be probed
 * @tested: where the self-test looks: the instance of the traced tasks, or one of its own that is
 *	removed after the test
 * @maker: a thread that @is_making the instances; @made is its result
 */
struct live {
	const struct options *options;
	const char *tracefs;
	struct target target;
	struct members members;
	pid_t root;
	struct start_place cwd; /* without a path when attached */
	uint64_t verified;
	bool is_disturbed;
	bool explains_plan;
	struct layout *layout;
	struct symbols *symbols;
	struct plan_options wanted;
	struct plan *plan;
	struct session *session;
	struct selftest selftest;
	struct instance *instances[SCOPE_NR];
	size_t instance_count;
	struct instance *tested;
	pthread_t maker;
	bool is_making;
	int made;
	struct tep_handle *tep;
	struct decoder *decoder;
	struct trace_clock clock;
	struct stream *stream;
	struct pipeline pipeline;
};

/**
 * live_plan - find tracefs, make the instances unless @live explains the plan, and decide every
 * probe; measures the layout if that is needed
 * @root: for FETCH_ROOT, 0 when attached
 *
 * Return: 0, or a negative errno that was reported. Ends with live_end().
 */
int live_plan(struct live *live, const struct options *options, pid_t root);

/**
 * live_define - write the definitions and test them; what the kernel refuses or the self-test
 * turns down is not armed
 */
int live_define(struct live *live);

/**
 * live_armed - which probes are there, and what they see
 */
void live_armed(const struct live *live, struct expect_options *armed);

/**
 * live_instances - have the instances record what the trace is about, with tracing off
 */
int live_instances(struct live *live);

/**
 * live_join - join @pages, of what the instances record, with @goal
 */
int live_join(struct live *live, struct page_source *pages, const struct pipeline_goal *goal);

/**
 * live_start - set the instances up, open the stream and join it with @goal
 *
 * Tracing is off yet: live_tracing().
 */
int live_start(struct live *live, const struct pipeline_goal *goal);

/**
 * live_pump - pass on what was recorded while the instances were unchanged
 *
 * Return: 0, -ECANCELED once somebody else changed our instances (reported), or a negative errno.
 */
int live_pump(struct live *live);

/**
 * live_tracing - switch all instances; before they are switched off, look whether they are intact
 */
int live_tracing(struct live *live, bool on);

/**
 * live_verify - look whether the instances are as they were; if not, it is reported, once, and the
 * trace @is_disturbed
 */
void live_verify(struct live *live);

/**
 * live_finish - tracing is off: pass on what is left, with the kernel's own counts and the summary
 * @entries: live_plan_entries(); strings of the summary live as long as @live
 *
 * Return: 0, what the sink returned, or a negative errno.
 */
int live_finish(struct live *live, const struct plan_entry *entries);

/**
 * live_end - undo everything, in reverse; safe at any point
 */
int live_end(struct live *live);

/**
 * live_plan_entries - the plan as the renderers want it
 *
 * Return: the entries, the caller's to free(), their strings the plan's; NULL when out of memory.
 */
struct plan_entry *live_plan_entries(const struct plan *plan);

/**
 * live_sees_any - whether what ends names is traced for any task
 */
bool live_sees_any(const struct live *live);

#endif
