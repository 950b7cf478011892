/* SPDX-License-Identifier: MIT */
/*
 * The opens of a recording, kept small. For the files of this folder only.
 */
#ifndef FTOPEN_VIEW_OPENS_H
#define FTOPEN_VIEW_OPENS_H

#include "chain/open.h"
#include "render/list_line.h"
#include "table.h"

/**
 * struct view_open - an open in 64 bytes; its strings are numbers of view_strings
 */
struct view_open {
	uint64_t id;
	uint64_t ts;
	uint64_t latency;
	uint64_t flags;
	int64_t result;
	uint32_t path;
	uint32_t passed;
	uint32_t comm;
	uint32_t mode;
	uint32_t error;
	uint8_t call;
	uint8_t cache;
	bool is_as_passed : 1;
	bool has_passed : 1;
	bool has_flags : 1;
	bool has_mode : 1;
	bool has_result : 1;
	bool has_latency : 1;
	bool is_complete : 1;
};

/**
 * struct view_opens - all zero but for @strings and @page has none
 * @page: for which lines are laid out
 * @caches, @calls: numbers of the words, once view_opens_start() found them
 */
struct view_opens {
	struct view_strings *strings;
	struct view_open *rows;
	uint32_t count, room;
	struct list_page *page;
	uint32_t caches[CACHE_NR];
	uint32_t calls[CALL_NR];
};

extern const struct view_kind view_kind_opens;

/**
 * view_opens_start - keep the words that all opens share; before the first open
 * @scratch: is written over
 *
 * Return: 0 or -ENOMEM.
 */
int view_opens_start(struct view_opens *opens, struct text *scratch);

/**
 * view_opens_add - keep what the list shows of @open
 * @scratch: is written over
 *
 * Return: 0, -ENOMEM or -EFBIG.
 */
int view_opens_add(struct view_opens *opens, const struct open_call *open, struct text *scratch);

void view_opens_release(struct view_opens *opens);

#endif
