/* SPDX-License-Identifier: MIT */
/*
 * A trace.dat and the pipeline that reads it. Prints nothing but what is wrong with the file.
 */
#include "recording.h"

#include <errno.h>
#include <string.h>

#include "recorded.h"
#include "recording_progress.h"
#include "tracedat/read.h"
#include "tracedat/write.h"
#include "util/message.h"

/* --- records ---------------------------------------------------------------------------------- */

/* If ends of names have no buffer of their own, they are among the other records. */
static bool is_one_buffer(const struct recording *recording)
{
	return recording->sees_any && !dat_info(recording->dat)->has_any;
}

/*
 * An event that somebody else's format describes, or one of ftrace's own, which have fixed
 * numbers (kernel_stack is 4, user_stack 12; up to 7.3 the last is 20) and are not in every file.
 * Any other number may have been ours.
 */
#define LAST_OWN_EVENT 20

static bool is_known(void *context, int id)
{
	const struct recording *recording = context;

	return (id > 0 && id <= LAST_OWN_EVENT) || dat_has_event(recording->dat, id);
}

static void passed(void *context)
{
	recording_progress(context);
}

/* --- the file --------------------------------------------------------------------------------- */

static int read_extras(struct recording *recording)
{
	int ret = dat_extras_read(&recording->extras, dat_info(recording->dat)->extras,
				  recording->decoder);

	if (ret == -EBADMSG) {
		error("cannot read '%s': its line 'part:', or one of 'task:' or 'unselected:', is "
		      "broken",
		      recording->path);
		hint("it says which time the file covers and what is missing; use another copy "
		     "of the file");
	}
	return ret;
}

/* With another name it would pass for records of the traced tasks alone. */
static int check_buffers(const struct recording *recording)
{
	for (size_t i = 0; i < dat_info(recording->dat)->buffers; i++) {
		const char *name = dat_buffer_name(recording->dat, i);

		if (!*name || !strcmp(name, DAT_BUFFER_ANY) || !recording->extras.says_whose)
			continue;
		error("cannot read '%s': it has a buffer '%s', which ftopen does not make",
		      recording->path, name);
		hint("the file is damaged; use another copy of it");
		return -EBADMSG;
	}
	return 0;
}

static int open_file(struct recording *recording)
{
	const char *path = recording->path;
	int ret = dat_open(path, &recording->dat);

	if (ret)
		return ret;
	ret = decoder_new(dat_tep(recording->dat), NULL, &recording->decoder);
	if (ret) {
		error("cannot read '%s': its events cannot be understood: %s", path,
		      strerror(-ret));
		return ret;
	}
	if (!decoder_events(recording->decoder)) {
		error("cannot read '%s': no ftopen events in it, those of the group 'ftopen' or "
		      "'ftopen_...'",
		      path);
		return -ENOENT;
	}
	if (decoder_unknown_event(recording->decoder))
		warning("'%s' has events or fields that this version of ftopen does not know, such "
			"as in '%s'",
			path, decoder_unknown_event(recording->decoder));
	ret = read_extras(recording);
	return ret ? ret : check_buffers(recording);
}

/* A probe whose records were left out of the file saw nothing that is known. */
static bool is_stored(const struct recording *recording, enum role role)
{
	return !recording->lacks_ends || role_scope(role) == SCOPE_TASK;
}

static void find_armed(const struct recording *recording, struct expect_options *armed)
{
	armed->sees_any = recording->sees_any;
	for (int role = 0; role < ROLE_NR; role++) {
		for (int point = 0; point < POINT_NR; point++)
			armed->armed[role][point] = is_stored(recording, (enum role)role) &&
						    decoder_has(recording->decoder, (enum role)role,
								(enum point)point, NULL);
	}
}

static void count_missed(struct recording *recording)
{
	for (size_t i = 0; i < recording->extras.count; i++) {
		const struct plan_entry *entry = &recording->extras.entries[i];

		if (decoder_has(recording->decoder, entry->role, entry->point, NULL))
			pipeline_missed(&recording->pipeline, entry->role, entry->point,
					recording->extras.missed[i]);
	}
}

/* What the kernel counted. */
static int lose_counted(struct recording *recording)
{
	const struct dat_info *info = dat_info(recording->dat);
	int ret = 0;

	for (size_t i = 0; i < info->lost_count && !ret; i++) {
		const struct dat_lost *lost = &info->lost[i];

		ret = pipeline_lost(&recording->pipeline, lost->scope, lost->cpu, lost->count);
	}
	if (!ret)
		pipeline_overrun(&recording->pipeline, info->overrun);
	return ret;
}

/* What tasks did before they were selected. */
static int lose_unselected(struct recording *recording)
{
	const struct dat_extras *extras = &recording->extras;
	int ret = 0;

	for (size_t i = 0; i < extras->unselected_count && !ret; i++)
		ret = pipeline_unselected(&recording->pipeline,
					  clock_time(&recording->clock, extras->unselected[i].from),
					  clock_time(&recording->clock, extras->unselected[i].to));
	return ret;
}

static int account(void *context, struct pipeline *pipeline)
{
	struct recording *recording = context;

	pipeline->summary.kernel = dat_info(recording->dat)->release;
	pipeline->summary.arch = dat_info(recording->dat)->machine;
	pipeline->summary.layout = recording->extras.layout;
	pipeline->summary.plan = recording->extras.entries;
	pipeline->summary.plan_count = recording->extras.count;
	count_missed(recording);
	return lose_counted(recording);
}

static int start_pipeline(struct recording *recording, struct page_source *pages,
			  const struct pipeline_goal *goal)
{
	struct pipeline_source source = {
		.pages = pages,
		.decoder = recording->decoder,
		.clock = recording->clock,
		.root = recording->facts.root,
		.group_only = recording->facts.group_only,
		.by_comm = recording->extras.by_comm,
		.cwd = recording->extras.cwd,
		.known = recording->extras.known,
		.known_count = recording->extras.known_count,
		.from = recording->extras.part.from,
		.until = recording->extras.part.until,
		.is_one_buffer = is_one_buffer(recording),
		.is_known = is_known,
		.passed = passed,
		.account = account,
		.context = recording,
	};

	find_armed(recording, &source.armed);
	return pipeline_start(&recording->pipeline, &source, goal);
}

static void find_clock(struct recording *recording)
{
	struct trace_clock *clock = &recording->clock;

	*clock = dat_info(recording->dat)->clock;
	if (!clock->has_wall && recording->extras.has_wall) {
		clock->has_wall = true;
		clock->wall = recording->extras.wall;
	}
	if (clock->only_orders)
		note("'%s': its trace clock '%s' orders records, but does not measure time",
		     recording->path, clock->name);
}

int recording_open(struct recording *recording, const char *path)
{
	int ret;

	memset(recording, 0, sizeof(*recording));
	recording->path = path;
	progress_start(&recording->progress);
	ret = open_file(recording);
	if (ret)
		return ret;
	find_clock(recording);
	return recorded_find(recording);
}

int recording_read(struct recording *recording, const struct pipeline_goal *goal)
{
	struct page_source *pages;
	int ret = dat_pages_open(recording->dat, &pages);

	if (ret)
		return ret;
	pipeline_release(&recording->pipeline);
	progress_start(&recording->progress);
	ret = start_pipeline(recording, pages, goal);
	if (!ret)
		ret = lose_unselected(recording);
	if (!ret)
		ret = pipeline_finish(&recording->pipeline);
	message_progress_end();
	dat_pages_close(pages);
	return ret;
}

bool recording_is_incomplete(const struct recording *recording)
{
	/* Ours has no event of others: it is damaged, or of a newer version. */
	bool has_unknown_event =
		recording->extras.says_whose && decoder_unknown_event(recording->decoder);

	return has_unknown_event || dat_info(recording->dat)->is_cut || recording->lacks_ends;
}

void recording_close(struct recording *recording)
{
	pipeline_release(&recording->pipeline);
	dat_extras_release(&recording->extras);
	decoder_free(recording->decoder);
	dat_close(recording->dat);
	map_release(&recording->facts.tasks);
	memset(recording, 0, sizeof(*recording));
}
