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
#include "tracedat/write.h"
#include "tracing/instance.h"
#include "tracing/session.h"

/**
 * struct dat_source - where everything comes from; stays the caller's
 * @entries: one for each probe of @plan
 * @cwd: where the program began; NULL, or without a path, if there is none
 * @sees_any: ends of names are recorded by any task
 * @by_comm: tasks of one name are recorded
 * @wall: nanoseconds from the trace clock to the time since the epoch
 * @all_symbols: the whole of kallsyms, not only what the file needs
 * @hider: see struct dat_meta; with one the file has no symbols
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
	bool all_symbols;
	struct hider *hider;
};

/**
 * dat_meta_gather - fill @meta; for after tracing was turned off and the rest was read
 *
 * The stats are trace-cmd's: for each CPU "CPU: N" and the text of per_cpu/cpuN/stats, those of the
 * second buffer behind "Buffer: " DAT_BUFFER_ANY. Behind these comes what no event format says:
 * the line DAT_PROBES, a line "evictions: any" or "own", a line "layout: btf", "measured" or
 * "mixed", if tasks of one name are recorded a line "tasks: by comm", a line "wall-clock: N" with
 * the nanoseconds from the trace clock to the time since the epoch, with a hider a line "addresses:
 *hashed", for a program that was started a line "cwd: ROOT_DEV ROOT_INO DEV INO PATH", and for each
 *probe of the plan a line
 *
 *	ROLE EDGE SYMBOL STATE hits N missed N: NOTE
 *
 * with "-" for no symbol, "unknown" for a count that the kernel does not give, and ": NOTE" only
 * where there is one, in which "\n" is a newline and "\\" a backslash.
 *
 * Return: 0, or a negative errno that was reported: -EINVAL if the instances have sub-buffers of
 * different sizes, which no file can hold. @meta can be released in any case.
 */
int dat_meta_gather(const struct dat_source *source, struct dat_meta *meta);

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
