/* SPDX-License-Identifier: MIT */
/*
 * ftopen report: the chains of a recording, without root, on any machine.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "chain/hide.h"
#include "command/commands.h"
#include "command/expectation.h"
#include "command/output.h"
#include "tracedat/extras.h"
#include "tracedat/read.h"
#include "tracing/decode.h"
#include "util/message.h"

/* Who records without a task filter records itself, too. */
#define RECORDER "trace-cmd"

/**
 * struct facts - what the records say that has to be known before the first one is taken
 * @root: pid of the program, 0 if there was none
 * @has_selection: a record told @root and @group_only
 * @has_recorder: the recording tool is among the recorded tasks
 * @has_ends: something ended a name
 */
struct facts {
	int32_t root;
	bool group_only;
	bool has_selection;
	bool has_recorder;
	bool has_ends;
};

struct report {
	const struct options *options;
	struct dat *dat;
	struct decoder *decoder;
	struct dat_extras extras;
	struct facts facts;
	bool sees_any;
	bool lacks_ends;     /* what ends names was not recorded, or not kept */
	struct hider *hider; /* NULL: addresses are shown */
	struct correlator *correlator;
	struct output output;
	struct expectation expectation;
	struct chain_sink sink;
	struct chain_summary summary;
	int expect_status;
};

/* --- facts ------------------------------------------------------------------------------------ */

static bool is_comm(const struct record *record, const char *comm)
{
	return has_field(record, FIELD_COMM) && record->comm_len == strlen(comm) &&
	       !memcmp(record->comm, comm, record->comm_len);
}

/* Whose evictions are in the file is asked only of one that does not say it. */
static bool has_all_facts(const struct report *report)
{
	const struct facts *facts = &report->facts;

	return facts->has_selection &&
	       (report->extras.says_whose || (facts->has_recorder && facts->has_ends));
}

static int look_at_record(void *context, const struct raw_record *raw)
{
	struct report *report = context;
	struct facts *facts = &report->facts;
	struct record record;

	if (decode(report->decoder, raw, &record))
		return 0;
	if (record.role == ROLE_TASK || record.role == ROLE_EXEC) {
		facts->has_selection = true;
		if (has_field(&record, FIELD_ROOT))
			facts->root = (int32_t)record.value[FIELD_ROOT];
		facts->group_only = has_field(&record, FIELD_FOLLOW) && !record.value[FIELD_FOLLOW];
	}
	facts->has_ends |= role_scope((enum role)record.role) == SCOPE_ANY;
	facts->has_recorder |= is_comm(&record, RECORDER);
	return has_all_facts(report) ? -ECANCELED : 0;
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
static void find_ends(struct report *report)
{
	const char *path = report->options->args[0];

	if (dat_info(report->dat)->lacks_any)
		warning("'%s' lacks the records of what ends names: they were left out of it",
			path);
	else if (!report->extras.says_whose && !report->facts.has_ends &&
		 !dat_info(report->dat)->has_any)
		warning("'%s' has no records of what ends names: that there were none is not known",
			path);
	else
		return;
	report->lacks_ends = true;
	report->sees_any = false;
}

static int find_facts(struct report *report)
{
	const struct stream_sink sink = { look_at_record, pass_loss, report };
	int ret = dat_read(report->dat, &sink);

	if (ret && ret != -ECANCELED)
		return ret;
	report->sees_any =
		report->extras.says_whose ? report->extras.sees_any : report->facts.has_recorder;
	find_ends(report);
	return 0;
}

/* --- records ---------------------------------------------------------------------------------- */

/* Without a buffer of their own the ends of names stand among the rest. */
static bool is_one_buffer(const struct report *report)
{
	return report->sees_any && !dat_info(report->dat)->has_any;
}

static int take_loss(void *context, const struct loss *loss)
{
	struct report *report = context;
	struct loss other = *loss;
	int ret = correlator_loss(report->correlator, loss);

	if (ret || !is_one_buffer(report))
		return ret;
	other.scope = SCOPE_ANY;
	return correlator_loss(report->correlator, &other);
}

/* Of an event that somebody else's format describes; a number without any may have been ours. */
static bool is_known(const struct report *report, const struct raw_record *raw)
{
	return dat_has_event(report->dat, decoder_id(report->decoder, raw));
}

static int take_record(void *context, const struct raw_record *raw)
{
	struct report *report = context;
	struct record record;
	int ret = decode(report->decoder, raw, &record);

	if (ret == -EBADMSG || (ret == -ENOENT && !is_known(report, raw)))
		return take_loss(report, &(struct loss){ .scope = (enum scope)raw->scope,
							 .cpu = raw->cpu,
							 .from = raw->ts,
							 .to = raw->ts,
							 .count = 1 });
	if (ret)
		return ret == -ENOENT ? 0 : ret;
	if (is_one_buffer(report))
		record.scope = (uint8_t)role_scope((enum role)record.role);
	if (report->hider)
		ret = hide_addresses(report->hider, &record);
	return ret ? ret : correlator_record(report->correlator, &record);
}

/* --- the report ------------------------------------------------------------------------------- */

static int open_recording(struct report *report)
{
	const char *path = report->options->args[0];
	int ret = dat_open(path, &report->dat);

	if (ret)
		return ret;
	ret = decoder_new(dat_tep(report->dat), NULL, &report->decoder);
	if (ret) {
		error("cannot read '%s': its events cannot be understood: %s", path,
		      strerror(-ret));
		return ret;
	}
	if (!decoder_events(report->decoder)) {
		error("no ftopen events in '%s': it has none of the group 'ftopen' or of a run's",
		      path);
		return -ENOENT;
	}
	if (decoder_stranger(report->decoder))
		warning("'%s' has events of ftopen that are not known here, such as '%s'", path,
			decoder_stranger(report->decoder));
	return dat_extras_read(&report->extras, dat_info(report->dat)->extras, report->decoder);
}

/* A probe whose records were left out of the file saw nothing that is known. */
static bool is_stored(const struct report *report, enum role role)
{
	return !report->lacks_ends || role_scope(role) == SCOPE_TASK;
}

static void armed_of(const struct report *report, struct expect_options *armed)
{
	memset(armed, 0, sizeof(*armed));
	armed->sees_any = report->sees_any;
	for (int role = 0; role < ROLE_NR; role++) {
		for (int edge = 0; edge < EDGE_NR; edge++)
			armed->armed[role][edge] = is_stored(report, (enum role)role) &&
						   decoder_has(report->decoder, (enum role)role,
							       (enum edge)edge, NULL);
	}
}

static int start_output(struct report *report)
{
	struct chain_sink rendered;
	struct expect_options armed;
	int ret = output_open(&report->output, report->options, report->extras.entries,
			      report->extras.count);

	if (ret)
		return ret;
	rendered = renderer_sink(&report->output.renderer);
	armed_of(report, &armed);
	return expectation_start(&report->expectation, &armed, &rendered, &report->sink);
}

static int start_correlator(struct report *report)
{
	struct correlator_options options = {
		.root = report->facts.root,
		.group_only = report->facts.group_only,
		.sees_any = report->sees_any,
		.sink = report->sink,
	};
	struct expect_options armed;

	armed_of(report, &armed);
	memcpy(options.armed, armed.armed, sizeof(options.armed));
	return correlator_new(&options, &report->correlator);
}

static void count_missed(struct report *report)
{
	struct chain_summary *summary = &report->summary;

	summary->has_missed_probes = true;
	for (size_t i = 0; i < report->extras.count; i++) {
		const struct plan_entry *entry = &report->extras.entries[i];
		uint64_t missed = report->extras.missed[i];

		if (!decoder_has(report->decoder, entry->role, entry->edge, NULL))
			continue;
		if (missed == LOSS_UNKNOWN) {
			summary->has_missed_probes = false;
			continue;
		}
		summary->missed_probes += missed;
		correlator_missed(report->correlator, entry->role, entry->edge, missed);
		expectation_missed(&report->expectation, entry->role, entry->edge, missed);
	}
}

/* What the kernel counted. */
static int lose_counted(struct report *report)
{
	const struct dat_info *info = dat_info(report->dat);
	int ret = 0;

	for (size_t i = 0; i < info->lost_count && !ret; i++) {
		const struct dat_lost *lost = &info->lost[i];

		ret = correlator_lost(report->correlator, lost->scope, lost->cpu, lost->count);
		if (!ret && is_one_buffer(report))
			ret = correlator_lost(report->correlator, SCOPE_ANY, lost->cpu,
					      lost->count);
	}
	/* In one buffer each loss is one of both scopes. */
	if (!ret && info->overrun != LOSS_UNKNOWN && !is_one_buffer(report))
		correlator_overrun(report->correlator, info->overrun);
	return ret;
}

static int finish(struct report *report)
{
	struct chain_summary *summary = &report->summary;
	int ret;

	summary->kernel = dat_info(report->dat)->release;
	summary->arch = dat_info(report->dat)->machine;
	summary->plan = report->extras.entries;
	summary->plan_count = report->extras.count;
	count_missed(report);
	ret = lose_counted(report);
	if (!ret)
		ret = correlator_finish(report->correlator, &summary->totals);
	summary->totals.lost_is_known &= dat_info(report->dat)->has_stats;
	if (!ret)
		ret = report->sink.summary(report->sink.context, summary);
	if (!ret)
		ret = expectation_finish(&report->expectation, report->output.file,
					 &report->expect_status);
	return ret;
}

static int run_report(struct report *report)
{
	const struct stream_sink records = { take_record, take_loss, report };
	int ret = expectation_open(&report->expectation, report->options->expect);

	if (!ret)
		ret = open_recording(report);
	if (!ret)
		ret = find_facts(report);
	if (!ret)
		ret = start_output(report);
	if (!ret && report->options->hash_addresses)
		ret = hider_new(NULL, &report->hider);
	if (!ret)
		ret = start_correlator(report);
	if (!ret)
		ret = dat_read(report->dat, &records);
	if (!ret)
		ret = finish(report);
	/* A reader of the results that went away is no failure of ours. */
	return ret == -EPIPE ? 0 : ret;
}

/* Something is missing that is no record. */
static bool is_incomplete(const struct report *report)
{
	return decoder_stranger(report->decoder) || dat_info(report->dat)->is_cut ||
	       report->lacks_ends;
}

int cmd_report(const struct options *options)
{
	struct report report = { .options = options };
	int ret, written, status;

	if (options->arg_count != 1) {
		error("report: %s", options->arg_count ? "more than one file" : "no file to read");
		hint("usage: ftopen report [OPTION...] FILE");
		return STATUS_FTOPEN;
	}
	ret = run_report(&report);
	status = result_status(&report.summary, report.expect_status,
			       !options->expect || options->strict);
	if (!status && !ret && is_incomplete(&report))
		status = STATUS_UNKNOWN;
	written = output_close(&report.output);
	expectation_close(&report.expectation);
	correlator_free(report.correlator);
	hider_free(report.hider);
	dat_extras_release(&report.extras);
	decoder_free(report.decoder);
	dat_close(report.dat);
	if (!ret && !written)
		return status;
	error_unless_said(ret ? ret : written);
	return STATUS_FTOPEN;
}
