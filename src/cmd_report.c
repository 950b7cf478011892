/* SPDX-License-Identifier: MIT */
/*
 * ftopen report: the chains of a recording, without root, on any machine.
 */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/commands.h"
#include "command/output.h"
#include "command/recording.h"
#include "util/message.h"

struct report {
	const struct options *options;
	struct recording recording;
	struct output output;
	struct expectation expectation;
	struct chain_sink sink;
	int expect_status;
};

/* Results on the terminal would stand in the same line. */
static bool has_progress(const struct options *options)
{
	struct stat out;

	return isatty(STDERR_FILENO) && !options->quiet &&
	       (options->results || (!fstat(STDOUT_FILENO, &out) && S_ISREG(out.st_mode)));
}

static int start_output(struct report *report)
{
	const struct dat_extras *extras = &report->recording.extras;
	struct chain_sink rendered;
	struct expect_options armed;
	int ret = output_open(&report->output, report->options, extras->entries, extras->count);

	if (ret)
		return ret;
	rendered = renderer_sink(&report->output.renderer);
	recording_armed(&report->recording, &armed);
	return expectation_start(&report->expectation, &armed, &rendered, &report->sink);
}

static int run_report(struct report *report)
{
	const struct options *options = report->options;
	int ret = expectation_open(&report->expectation, options->expect);

	if (!ret)
		ret = recording_open(&report->recording, options->args[0]);
	if (!ret)
		ret = start_output(report);
	report->recording.has_progress = has_progress(options);
	if (!ret)
		ret = recording_read(&report->recording, &report->sink, options->hash_addresses,
				     &report->expectation);
	if (!ret)
		ret = expectation_finish(&report->expectation, report->output.file,
					 &report->expect_status);
	/* A reader of the results that went away is no failure of ours. */
	return ret == -EPIPE ? 0 : ret;
}

int cmd_report(const struct options *options)
{
	struct report report = { .options = options };
	int ret, written, status;

	if (options->arg_count != 1) {
		error("report: %s", options->arg_count ? "more than one file" : "no file to read");
		hint("usage: ftopen report [OPTION...] FILE");
		return STATUS_FTOPEN;
	}
	ret = run_report(&report);
	status = result_status(&report.recording.summary, report.expect_status,
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
