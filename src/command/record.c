/* SPDX-License-Identifier: MIT */
/*
 * ftopen record: run a program, or attach, and only store. Decodes nothing, unless a claim is to
 * end it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "command/commands.h"
#include "command/output.h"
#include "record.h"
#include "rotation.h"
#include "run.h"
#include "stop.h"
#include "target.h"
#include "usage.h"
#include "util/message.h"
#include "util/progress.h"

struct recording_run {
	struct run run;
	struct rotation files;
	struct recorder *recorder;
	struct stop stop;
	struct page_queue *watched; /* what the claims of @stop are compared with; NULL without */
	struct progress progress;
};

static void show_progress(struct recording_run *record)
{
	if (!progress_is_due(&record->progress))
		return;
	message_progress("ftopen: %.0f s, %" PRIu64 " KiB recorded",
			 progress_seconds(&record->progress),
			 recorder_moved(record->recorder) / 1024);
}

/* --- a claim that ends it (--stop-when) ------------------------------------------------------- */

static int start_watching(struct recording_run *record)
{
	const struct pipeline_goal goal = { .stop = &record->stop };
	struct live *live = &record->run.live;

	if (!record->stop.text)
		return 0;
	record->watched = page_queue_new(instance_page_size(live->instances[0]));
	if (!record->watched)
		return -ENOMEM;
	rotation_watch(&record->files, record->watched);
	return live_join(live, page_queue_pages(record->watched), &goal);
}

static int look(struct recording_run *record)
{
	struct pipeline *pipeline = &record->run.live.pipeline;
	int ret;

	if (!record->watched)
		return 0;
	do
		ret = pipeline_pump(pipeline, UINT64_MAX);
	while (ret > 0);
	return ret ? ret : pipeline_look(pipeline);
}

/* The last records may have made the claim hold. */
static int look_at_the_rest(struct recording_run *record)
{
	if (!record->watched || record->stop.is_over)
		return 0;
	return live_finish(&record->run.live, NULL);
}

static int pump(void *context)
{
	struct recording_run *record = context;
	int ret;

	show_progress(record);
	ret = members_look(&record->run.live);
	if (!ret)
		ret = rotation_pump(&record->files);
	return ret ? ret : look(record);
}

/* --- from the first to the last --------------------------------------------------------------- */

static int start(struct recording_run *record)
{
	struct live *live = &record->run.live;
	int ret = target_check(record->run.options);

	if (!ret)
		ret = stop_open(&record->stop, record->run.options);
	if (!ret)
		ret = rotation_open(&record->files, record->run.options, live);
	if (!ret)
		ret = run_prepare(&record->run);
	if (!ret)
		ret = live_instances(live);
	if (!ret)
		ret = start_watching(record);
	if (!ret)
		ret = recorder_new(live->instances, live->instance_count, &record->files.sink,
				   &record->recorder);
	if (!ret)
		ret = rotation_start(&record->files, record->recorder);
	if (!ret)
		ret = live_tracing(live, true);
	return ret;
}

static int finish(struct recording_run *record)
{
	struct live *live = &record->run.live;
	int ret = live_tracing(live, false);
	int stored = rotation_finish(&record->files);

	if (!stored)
		stored = look_at_the_rest(record);
	if (!ret && live->is_disturbed)
		ret = -ECANCELED;
	return ret ? ret : stored;
}

/* Where the records are. */
static void note_stored(const struct recording_run *record)
{
	uint64_t kib = recorder_moved(record->recorder) / 1024;
	const struct rotation *files = &record->files;

	if (files->stretch.part.number > 1)
		note("%" PRIu64 " KiB of records were stored, the last of them in '%s', part %u",
		     kib, files->name, files->stretch.part.number);
	else
		note("%" PRIu64 " KiB of records are in '%s'", kib,
		     files->name ? files->name : record->run.options->output);
}

static int run_recorded(struct recording_run *record)
{
	int ret = start(record);

	if (ret)
		return ret;
	progress_start(&record->progress);
	ret = run_watch(&record->run, recorder_poll_fd(record->recorder), pump, record);
	message_progress_end();
	if (record->run.exec_error)
		return 0;
	/* The pages that were moved before a failure are kept. */
	if (ret) {
		finish(record);
		return ret;
	}
	ret = finish(record);
	if (!ret && record->run.options->command->bit == COMMAND_RECORD)
		note_stored(record);
	return ret;
}

int record_run(const struct options *options)
{
	struct recording_run record = {
		.run.options = options,
	};
	int ret, undone, waited, status = STATUS_FTOPEN;

	if (watch_signals(&record.run.watch))
		return STATUS_FTOPEN;
	ret = run_recorded(&record);
	rotation_close(&record.files);
	recorder_free(record.recorder);
	undone = run_end(&record.run);
	waited = run_await(&record.run);
	page_queue_free(record.watched);
	if (!ret && !undone && !waited)
		status = is_attach(options) ? stop_status(&record.stop) : run_status(&record.run);
	else
		error_unless_said(ret ? ret : undone ? undone : waited);
	stop_close(&record.stop);
	watch_end(&record.run.watch);
	return status;
}

int cmd_record(const struct options *options)
{
	if (rotation_check(options))
		return STATUS_FTOPEN;
	if (options->output)
		return record_run(options);
	usage_error(options->command, "there is no file to store the trace in");
	return STATUS_FTOPEN;
}
