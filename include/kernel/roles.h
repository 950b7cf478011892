/* SPDX-License-Identifier: MIT */
/*
 * The table of probe roles: for each, the kernel functions that can play it and what is fetched
 * there. A new kernel that renames a function costs one word in roles.c.
 */
#ifndef FTOPEN_KERNEL_ROLES_H
#define FTOPEN_KERNEL_ROLES_H

#include "chain/record.h"

enum fetch_kind {
	FETCH_END,
	FETCH_ARG,    /* argument number @arg of the function */
	FETCH_RETVAL, /* the return value */
	FETCH_MEMBER, /* member @path of the structure that field @base points to */
	FETCH_PAIR,   /* members @path and @other, side by side, as one number */
	FETCH_OUTER,  /* member @path of the structure whose member @other field @base points to */
	FETCH_TEXT,   /* the string that field @base points to */
	FETCH_COMM,   /* the task's comm */
	FETCH_OFFSET, /* immediate: offset of member @path */
	FETCH_WIDTH,  /* immediate: size of member @path */
	FETCH_SIZE,   /* immediate: sizeof(struct @path) */
	FETCH_ROOT,   /* immediate: pid of the traced program */
	FETCH_FOLLOW, /* immediate: 1 if processes that are started are reported, too, else 0 */
};

/**
 * struct fetch - one value of an event
 * @base: the field that holds the pointer this value is read through, its base pointer: the
 *	value counts only if that pointer is present, not NULL, not an error pointer and in the
 *	kernel half (a failed fetch leaves older bytes in place, on every kernel)
 * @type: kprobe_events type, or NULL to take it from the layout
 * @only: fetched only where this candidate was chosen: other candidates lack the argument, or the
 *	value means something else there; NULL for all
 * @unless: fetched only where this field cannot be; 0 for always
 * @is_sure: a pointer that is always real: it is read through, and not recorded
 * @is_kept: of such a pointer: it is recorded, but not in older recordings
 * @is_last: a pointer that may become NULL meanwhile: it is read after all else, so that what was
 *	read through it was there
 * @is_old: older versions fetched it: it is read from their recordings, and not fetched
 * @is_of_text: it is how long the text of the row is, where a record has none of its own
 * @essential: without it the probe proves nothing: it is refused when the layout has no such member
 *	(any other field is then left out, with all that is read through it)
 */
struct fetch {
	enum field field;
	enum fetch_kind kind;
	int arg;
	enum field base;
	const char *path;
	const char *other;
	const char *type;
	const char *only;
	enum field unless;
	bool essential;
	bool is_sure;
	bool is_kept;
	bool is_last;
	bool is_old;
	bool is_of_text;
};

/**
 * struct candidate - a function that can play a role
 * @symbol: NULL ends the list
 * @substitutes: NULL if the function is the role's own; else what it stands in for and why, e.g.
 *	"inserts for __d_add, which this kernel does not let us probe"
 * @is_inline: the kernel's source calls it inline, which for the compiler is a wish; a function
 *	that comes of it is notrace, though the BTF tells it like any other
 */
struct candidate {
	const char *symbol;
	const char *substitutes;
	bool is_inline;
};

#define ROLE_MAX_CANDIDATES 5

/**
 * struct role_probe - one row of the table: a role's probe at entry or return
 * @candidates: by preference; entry and return of a role use the same symbol
 * @required: without it no chain can be shown at all
 * @includes_entry: of a return's row: where the kernel fetches arguments at the return, one record
 *	has what the entry's row fetches, too. What is read through pointers is read at the return:
 *	that is right where nothing changes it meanwhile, and the call does not sleep for long
 * @is_no_hop: a chain is full without it: it tells a task's root or name
 * @fetches: ends with FETCH_END; a @base stands before the fetch that uses it
 */
struct role_probe {
	enum role role;
	enum point point;
	bool required;
	bool is_no_hop;
	bool includes_entry;
	struct candidate candidates[ROLE_MAX_CANDIDATES];
	const struct fetch *fetches;
};

extern const struct role_probe role_probes[];
extern const size_t role_probes_count;

/**
 * role_probe_find - the row of @role and @point
 *
 * Return: NULL if the role has no probe at that point.
 */
const struct role_probe *role_probe_find(enum role role, enum point point);

/**
 * fetch_has_base - whether the value is read through a pointer
 */
bool fetch_has_base(const struct fetch *fetch);

/**
 * fetch_carrier - the value whose field has the name of the function that is probed, which costs
 * nothing: one that needs no layout
 *
 * Return: NULL if the row has none.
 */
const struct fetch *fetch_carrier(const struct role_probe *probe);

/**
 * field_prefix - what stands before the name of @field of the row @part, in an event of @point
 *
 * In a record of a whole call both of its rows may have the field.
 */
const char *field_prefix(const struct role_probe *part, enum point point, enum field field);

#endif
