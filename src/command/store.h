/* SPDX-License-Identifier: MIT */
/*
 * The trace.dat of a live trace (-o): opened before anything is traced, finished before anything
 * is undone.
 */
#ifndef FTOPEN_COMMAND_STORE_H
#define FTOPEN_COMMAND_STORE_H

#include "live.h"
#include "command/options.h"
#include "tracedat/gather.h"
#include "tracedat/write.h"

/**
 * struct store - all zero: there is no -o, and every function does nothing
 * @sink: where the pages go
 */
struct store {
	const struct options *options;
	struct dat_writer *writer;
	struct page_sink sink;
};

/**
 * store_open - see to it that @path, the file of -o or a part of it, can be written
 * @path: NULL: there is no -o
 *
 * Return: 0, or a negative errno that was reported. Ends with store_close().
 */
int store_open(struct store *store, const struct options *options, const char *path);

/**
 * store_finish - all pages are there: write the file
 * @entries: see live_plan_entries()
 * @stretch: what a part is about; NULL for the whole
 *
 * Return: 0, or a negative errno that was reported, also if only a part could be stored.
 */
int store_finish(struct store *store, const struct live *live, const struct plan_entry *entries,
		 const struct dat_stretch *stretch);

/**
 * store_close - give up a file that was not finished; its target is as it was
 */
void store_close(struct store *store);

#endif
