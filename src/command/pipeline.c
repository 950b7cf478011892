/* SPDX-License-Identifier: MIT */
/*
 * The pipeline of the data, to be read from top to bottom: pages, records, chains, counts. Knows
 * neither where pages come from nor what becomes of chains.
 */
#include "pipeline.h"

#include <errno.h>
#include <string.h>

#include "chain/hide.h"
#include "stop.h"

/* --- pages: merged into raw records, in the order of time ------------------------------------- */

int pipeline_pump(struct pipeline *pipeline, uint64_t until)
{
	return merge_until(pipeline->source.pages, until, &pipeline->records);
}

/* --- records: decoded, addresses hidden, correlated ------------------------------------------- */

/* If there is one buffer, each loss is a loss of both scopes. It is counted and shown once. */
int pipeline_loss(struct pipeline *pipeline, const struct loss *loss)
{
	struct loss twin = *loss;
	int ret = correlator_loss(pipeline->correlator, loss);

	pipeline->losses++;
	if (ret || !pipeline->source.is_one_buffer)
		return ret;
	twin.scope = SCOPE_ANY;
	twin.count = 0;
	pipeline->twins++;
	return correlator_loss(pipeline->correlator, &twin);
}

int pipeline_unselected(struct pipeline *pipeline, uint64_t from, uint64_t to)
{
	pipeline->losses++;
	return correlator_unselected(pipeline->correlator, from, to);
}

/* What a file has of the part before it, or after it, is there as well. */
static bool is_of_part(const struct pipeline *pipeline, uint64_t first, uint64_t last)
{
	const struct pipeline_source *source = &pipeline->source;

	return last >= source->from && (!source->until || first <= source->until);
}

static uint64_t time_within_part(const struct pipeline_source *source, uint64_t time)
{
	if (time < source->from)
		return source->from;
	return source->until && time > source->until ? source->until : time;
}

/* What the file itself lacks, its part lacks, whenever the last record before it was. */
static void lose_within_part(const struct pipeline_source *source, struct loss *loss)
{
	if (loss->is_overrun)
		return;
	loss->from = time_within_part(source, loss->from);
	loss->to = time_within_part(source, loss->to);
}

static int take_loss(void *context, const struct loss *loss)
{
	struct pipeline *pipeline = context;
	struct loss timed = *loss;

	lose_within_part(&pipeline->source, &timed);
	if (!is_of_part(pipeline, timed.from, timed.to))
		return 0;
	timed.from = clock_time(&pipeline->source.clock, timed.from);
	timed.to = clock_time(&pipeline->source.clock, timed.to);
	return pipeline_loss(pipeline, &timed);
}

/* A record that cannot be read. */
static int lose_record(struct pipeline *pipeline, const struct raw_record *raw)
{
	const struct loss loss = {
		.scope = (enum scope)raw->scope,
		.cpu = raw->cpu,
		.from = clock_time(&pipeline->source.clock, raw->ts),
		.to = clock_time(&pipeline->source.clock, raw->ts),
		.count = 1,
	};

	return pipeline_loss(pipeline, &loss);
}

/* A number that no event has may have been that of one of ours. */
static bool is_known(const struct pipeline *pipeline, const struct raw_record *raw)
{
	const struct pipeline_source *source = &pipeline->source;

	return !source->is_known ||
	       source->is_known(source->context, decoder_id(source->decoder, raw));
}

static int pass_on(const struct pipeline *pipeline, struct record *record)
{
	int ret = 0;

	record->ts = clock_time(&pipeline->source.clock, record->ts);
	if (pipeline->source.is_one_buffer)
		record->scope = (uint8_t)role_scope((enum role)record->role);
	if (pipeline->hider)
		ret = hide_addresses(pipeline->hider, record);
	return ret ? ret : correlator_record(pipeline->correlator, record);
}

static int take_record(void *context, const struct raw_record *raw)
{
	struct pipeline *pipeline = context;
	struct record records[POINT_NR];
	int count, ret = 0;

	if (pipeline->source.passed)
		pipeline->source.passed(pipeline->source.context);
	if (!is_of_part(pipeline, raw->ts, raw->ts))
		return 0;
	count = decode(pipeline->source.decoder, raw, records);
	if (count == -EBADMSG || (count == -ENOENT && !is_known(pipeline, raw)))
		return lose_record(pipeline, raw);
	if (count < 0)
		return count == -ENOENT ? 0 : count;
	for (int i = 0; i < count && !ret; i++)
		ret = pass_on(pipeline, &records[i]);
	return ret;
}

/* --- chains: compared with the expectations, handed to the sink ------------------------------- */

/* How long an open took is not known by a clock that has no times. */
static struct open_call as_timed(const struct pipeline *pipeline, const struct open_call *open)
{
	struct open_call timed = *open;

	if (pipeline->source.clock.only_orders) {
		timed.has_latency = false;
		timed.stages = 0;
	}
	return timed;
}

static int pass_on_open(void *context, const struct open_call *open)
{
	const struct pipeline *pipeline = context;
	const struct open_call timed = as_timed(pipeline, open);

	return pipeline->goal.open ? pipeline->goal.open(pipeline->goal.context, &timed) : 0;
}

static int pass_on_path_call(void *context, const struct open_call *call)
{
	const struct pipeline *pipeline = context;
	const struct open_call timed = as_timed(pipeline, call);

	return pipeline->goal.path_call ? pipeline->goal.path_call(pipeline->goal.context, &timed)
					: 0;
}

static int pass_on_name(void *context, const struct name *name)
{
	const struct pipeline *pipeline = context;

	return pipeline->goal.name ? pipeline->goal.name(pipeline->goal.context, name) : 0;
}

/* The twin of a loss was for the correlator and the expectations. */
static int pass_on_loss(void *context, const struct loss *loss)
{
	const struct pipeline *pipeline = context;

	if (!pipeline->goal.loss || (pipeline->source.is_one_buffer && loss->scope == SCOPE_ANY))
		return 0;
	return pipeline->goal.loss(pipeline->goal.context, loss);
}

static int pass_on_negative(void *context, const struct name *name, const struct lifetime *lifetime)
{
	const struct pipeline *pipeline = context;

	return pipeline->goal.negative(pipeline->goal.context, name, lifetime);
}

static int pass_on_summary(void *context, const struct chain_summary *summary)
{
	const struct pipeline *pipeline = context;

	return pipeline->goal.summary ? pipeline->goal.summary(pipeline->goal.context, summary) : 0;
}

static int start_chains(struct pipeline *pipeline, const struct pipeline_goal *goal)
{
	const struct chain_sink shown = {
		.open = pass_on_open,
		.path_call = pass_on_path_call,
		.name = pass_on_name,
		.negative = goal->sink.negative ? pass_on_negative : NULL,
		.loss = pass_on_loss,
		.summary = pass_on_summary,
		.context = pipeline,
		.ignores_relations = goal->sink.ignores_relations,
		.only_open = goal->sink.only_open,
	};
	int ret = 0;

	pipeline->goal = goal->sink;
	pipeline->sink = shown;
	pipeline->expectation = goal->expectation;
	pipeline->stop = goal->stop;
	if (goal->expectation)
		ret = expectation_start(goal->expectation, &pipeline->source.armed, &shown,
					&pipeline->sink);
	if (!ret && goal->stop)
		ret = stop_start(goal->stop, &pipeline->source.armed, &pipeline->sink,
				 &pipeline->sink);
	return ret;
}

static int start_correlator(struct pipeline *pipeline, size_t max_kept)
{
	struct correlator_options options = {
		.root = pipeline->source.root,
		.group_only = pipeline->source.group_only,
		.by_comm = pipeline->source.by_comm,
		.sees_any = pipeline->source.armed.sees_any,
		.cwd = pipeline->source.cwd,
		.known = pipeline->source.known,
		.known_count = pipeline->source.known_count,
		.sink = pipeline->sink,
		.max_kept = max_kept,
	};

	memcpy(options.armed, pipeline->source.armed.armed, sizeof(options.armed));
	return correlator_new(&options, &pipeline->correlator);
}

/* --- counts: what the kernel says was lost ---------------------------------------------------- */

void pipeline_missed(struct pipeline *pipeline, enum role role, enum point point, uint64_t count)
{
	if (count == LOSS_UNKNOWN) {
		pipeline->summary.has_missed_probes = false;
		return;
	}
	pipeline->summary.missed_probes += count;
	correlator_missed(pipeline->correlator, role, point, count);
	if (pipeline->expectation)
		expectation_missed(pipeline->expectation, role, point, count);
}

int pipeline_lost(struct pipeline *pipeline, enum scope scope, int cpu, uint64_t count)
{
	int ret = correlator_lost(pipeline->correlator, scope, cpu, count);

	if (ret || !pipeline->source.is_one_buffer)
		return ret;
	pipeline->twins++;
	return correlator_lost(pipeline->correlator, SCOPE_ANY, cpu, 0);
}

void pipeline_overrun(struct pipeline *pipeline, uint64_t total)
{
	if (total != LOSS_UNKNOWN)
		correlator_overrun(pipeline->correlator, total);
}

/* --- from the first to the last --------------------------------------------------------------- */

int pipeline_start(struct pipeline *pipeline, const struct pipeline_source *source,
		   const struct pipeline_goal *goal)
{
	int ret;

	memset(pipeline, 0, sizeof(*pipeline));
	pipeline->source = *source;
	pipeline->records = (struct record_sink){ take_record, take_loss, pipeline };
	ret = goal->hides ? hider_new(NULL, &pipeline->hider) : 0;
	if (!ret)
		ret = start_chains(pipeline, goal);
	return ret ? ret : start_correlator(pipeline, goal->max_kept);
}

int pipeline_look(struct pipeline *pipeline)
{
	return pipeline->stop ? stop_look(pipeline->stop, pipeline->correlator) : 0;
}

int pipeline_negatives(struct pipeline *pipeline, uint64_t before)
{
	return correlator_negatives(pipeline->correlator, before);
}

int pipeline_finish(struct pipeline *pipeline)
{
	struct chain_summary *summary = &pipeline->summary;
	int counted, ret = merge_rest(pipeline->source.pages, &pipeline->records);

	summary->has_missed_probes = true;
	counted = pipeline->source.account(pipeline->source.context, pipeline);
	if (!ret)
		ret = counted;
	if (!ret)
		ret = correlator_finish(pipeline->correlator, &summary->totals);
	summary->totals.losses -= pipeline->twins;
	return ret ? ret : pipeline->sink.summary(pipeline->sink.context, summary);
}

void pipeline_release(struct pipeline *pipeline)
{
	correlator_free(pipeline->correlator);
	hider_free(pipeline->hider);
	memset(pipeline, 0, sizeof(*pipeline));
}
