/* SPDX-License-Identifier: MIT */
/*
 * A live trace, from the first record to the end of the session.
 */
#include "live_internal.h"

#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

#include "tracing/counts.h"
#include "util/clock.h"
#include "util/message.h"

/* How long records wait at most until the instances are checked. */
#define VERIFY_NS (200 * 1000 * 1000U)

/*
 * Selected last, when everything is recorded: the kernel selects what these threads start from then
 * on, and records say so. Threads that were started before are looked for until there are no more.
 */
static int select_threads(struct live *live)
{
	int ret;

	do {
		ret = instance_add_pids(live->instances[SCOPE_TASK], &live->target.tids);
		if (!ret)
			ret = target_threads(&live->target, live->options);
	} while (ret > 0);
	return ret;
}

void live_verify(struct live *live)
{
	uint64_t time = trace_clock_now();

	for (size_t i = 0; i < live->instance_count && !live->is_disturbed; i++) {
		if (instance_is_intact(live->instances[i]))
			continue;
		error("cannot trust '%s' any longer: another program changed it",
		      instance_dir(live->instances[i]));
		hint("records from then on are incomplete, and are reported as lost");
		hint("('trace-cmd reset' does that, and writing to set_event or tracing_on)");
		live->is_disturbed = true;
	}
	if (!live->is_disturbed)
		live->verified = time;
}

int live_pump(struct live *live)
{
	int ret;

	if (!live->is_disturbed && trace_clock_now() - live->verified > VERIFY_NS)
		live_verify(live);
	if (live->is_disturbed)
		return -ECANCELED;
	ret = members_look(live);
	if (ret)
		return ret;
	ret = pipeline_pump(&live->pipeline, live->verified);
	if (ret > 0)
		stream_again(live->stream);
	return ret > 0 ? 0 : ret;
}

static int remember(struct live *live)
{
	int ret = 0;

	live->verified = trace_clock_now();
	for (size_t i = 0; i < live->instance_count && !ret; i++)
		ret = instance_remember(live->instances[i]);
	return ret;
}

int live_tracing(struct live *live, bool on)
{
	int ret = on ? 0 : members_stop(live);

	if (!on && !live->is_disturbed)
		live_verify(live);

	/* Off it has to be, whatever failed: else what is left has no end. */
	for (size_t i = 0; i < live->instance_count && (!ret || !on); i++) {
		int err = instance_tracing(live->instances[i], on);

		ret = ret ? ret : err;
	}
	if (!ret && on)
		ret = remember(live);
	if (!ret && on)
		ret = members_start(live);
	return !ret && on && live->target.tids.count ? select_threads(live) : ret;
}

/* No record that is later than this was passed on. */
static int lose_unverified(struct live *live)
{
	struct loss loss = {
		.cpu = -1,
		.from = live->verified,
		.to = trace_clock_now(),
		.count = LOSS_UNKNOWN,
	};
	int ret = 0;

	for (int scope = 0; scope < SCOPE_NR && !ret; scope++) {
		loss.scope = (enum scope)scope;
		ret = pipeline_loss(&live->pipeline, &loss);
	}
	return ret;
}

/* --- the pipeline ----------------------------------------------------------------------------- */

/* Before the probes go: the kernel's own count of hits that it could not serve. */
static void count_missed(struct live *live)
{
	struct profile profile;

	profile_read(live->session, &profile);
	for (size_t i = 0; i < live->plan->count; i++) {
		const struct planned *planned = &live->plan->probes[i];
		uint64_t hits, misses;

		if (!is_armed(planned))
			continue;
		if (profile_of(&profile, live->session, planned, &hits, &misses))
			misses = LOSS_UNKNOWN;
		pipeline_missed(&live->pipeline, planned->probe->role, planned->probe->point,
				misses);
	}
	profile_free(&profile);
}

struct counting {
	struct pipeline *pipeline;
	uint64_t overrun;
};

static int lose_counted_of(void *context, const struct instance *instance, int cpu)
{
	enum scope scope = instance_scope(instance);
	struct counting *counting = context;
	struct cpu_stats stats;
	uint64_t count;

	if (instance_stats(instance, cpu, &stats)) {
		counting->overrun = LOSS_UNKNOWN;
		return pipeline_lost(counting->pipeline, scope, cpu, LOSS_UNKNOWN);
	}
	counting->overrun = add_counts(counting->overrun, stats.overrun);
	count = cpu_stats_lost(&stats);
	return count ? pipeline_lost(counting->pipeline, scope, cpu, count) : 0;
}

/* The kernel's counts: records that came into no page, that were left there, or that were
 * overwritten. */
static int lose_counted(struct live *live)
{
	struct counting counting = { .pipeline = &live->pipeline };
	int ret = 0;

	for (size_t i = 0; i < live->instance_count && !ret; i++)
		ret = instance_each_cpu(live->instances[i], lose_counted_of, &counting);
	if (!ret)
		pipeline_overrun(&live->pipeline, counting.overrun);
	return ret;
}

static int account(void *context, struct pipeline *pipeline)
{
	static struct utsname uts;
	struct live *live = context;

	if (!uname(&uts)) {
		pipeline->summary.kernel = uts.release;
		pipeline->summary.arch = uts.machine;
	}
	pipeline->summary.layout = layout_source(live->layout);
	count_missed(live);
	return lose_counted(live);
}

int live_join(struct live *live, struct page_source *pages, const struct pipeline_goal *goal)
{
	struct pipeline_source source = {
		.pages = pages,
		.clock = live->clock,
		.root = live->root,
		.group_only = is_group_only(live->options),
		.by_comm = comm_filter_is_set(&live->target.comms),
		.cwd = live->cwd,
		.account = account,
		.context = live,
	};

	int ret = 0;

	if (!live->decoder)
		ret = decoder_for_session(live->session, live->plan, &live->tep, &live->decoder);
	if (ret)
		return ret;
	source.decoder = live->decoder;
	live_armed(live, &source.armed);
	return pipeline_start(&live->pipeline, &source, goal);
}

int live_start(struct live *live, const struct pipeline_goal *goal)
{
	int ret = live_instances(live);

	if (!ret)
		ret = stream_new(live->instances, live->instance_count,
				 !live->options->hash_addresses, &live->stream);
	return ret ? ret : live_join(live, stream_pages(live->stream), goal);
}

int live_finish(struct live *live, const struct plan_entry *entries)
{
	int ret = live->is_disturbed ? lose_unverified(live) : 0;

	live->pipeline.summary.plan = entries;
	live->pipeline.summary.plan_count = live->plan->count;
	return ret ? ret : pipeline_finish(&live->pipeline);
}

/* Ends the session: the kernel waits for many grace periods meanwhile. */
struct ending {
	struct session *session;
	int ret;
};

static void free_all(struct live *live)
{
	pipeline_release(&live->pipeline);
	decoder_forget(&live->tep, &live->decoder);
	plan_free(live->plan);
	symbols_free(live->symbols);
	layout_free(live->layout);
	start_place_release(&live->cwd);
	target_release(&live->target);
}

static void *run_ender(void *context)
{
	struct ending *ending = context;

	ending->ret = session_end(ending->session);
	return NULL;
}

int live_end(struct live *live)
{
	struct ending ending = { .session = live->session };
	pthread_t ender;
	bool has_ender;

	live_await(live);
	stream_free(live->stream);
	members_release(&live->members);
	has_ender = ending.session && !pthread_create(&ender, NULL, run_ender, &ending);
	if (ending.session && !has_ender)
		run_ender(&ending);
	free_all(live);
	if (has_ender)
		pthread_join(ender, NULL);
	memset(live, 0, sizeof(*live));
	return ending.ret;
}
