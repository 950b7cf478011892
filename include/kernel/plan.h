/* SPDX-License-Identifier: MIT */
/*
 * The plan: for each row of the role table the best probe that this kernel allows, as a line for
 * kprobe_events, or the reason why there is none. Pure: reads and writes nothing.
 */
#ifndef FTOPEN_KERNEL_PLAN_H
#define FTOPEN_KERNEL_PLAN_H

#include <stdio.h>

#include "chain/plan.h"
#include "chain/record.h"
#include "kernel/definition.h"
#include "kernel/layout.h"
#include "kernel/roles.h"
#include "kernel/symbols.h"

/* What became of one candidate, for doctor and for messages. */
struct tried {
	const char *symbol;
	char *why; /* NULL for the one that was chosen */
};

/**
 * struct planned - one probe of the plan
 * @probe: the row of the role table
 * @symbol: the chosen function, as it is written into kprobe_events; NULL if refused
 * @choice: index of the candidate, -1 if refused
 * @why: for a refused or silent probe the reason; else NULL
 * @point: what its event is of, POINT_CALL if one record tells entry and return
 * @is_proved: the self-test saw it fire with what it had to read; without a self-test, or where
 *	that could not make it fire, false
 * @definition: the whole line without a newline; NULL if refused
 * @is_in_return: an entry that the record of the return tells: the event is that one's, and there
 *	is no definition
 * @is_spared: another role's records tell all of it, as the self-test saw: it need not be recorded
 * @left_out: the fields that this kernel's structures do not have, e.g. "uptr (no filename.uptr)";
 *	NULL if the definition has all of the role's
 * @tried: every candidate that was looked at, in order
 */
struct planned {
	const struct role_probe *probe;
	enum probe_state state;
	const char *symbol;
	int choice;
	enum point point;
	bool is_proved;
	bool is_in_return;
	bool is_spared;
	char *why;
	char *definition;
	char *left_out;
	struct tried tried[ROLE_MAX_CANDIDATES];
	int tried_count;
};

/**
 * struct plan_options - what a plan is made for
 * @group: events' group, e.g. "ftopen"
 * @root: pid of the traced program for FETCH_ROOT, 0: leave the field out
 * @selection: for FETCH_FOLLOW
 * @max_active: instances of each return probe (do_filp_open sleeps; 0: a default of 512)
 * @reject: "ROLE:SYMBOL" or "ROLE:SYMBOL:WHY", NULL terminated, that are not to be used: candidates
 *	that the self-test found silent or that a test spoils on purpose; may be NULL
 * @registers: in which arguments are passed, for a kernel that does not fetch them by number; NULL
 *	for one that does
 * @fetches_at_return: the kernel fetches arguments at the return, too (6.9 and later)
 * @path_calls: with the roles of calls that take a path and open nothing
 * @users: with the roles that tell users of tasks
 */
struct plan_options {
	const char *group;
	int root;
	enum selection selection;
	unsigned int max_active;
	const char *const *reject;
	const struct registers *registers;
	bool fetches_at_return;
	bool path_calls;
	bool users;
};

/**
 * struct plan_source - what a plan is made from
 * @symbols: NULL if none were read: then the functions that the BTF knows are taken to be probeable
 */
struct plan_source {
	const struct layout *layout;
	const struct symbols *symbols;
	const struct plan_options *options;
};

/**
 * struct plan - the rows of the table that are wanted, in its order
 * @source: what it was made from, and what further candidates come from
 * @group: the events' group
 * @assumed: what could not be known and was assumed, NULL if nothing
 */
struct plan {
	struct plan_source source;
	char *group;
	char *assumed;
	struct planned *probes;
	size_t count;
};

/**
 * plan_make - decide every probe
 * @source: what it points to is the caller's, to keep as long as plan_next() may be called
 *
 * Return: 0, or -ENOMEM. A role that cannot be had is not an error: its probe is PROBE_REFUSED
 * with a reason. The caller owns *@plan and ends it with plan_free().
 */
int plan_make(const struct plan_source *source, struct plan **plan);

void plan_free(struct plan *plan);

/**
 * plan_next - the chosen function of @role did not stand the test: take the next candidate
 * @state: what the probes are without a further candidate: PROBE_SILENT if it did not fire, else
 *	PROBE_REFUSED
 * @why: what the test found
 *
 * Entry and return of the role change. Return: 0 or -ENOMEM.
 */
int plan_next(struct plan *plan, enum role role, enum probe_state state, const char *why);

/**
 * plan_find - the probe of @role at @point, NULL if the table has no such row
 */
struct planned *plan_find(const struct plan *plan, enum role role, enum point point);

/**
 * planned_event - the event's name, such as "open", "open_ret" or "alloc_call"; static storage is
 * not used: @name must hold 32 bytes
 */
void planned_event(const struct planned *planned, char *name);

/**
 * plan_is_whole - whether a function was chosen for every row of the table
 */
bool plan_is_whole(const struct plan *plan);

/**
 * plan_doubts - why @symbols speak against the function that was chosen for @planned
 * @why: the caller's to free; NULL if they tell nothing against it
 *
 * Return: 0 or -ENOMEM.
 */
int plan_doubts(const struct planned *planned, const struct symbols *symbols, char **why);

/**
 * is_armed - whether what the probe shows is to be believed
 */
bool is_armed(const struct planned *planned);

/**
 * has_own_event - whether it is, and by an event of its own
 */
bool has_own_event(const struct planned *planned);

/**
 * plan_print - the definitions, one per line, as they can be pasted into kprobe_events; what was
 * refused or substituted, as comment lines that begin with '#'
 */
void plan_print(const struct plan *plan, FILE *out);

#endif
