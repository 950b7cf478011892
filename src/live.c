/* SPDX-License-Identifier: MIT */
/*
 * A live trace, set up in the order of the design and undone backwards.
 */
#include "command/live.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <event-parse.h>

#include "command/offsets.h"
#include "tracing/arm.h"
#include "tracing/process.h"
#include "tracing/tracefs.h"
#include "util/message.h"

#define FUNCTIONS_FILE "available_filter_functions"

/* A record has to fit into a sub-buffer, and the longest path fills a page. */
#define SUBBUF_KB 8

/* How long what was recorded waits to be found as it was asked for. */
#define VERIFY_NS (200 * 1000 * 1000U)

/* kallsyms costs as much again, and only tells more about what cannot be probed. */
static int load_symbols(struct live *live)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/" FUNCTIONS_FILE, live->tracefs);
	/* A kernel without function tracing has no such list; the plan says what it assumes. */
	if (access(path, R_OK))
		return symbols_load(NULL, NULL, &live->symbols);
	return live->explains_plan ? symbols_load(NULL, path, &live->symbols)
				   : symbols_from_functions(path, &live->symbols);
}

/* What dead runs left costs every open of everybody. If it cannot be removed, `clean` says why. */
static void clean_up_after_others(const char *tracefs)
{
	unsigned int removed;

	if (!session_leftovers(tracefs, &removed) && removed && !session_clean(tracefs, &removed))
		debug("removed %u leftovers of dead runs", removed);
}

static bool sees_any(const struct live *live)
{
	return !live->options->evictions || strcmp(live->options->evictions, "own");
}

/* The instance that a role's records come from. */
static struct instance *instance_of(const struct live *live, enum role role)
{
	if (role_scope(role) == SCOPE_ANY && sees_any(live))
		return live->instances[SCOPE_ANY];
	return live->instances[SCOPE_TASK];
}

/* trace-cmd (3.1.6) loses records when it converts a file of larger sub-buffers. */
static size_t subbuf_kb(const struct live *live)
{
	return live->options->output ? 0 : SUBBUF_KB;
}

/*
 * What is stored are pages as the kernel made them: between records, and where a fetch failed, they
 * hold older bytes of the buffer, and its counts go along. None of these are to be the self-test's.
 */
static int make_tested(struct live *live)
{
	const struct instance_options options = { .suffix = "_test", .scope = SCOPE_TASK };

	live->tested = live->instances[SCOPE_TASK];
	return live->options->output ? session_instance(live->session, &options, &live->tested) : 0;
}

static int make_instances(struct live *live)
{
	static const char *const suffixes[SCOPE_NR] = { [SCOPE_TASK] = "", [SCOPE_ANY] = "_any" };
	struct instance_options options = { .subbuf_kb = subbuf_kb(live) };
	int ret = 0;

	live->instance_count = live->explains_plan || !sees_any(live) ? 1 : SCOPE_NR;
	for (size_t i = 0; i < live->instance_count && !ret; i++) {
		options.suffix = suffixes[i];
		options.scope = (enum scope)i;
		ret = session_instance(live->session, &options, &live->instances[i]);
	}
	return ret ? ret : make_tested(live);
}

static void *run_maker(void *context)
{
	struct live *live = context;

	live->made = make_instances(live);
	return NULL;
}

/* The kernel waits for grace periods: meanwhile the thread has the session to itself. */
static int begin_instances(struct live *live)
{
	int ret = -pthread_create(&live->maker, NULL, run_maker, live);

	if (ret)
		error("cannot start a thread: %s", strerror(-ret));
	live->is_making = !ret;
	return ret;
}

static void await_instances(struct live *live)
{
	if (live->is_making)
		pthread_join(live->maker, NULL);
	live->is_making = false;
}

int live_plan(struct live *live, const struct options *options, pid_t root)
{
	int ret;

	live->options = options;
	live->root = root;
	if (!has_initial_pids()) {
		error("cannot trace from within a pid namespace: the kernel's records carry pids");
		hint("that only the initial namespace shows; run ftopen outside of the container");
		return -EPERM;
	}
	ret = tracefs_find(&live->tracefs);
	/* Who wants to know how things are finds them as they are. */
	if (!ret && !live->explains_plan)
		clean_up_after_others(live->tracefs);
	if (!ret)
		ret = session_new(live->tracefs, &live->session);
	if (!ret && !live->explains_plan)
		ret = begin_instances(live);
	if (!ret)
		ret = offsets_read(options, &live->layout);
	if (!ret)
		ret = load_symbols(live);
	await_instances(live);
	if (!ret)
		ret = live->made;
	if (!ret)
		ret = offsets_measure(options, live->layout, live->session, live->symbols);
	if (ret)
		return ret;
	live->wanted = (struct plan_options){
		.group = session_name(live->session),
		.root = root,
		.selection = is_group_only(options) ? SELECTION_GROUP : SELECTION_FOLLOW,
		.reject = options->rejects,
		.registers = session_registers(live->session),
	};
	live->source = (struct plan_source){ live->layout, live->symbols, &live->wanted };
	ret = plan_make(&live->source, &live->plan);
	if (ret)
		error("cannot make a plan: %s", strerror(-ret));
	return ret;
}

static int select_tasks(struct live *live)
{
	const pid_t pids[] = { live->root, 0 };
	const bool lists = live->root || live->target.tids;
	const struct task_filter tasks = {
		.pids = lists ? pids : NULL,
		.without_us = !lists,
		.follow_fork = lists,
		.comm = live->target.comm[0] ? live->target.comm : NULL,
	};

	return instance_select(live->instances[SCOPE_TASK], &tasks);
}

/* Enabled where it belongs before it is disabled where it was tested: its code stays patched. */
static int enable_probe(struct live *live, const struct planned *planned)
{
	struct instance *wanted = instance_of(live, planned->probe->role);
	int ret = instance_enable(wanted, planned);

	return ret || wanted == live->tested ? ret : instance_disable(live->tested, planned);
}

static int enable_probes(struct live *live)
{
	int ret = 0;

	for (size_t i = 0; i < live->plan->count && !ret; i++) {
		if (is_armed(&live->plan->probes[i]))
			ret = enable_probe(live, &live->plan->probes[i]);
	}
	return ret;
}

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

/* What such a role would show is neither claimed nor denied: who reads the results has to know. */
static void say_unarmed_roles(const struct plan *plan)
{
	for (int role = 0; role < ROLE_NR; role++) {
		const struct planned *planned = plan_find(plan, (enum role)role, EDGE_ENTRY);

		if (!planned)
			planned = plan_find(plan, (enum role)role, EDGE_RETURN);
		if (planned && !is_armed(planned))
			note("'%s' is UNKNOWN: %s", role_name((enum role)role),
			     planned->why ? planned->why : "no function can be probed");
	}
}

int live_define(struct live *live)
{
	const pid_t waiting[] = { live->root, 0 };
	int ret = arm(live->session, &live->source, live->plan);

	if (!ret && !live->instance_count)
		ret = make_instances(live);
	if (!ret)
		ret = selftest_run(live->session, &live->source, live->plan, live->tested, waiting,
				   &live->selftest);
	live->tep = live->selftest.tep;
	live->decoder = live->selftest.decoder;
	if (!ret && !live->explains_plan)
		say_unarmed_roles(live->plan);
	return ret;
}

void live_armed(const struct live *live, struct expect_options *armed)
{
	memset(armed, 0, sizeof(*armed));
	armed->sees_any = sees_any(live);
	for (size_t i = 0; i < live->plan->count; i++) {
		const struct planned *planned = &live->plan->probes[i];

		armed->armed[planned->probe->role][planned->probe->edge] = is_armed(planned);
	}
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

static int drop_tested(struct live *live)
{
	struct instance *tested = live->tested;

	live->tested = NULL;
	return tested == live->instances[SCOPE_TASK] ? 0
						     : session_drop_instance(live->session, tested);
}

int live_instances(struct live *live)
{
	int ret = enable_probes(live);

	if (!ret)
		ret = select_tasks(live);
	if (!ret)
		ret = drop_tested(live);
	for (size_t i = 0; i < live->instance_count && !ret; i++)
		ret = instance_resize(live->instances[i], live->options->buffer_kb);
	return ret;
}

static int know_events(struct live *live)
{
	int ret = tep_for_session(live->session, live->plan, &live->tep);

	return ret ? ret : decoder_new(live->tep, session_name(live->session), &live->decoder);
}

int live_start(struct live *live, const struct chain_sink *sink)
{
	const struct stream_sink records = {
		.record = take_record,
		.loss = take_loss,
		.context = live,
	};
	int ret = live_instances(live);

	if (!ret && !live->decoder)
		ret = know_events(live);
	if (!ret && live->options->hash_addresses)
		ret = hider_new(NULL, &live->hider);
	if (!ret)
		ret = make_correlator(live, sink);
	if (!ret)
		ret = stream_new(live->instances, live->instance_count, &records, &live->stream);
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
	if (!live->is_disturbed && now() - live->verified > VERIFY_NS)
		verify(live);
	if (live->stream)
		stream_hold(live->stream, live->verified);
	if (live->is_disturbed)
		return -ECANCELED;
	return live->stream ? stream_pump(live->stream) : 0;
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
	int ret = live->is_disturbed ? lose_unverified(live) : 0;

	if (!ret)
		ret = stream_drain(live->stream);
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
	decoder_free(live->decoder);
	if (live->tep)
		tep_free(live->tep);
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

	await_instances(live);
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

struct plan_entry *live_plan_entries(const struct plan *plan)
{
	static const char *const states[] = {
		[PROBE_EXACT] = "exact",
		[PROBE_SUBSTITUTE] = "substitute",
		[PROBE_REFUSED] = "refused",
		[PROBE_SILENT] = "silent",
	};
	struct plan_entry *entries = calloc(plan->count, sizeof(*entries));

	for (size_t i = 0; entries && i < plan->count; i++) {
		const struct planned *planned = &plan->probes[i];

		entries[i] = (struct plan_entry){
			.role = planned->probe->role,
			.edge = planned->probe->edge,
			.symbol = planned->symbol,
			.state = states[planned->state],
			.note = planned->choice < 0
					? planned->why
					: planned->probe->candidates[planned->choice].substitutes,
		};
	}
	return entries;
}
