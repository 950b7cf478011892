/* SPDX-License-Identifier: MIT */
/*
 * A trace.dat that is read as chains: what report and diff share.
 */
#ifndef FTOPEN_COMMAND_RECORDING_H
#define FTOPEN_COMMAND_RECORDING_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline.h"
#include "tracedat/extras.h"
#include "util/map.h"
#include "util/progress.h"

struct dat;
struct decoder;

/**
 * struct facts - what the records say that has to be known before the first one is taken
 * @root: pid of the program, 0 if there was none
 * @has_selection: a record had @root and @group_only
 * @has_ends: something ended a name
 * @has_losses: records are missing
 * @tasks: of a file that does not say whose records it has: what is known of each task
 */
struct facts {
	int32_t root;
	bool group_only;
	bool has_selection;
	bool has_ends;
	bool has_losses;
	struct map tasks;
};

/**
 * struct recording - an open file
 * @extras: its plan is that of the summary
 * @clock: what its times are
 * @sees_any: it has what any task did to the names
 * @lacks_ends: what ends names was not recorded, or not kept
 * @pipeline: from its pages to the sink; its summary is complete after recording_read()
 */
struct recording {
	const char *path;
	struct dat *dat;
	struct decoder *decoder;
	struct dat_extras extras;
	struct facts facts;
	struct trace_clock clock;
	bool sees_any;
	bool lacks_ends;
	struct progress progress;
	uint64_t taken;
	struct pipeline pipeline;
};

/**
 * recording_open - open @path, which stays the caller's, and find out what it is a recording of
 *
 * Return: 0, or a negative errno that was reported. Ends with recording_close() in any case.
 */
int recording_open(struct recording *recording, const char *path);

/**
 * recording_read - hand all chains, the losses and the summary to @goal; again, if it was read
 *
 * Return: 0, what its sink returned, or a negative errno.
 */
int recording_read(struct recording *recording, const struct pipeline_goal *goal);

/**
 * recording_is_incomplete - whether something is missing that is no record
 */
bool recording_is_incomplete(const struct recording *recording);

void recording_close(struct recording *recording);

#endif
