/* SPDX-License-Identifier: MIT */
/*
 * The data's way, to be read from top to bottom: pages, records, chains, counts. Knows neither
 * where pages come from nor what becomes of chains.
 */
#include "way.h"

#include <errno.h>
#include <string.h>

#include "chain/hide.h"

/* --- pages: merged into raw records, in the order of time ------------------------------------- */

int way_pump(struct way *way, uint64_t until)
{
	return merge_until(way->source.pages, until, &way->records);
}

/* --- records: decoded, addresses hidden, correlated ------------------------------------------- */

/* In one buffer each loss is one of both scopes. It is counted and shown once. */
int way_loss(struct way *way, const struct loss *loss)
{
	struct loss twin = *loss;
	int ret = correlator_loss(way->correlator, loss);

	way->losses++;
	if (ret || !way->source.is_one_buffer)
		return ret;
	twin.scope = SCOPE_ANY;
	twin.count = 0;
	way->twins++;
	return correlator_loss(way->correlator, &twin);
}

int way_unselected(struct way *way, uint64_t from, uint64_t to)
{
	way->losses++;
	return correlator_unselected(way->correlator, from, to);
}

/* What a file has of the part before it, or after it, is there as well. */
static bool is_of_part(const struct way *way, uint64_t first, uint64_t last)
{
	const struct way_source *source = &way->source;

	return last >= source->from && (!source->until || first <= source->until);
}

static int take_loss(void *context, const struct loss *loss)
{
	struct way *way = context;
	struct loss timed = *loss;

	if (!is_of_part(way, loss->from, loss->to))
		return 0;
	timed.from = clock_time(&way->source.clock, loss->from);
	timed.to = clock_time(&way->source.clock, loss->to);
	return way_loss(way, &timed);
}

/* A record that cannot be read. */
static int lose_record(struct way *way, const struct raw_record *raw)
{
	const struct loss loss = {
		.scope = (enum scope)raw->scope,
		.cpu = raw->cpu,
		.from = clock_time(&way->source.clock, raw->ts),
		.to = clock_time(&way->source.clock, raw->ts),
		.count = 1,
	};

	return way_loss(way, &loss);
}

/* A number that no event has may have been that of one of ours. */
static bool is_known(const struct way *way, const struct raw_record *raw)
{
	const struct way_source *source = &way->source;

	return !source->is_known ||
	       source->is_known(source->context, decoder_id(source->decoder, raw));
}

static int pass_on(const struct way *way, struct record *record)
{
	int ret = 0;

	record->ts = clock_time(&way->source.clock, record->ts);
	if (way->source.is_one_buffer)
		record->scope = (uint8_t)role_scope((enum role)record->role);
	if (way->hider)
		ret = hide_addresses(way->hider, record);
	return ret ? ret : correlator_record(way->correlator, record);
}

static int take_record(void *context, const struct raw_record *raw)
{
	struct way *way = context;
	struct record records[POINT_NR];
	int count, ret = 0;

	if (way->source.passed)
		way->source.passed(way->source.context);
	if (!is_of_part(way, raw->ts, raw->ts))
		return 0;
	count = decode(way->source.decoder, raw, records);
	if (count == -EBADMSG || (count == -ENOENT && !is_known(way, raw)))
		return lose_record(way, raw);
	if (count < 0)
		return count == -ENOENT ? 0 : count;
	for (int i = 0; i < count && !ret; i++)
		ret = pass_on(way, &records[i]);
	return ret;
}

/* --- chains: compared with the expectations, handed to the sink ------------------------------- */

/* How long an open took is not known by a clock that has no times. */
static struct open_call as_timed(const struct way *way, const struct open_call *open)
{
	struct open_call timed = *open;

	if (way->source.clock.only_orders) {
		timed.has_latency = false;
		timed.stages = 0;
	}
	return timed;
}

static int hand_on_open(void *context, const struct open_call *open)
{
	const struct way *way = context;
	const struct open_call timed = as_timed(way, open);

	return way->goal.open ? way->goal.open(way->goal.context, &timed) : 0;
}

static int hand_on_path_call(void *context, const struct open_call *call)
{
	const struct way *way = context;
	const struct open_call timed = as_timed(way, call);

	return way->goal.path_call ? way->goal.path_call(way->goal.context, &timed) : 0;
}

static int hand_on_name(void *context, const struct name *name)
{
	const struct way *way = context;

	return way->goal.name ? way->goal.name(way->goal.context, name) : 0;
}

/* The twin of a loss was for the correlator and the expectations. */
static int hand_on_loss(void *context, const struct loss *loss)
{
	const struct way *way = context;

	if (!way->goal.loss || (way->source.is_one_buffer && loss->scope == SCOPE_ANY))
		return 0;
	return way->goal.loss(way->goal.context, loss);
}

static int hand_on_negative(void *context, const struct name *name, const struct lifetime *lifetime)
{
	const struct way *way = context;

	return way->goal.negative(way->goal.context, name, lifetime);
}

static int hand_on_summary(void *context, const struct chain_summary *summary)
{
	const struct way *way = context;

	return way->goal.summary ? way->goal.summary(way->goal.context, summary) : 0;
}

static int start_chains(struct way *way, const struct way_goal *goal)
{
	const struct chain_sink shown = {
		.open = hand_on_open,
		.path_call = hand_on_path_call,
		.name = hand_on_name,
		.negative = goal->sink.negative ? hand_on_negative : NULL,
		.loss = hand_on_loss,
		.summary = hand_on_summary,
		.context = way,
		.ignores_relations = goal->sink.ignores_relations,
		.only_open = goal->sink.only_open,
	};

	way->goal = goal->sink;
	way->sink = shown;
	way->expectation = goal->expectation;
	if (!goal->expectation)
		return 0;
	return expectation_start(goal->expectation, &way->source.armed, &shown, &way->sink);
}

static int start_correlator(struct way *way, size_t max_kept)
{
	struct correlator_options options = {
		.root = way->source.root,
		.group_only = way->source.group_only,
		.by_comm = way->source.by_comm,
		.sees_any = way->source.armed.sees_any,
		.cwd = way->source.cwd,
		.known = way->source.known,
		.known_count = way->source.known_count,
		.sink = way->sink,
		.max_kept = max_kept,
	};

	memcpy(options.armed, way->source.armed.armed, sizeof(options.armed));
	return correlator_new(&options, &way->correlator);
}

/* --- counts: what the kernel says was lost ---------------------------------------------------- */

void way_missed(struct way *way, enum role role, enum point point, uint64_t count)
{
	if (count == LOSS_UNKNOWN) {
		way->summary.has_missed_probes = false;
		return;
	}
	way->summary.missed_probes += count;
	correlator_missed(way->correlator, role, point, count);
	if (way->expectation)
		expectation_missed(way->expectation, role, point, count);
}

int way_lost(struct way *way, enum scope scope, int cpu, uint64_t count)
{
	int ret = correlator_lost(way->correlator, scope, cpu, count);

	if (ret || !way->source.is_one_buffer)
		return ret;
	way->twins++;
	return correlator_lost(way->correlator, SCOPE_ANY, cpu, 0);
}

void way_overrun(struct way *way, uint64_t total)
{
	if (total != LOSS_UNKNOWN)
		correlator_overrun(way->correlator, total);
}

/* --- from the first to the last --------------------------------------------------------------- */

int way_start(struct way *way, const struct way_source *source, const struct way_goal *goal)
{
	int ret;

	memset(way, 0, sizeof(*way));
	way->source = *source;
	way->records = (struct record_sink){ take_record, take_loss, way };
	ret = goal->hides ? hider_new(NULL, &way->hider) : 0;
	if (!ret)
		ret = start_chains(way, goal);
	return ret ? ret : start_correlator(way, goal->max_kept);
}

int way_negatives(struct way *way, uint64_t before)
{
	return correlator_negatives(way->correlator, before);
}

int way_finish(struct way *way)
{
	struct chain_summary *summary = &way->summary;
	int counted, ret = merge_rest(way->source.pages, &way->records);

	summary->has_missed_probes = true;
	counted = way->source.account(way->source.context, way);
	if (!ret)
		ret = counted;
	if (!ret)
		ret = correlator_finish(way->correlator, &summary->totals);
	summary->totals.losses -= way->twins;
	summary->totals.lost_is_known &= way->source.has_counts;
	return ret ? ret : way->sink.summary(way->sink.context, summary);
}

void way_release(struct way *way)
{
	correlator_free(way->correlator);
	hider_free(way->hider);
	memset(way, 0, sizeof(*way));
}
