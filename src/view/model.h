/* SPDX-License-Identifier: MIT */
/*
 * What is known of a recording: its rows. For the files of this folder only.
 */
#ifndef FTOPEN_VIEW_MODEL_H
#define FTOPEN_VIEW_MODEL_H

#include "folders.h"
#include "negatives.h"
#include "opens.h"
#include "view/view.h"

enum view_list {
	VIEW_OPENS,
	VIEW_NEGATIVES,
	VIEW_FOLDERS,
	VIEW_LISTS
};

/**
 * struct viewer - the rows, and the lists that show them
 * @totals: complete when the recording was read
 * @taken: opens in the recording, shown or not
 * @doubts: opens that are shown though their user is not known
 */
struct viewer {
	struct render_options options;
	struct list_page page;
	struct text scratch;
	struct view_strings strings;
	struct view_opens opens;
	struct view_negatives negatives;
	struct view_folders folders;
	struct view_table tables[VIEW_LISTS];
	struct chain_totals totals;
	uint64_t taken, doubts;
};

/**
 * view_find_open - the row of the open @id, VIEW_NO_ROW if there is none
 */
uint32_t view_find_open(const struct viewer *view, uint64_t id);

#endif
