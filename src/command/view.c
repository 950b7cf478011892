/* SPDX-License-Identifier: MIT */
/*
 * ftopen view: the opens of a recording, or of a program that is recorded first, on the terminal.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/commands.h"
#include "command/output.h"
#include "record.h"
#include "recording.h"
#include "target.h"
#include "tracedat/read.h"
#include "tracing/child.h"
#include "util/message.h"
#include "util/temporary.h"
#include "view/view.h"

#define DEFAULT_INPUT "trace.dat"

struct viewing {
	const struct options *options;
	struct recording recording;
	struct viewer *view;
	int signal;
};

static int read_again(void *context, const struct chain_sink *sink)
{
	const struct pipeline_goal goal = { .sink = *sink };

	return recording_read(context, &goal);
}

static int read_rows(struct viewing *viewing)
{
	struct recording *recording = &viewing->recording;
	const struct render_options options = {
		.clock = recording->clock,
		.times = recording->clock.is_wall ? TIMES_WALL : TIMES_TRACE,
		.plan = recording->extras.entries,
		.plan_count = recording->extras.count,
		.arch = dat_info(recording->dat)->machine,
		.filters.users = viewing->options->filters.users,
	};
	int ret = viewer_new(&options, &viewing->view);
	struct pipeline_goal goal;

	if (ret)
		return ret;
	goal = (struct pipeline_goal){ .sink = viewer_sink(viewing->view) };
	ret = recording_read(recording, &goal);
	note_unknown_users(viewer_doubts(viewing->view), "open or negative dentry",
			   "opens or negative dentries", "shows");
	/* The screen is curses' from here on. */
	message_progress_stop();
	if (ret == -EFBIG)
		error("cannot view '%s': it has more opens than the viewer can count",
		      recording->path);
	return ret;
}

/* @path stays the caller's. */
static int show(struct viewing *viewing, const char *title)
{
	const struct view_source source = {
		.title = title,
		.read = read_again,
		.context = &viewing->recording,
	};
	int ret = read_rows(viewing);

	if (!ret)
		ret = viewer_browse(viewing->view, &source);
	viewing->signal = ret > 0 ? ret : 0;
	viewer_free(viewing->view);
	recording_close(&viewing->recording);
	if (ret >= 0)
		return 0;
	error_unless_said(ret);
	return STATUS_FTOPEN;
}

static int show_file(struct viewing *viewing, const char *path)
{
	int ret = recording_open(&viewing->recording, path);

	if (!ret)
		return show(viewing, path);
	recording_close(&viewing->recording);
	error_unless_said(ret);
	return STATUS_FTOPEN;
}

/* --- a program that is recorded first --------------------------------------------------------- */

static int make_temporary(char **path)
{
	int fd, ret;

	if (asprintf(path, "%s/ftopen-view-XXXXXX", temporary_folder()) < 0)
		return -ENOMEM;
	fd = mkostemp(*path, O_CLOEXEC);
	if (fd >= 0) {
		close(fd);
		return 0;
	}
	ret = -errno;
	error("cannot create a file in '%s': %s", temporary_folder(), strerror(-ret));
	hint("TMPDIR names another folder");
	free(*path);
	return ret;
}

/* The file has no name any more when it is shown. Its status is that of the program. */
static int record_and_show(struct viewing *viewing, char *path)
{
	struct options recorded = *viewing->options;
	const char *title = recorded.arg_count ? recorded.args[0] : "the traced tasks";
	int status, ret;

	recorded.output = path;
	status = record_run(&recorded);
	if (status == STATUS_FTOPEN || status == STATUS_NO_EXEC || status == STATUS_NOT_FOUND) {
		unlink(path);
		return status;
	}
	ret = recording_open(&viewing->recording, path);
	unlink(path);
	if (!ret)
		ret = show(viewing, title);
	else
		recording_close(&viewing->recording);
	return ret ? STATUS_FTOPEN : status;
}

static int view_program(struct viewing *viewing)
{
	char *path;
	int ret = make_temporary(&path), status;

	if (ret) {
		error_unless_said(ret);
		return STATUS_FTOPEN;
	}
	status = record_and_show(viewing, path);
	free(path);
	return status;
}

static const char *path_of(const struct options *options)
{
	if (options->input)
		return options->input;
	return options->arg_count ? options->args[0] : DEFAULT_INPUT;
}

/* --- which of the two ------------------------------------------------------------------------- */

static bool is_recorded_first(const struct options *options)
{
	return options->is_program || is_attach(options);
}

static bool says_what_to_record(const struct options *options)
{
	return comm_filter_is_set(&options->filters.comms) || options->follow || options->times ||
	       options->duration > 0 || options->user || options->evictions || options->buffer_kb ||
	       options->layout || options->btf || options->reject_count ||
	       options->filters.users.is_set;
}

static int check_options(const struct options *options)
{
	static const char usage[] =
		"usage: ftopen view [-i] [FILE], or ftopen view [OPTION...] -- PROG [ARG...]";
	bool is_first = is_recorded_first(options);

	if (is_first && options->input)
		error("cannot view '%s': the other options say what to record first",
		      options->input);
	else if (!is_first && options->arg_count + (options->input != NULL) > 1)
		error("cannot view more than one file");
	else if (!is_first && says_what_to_record(options))
		error("cannot view '%s' with these options: they say what to record, and it is a "
		      "recording",
		      path_of(options));
	else
		return 0;
	hint("%s", usage);
	return -EINVAL;
}

int cmd_view(const struct options *options)
{
	struct viewing viewing = { .options = options };
	int status;

	if (check_options(options) || view_check_terminal())
		return STATUS_FTOPEN;
	if (is_recorded_first(options))
		status = view_program(&viewing);
	else
		status = show_file(&viewing, path_of(options));
	return viewing.signal ? ENDED_BY_SIGNAL | (128 + viewing.signal) : status;
}
