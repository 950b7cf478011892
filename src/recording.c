/* SPDX-License-Identifier: MIT */
/*
 * From a trace.dat to chains: what the file says of itself, then its records through the correlator
 * to a sink. Prints nothing but what is wrong with the file.
 */
#include "command/recording.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "chain/hide.h"
#include "tracedat/read.h"
#include "pages/decode.h"
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

static int take_loss(void *context, const struct loss *loss)
{
	struct recording *recording = context;
	struct loss other = *loss;
	int ret = correlator_loss(recording->correlator, loss);

	if (ret || !is_one_buffer(recording))
		return ret;
	other.scope = SCOPE_ANY;
	return correlator_loss(recording->correlator, &other);
}

/* Of an event that somebody else's format describes; a number without any may have been ours. */
static bool is_known(const struct recording *recording, const struct raw_record *raw)
{
	return dat_has_event(recording->dat, decoder_id(recording->decoder, raw));
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* One line that is written over, for a person who waits. */
static void show_progress(struct recording *recording)
{
	double at;

	if (!recording->has_progress || ++recording->taken % PROGRESS_RECORDS)
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

static int take_record(void *context, const struct raw_record *raw)
{
	struct recording *recording = context;
	struct record record;
	int ret = decode(recording->decoder, raw, &record);

	show_progress(recording);
	if (ret == -EBADMSG || (ret == -ENOENT && !is_known(recording, raw)))
		return take_loss(recording, &(struct loss){ .scope = (enum scope)raw->scope,
							    .cpu = raw->cpu,
							    .from = raw->ts,
							    .to = raw->ts,
							    .count = 1 });
	if (ret)
		return ret == -ENOENT ? 0 : ret;
	if (is_one_buffer(recording))
		record.scope = (uint8_t)role_scope((enum role)record.role);
	if (recording->hider)
		ret = hide_addresses(recording->hider, &record);
	return ret ? ret : correlator_record(recording->correlator, &record);
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

void recording_armed(const struct recording *recording, struct expect_options *armed)
{
	memset(armed, 0, sizeof(*armed));
	armed->sees_any = recording->sees_any;
	for (int role = 0; role < ROLE_NR; role++) {
		for (int edge = 0; edge < EDGE_NR; edge++)
			armed->armed[role][edge] = is_stored(recording, (enum role)role) &&
						   decoder_has(recording->decoder, (enum role)role,
							       (enum edge)edge, NULL);
	}
}

static int start_correlator(struct recording *recording, const struct chain_sink *sink)
{
	struct correlator_options options = {
		.root = recording->facts.root,
		.group_only = recording->facts.group_only,
		.sees_any = recording->sees_any,
		.sink = *sink,
	};
	struct expect_options armed;

	recording_armed(recording, &armed);
	memcpy(options.armed, armed.armed, sizeof(options.armed));
	return correlator_new(&options, &recording->correlator);
}

static void count_missed(struct recording *recording, struct expectation *expectation)
{
	struct chain_summary *summary = &recording->summary;

	summary->has_missed_probes = true;
	for (size_t i = 0; i < recording->extras.count; i++) {
		const struct plan_entry *entry = &recording->extras.entries[i];
		uint64_t missed = recording->extras.missed[i];

		if (!decoder_has(recording->decoder, entry->role, entry->edge, NULL))
			continue;
		if (missed == LOSS_UNKNOWN) {
			summary->has_missed_probes = false;
			continue;
		}
		summary->missed_probes += missed;
		correlator_missed(recording->correlator, entry->role, entry->edge, missed);
		if (expectation)
			expectation_missed(expectation, entry->role, entry->edge, missed);
	}
}

/* What the kernel counted. */
static int lose_counted(struct recording *recording)
{
	const struct dat_info *info = dat_info(recording->dat);
	int ret = 0;

	for (size_t i = 0; i < info->lost_count && !ret; i++) {
		const struct dat_lost *lost = &info->lost[i];

		ret = correlator_lost(recording->correlator, lost->scope, lost->cpu, lost->count);
		if (!ret && is_one_buffer(recording))
			ret = correlator_lost(recording->correlator, SCOPE_ANY, lost->cpu,
					      lost->count);
	}
	/* In one buffer each loss is one of both scopes. */
	if (!ret && info->overrun != LOSS_UNKNOWN && !is_one_buffer(recording))
		correlator_overrun(recording->correlator, info->overrun);
	return ret;
}

static int finish(struct recording *recording, struct expectation *expectation)
{
	struct chain_summary *summary = &recording->summary;
	int ret;

	summary->kernel = dat_info(recording->dat)->release;
	summary->arch = dat_info(recording->dat)->machine;
	summary->layout = recording->extras.layout;
	summary->plan = recording->extras.entries;
	summary->plan_count = recording->extras.count;
	count_missed(recording, expectation);
	ret = lose_counted(recording);
	if (!ret)
		ret = correlator_finish(recording->correlator, &summary->totals);
	summary->totals.lost_is_known &= dat_info(recording->dat)->has_stats;
	return ret;
}

int recording_open(struct recording *recording, const char *path)
{
	int ret;

	memset(recording, 0, sizeof(*recording));
	recording->path = path;
	ret = open_file(recording);
	return ret ? ret : find_facts(recording);
}

int recording_read(struct recording *recording, const struct chain_sink *sink, bool hides,
		   struct expectation *expectation)
{
	const struct record_sink records = { take_record, take_loss, recording };
	int ret = hides ? hider_new(NULL, &recording->hider) : 0;

	recording->started = now();
	if (!ret)
		ret = start_correlator(recording, sink);
	if (!ret)
		ret = dat_read(recording->dat, &records);
	end_progress(recording);
	if (!ret)
		ret = finish(recording, expectation);
	return ret ? ret : sink->summary(sink->context, &recording->summary);
}

bool recording_is_incomplete(const struct recording *recording)
{
	return decoder_stranger(recording->decoder) || dat_info(recording->dat)->is_cut ||
	       recording->lacks_ends;
}

void recording_close(struct recording *recording)
{
	correlator_free(recording->correlator);
	hider_free(recording->hider);
	dat_extras_release(&recording->extras);
	decoder_free(recording->decoder);
	dat_close(recording->dat);
	memset(recording, 0, sizeof(*recording));
}
