/* SPDX-License-Identifier: MIT */
/*
 * A trace.dat and the data's way from it: what the file says of itself, and what its records say
 * that has to be known before. Prints nothing but what is wrong with the file.
 */
#include "command/recording.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tracedat/read.h"
#include "util/message.h"

/* Who records without a task filter records itself, too. */
#define RECORDER "trace-cmd"

/* What takes longer than a second says how far it is. */
#define PROGRESS_AFTER	 1.0
#define PROGRESS_EACH	 0.2
#define PROGRESS_RECORDS 4096

/* --- facts ------------------------------------------------------------------------------------ */

static bool is_comm(const struct record *record, const char *comm)
{
	return has_field(record, FIELD_COMM) && record->comm_len == strlen(comm) &&
	       !memcmp(record->comm, comm, record->comm_len);
}

/* Whose evictions are in the file is asked only of one that does not say it. */
static bool has_all_facts(const struct recording *recording)
{
	const struct facts *facts = &recording->facts;

	return facts->has_selection &&
	       (recording->extras.says_whose || (facts->has_recorder && facts->has_ends));
}

static int look_at_record(void *context, const struct raw_record *raw)
{
	struct recording *recording = context;
	struct facts *facts = &recording->facts;
	struct record record;

	if (decode(recording->decoder, raw, &record))
		return 0;
	if (record.role == ROLE_TASK || record.role == ROLE_EXEC) {
		facts->has_selection = true;
		if (has_field(&record, FIELD_ROOT))
			facts->root = (int32_t)record.value[FIELD_ROOT];
		facts->group_only = has_field(&record, FIELD_FOLLOW) && !record.value[FIELD_FOLLOW];
	}
	facts->has_ends |= role_scope((enum role)record.role) == SCOPE_ANY;
	facts->has_recorder |= is_comm(&record, RECORDER);
	return has_all_facts(recording) ? -ECANCELED : 0;
}

static int pass_loss(void *context, const struct loss *loss)
{
	(void)context;
	(void)loss;
	return 0;
}

/*
 * A version 7 file that trace-cmd split made does not even name the buffers that it left out: that
 * there is a format for what ends names says nothing, a record does.
 */
static void find_ends(struct recording *recording)
{
	const char *path = recording->path;

	if (dat_info(recording->dat)->lacks_any)
		warning("'%s' lacks the records of what ends names: they were left out of it",
			path);
	else if (!recording->extras.says_whose && !recording->facts.has_ends &&
		 !dat_info(recording->dat)->has_any)
		warning("'%s' has no records of what ends names: that there were none is not known",
			path);
	else
		return;
	recording->lacks_ends = true;
	recording->sees_any = false;
}

static int find_facts(struct recording *recording)
{
	const struct record_sink sink = { look_at_record, pass_loss, recording };
	int ret = dat_read(recording->dat, &sink);

	if (ret && ret != -ECANCELED)
		return ret;
	recording->sees_any = recording->extras.says_whose ? recording->extras.sees_any
							   : recording->facts.has_recorder;
	find_ends(recording);
	return 0;
}

/* --- records ---------------------------------------------------------------------------------- */

/* Without a buffer of their own the ends of names stand among the rest. */
static bool is_one_buffer(const struct recording *recording)
{
	return recording->sees_any && !dat_info(recording->dat)->has_any;
}

/* Of an event that somebody else's format describes; a number without any may have been ours. */
static bool is_known(void *context, int id)
{
	const struct recording *recording = context;

	return dat_has_event(recording->dat, id);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* One line that is written over, for a person who waits. */
static void show_progress(void *context)
{
	struct recording *recording = context;
	double at;

	if (++recording->taken % PROGRESS_RECORDS)
		return;
	at = now();
	if (at - recording->started < PROGRESS_AFTER || at - recording->shown < PROGRESS_EACH)
		return;
	recording->shown = at;
	fprintf(stderr, "\rftopen: %u %% of '%s' ", dat_percent(recording->dat), recording->path);
}

static void end_progress(const struct recording *recording)
{
	if (recording->shown > 0)
		fputs("\r\033[K", stderr);
}

/* --- the file --------------------------------------------------------------------------------- */

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
		error("no ftopen events in '%s': it has none of the group 'ftopen' or of a run's",
		      path);
		return -ENOENT;
	}
	if (decoder_stranger(recording->decoder))
		warning("'%s' has events of ftopen that are not known here, such as '%s'", path,
			decoder_stranger(recording->decoder));
	return dat_extras_read(&recording->extras, dat_info(recording->dat)->extras,
			       recording->decoder);
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
		for (int edge = 0; edge < EDGE_NR; edge++)
			armed->armed[role][edge] = is_stored(recording, (enum role)role) &&
						   decoder_has(recording->decoder, (enum role)role,
							       (enum edge)edge, NULL);
	}
}

static void count_missed(struct recording *recording)
{
	for (size_t i = 0; i < recording->extras.count; i++) {
		const struct plan_entry *entry = &recording->extras.entries[i];

		if (decoder_has(recording->decoder, entry->role, entry->edge, NULL))
			way_missed(&recording->way, entry->role, entry->edge,
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

		ret = way_lost(&recording->way, lost->scope, lost->cpu, lost->count);
	}
	if (!ret)
		way_overrun(&recording->way, info->overrun);
	return ret;
}

static int account(void *context, struct way *way)
{
	struct recording *recording = context;

	way->summary.kernel = dat_info(recording->dat)->release;
	way->summary.arch = dat_info(recording->dat)->machine;
	way->summary.layout = recording->extras.layout;
	way->summary.plan = recording->extras.entries;
	way->summary.plan_count = recording->extras.count;
	count_missed(recording);
	return lose_counted(recording);
}

static int start_way(struct recording *recording, struct page_source *pages,
		     const struct way_goal *goal)
{
	struct way_source source = {
		.pages = pages,
		.decoder = recording->decoder,
		.root = recording->facts.root,
		.group_only = recording->facts.group_only,
		.cwd = recording->extras.cwd,
		.is_one_buffer = is_one_buffer(recording),
		.has_counts = dat_info(recording->dat)->has_stats,
		.is_known = is_known,
		.passed = recording->has_progress ? show_progress : NULL,
		.account = account,
		.context = recording,
	};

	find_armed(recording, &source.armed);
	return way_start(&recording->way, &source, goal);
}

int recording_open(struct recording *recording, const char *path)
{
	int ret;

	memset(recording, 0, sizeof(*recording));
	recording->path = path;
	ret = open_file(recording);
	return ret ? ret : find_facts(recording);
}

int recording_read(struct recording *recording, const struct way_goal *goal)
{
	struct page_source *pages;
	int ret = dat_pages_open(recording->dat, &pages);

	if (ret)
		return ret;
	recording->started = now();
	ret = start_way(recording, pages, goal);
	if (!ret)
		ret = way_finish(&recording->way);
	end_progress(recording);
	dat_pages_close(pages);
	return ret;
}

bool recording_is_incomplete(const struct recording *recording)
{
	return decoder_stranger(recording->decoder) || dat_info(recording->dat)->is_cut ||
	       recording->lacks_ends;
}

void recording_close(struct recording *recording)
{
	way_release(&recording->way);
	dat_extras_release(&recording->extras);
	decoder_free(recording->decoder);
	dat_close(recording->dat);
	memset(recording, 0, sizeof(*recording));
}
