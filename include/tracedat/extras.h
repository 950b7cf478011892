/* SPDX-License-Identifier: MIT */
/*
 * What a trace.dat by ftopen says of the probes beyond their records (dat_meta_gather()): each
 * choice and why, hits that were missed, whose evictions were seen.
 */
#ifndef FTOPEN_TRACEDAT_EXTRAS_H
#define FTOPEN_TRACEDAT_EXTRAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain/correlator.h"
#include "pages/decode.h"

/**
 * struct dat_part - which stretch of a recording the file has; all zero: it is the whole
 * @number: from 1
 * @from, @until: its records have these times of the trace clock, both included; @until 0: to the
 *	end. What else is in its pages stands in the part before or after as well
 * @root, @group_only: see struct correlator_options: the records that told it may be in the first
 *	part alone
 */
struct dat_part {
	unsigned int number;
	uint64_t from, until;
	int32_t root;
	bool group_only;
};

/**
 * struct dat_span - times of the trace clock, both included
 */
struct dat_span {
	uint64_t from, to;
};

/**
 * struct dat_extras - the plan of a recording
 * @entries: as the renderers want it; from the events' names where the file says nothing more
 * @missed: for each entry, LOSS_UNKNOWN where the file does not say
 * @has_wall: the file says how far the wall clock is from the trace clock
 * @wall: nanoseconds to add
 * @says_whose: the file says whose evictions were recorded
 * @sees_any: those of any task
 * @by_comm: records are only those of tasks of one name
 * @part: of a recording in several files
 * @known, @known_count: tasks that earlier parts told
 * @unselected, @unselected_count: when tasks that belong to the recording were not recorded yet
 * @cwd: where the program began, without a path where the file does not say
 * @doubles: what it saw in two places, which @cwd has as well
 */
struct dat_extras {
	struct plan_entry *entries;
	uint64_t *missed;
	size_t count;
	enum layout_source layout;
	bool has_wall;
	int64_t wall;
	bool says_whose;
	struct start_place cwd;
	struct double_place *doubles;
	bool sees_any;
	bool by_comm;
	struct dat_part part;
	struct known_task *known;
	size_t known_count;
	struct dat_span *unselected;
	size_t unselected_count;
	char *text; /* of @entries */
};

/**
 * dat_extras_read - from the lines after DAT_PROBES
 * @text: NULL if there are none; lines that are not understood are passed over, but for those of a
 *	part, of what is missing, and of what was in two places
 * @decoder: the events that the file has
 *
 * Return: 0, -ENOMEM, or -EBADMSG: which part of a recording it is, what it knows of those before,
 * when tasks were not recorded, or what was in two places, cannot be read. Ends with
 *dat_extras_release() in any case.
 */
int dat_extras_read(struct dat_extras *extras, const char *text, const struct decoder *decoder);

void dat_extras_release(struct dat_extras *extras);

#endif
