/* SPDX-License-Identifier: MIT */
/*
 * Renderers: chains in, text out. Each sees chains only, never a record or tracefs, and escapes
 * names for its own format.
 */
#ifndef FTOPEN_RENDER_RENDER_H
#define FTOPEN_RENDER_RENDER_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "chain/chain.h"
#include "chain/sink.h"
#include "pages/clock.h"
#include "render/expect_results.h"
#include "util/comm_filter.h"
#include "util/user_filter.h"

#define MAX_PIDS 64

enum render_times {
	TIMES_TRACE, /* of the trace clock */
	TIMES_WALL,  /* since the epoch */
	TIMES_DELTA, /* since the one before */
};

/**
 * struct render_filters - what is shown, as it is asked for by options
 * @components: show directories on the way and names that were only looked up, too
 * @failed: only opens that failed, and their names
 * @negative: only names that were found or ended negative
 * @name_glob: only names whose path or component matches, NULL for all
 * @pids, @pid_count: only opens by these tasks or processes, and names that these had to do with
 * @comms: ... by tasks with these names
 * @users: ... by tasks that were this user, and by those whose user is not known
 */
struct render_filters {
	bool components;
	bool failed;
	bool negative;
	const char *name_glob;
	pid_t pids[MAX_PIDS];
	unsigned int pid_count;
	struct comm_filter comms;
	struct user_filter users;
};

/**
 * struct render_options - what is shown and how
 * @color: the output is a terminal
 * @since, @until: only opens that began in between, and names that these had to do with; times of
 *	the trace clock, 0 for none
 * @clock: what times are
 * @times: which of them are written
 * @shows_times: the tree has them, too
 * @shows_since: the tree's hops have the time since their open's entry
 * @verbose: the tree has the numbers of directories, too
 * @plan, @plan_count: for the words about substitutes
 * @arch: of the machine that was traced, as uname(2) calls it; NULL if that is not known
 * @columns: no line of the list is wider; 0 for no bound
 * @as_it_comes: opens are shown when they are known, not at the end
 */
struct render_options {
	struct render_filters filters;
	bool color;
	bool explain;
	bool verbose;
	uint64_t since;
	uint64_t until;
	struct trace_clock clock;
	enum render_times times;
	bool shows_times;
	bool shows_since;
	const struct plan_entry *plan;
	size_t plan_count;
	const char *arch;
	size_t columns;
	bool as_it_comes;
};

struct renderer;

/**
 * struct render_format - a row of the table of formats
 * @counts_all: names that are not shown by default are counted, too: it gets them all
 * @ignores_relations: see struct chain_sink
 * @claims_first: results of expectations stand before everything else, not after it
 * @claims_aside: they stand on standard error: the output takes no lines of text
 * @needs_claims: it shows nothing else
 * @claims: show them; NULL for a format that has them as lines of text
 * @needs_times: it is nothing by a clock that tells none
 * @is_published: it holds no address: everybody may read its file, which is replaced in one step
 */
struct render_format {
	const char *name;
	bool counts_all;
	bool ignores_relations;
	bool claims_first;
	bool claims_aside;
	bool needs_claims;
	bool needs_times;
	bool is_published;
	int (*start)(struct renderer *renderer);
	int (*open)(struct renderer *renderer, const struct open_call *open);
	int (*path_call)(struct renderer *renderer, const struct open_call *call);
	int (*name_done)(struct renderer *renderer, const struct name *name);
	int (*loss)(struct renderer *renderer, const struct loss *loss);
	int (*claims)(struct renderer *renderer, const struct expect_results *results);
	int (*summary)(struct renderer *renderer, const struct chain_summary *summary);
	void (*release)(struct renderer *renderer);
};

/**
 * struct selected - the opens that passed @since, @until and the filters by their tasks, a bit for
 *	each id
 * @unknown: opens that passed because their user is not known
 */
struct selected {
	uint64_t *words;
	size_t room;
	uint64_t unknown;
};

/**
 * struct renderer - one output in one format
 * @out: stays the caller's
 * @is_long: what was written is better read page by page
 * @state: the format's own
 */
struct renderer {
	const struct render_format *format;
	struct render_options options;
	FILE *out;
	struct selected selected;
	bool is_long;
	void *state;
};

extern const struct render_format render_tree;
extern const struct render_format render_json;
extern const struct render_format render_html;
extern const struct render_format render_summary;
extern const struct render_format render_live;
extern const struct render_format render_list;
extern const struct render_format render_csv;
extern const struct render_format render_perfetto;
extern const struct render_format render_openmetrics;
extern const struct render_format render_junit;
extern const struct render_format render_missing; /* of --missing, not of --format */
extern const struct render_format render_auto;	  /* tree or list; not a format of --format */

/**
 * render_format_find - the format called @name, NULL if there is none
 */
const struct render_format *render_format_find(const char *name);

/**
 * renderer_init - start an output on @out
 *
 * Return: 0 or a negative errno; ends with renderer_release().
 */
int renderer_init(struct renderer *renderer, const struct render_format *format, FILE *out,
		  const struct render_options *options);

void renderer_release(struct renderer *renderer);

/**
 * renderer_sink - a sink that hands everything to @renderer, which has to outlive it
 *
 * Its functions return a negative errno when the output cannot be written.
 */
struct chain_sink renderer_sink(struct renderer *renderer);

#endif
