/* SPDX-License-Identifier: MIT */
/*
 * What a trace.dat has besides its pages, read from the tracefs of a session that is still up.
 * Reads only.
 */
#ifndef FTOPEN_TRACEDAT_GATHER_H
#define FTOPEN_TRACEDAT_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "chain/correlator.h"
#include "kernel/plan.h"
#include "tracedat/extras.h"
#include "tracedat/write.h"
#include "tracing/counts.h"
#include "tracing/instance.h"
#include "tracing/session.h"

/**
 * struct dat_stretch - of a recording in several files: what one of them is about
 * @part: as a reader gets it
 * @before: what the kernel had counted when it began
 * @symbols: dat_symbols_gather(), once for all parts; the caller's
 * @known: a line "task: TID TGID OWNER" for each task that earlier parts told; NULL for none
 * @is_uncertain: the last records may have come when it was over: they are reported as lost
 * @unselected, @unselected_count: of a part that was cut, see struct dat_source; its own
 */
struct dat_stretch {
	struct dat_part part;
	struct counts_mark before;
	const struct dat_text *symbols;
	char *known;
	struct dat_span *unselected;
	size_t unselected_count;
	bool is_uncertain;
};

/**
 * struct dat_source - where everything comes from; stays the caller's
 * @entries: one for each probe of @plan
 * @cwd: where the program began, and what it saw in two places; NULL, or without a path, if there
 * is none
 * @sees_any: ends of names are recorded by any task
 * @by_comm: tasks of one name are recorded
 * @unselected, @unselected_count: when tasks that belong to the recording were not recorded yet
 * @wall: nanoseconds from the trace clock to the time since the epoch
 * @all_symbols: the whole of kallsyms, not only what the file needs
 * @hider: see struct dat_meta; with one the file has no symbols
 * @stretch: NULL for a recording in one file
 */
struct dat_source {
	const char *tracefs;
	const struct session *session;
	const struct plan *plan;
	const struct plan_entry *entries;
	enum layout_source layout;
	const struct start_place *cwd;
	struct instance *const *instances;
	size_t instance_count;
	int64_t wall;
	bool sees_any;
	bool by_comm;
	const struct dat_span *unselected;
	size_t unselected_count;
	bool all_symbols;
	struct hider *hider;
	const struct dat_stretch *stretch;
};

/**
 * dat_meta_gather - fill @meta; for after tracing was turned off and the rest was read, or after
 *	all that a stretch is to have was read
 *
 * The stats are trace-cmd's: for each CPU "CPU: N" and the text of per_cpu/cpuN/stats, those of the
 * second buffer after "Buffer: " DAT_BUFFER_ANY; of a stretch what was lost since it began. After
 * these comes what no event format says, the line DAT_PROBES, and then one line each:
 *
 *	evictions: any		or "own"
 *	layout: btf		or "measured", or "mixed"
 *	tasks: by comm		if tasks of one name are recorded
 *	wall-clock: N		nanoseconds from the trace clock to the time since the epoch
 *	addresses: hashed	with a hider
 *	part: NUMBER FROM UNTIL ROOT GROUP	of a stretch: see struct dat_part
 *	task: TID TGID OWNER	of a stretch, for each task that earlier ones told
 *	unselected: FROM TO	for each time in which tasks that belong to it were not recorded
 *	cwd: ROOT_DEV ROOT_INO DEV INO PATH	for a program that was started; in the first part
 *	two-places: DEV INO TWICE	for each directory that it could see in two places
 *	ROLE POINT SYMBOL STATE hits N missed N: NOTE	for each probe of the plan
 *
 * with "-" for no symbol, "unknown" for a count that the kernel does not give, and ": NOTE" only
 * where there is one, in which "\n" is a newline and "\\" a backslash.
 *
 * Return: 0, or a negative errno that was reported: -EINVAL if the instances have sub-buffers of
 * different sizes, which no file can hold. @meta can be released in any case.
 */
int dat_meta_gather(const struct dat_source *source, struct dat_meta *meta);

/**
 * dat_symbols_gather - the symbols that go into the file, the caller's to free; empty without
 * /proc/kallsyms
 * @all: the whole of it, not only what @plan needs
 *
 * Return: 0, or a negative errno.
 */
int dat_symbols_gather(const struct plan *plan, bool all, struct dat_text *text);

/**
 * dat_symbols - copy of @kallsyms what @plan needs to @out: the function of each probe
 *
 * A reader takes an address for the symbol that stands before it. So that nothing is taken for the
 * function that ends before it, the place where the next one begins has the name DAT_NO_SYMBOL.
 *
 * Return: 0, or a negative errno.
 */
#define DAT_NO_SYMBOL "not_stored"
int dat_symbols(FILE *kallsyms, const struct plan *plan, FILE *out);

#endif
