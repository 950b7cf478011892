/* SPDX-License-Identifier: MIT */
/*
 * Where results go.
 */
#include "command/output.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pager.h"
#include "target.h"
#include "usage.h"
#include "util/io.h"
#include "util/message.h"
#include "util/owner.h"
#include "util/temporary.h"
#include "util/terminal.h"

#define BUFFER_SIZE (256 * 1024)

static void hand_over(int fd, const char *path)
{
	int ret = give_to_user(fd);

	if (ret)
		debug("'%s' stays root's: %s", path, strerror(-ret));
}

/* A new file is for its owner only: results hold kernel addresses. */
static int create(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno == EEXIST ? open(path, O_WRONLY | O_TRUNC | O_CLOEXEC) : fd;
	hand_over(fd, path);
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

static int find_times(const struct options *options, struct render_options *shown)
{
	static const enum render_times times[] = {
		[SHOW_WALL] = TIMES_WALL,
		[SHOW_TRACE] = TIMES_TRACE,
		[SHOW_DELTA] = TIMES_DELTA,
	};

	shown->shows_times = options->clock;
	if (options->clock)
		shown->times = times[options->clock];
	else
		shown->times = shown->clock.is_wall ? TIMES_WALL : TIMES_TRACE;
	if (shown->times != TIMES_WALL || shown->clock.has_wall)
		return 0;
	error("cannot show wall-clock times: the recording does not say how far its clock is from "
	      "the time of day");
	hint("'trace-cmd record --date' stores that, and ftopen always does");
	return -EINVAL;
}

/* @seconds as they are shown to a time of the trace clock. */
static uint64_t find_bound(const struct render_options *shown, double seconds)
{
	int64_t wall = shown->times == TIMES_WALL ? shown->clock.wall : 0;
	int64_t ns;

	if (seconds <= 0)
		return 0;
	ns = (int64_t)(seconds < 9e9 ? seconds * 1e9 : 9e18) - wall;
	return ns > 0 ? (uint64_t)ns : 1;
}

static int refuse_times(const struct render_options *shown, const char *what)
{
	error("cannot %s: the trace clock '%s' does not measure time", what, shown->clock.name);
	return -EINVAL;
}

static int find_bounds(const struct options *options, struct render_options *shown)
{
	shown->since = find_bound(shown, options->since);
	shown->until = find_bound(shown, options->until);
	if (!shown->clock.only_orders)
		return 0;
	if (shown->shows_since)
		return refuse_times(shown, "show times");
	return shown->since || shown->until ? refuse_times(shown, "select by time") : 0;
}

/* Those of a live trace say whom to trace: whoever is recorded, as a child of theirs, is shown. */
static void show_all_tasks(struct render_filters *filters)
{
	filters->pid_count = 0;
	filters->comms = (struct comm_filter){ 0 };
}

/*
 * Without --format: a terminal gets what is easy to read, anything else the tree, which scripts
 * expect.
 */
static const struct render_format *usual_format(const struct output *output,
						const struct options *options)
{
	bool is_for_people = !options->results && isatty(STDOUT_FILENO) == 1;

	/* Path calls have no trees. */
	if (options->calls == CALLS_PATH && !output->is_attached)
		return &render_list;
	if (output->is_attached)
		return is_for_people ? &render_list : &render_live;
	return is_for_people && !options->explain ? &render_auto : &render_tree;
}

static const struct render_format *find_format(const struct output *output,
					       const struct options *options,
					       const struct render_options *shown)
{
	const struct render_format *format = usual_format(output, options);

	if (options->missing && options->format) {
		usage_error(options->command, "--missing and --format cannot be combined");
		return NULL;
	}
	if (options->missing)
		return &render_missing;
	if (options->format)
		format = render_format_find(options->format);
	if (!format)
		error("cannot write format '%s': there is no such format", options->format);
	if (format && format->needs_times && shown->clock.only_orders) {
		refuse_times(shown, "draw a timeline");
		return NULL;
	}
	if (!format || !format->needs_claims || options->expect)
		return format;
	error("cannot write format '%s': it shows only the results of claims", format->name);
	hint("--expect names the file with the claims");
	return NULL;
}

/* An unlinked file, for what is written and read again. */
static int open_spool(FILE **spool)
{
	int fd = temporary_open(), ret;

	if (fd < 0)
		return fd;
	*spool = fdopen(fd, "w+");
	if (*spool)
		return 0;
	ret = -errno;
	close(fd);
	return ret;
}

/* The results of expectations come last and stand first: what comes before is kept. */
static int open_body(struct output *output, const struct render_format *format,
		     const struct options *options)
{
	if (!options->expect || !format->claims_first || output->is_attached)
		return 0;
	return open_spool(&output->body);
}

/* The new file takes its place if it is whole, else it goes. Return: 0 or a negative errno. */
static int replace(struct output *output, bool is_whole)
{
	int ret = 0;

	if (!output->replacement)
		return 0;
	if (is_whole && rename(output->replacement, output->path))
		ret = -errno;
	if (!is_whole || ret)
		unlink(output->replacement);
	free(output->replacement);
	output->replacement = NULL;
	return ret;
}

/*
 * A reader of the file finds the whole old one or the whole new one. A pipe or the like is written
 * to directly.
 */
static int open_replacement(struct output *output, const char *path)
{
	struct stat found;
	int fd, ret;

	if (!stat(path, &found) && !S_ISREG(found.st_mode))
		return results_open(path, &output->file);
	if (asprintf(&output->replacement, "%s.XXXXXX", path) < 0) {
		output->replacement = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(output->replacement, O_CLOEXEC);
	ret = fd < 0 ? -errno : 0;
	if (ret)
		goto err_name;
	output->file = fchmod(fd, 0644) ? NULL : fdopen(fd, "w");
	ret = output->file ? 0 : -errno;
	if (ret)
		goto err_file;
	hand_over(fd, path);
	return 0;

err_file:
	close(fd);
	unlink(output->replacement);
err_name:
	error("cannot create '%s': %s", output->replacement, strerror(-ret));
	free(output->replacement);
	output->replacement = NULL;
	return ret;
}

static void close_files(struct output *output)
{
	if (output->body)
		fclose(output->body);
	if (output->file != stdout)
		fclose(output->file);
	output->body = NULL;
	output->file = NULL;
	replace(output, false);
}

static bool has_color(const struct options *options)
{
	if (options->color == COLOR_ALWAYS || options->color == COLOR_NEVER)
		return options->color == COLOR_ALWAYS;
	return !options->results && terminal_has_color(STDOUT_FILENO);
}

/* The line of progress has to be gone before the first result stands there. */
static ssize_t write_to_terminal(void *cookie, const char *data, size_t size)
{
	int ret;

	(void)cookie;
	message_progress_stop();
	ret = write_all(STDOUT_FILENO, data, size);
	errno = -ret;
	return ret ? 0 : (ssize_t)size;
}

static int open_terminal(struct output *output)
{
	const cookie_io_functions_t functions = { .write = write_to_terminal };

	output->file = fopencookie(NULL, "w", functions);
	return output->file ? 0 : -ENOMEM;
}

/* Trees on a terminal wait for the pager in an unlinked temporary file. */
static int open_file(struct output *output, const struct options *options,
		     const struct render_format *format, bool is_stored)
{
	bool is_paged = format == &render_auto || format == &render_tree;
	int ret;

	if (options->results && format->is_published)
		return open_replacement(output, options->results);
	if (options->results || output->is_attached)
		return results_open(options->results, &output->file);
	if (!is_paged || !has_pager())
		return is_stored && isatty(STDOUT_FILENO) == 1 ? open_terminal(output)
							       : results_open(NULL, &output->file);
	ret = open_spool(&output->file);
	output->has_spool = !ret;
	return ret;
}

static int start_renderer(struct output *output, const struct render_format *format,
			  struct render_options *shown)
{
	FILE *out = output->body ? output->body : output->file;
	int ret;

	setvbuf(output->file, NULL, _IOFBF, BUFFER_SIZE);
	shown->as_it_comes = output->is_attached;
	ret = judge(output, renderer_init(&output->renderer, format, out, shown));
	if (ret)
		error("cannot start format '%s': %s", format->name, strerror(-ret));
	return ret;
}

int output_open(struct output *output, const struct options *options,
		const struct output_source *source)
{
	const struct render_format *format;
	struct render_options shown = {
		.filters = options->filters,
		.explain = options->explain,
		.shows_since = options->times,
		.verbose = options->verbose,
		.clock = source->clock,
		.plan = source->plan,
		.plan_count = source->plan_count,
		.arch = source->arch,
	};
	int ret;

	memset(output, 0, sizeof(*output));
	output->is_attached = !source->is_stored && is_attach(options);
	ret = find_times(options, &shown);
	if (!ret)
		ret = find_bounds(options, &shown);
	if (ret)
		return ret;
	if (!source->is_stored)
		show_all_tasks(&shown.filters);
	format = find_format(output, options, &shown);
	if (!format)
		return -EINVAL;
	output->path = options->results ? options->results : "standard output";
	shown.color = has_color(options);
	shown.columns = terminal_columns(options->results ? -1 : STDOUT_FILENO);
	ret = open_file(output, options, format, source->is_stored);
	if (ret)
		return ret;
	ret = open_body(output, format, options);
	if (!ret)
		ret = start_renderer(output, format, &shown);
	if (ret)
		close_files(output);
	return ret;
}

static int write_open(void *context, const struct open_call *open)
{
	struct output *output = context;
	const struct chain_sink *sink = &output->rendered;

	return output->is_unread ? 0 : judge(output, sink->open(sink->context, open));
}

static int write_path_call(void *context, const struct open_call *call)
{
	struct output *output = context;
	const struct chain_sink *sink = &output->rendered;

	return output->is_unread ? 0 : judge(output, sink->path_call(sink->context, call));
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

	output->is_whole = true;
	return output->is_unread ? 0 : judge(output, sink->summary(sink->context, summary));
}

struct chain_sink output_sink(struct output *output)
{
	output->rendered = renderer_sink(&output->renderer);
	return (struct chain_sink){
		.open = write_open,
		.path_call = write_path_call,
		.name = write_name,
		.loss = write_loss,
		.summary = write_summary,
		.context = output,
		.ignores_relations = output->rendered.ignores_relations,
	};
}

static int write_claims(void *context, const struct expect_results *results)
{
	struct output *output = context;
	const struct render_format *format = output->renderer.format;

	if (output->is_unread)
		return 0;
	if (format->claims)
		return judge(output, format->claims(&output->renderer, results));
	if (format->claims_aside) {
		message_progress_end();
		return render_expect_results(stderr, results);
	}
	return judge(output, render_expect_results(output->file, results));
}

void output_expects(struct output *output, struct expectation *expectation)
{
	expectation->show = write_claims;
	expectation->shown = output;
}

static int append_body(struct output *output)
{
	char part[4096];
	size_t size;

	rewind(output->body);
	fputc('\n', output->file);
	while ((size = fread(part, 1, sizeof(part), output->body))) {
		if (fwrite(part, 1, size, output->file) != size)
			return -errno;
	}
	return ferror(output->body) ? -EIO : 0;
}

void note_unknown_users(uint64_t count, const char *one, const char *many, const char *does)
{
	if (count)
		note("the user of %" PRIu64 " %s is not known: --uid %s %s, too", count,
		     count == 1 ? one : many, does, count == 1 ? "it" : "them");
}

int output_close(struct output *output)
{
	bool is_long = output->renderer.is_long;
	int ret = 0;

	if (!output->file)
		return 0;
	note_unknown_users(output->renderer.selected.unknown, "open or other call",
			   "opens or other calls", "shows");
	renderer_release(&output->renderer);
	if (output->body && !output->is_unread)
		judge(output, append_body(output));
	if (fflush(output->file))
		ret = -errno;
	else if (ferror(output->file))
		ret = output->error ? output->error : -EIO;
	if (output->body && fclose(output->body) && !ret)
		ret = -errno;
	output->body = NULL;
	if (output->has_spool && !ret)
		ret = pager_show(output->file, is_long && !output->is_shared);
	if (output->file != stdout && fclose(output->file) && !ret)
		ret = -errno;
	output->file = NULL;
	if (!ret)
		ret = replace(output, output->is_whole && !output->error);
	else
		replace(output, false);
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
