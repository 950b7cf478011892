/* SPDX-License-Identifier: MIT */
/*
 * One row of the role table as a line for kprobe_events. Chooses nothing: the function is given.
 */
#ifndef FTOPEN_KERNEL_DEFINITION_H
#define FTOPEN_KERNEL_DEFINITION_H

#include "kernel/layout.h"
#include "kernel/registers.h"
#include "kernel/roles.h"

/*
 * Starts the name of the field that tells the function: sym_do_filp_open. It is that of a value
 * which is fetched anyway (fetch_carrier()); a byte is for the name alone, as in every recording of
 * older versions.
 */
#define SYMBOL_MARKER "sym_"

/* Which tasks a recording is about, for FETCH_FOLLOW. */
enum selection {
	SELECTION_UNSAID, /* not known when the definition was written: the field is left out */
	SELECTION_GROUP,  /* the thread groups that were named */
	SELECTION_FOLLOW, /* and every process that they start */
};

/**
 * struct definition_options - what is not in the table
 * @group: the event's group
 * @root: pid for FETCH_ROOT, 0: leave the field out
 * @selection: for FETCH_FOLLOW
 * @max_active: instances of a return probe
 * @layout: where members are
 * @registers: for FETCH_ARG; NULL: by number
 * @fetches_at_return: the kernel fetches arguments at the return
 */
struct definition_options {
	const char *group;
	int root;
	enum selection selection;
	unsigned int max_active;
	const struct layout *layout;
	const struct registers *registers;
	bool fetches_at_return;
};

/**
 * event_name - "open" for a probe at entry, "open_ret" at return, "alloc_call" for both in one
 * @name: holds EVENT_NAME_SIZE bytes
 */
#define EVENT_NAME_SIZE 32
void event_name(enum role role, enum point point, char *name);

/**
 * definition_point - what the event of @probe is of: its own probe point, or POINT_CALL
 */
enum point definition_point(const struct role_probe *probe,
			    const struct definition_options *options);

/**
 * definition_make - the line for @probe at @symbol, without a newline
 * @line: malloc'ed, the caller's; NULL if an essential field is missing
 * @left_out: malloc'ed, the caller's: the fields that had to be left out and why; NULL if none
 *
 * Return: 0; -ENOENT if an essential field is missing, which @left_out then tells, or the line is
 * longer than the kernel takes; -ENOMEM.
 */
int definition_make(const struct role_probe *probe, const char *symbol,
		    const struct definition_options *options, char **line, char **left_out);

#endif
