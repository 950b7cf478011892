/* SPDX-License-Identifier: MIT */
/*
 * ftopen diff: which names have different results in two recordings, and which functions were
 * probed.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "chain/outcome.h"
#include "command/commands.h"
#include "command/output.h"
#include "recording.h"
#include "usage.h"
#include "render/diff.h"
#include "util/message.h"
#include "util/terminal.h"

struct side {
	struct recording recording;
	struct outcomes outcomes;
};

static int take_open(void *context, const struct open_call *open)
{
	return outcomes_open(context, open);
}

static int take_name(void *context, const struct name *name)
{
	return outcomes_name(context, name);
}

static int pass_summary(void *context, const struct chain_summary *summary)
{
	(void)context;
	(void)summary;
	return 0;
}

static int read_side(struct side *side, const struct options *options, const char *path)
{
	const struct pipeline_goal goal = {
		.sink = {
			.open = take_open,
			.name = take_name,
			.summary = pass_summary,
			.context = &side->outcomes,
		},
	};
	int ret = recording_open(&side->recording, path);

	side->outcomes.likes = options->likes;
	side->outcomes.like_count = options->like_count;
	return ret ? ret : recording_read(&side->recording, &goal);
}

static bool is_incomplete(const struct recording *recording)
{
	const struct chain_totals *totals = &recording->pipeline.summary.totals;

	return totals->losses || !totals->lost_is_known ||
	       recording->pipeline.summary.missed_probes || recording_is_incomplete(recording);
}

static int show(const struct options *options, const struct side sides[2], FILE *out)
{
	const struct diff_options shown = {
		.is_json = options->findings == FINDINGS_JSON,
		.columns = terminal_columns(options->results ? -1 : STDOUT_FILENO),
		.name_glob = options->filters.name_glob,
	};
	struct diff_side compared[2];

	for (int i = 0; i < 2; i++)
		compared[i] = (struct diff_side){
			.file = sides[i].recording.path,
			.outcomes = &sides[i].outcomes,
			.summary = &sides[i].recording.pipeline.summary,
			.is_incomplete = is_incomplete(&sides[i].recording),
		};
	return render_diff(out, compared, &shown);
}

static int show_in_file(const struct options *options, const struct side sides[2])
{
	const char *path = options->results ? options->results : "standard output";
	FILE *out;
	int ret = results_open(options->results, &out);

	if (ret)
		return ret;
	ret = show(options, sides, out);
	if (fflush(out) && !ret)
		ret = -errno;
	if (out != stdout && fclose(out) && !ret)
		ret = -errno;
	if (!ret || ret == -EPIPE)
		return 0;
	error("cannot write '%s': %s", path, strerror(-ret));
	return ret;
}

int cmd_diff(const struct options *options)
{
	struct side sides[2] = { 0 };
	int ret = 0;

	if (options->arg_count != 2) {
		usage_error(options->command, "two files are needed, and %d %s given",
			    options->arg_count, options->arg_count == 1 ? "is" : "are");
		return STATUS_FTOPEN;
	}
	for (int i = 0; i < 2 && !ret; i++)
		ret = read_side(&sides[i], options, options->args[i]);
	if (!ret)
		ret = show_in_file(options, sides);
	for (int i = 0; i < 2; i++) {
		outcomes_release(&sides[i].outcomes);
		recording_close(&sides[i].recording);
	}
	if (!ret)
		return 0;
	error_unless_said(ret);
	return STATUS_FTOPEN;
}
