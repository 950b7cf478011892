/* SPDX-License-Identifier: MIT */
/*
 * A live trace, from the first record to the end of the session.
 */
#include "live_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "util/message.h"

/* How long what was recorded waits to be found as it was asked for. */
#define VERIFY_NS (200 * 1000 * 1000U)

static int take_record(void *context, const struct raw_record *raw)
{
	struct live *live = context;
	struct record record;
	int ret = decode(live->decoder, raw, &record);

	/* Only our events are enabled here; one that cannot be read is lost. */
	if (ret == -EBADMSG)
		return correlator_loss(live->correlator,
				       &(struct loss){ .scope = (enum scope)raw->scope,
						       .cpu = raw->cpu,
						       .from = raw->ts,
						       .to = raw->ts,
						       .count = 1 });
	if (ret)
		return ret == -ENOENT ? 0 : ret;
	if (live->hider)
		ret = hide_addresses(live->hider, &record);
	return ret ? ret : correlator_record(live->correlator, &record);
}

static int take_loss(void *context, const struct loss *loss)
{
	struct live *live = context;

	return correlator_loss(live->correlator, loss);
}

static struct record_sink records_of(struct live *live)
{
	return (struct record_sink){ take_record, take_loss, live };
}

static int make_correlator(struct live *live, const struct chain_sink *sink)
{
	struct correlator_options options = {
		.root = live->root,
		.group_only = is_group_only(live->options),
		.sink = *sink,
	};
	struct expect_options armed;

	live_armed(live, &armed);
	options.sees_any = armed.sees_any;
	memcpy(options.armed, armed.armed, sizeof(options.armed));
	return correlator_new(&options, &live->correlator);
}

int live_start(struct live *live, const struct chain_sink *sink)
{
	int ret = live_instances(live);

	if (!ret && !live->decoder)
		ret = decoder_for_session(live->session, live->plan, &live->tep, &live->decoder);
	if (!ret && live->options->hash_addresses)
		ret = hider_new(NULL, &live->hider);
	if (!ret)
		ret = make_correlator(live, sink);
	if (!ret)
		ret = stream_new(live->instances, live->instance_count, &live->stream);
	return ret;
}

/*
 * Selected last, when everything records: what a thread starts from then on is told by records and
 * selected by the kernel, and what it started before is looked for until there is no more.
 */
static int select_threads(struct live *live)
{
	int ret;

	do {
		ret = instance_add_pids(live->instances[SCOPE_TASK], live->target.tids);
		if (!ret)
			ret = target_threads(&live->target, live->options);
	} while (ret > 0);
	return ret;
}

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts); /* what the trace clock "mono" reads */
	return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}

static void verify(struct live *live)
{
	uint64_t time = now();

	for (size_t i = 0; i < live->instance_count && !live->is_disturbed; i++) {
		if (instance_is_intact(live->instances[i]))
			continue;
		error("somebody else changed '%s' while it was traced",
		      instance_dir(live->instances[i]));
		hint("what was recorded from then on is not complete: it counts as lost");
		hint("('trace-cmd reset' does that, and writing to set_event or tracing_on)");
		live->is_disturbed = true;
	}
	if (!live->is_disturbed)
		live->verified = time;
}

int live_pump(struct live *live)
{
	const struct record_sink records = records_of(live);
	int ret;

	if (!live->is_disturbed && now() - live->verified > VERIFY_NS)
		verify(live);
	if (live->is_disturbed)
		return -ECANCELED;
	ret = merge_until(stream_pages(live->stream), live->verified, &records);
	if (ret > 0)
		stream_again(live->stream);
	return ret > 0 ? 0 : ret;
}

static int remember(struct live *live)
{
	int ret = 0;

	live->verified = now();
	for (size_t i = 0; i < live->instance_count && !ret; i++)
		ret = instance_remember(live->instances[i]);
	return ret;
}

int live_tracing(struct live *live, bool on)
{
	int ret = 0;

	if (!on && !live->is_disturbed)
		verify(live);

	for (size_t i = 0; i < live->instance_count && !ret; i++)
		ret = instance_tracing(live->instances[i], on);
	if (!ret && on)
		ret = remember(live);
	return !ret && on && live->target.tids ? select_threads(live) : ret;
}

/* Before the probes go: the kernel's own count of hits that it could not serve. */
static void count_missed(struct live *live, struct expectation *expectation,
			 struct chain_summary *summary)
{
	struct profile profile;

	summary->has_missed_probes = true;
	profile_read(live->session, &profile);
	for (size_t i = 0; i < live->plan->count; i++) {
		const struct planned *planned = &live->plan->probes[i];
		uint64_t hits, misses;

		if (!is_armed(planned))
			continue;
		if (profile_of(&profile, live->session, planned, &hits, &misses) ||
		    misses == LOSS_UNKNOWN) {
			summary->has_missed_probes = false;
			continue;
		}
		summary->missed_probes += misses;
		correlator_missed(live->correlator, planned->probe->role, planned->probe->edge,
				  misses);
		expectation_missed(expectation, planned->probe->role, planned->probe->edge, misses);
	}
	profile_free(&profile);
}

/* Nothing that was recorded later has been handed on. */
static int lose_unverified(struct live *live)
{
	struct loss loss = {
		.cpu = -1,
		.from = live->verified,
		.to = now(),
		.count = LOSS_UNKNOWN,
	};
	int ret = 0;

	for (int scope = 0; scope < SCOPE_NR && !ret; scope++) {
		loss.scope = (enum scope)scope;
		ret = correlator_loss(live->correlator, &loss);
	}
	return ret;
}

/* What the kernel counted: records that never came into a page, and those that it overwrote. */
static int lose_counted(struct live *live)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);
	uint64_t overrun = 0;
	int ret = 0;

	for (size_t i = 0; i < live->instance_count * (size_t)cpus && !ret; i++) {
		const struct instance *instance = live->instances[i / (size_t)cpus];
		int cpu = (int)(i % (size_t)cpus);
		struct cpu_stats stats;
		uint64_t count;

		if (instance_stats(instance, cpu, &stats)) {
			overrun = LOSS_UNKNOWN;
			continue;
		}
		overrun = add_counts(overrun, stats.overrun);
		count = cpu_stats_untold(&stats);
		if (count && count != LOSS_UNKNOWN)
			ret = correlator_lost(live->correlator, instance_scope(instance), cpu,
					      count);
	}
	if (!ret && overrun != LOSS_UNKNOWN)
		correlator_overrun(live->correlator, overrun);
	return ret;
}

int live_finish(struct live *live, struct expectation *missed, struct chain_summary *summary)
{
	static struct utsname uts;
	const struct record_sink records = records_of(live);
	int ret = live->is_disturbed ? lose_unverified(live) : 0;

	if (!ret)
		ret = merge_rest(stream_pages(live->stream), &records);
	memset(summary, 0, sizeof(*summary));
	if (!uname(&uts)) {
		summary->kernel = uts.release;
		summary->arch = uts.machine;
	}
	summary->layout = layout_source(live->layout);
	count_missed(live, missed, summary);
	if (!ret)
		ret = lose_counted(live);
	if (!ret)
		ret = correlator_finish(live->correlator, &summary->totals);
	return ret;
}

/* The session's end, for which the kernel waits for many grace periods. */
struct ending {
	struct session *session;
	int ret;
};

static void free_all(struct live *live)
{
	correlator_free(live->correlator);
	hider_free(live->hider);
	decoder_forget(&live->tep, &live->decoder);
	plan_free(live->plan);
	symbols_free(live->symbols);
	layout_free(live->layout);
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
	has_ender = ending.session && !pthread_create(&ender, NULL, run_ender, &ending);
	if (ending.session && !has_ender)
		run_ender(&ending);
	free_all(live);
	if (has_ender)
		pthread_join(ender, NULL);
	memset(live, 0, sizeof(*live));
	return ending.ret;
}
