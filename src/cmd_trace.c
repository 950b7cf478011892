/* SPDX-License-Identifier: MIT */
/*
 * ftopen trace: run a program, or attach, and print the chains.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command/commands.h"
#include "command/live.h"
#include "command/output.h"
#include "command/watch.h"
#include "util/message.h"

/* One run, from the first signal mask to the last undo. */
struct trace {
	const struct options *options;
	struct watch watch;
	struct child *child;
	struct live live;
	struct plan_entry *plan;
	struct output output;
	struct expectation expectation;
	struct chain_sink sink;
	struct chain_summary summary;
	int expect_status;
	int exec_error;
};

static int pump(void *context)
{
	struct trace *trace = context;

	return stream_pump(trace->live.stream);
}

static int start_child(struct trace *trace)
{
	int ret;

	if (is_attach(trace->options))
		return 0;
	ret = child_start(trace->live.target.args, &trace->watch.before, trace->options->user,
			  &trace->child);
	trace->watch.child = trace->child;
	return ret;
}

/* From the correlator through the expectations to the renderer. */
static int start_output(struct trace *trace)
{
	struct chain_sink rendered;
	struct expect_options armed;
	int ret;

	trace->plan = live_plan_entries(trace->live.plan);
	if (!trace->plan)
		return -ENOMEM;
	ret = output_open(&trace->output, trace->options, trace->plan, trace->live.plan->count);
	if (ret)
		return ret;
	rendered = renderer_sink(&trace->output.renderer);
	live_armed(&trace->live, &armed);
	return expectation_start(&trace->expectation, &armed, &rendered, &trace->sink);
}

static int start(struct trace *trace)
{
	int ret = expectation_open(&trace->expectation, trace->options->expect);

	if (!ret)
		ret = target_find(&trace->live.target, trace->options);
	if (!ret)
		ret = start_child(trace);
	if (!ret)
		ret = live_plan(&trace->live, trace->options,
				trace->child ? child_pid(trace->child) : 0);
	if (!ret)
		ret = live_define(&trace->live);
	if (!ret)
		ret = start_output(trace);
	if (!ret)
		ret = live_start(&trace->live, &trace->sink);
	if (!ret)
		ret = live_tracing(&trace->live, true);
	return ret;
}

/* Tracing off first, so that reading what is left comes to an end. */
static int finish(struct trace *trace)
{
	int ret = live_tracing(&trace->live, false);
	int finished = live_finish(&trace->live, &trace->expectation, &trace->summary);

	trace->summary.plan = trace->plan;
	trace->summary.plan_count = trace->live.plan->count;
	if (!finished)
		finished = trace->sink.summary(trace->sink.context, &trace->summary);
	if (!finished)
		finished = expectation_finish(&trace->expectation, trace->output.file,
					      &trace->expect_status);
	return ret ? ret : finished;
}

static int run_traced(struct trace *trace)
{
	int ret = start(trace);

	if (ret)
		return ret;
	if (trace->child)
		trace->exec_error = child_release(trace->child);
	if (trace->exec_error) {
		error("cannot execute '%s': %s", trace->options->args[0],
		      strerror(-trace->exec_error));
		return 0;
	}
	trace->watch.fd = stream_poll_fd(trace->live.stream);
	trace->watch.pump = pump;
	trace->watch.context = trace;
	trace->watch.seconds = trace->child ? 0 : trace->options->duration;
	ret = watch_run(&trace->watch);
	/* A reader of the results that went away ends the trace, and is no failure of ours. */
	if (ret && ret != -EPIPE)
		return ret;
	ret = finish(trace);
	return ret == -EPIPE ? 0 : ret;
}

static int status_of(const struct trace *trace)
{
	const struct options *options = trace->options;

	if (trace->exec_error)
		return trace->exec_error == -ENOENT ? STATUS_NOT_FOUND : STATUS_NO_EXEC;
	if (options->strict || options->expect) {
		int status = options->strict ? verdict_status(&trace->summary) : 0;

		/* A FAIL wins over an UNKNOWN. */
		if (trace->expect_status == STATUS_FAIL || !status)
			return trace->expect_status;
		return status;
	}
	return trace->watch.has_status ? trace->watch.status : 0;
}

int cmd_trace(const struct options *options)
{
	struct trace trace = { .options = options };
	int ret, undone, written;

	if (watch_signals(&trace.watch))
		return STATUS_FTOPEN;
	ret = run_traced(&trace);
	undone = live_end(&trace.live);
	written = output_close(&trace.output);
	expectation_close(&trace.expectation);
	if (trace.child)
		child_free(trace.child);
	watch_end(&trace.watch);
	free(trace.plan);
	return ret || undone || written ? STATUS_FTOPEN : status_of(&trace);
}
