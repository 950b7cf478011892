/* SPDX-License-Identifier: MIT */
/*
 * ftopen top: who opens what at this moment, period by period: on a terminal a screen that is
 * redrawn and takes keys, anywhere else a line of JSON for each period.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/commands.h"
#include "command/output.h"
#include "render/top.h"
#include "run.h"
#include "util/clock.h"
#include "util/console.h"
#include "util/message.h"

#define USUAL_PERIOD 1.0 /* seconds */
#define MAX_KEPT     (32 * 1024 * 1024)
#define SETTLED_NS   (NS_PER_SECOND / 5) /* a dentry that is older is not about to be a file's */

/**
 * struct periods - @counting is the current period, @shown the one before it, of @period
 * @begun: when it began, by the trace clock
 * @losses: that earlier periods had
 * @doubts: in all periods, see top_doubts()
 * @next: when it is over, see seconds_now()
 * @is_unread: nobody reads the lines any more, or they cannot be written
 */
struct periods {
	struct run run;
	struct plan_entry *plan;
	struct top *counting, *shown;
	struct top_period period;
	struct chain_summary summary;
	uint64_t begun, losses, doubts;
	double next;
	FILE *out;
	bool is_screen, is_unread;
	struct console console;
	struct top_size size;
	enum top_order order;
};

static int take_open(void *context, const struct open_call *open)
{
	struct periods *periods = context;

	return top_open(periods->counting, open);
}

static int take_negative(void *context, const struct name *name, const struct lifetime *lifetime)
{
	struct periods *periods = context;

	return top_negative(periods->counting, name, lifetime);
}

static int take_summary(void *context, const struct chain_summary *summary)
{
	struct periods *periods = context;

	periods->summary = *summary;
	return 0;
}

/* --- what is shown ---------------------------------------------------------------------------- */

static bool is_resized(struct periods *periods)
{
	struct top_size size;
	bool is_other;

	console_size(fileno(periods->out), &size.rows, &size.columns);
	is_other = size.rows != periods->size.rows || size.columns != periods->size.columns;
	periods->size = size;
	return is_other;
}

/* The last row stays free: what is written there does not move the others up. */
static int draw(struct periods *periods)
{
	struct top_size size = periods->size;

	size.rows--;
	console_clear(&periods->console, periods->out);
	return top_screen(periods->shown, periods->out, &periods->period, size, periods->order);
}

static const char *results_name(const struct periods *periods)
{
	return periods->run.options->results ? periods->run.options->results : "standard output";
}

static int flushed(struct periods *periods, int ret)
{
	if (!ret && fflush(periods->out))
		ret = -errno;
	periods->is_unread |= ret != 0;
	if (ret && ret != -EPIPE)
		error("cannot write '%s': %s", results_name(periods), strerror(-ret));
	/* A program goes on without readers; without one there is no other end. */
	return ret == -EPIPE && periods->run.child ? 0 : ret;
}

static int show(struct periods *periods)
{
	int ret;

	if (periods->is_unread)
		return 0;
	if (periods->is_screen)
		ret = draw(periods);
	else
		ret = top_json(periods->shown, periods->out, &periods->period,
			       &periods->run.live.clock);
	return flushed(periods, ret);
}

static int end_period(struct periods *periods, uint64_t to)
{
	struct top *ended = periods->counting;
	uint64_t losses = periods->run.live.pipeline.losses;

	periods->counting = periods->shown;
	periods->shown = ended;
	top_next(periods->counting);
	periods->period = (struct top_period){ periods->begun, to, losses - periods->losses };
	periods->begun = to;
	periods->losses = losses;
	periods->doubts += top_doubts(ended);
	return show(periods);
}

/* The key that quits ends the program as well, which a signal to us alone does. */
static bool take_keys(struct periods *periods)
{
	bool has_order = false;
	char key;

	while (periods->is_screen && (key = console_key(&periods->console))) {
		enum top_order order = top_order_of(key);

		if (key == 'q')
			kill(getpid(), SIGTERM);
		if (order == TOP_ORDER_NR)
			continue;
		periods->order = order;
		has_order = true;
	}
	return has_order;
}

static void begin_period(struct periods *periods)
{
	const struct options *options = periods->run.options;

	periods->next = seconds_now() + (options->period > 0 ? options->period : USUAL_PERIOD);
}

static int pump(void *context)
{
	struct periods *periods = context;
	struct live *live = &periods->run.live;
	bool has_order, is_other;
	int ret = live_pump(live);

	if (ret) {
		stream_stop(live->stream);
		return ret;
	}
	has_order = take_keys(periods);
	is_other = periods->is_screen && is_resized(periods);
	if (seconds_now() < periods->next)
		return has_order || is_other ? show(periods) : 0;
	begin_period(periods);
	ret = pipeline_negatives(&live->pipeline, live->verified - SETTLED_NS);
	return ret ? ret : end_period(periods, live->verified);
}

/* --- from the first to the last --------------------------------------------------------------- */

/*
 * The screen is ours: a program reads no key from it, and writes nothing over it but its messages.
 */
static int open_screen(struct periods *periods)
{
	int screen = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int ret = 0;

	periods->out = screen >= 0 ? fdopen(screen, "w") : NULL;
	if (!periods->out || null < 0 || dup2(null, STDOUT_FILENO) < 0 ||
	    (isatty(STDIN_FILENO) && dup2(null, STDIN_FILENO) < 0))
		ret = -errno;
	if (null >= 0)
		close(null);
	if (ret) {
		error("cannot use the terminal: %s", strerror(-ret));
		return ret;
	}
	console_open(&periods->console);
	is_resized(periods);
	return 0;
}

static int open_out(struct periods *periods)
{
	const char *results = periods->run.options->results;

	periods->counting = top_new(&periods->run.options->filters.users);
	periods->shown = top_new(&periods->run.options->filters.users);
	if (!periods->counting || !periods->shown)
		return -ENOMEM;
	periods->is_screen = !results && isatty(STDOUT_FILENO) == 1;
	return periods->is_screen ? open_screen(periods) : results_open(results, &periods->out);
}

static int start(struct periods *periods)
{
	const struct pipeline_goal goal = {
		.sink = {
			.open = take_open,
			.negative = take_negative,
			.summary = take_summary,
			.context = periods,
			.ignores_relations = true,
		},
		.max_kept = MAX_KEPT,
	};
	struct live *live = &periods->run.live;
	int ret = target_check(periods->run.options);

	if (!ret)
		ret = open_out(periods);
	if (!ret)
		ret = run_prepare(&periods->run);
	if (!ret)
		ret = live_start(live, &goal);
	if (!ret)
		ret = stream_start(live->stream);
	if (!ret)
		ret = live_tracing(live, true);
	periods->begun = live->verified;
	begin_period(periods);
	return ret;
}

static int finish(struct periods *periods)
{
	struct live *live = &periods->run.live;
	int shown, ret = live_tracing(live, false);

	periods->plan = live_plan_entries(live->plan);
	shown = periods->plan ? live_finish(live, periods->plan) : -ENOMEM;
	if (!shown)
		shown = end_period(periods, trace_clock_now());
	if (!shown && !periods->is_unread)
		shown = flushed(
			periods,
			periods->is_screen
				? top_end(periods->shown, periods->out, &periods->summary)
				: top_json_end(periods->shown, periods->out, &periods->summary));
	if (shown == -EPIPE)
		shown = 0;
	return ret ? ret : shown;
}

static int run_periods(struct periods *periods)
{
	int ret = start(periods);

	if (ret)
		return ret;
	periods->run.watch.has_reader = true;
	periods->run.watch.results_fd = fileno(periods->out);
	ret = run_watch(&periods->run, stream_poll_fd(periods->run.live.stream), pump, periods);
	if (periods->run.exec_error)
		return 0;
	if (ret && ret != -EPIPE && ret != -ECANCELED)
		return ret;
	ret = finish(periods);
	return ret || !periods->run.live.is_disturbed ? ret : -ECANCELED;
}

static int close_out(struct periods *periods)
{
	console_close(&periods->console);
	note_unknown_users(periods->doubts, "open or negative dentry", "opens or negative dentries",
			   "counts");
	top_free(periods->counting);
	top_free(periods->shown);
	free(periods->plan);
	if (!periods->out || periods->out == stdout || !fclose(periods->out) || periods->is_unread)
		return 0;
	error("cannot write '%s': %s", results_name(periods), strerror(errno));
	return -EIO;
}

int cmd_top(const struct options *options)
{
	struct periods periods = { .run.options = options, .console.keys = -1 };
	int ret, undone, written, waited;

	if (watch_signals(&periods.run.watch))
		return STATUS_FTOPEN;
	ret = run_periods(&periods);
	undone = run_end(&periods.run);
	written = close_out(&periods);
	waited = run_await(&periods.run);
	watch_end(&periods.run.watch);
	if (!ret && !undone && !written && !waited)
		return run_status(&periods.run);
	error_unless_said(ret ? ret : undone ? undone : written ? written : waited);
	return STATUS_FTOPEN;
}
