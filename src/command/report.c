/* SPDX-License-Identifier: MIT */
/*
 * ftopen report: the chains of a recording, without root, on any machine.
 */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/commands.h"
#include "command/output.h"
#include "recording.h"
#include "usage.h"
#include "tracedat/read.h"
#include "util/message.h"

#define DEFAULT_INPUT "trace.dat"

struct report {
	const struct options *options;
	struct recording recording;
	struct output output;
	struct expectation expectation;
};

/* The program behind a pipe may write to the same terminal at any time. */
static bool has_progress(const struct options *options)
{
	struct stat out;

	return options->results ||
	       (!fstat(STDOUT_FILENO, &out) && !S_ISFIFO(out.st_mode) && !S_ISSOCK(out.st_mode));
}

static int read_all(struct report *report)
{
	const struct pipeline_goal goal = {
		.sink = output_sink(&report->output),
		.expectation = &report->expectation,
		.hides = report->options->hash_addresses,
	};

	return recording_read(&report->recording, &goal);
}

static int check_users(const struct report *report)
{
	const struct recording *recording = &report->recording;

	if (!report->options->filters.users.is_set ||
	    decoder_has(recording->decoder, ROLE_OPENER, POINT_ENTRY, NULL))
		return 0;
	error("cannot select by '--uid': '%s' does not say who opened", recording->path);
	hint("'ftopen record --uid' stores that, for every user");
	return -EINVAL;
}

static int start_output(struct report *report)
{
	const struct recording *recording = &report->recording;
	const struct output_source source = {
		.is_stored = true,
		.clock = recording->clock,
		.plan = recording->extras.entries,
		.plan_count = recording->extras.count,
		.arch = dat_info(recording->dat)->machine,
	};

	return output_open(&report->output, report->options, &source);
}

/* As with trace-cmd report: by -i, as an argument, or else the default file of trace-cmd record. */
static const char *input_of(const struct options *options)
{
	if (options->input)
		return options->input;
	return options->arg_count ? options->args[0] : DEFAULT_INPUT;
}

static int run_report(struct report *report)
{
	const struct options *options = report->options;
	int ret = expectation_open(&report->expectation, options->expect);

	if (!has_progress(options))
		message_progress_stop();
	if (!ret)
		ret = recording_open(&report->recording, input_of(options));
	if (!ret)
		ret = check_users(report);
	if (!ret)
		ret = start_output(report);
	output_expects(&report->output, &report->expectation);
	if (!ret)
		ret = read_all(report);
	/* A reader of the results that went away is no failure of ours. */
	return ret == -EPIPE ? 0 : ret;
}

static int check_options(const struct options *options)
{
	if (options->arg_count + (options->input != NULL) > 1)
		return usage_error(options->command, "more than one file");
	if (options->until > 0 && options->since > options->until)
		return usage_error(options->command, "--since is later than --until");
	return 0;
}

int cmd_report(const struct options *options)
{
	struct report report = { .options = options };
	int ret, written, status;

	if (check_options(options))
		return STATUS_FTOPEN;
	ret = run_report(&report);
	status = result_status(&report.recording.pipeline.summary, report.expectation.status,
			       !options->expect || options->strict);
	if (!status && !ret && recording_is_incomplete(&report.recording))
		status = STATUS_UNKNOWN;
	written = output_close(&report.output);
	expectation_close(&report.expectation);
	recording_close(&report.recording);
	if (!ret && !written)
		return status;
	error_unless_said(ret ? ret : written);
	return STATUS_FTOPEN;
}
