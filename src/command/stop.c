/* SPDX-License-Identifier: MIT */
/*
 * Looking at the names that are remembered, from time to time, and at all of them at the end.
 */
#include "stop.h"

#include <errno.h>
#include <string.h>

#include "command/expectation.h"
#include "command/output.h"
#include "util/clock.h"
#include "util/message.h"

/* The time between two checks; after a long one, this many times its duration. */
#define LOOK_NS	   (NS_PER_SECOND / 10)
#define LOOK_TIMES 20

/* Claims that would never hold, or would hold at once because nothing of their kind is recorded. */
static int check(const struct stop *stop, const struct options *options)
{
	if (!expect_claims(stop->expect)) {
		error("cannot wait for '%s': there is no claim in it", stop->text);
		hint("give a claim to --stop-when, such as 'name \"/etc/passwd\": opens >= 3'");
		return -EINVAL;
	}
	if (expect_is_about_calls(stop->expect) && options->calls != CALLS_PATH) {
		error("cannot wait for '%s': calls that take a path are not recorded", stop->text);
		hint("give --calls=path as well");
		return -EINVAL;
	}
	return 0;
}

int stop_open(struct stop *stop, const struct options *options)
{
	int ret;

	memset(stop, 0, sizeof(*stop));
	stop->text = options->stop_when;
	if (!stop->text)
		return 0;
	ret = expectation_parse("--stop-when", stop->text, strlen(stop->text), &stop->expect);
	return ret ? ret : check(stop, options);
}

/* A difference that is only to be shown is no claim. */
static int find_whether_it_holds(struct stop *stop)
{
	const struct expect_result *results;
	size_t count, passed = 0, shown = 0;
	int ret = expect_run_finish(stop->run, &results, &count);

	stop->why = NULL;
	for (size_t i = 0; i < count && !ret; i++) {
		passed += results[i].verdict == VERDICT_PASS;
		shown += results[i].is_show;
		if (results[i].verdict == VERDICT_UNKNOWN && !results[i].is_show)
			stop->why = results[i].why;
	}
	stop->holds = passed && passed + shown == count;
	return ret;
}

static void tell(struct stop *stop)
{
	if (stop->holds && !stop->is_over)
		note("--stop-when: this holds: %s", stop->text);
	stop->is_over = stop->holds;
}

int stop_look(struct stop *stop, const struct correlator *correlator)
{
	uint64_t began = trace_clock_now();
	int ret;

	if (!stop->run || stop->is_over || began < stop->at)
		return 0;
	/* Those that came since the last look are remembered no more. */
	expect_run_restart(stop->run, false);
	ret = correlator_peek(correlator, stop->mine.name, stop->mine.context);
	if (!ret)
		ret = find_whether_it_holds(stop);
	expect_run_restart(stop->run, true);
	stop->at = trace_clock_now();
	stop->at += LOOK_NS + LOOK_TIMES * (stop->at - began);
	if (!ret)
		tell(stop);
	return ret ? ret : stop->is_over;
}

/* --- between the correlator and what comes next ----------------------------------------------- */

static int take_open(void *context, const struct open_call *open)
{
	struct stop *stop = context;
	int ret = stop->mine.open(stop->mine.context, open);

	return ret ? ret : stop->next.open(stop->next.context, open);
}

static int take_path_call(void *context, const struct open_call *call)
{
	struct stop *stop = context;
	int ret = stop->mine.path_call(stop->mine.context, call);

	if (ret || !stop->next.path_call)
		return ret;
	return stop->next.path_call(stop->next.context, call);
}

static int take_name(void *context, const struct name *name)
{
	struct stop *stop = context;
	int ret = stop->is_over ? 0 : stop->mine.name(stop->mine.context, name);

	return ret ? ret : stop->next.name(stop->next.context, name);
}

static int pass_loss(void *context, const struct loss *loss)
{
	const struct stop *stop = context;

	return stop->next.loss(stop->next.context, loss);
}

static int take_summary(void *context, const struct chain_summary *summary)
{
	struct stop *stop = context;
	int ret = stop->is_over ? 0 : find_whether_it_holds(stop);

	if (!ret && !stop->is_over)
		tell(stop);
	return ret ? ret : stop->next.summary(stop->next.context, summary);
}

int stop_start(struct stop *stop, const struct expect_options *options,
	       const struct chain_sink *next, struct chain_sink *sink)
{
	struct expect_options seen = *options;
	int ret;

	if (!stop->expect)
		return 0;
	seen.only_seen = true;
	ret = expect_run_new(stop->expect, &seen, &stop->run);
	if (ret)
		return ret;
	stop->mine = expect_run_sink(stop->run);
	stop->next = *next;
	*sink = (struct chain_sink){
		.open = take_open,
		.path_call = take_path_call,
		.name = take_name,
		.loss = pass_loss,
		.summary = take_summary,
		.context = stop,
	};
	return 0;
}

int stop_status(const struct stop *stop)
{
	if (!stop->expect || stop->is_over)
		return 0;
	if (stop->why)
		note("--stop-when: whether this holds is not known: %s: %s", stop->why, stop->text);
	else
		note("--stop-when: up to the end this did not hold: %s", stop->text);
	return STATUS_FAIL;
}

void stop_close(struct stop *stop)
{
	if (stop->run)
		expect_run_free(stop->run);
	expect_free(stop->expect);
	memset(stop, 0, sizeof(*stop));
}
