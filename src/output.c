/* SPDX-License-Identifier: MIT */
/*
 * Where results go.
 */
#include "command/output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "command/target.h"
#include "util/message.h"

#define BUFFER_SIZE (256 * 1024)

int output_open(struct output *output, const struct options *options, const struct plan_entry *plan,
		size_t plan_count)
{
	const struct render_format *format;
	struct render_options shown = {
		.components = options->components,
		.failed = options->failed,
		.negative = options->negative,
		.explain = options->explain,
		.name_glob = options->name_glob,
		.plan = plan,
		.plan_count = plan_count,
	};
	int ret;

	memset(output, 0, sizeof(*output));
	format = render_format_find(options->format	 ? options->format
				    : is_attach(options) ? "live"
							 : "tree");
	if (!format) {
		error("cannot write format '%s': there is no such format", options->format);
		return -EINVAL;
	}
	output->path = options->results ? options->results : "standard output";
	output->file = options->results ? fopen(options->results, "we") : stdout;
	if (!output->file) {
		ret = -errno;
		error("cannot create '%s': %s", output->path, strerror(-ret));
		return ret;
	}
	setvbuf(output->file, NULL, _IOFBF, BUFFER_SIZE);
	shown.color = isatty(fileno(output->file)) == 1;
	ret = renderer_init(&output->renderer, format, output->file, &shown);
	if (!ret)
		return 0;
	error("cannot start format '%s': %s", format->name, strerror(-ret));
	if (output->file != stdout)
		fclose(output->file);
	output->file = NULL;
	return ret;
}

int output_close(struct output *output)
{
	int ret = 0;

	if (!output->file)
		return 0;
	renderer_release(&output->renderer);
	if (fflush(output->file))
		ret = -errno;
	else if (ferror(output->file))
		ret = output->error ? output->error : -EIO;
	if (output->file != stdout && fclose(output->file) && !ret)
		ret = -errno;
	output->file = NULL;
	if (!ret || ret == -EPIPE)
		return 0;
	error("cannot write '%s': %s", output->path, strerror(-ret));
	return ret;
}

static int verdict_status(const struct chain_summary *summary)
{
	const struct chain_totals *totals = &summary->totals;

	if (totals->verdicts[VERDICT_FAIL])
		return STATUS_FAIL;
	if (totals->verdicts[VERDICT_UNKNOWN] || totals->losses || summary->missed_probes)
		return STATUS_UNKNOWN;
	return 0;
}

int result_status(const struct chain_summary *summary, int expected, bool strict)
{
	int status = strict ? verdict_status(summary) : 0;

	return expected == STATUS_FAIL || !status ? expected : status;
}
