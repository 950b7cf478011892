/* SPDX-License-Identifier: MIT */
/*
 * The directories in which files were opened. For the files of this folder only.
 */
#ifndef FTOPEN_VIEW_FOLDERS_H
#define FTOPEN_VIEW_FOLDERS_H

#include "chain/open.h"
#include "table.h"

/**
 * struct view_folder - what was opened in a directory
 * @path: number of the directory's path, with the slash after it
 * @latency: of all opens of which it is known
 */
struct view_folder {
	uint64_t opens;
	uint64_t failed;
	uint64_t misses;
	uint64_t negatives;
	uint64_t latency;
	uint32_t path;
};

/**
 * struct view_folders - all zero but for @strings has none
 * @by_path: numbers of rows plus 1, by number of the path
 */
struct view_folders {
	struct view_strings *strings;
	struct view_folder *rows;
	uint32_t count, room;
	struct map by_path;
};

extern const struct view_kind view_kind_folders;

/**
 * view_folders_add - count @open
 * @scratch: is written over
 *
 * Return: 0, -ENOMEM or -EFBIG.
 */
int view_folders_add(struct view_folders *folders, const struct open_call *open,
		     struct text *scratch);

void view_folders_release(struct view_folders *folders);

#endif
