/* SPDX-License-Identifier: MIT */
/*
 * ftopen trace: run a program, or attach, and print the chains.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "command/commands.h"
#include "command/output.h"
#include "run.h"
#include "stop.h"
#include "store.h"
#include "target.h"
#include "util/message.h"

struct trace {
	const struct options *options;
	struct run run;
	struct store store;
	struct plan_entry *plan;
	struct output output;
	struct expectation expectation;
	struct stop stop;
	struct chain_summary summary;
	int expect_status;
};

static int pump(void *context)
{
	struct trace *trace = context;
	int ret = live_pump(&trace->run.live);

	if (!ret)
		ret = pipeline_look(&trace->run.live.pipeline);
	/* Later records count as lost, so that they fill neither memory nor disk. */
	if (ret)
		stream_stop(trace->run.live.stream);
	return ret;
}

static int start_output(struct trace *trace)
{
	static struct utsname uts;
	struct output_source source = {
		.clock = trace->run.live.clock,
		.plan_count = trace->run.live.plan->count,
		.arch = uname(&uts) ? NULL : uts.machine,
	};

	source.plan = trace->plan = live_plan_entries(trace->run.live.plan);
	return trace->plan ? output_open(&trace->output, trace->options, &source) : -ENOMEM;
}

static int start_live(struct trace *trace)
{
	const struct pipeline_goal goal = {
		.sink = output_sink(&trace->output),
		.expectation = &trace->expectation,
		.stop = &trace->stop,
		.hides = trace->options->hash_addresses,
	};

	return live_start(&trace->run.live, &goal);
}

static int start(struct trace *trace)
{
	struct live *live = &trace->run.live;
	int ret = target_check(trace->options);

	if (!ret)
		ret = expectation_open(&trace->expectation, trace->options->expect);
	if (!ret)
		ret = stop_open(&trace->stop, trace->options);
	if (!ret)
		ret = store_open(&trace->store, trace->options, trace->options->output);
	if (!ret)
		ret = run_prepare(&trace->run);
	if (!ret)
		ret = start_output(trace);
	output_expects(&trace->output, &trace->expectation);
	if (!ret)
		ret = start_live(trace);
	if (!ret && trace->store.writer)
		stream_tap(live->stream, &trace->store.sink);
	if (!ret)
		ret = stream_start(live->stream);
	if (!ret)
		ret = live_tracing(live, true);
	return ret;
}

static int show_rest(struct trace *trace)
{
	struct live *live = &trace->run.live;
	int ret = live_finish(live, trace->plan);

	trace->summary = live->pipeline.summary;
	trace->expect_status = trace->expectation.status;
	return ret;
}

/* Tracing off first, so that reading what is left comes to an end. */
static int finish(struct trace *trace)
{
	struct live *live = &trace->run.live;
	int ret = live_tracing(live, false);
	int shown = show_rest(trace);
	int stored;

	/* Results that nobody reads any more are stored all the same. */
	if (shown && trace->store.writer)
		stream_discard(live->stream);
	stored = store_finish(&trace->store, live, trace->plan, NULL);
	/* A reader of the results that went away ends the trace, and is no failure of ours. */
	if (shown == -EPIPE)
		shown = 0;
	if (!ret)
		ret = stored;
	return ret ? ret : shown;
}

/* A shell opens little itself: most opens are done by the programs that it starts. */
static void hint_at_children(const struct trace *trace)
{
	const struct options *options = trace->options;

	if (options->filters.pid_count && !options->follow && !trace->summary.totals.opens)
		note("no open was seen: -f traces what a process starts, too");
}

static int run_traced(struct trace *trace)
{
	int ret = start(trace);

	if (ret)
		return ret;
	trace->run.watch.has_reader = true;
	trace->run.watch.results_fd = fileno(trace->output.file);
	ret = run_watch(&trace->run, stream_poll_fd(trace->run.live.stream), pump, trace);
	if (trace->run.exec_error)
		return 0;
	if (ret && ret != -EPIPE && ret != -ECANCELED)
		return ret;
	ret = finish(trace);
	hint_at_children(trace);
	return ret || !trace->run.live.is_disturbed ? ret : -ECANCELED;
}

static int status_of(const struct trace *trace)
{
	const struct options *options = trace->options;

	if (!trace->run.exec_error && (options->strict || options->expect))
		return result_status(&trace->summary, trace->expect_status, options->strict);
	return is_attach(options) ? stop_status(&trace->stop) : run_status(&trace->run);
}

int cmd_trace(const struct options *options)
{
	struct trace trace = { .options = options, .run.options = options };
	int ret, undone, written, waited, status = STATUS_FTOPEN;

	if (watch_signals(&trace.run.watch))
		return STATUS_FTOPEN;
	ret = run_traced(&trace);
	/* A trace that failed half-way still reads pages, which are stored as well. */
	if (trace.run.live.stream)
		stream_stop(trace.run.live.stream);
	store_close(&trace.store);
	undone = run_end(&trace.run);
	trace.output.is_shared = trace.run.goes_on;
	written = output_close(&trace.output);
	waited = run_await(&trace.run);
	if (!ret && !undone && !written && !waited)
		status = status_of(&trace);
	else
		error_unless_said(ret ? ret : undone ? undone : written ? written : waited);
	stop_close(&trace.stop);
	expectation_close(&trace.expectation);
	free(trace.plan);
	watch_end(&trace.run.watch);
	return status;
}
