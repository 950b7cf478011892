/* SPDX-License-Identifier: MIT */
/*
 * What a trace was made with: where the layout of the kernel's structures came from, and what
 * became of each role.
 */
#ifndef FTOPEN_CHAIN_PLAN_H
#define FTOPEN_CHAIN_PLAN_H

#include "chain/record.h"

enum layout_source {
	LAYOUT_UNKNOWN,
	LAYOUT_BTF,
	LAYOUT_MEASURED,
	LAYOUT_MIXED, /* BTF, and what it lacks was measured */
	LAYOUT_NR
};

enum probe_state {
	PROBE_UNKNOWN,	  /* a file does not say */
	PROBE_EXACT,	  /* the role's own function */
	PROBE_SUBSTITUTE, /* another function that proves the same */
	PROBE_REFUSED,	  /* no candidate can be probed */
	PROBE_SILENT,	  /* can be probed, but did not fire when it had to */
	PROBE_NR
};

/**
 * struct plan_entry - what became of a role, for the summary and for the tree's words
 * @note: what a substitute stands in for, or why there is none; NULL if there is nothing to say
 */
struct plan_entry {
	enum role role;
	enum point point;
	const char *symbol;
	enum probe_state state;
	const char *note;
};

/* The words of the output and of recordings. */
const char *layout_source_name(enum layout_source source);
const char *probe_state_name(enum probe_state state);

/**
 * layout_source_of, probe_state_of - the one with this name, else the unknown one
 */
enum layout_source layout_source_of(const char *name);
enum probe_state probe_state_of(const char *name);

#endif
