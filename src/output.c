/* SPDX-License-Identifier: MIT */
/*
 * Where results go.
 */
#include "command/output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "command/target.h"
#include "util/message.h"
#include "util/owner.h"

#define BUFFER_SIZE (256 * 1024)

/* A new file is for its owner only: results hold kernel addresses. */
static int create(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int ret;

	if (fd < 0)
		return errno == EEXIST ? open(path, O_WRONLY | O_TRUNC | O_CLOEXEC) : fd;
	ret = give_to_user(fd);
	if (ret)
		debug("'%s' stays root's: %s", path, strerror(-ret));
	return fd;
}

int results_open(const char *path, FILE **file)
{
	int ret, fd;

	*file = stdout;
	if (!path)
		return 0;
	fd = create(path);
	*file = fd < 0 ? NULL : fdopen(fd, "w");
	if (*file)
		return 0;
	ret = -errno;
	error("cannot create '%s': %s", path, strerror(-ret));
	if (fd >= 0)
		close(fd);
	return ret;
}

/* What the renderer returned. Return: what ends the trace, if it is to end. */
static int judge(struct output *output, int ret)
{
	if (ret && !output->error)
		output->error = ret;
	if (ret != -EPIPE)
		return ret;
	output->is_unread = true;
	return output->is_attached ? ret : 0;
}

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
	output->is_attached = is_attach(options);
	output->path = options->results ? options->results : "standard output";
	ret = results_open(options->results, &output->file);
	if (ret)
		return ret;
	setvbuf(output->file, NULL, _IOFBF, BUFFER_SIZE);
	shown.color = isatty(fileno(output->file)) == 1;
	ret = judge(output, renderer_init(&output->renderer, format, output->file, &shown));
	if (!ret)
		return 0;
	error("cannot start format '%s': %s", format->name, strerror(-ret));
	if (output->file != stdout)
		fclose(output->file);
	output->file = NULL;
	return ret;
}

static int write_open(void *context, const struct open_call *open)
{
	struct output *output = context;
	const struct chain_sink *sink = &output->rendered;

	return output->is_unread ? 0 : judge(output, sink->open(sink->context, open));
}

static int write_name(void *context, const struct name *name)
{
	struct output *output = context;
	const struct chain_sink *sink = &output->rendered;

	return output->is_unread ? 0 : judge(output, sink->name(sink->context, name));
}

static int write_loss(void *context, const struct loss *loss)
{
	struct output *output = context;
	const struct chain_sink *sink = &output->rendered;

	return output->is_unread ? 0 : judge(output, sink->loss(sink->context, loss));
}

static int write_summary(void *context, const struct chain_summary *summary)
{
	struct output *output = context;
	const struct chain_sink *sink = &output->rendered;

	return output->is_unread ? 0 : judge(output, sink->summary(sink->context, summary));
}

struct chain_sink output_sink(struct output *output)
{
	output->rendered = renderer_sink(&output->renderer);
	return (struct chain_sink){
		.open = write_open,
		.name = write_name,
		.loss = write_loss,
		.summary = write_summary,
		.context = output,
		.ignores_relations = output->rendered.ignores_relations,
	};
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
	if (!ret || ret == -EPIPE || output->is_unread)
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
