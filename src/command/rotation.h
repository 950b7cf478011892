/* SPDX-License-Identifier: MIT */
/*
 * The file or the files of a recording. With --max-size a file that is full is cut: up to a time of
 * the trace clock its records are complete, and from the next nanosecond on those of the next one
 * are. Both get the pages that lie across that time; while the first is assembled by a thread, the
 * second is recorded already.
 */
#ifndef FTOPEN_COMMAND_ROTATION_H
#define FTOPEN_COMMAND_ROTATION_H

#include <pthread.h>
#include <stdatomic.h>

#include "carry.h"
#include "parts.h"
#include "store.h"
#include "pages/page_queue.h"
#include "tracing/barrier.h"
#include "tracing/recorder.h"

/**
 * struct full_part - a part that has all its pages
 * @known: the tasks that the next part has to know, see carry_print()
 * @is_done: its thread has ended, or is about to; then @ret is its result
 */
struct full_part {
	struct store store;
	struct dat_stretch stretch;
	char *name;
	char *known;
	atomic_bool is_done;
	int ret;
};

/**
 * struct rotation - all zero: nothing is open
 * @sink: what the recorder is to move pages to
 * @recorder: stays the caller's
 * @watched: gets every page, too, and is told up to which time they are complete; NULL for nothing
 * @first: number of the first part's file; those of others may stand before it
 * @store, @stretch, @name: the part that is recorded; without --max-size the whole, and @name NULL
 * @next, @next_name, @cut: while a part is cut: the next one, and what the kernel had counted
 * @barrier: until what has a time before the cut is in the buffers
 * @finisher: a thread that assembles @full; without @has_finisher there is none
 */
struct rotation {
	const struct options *options;
	struct live *live;
	struct recorder *recorder;
	struct page_sink sink;
	struct page_queue *watched;
	struct part_files parts;
	unsigned int first;
	struct store store, next;
	struct dat_stretch stretch;
	char *name, *next_name;
	struct counts_mark cut;
	struct dat_text symbols;
	struct carry carry;
	uint64_t began; /* recorder_moved() when the part began */
	bool is_cutting;
	struct barrier barrier;
	pthread_t finisher;
	bool is_finishing, has_finisher;
	struct full_part full;
};

/**
 * rotation_check - whether the options about files go together
 *
 * Return: 0, or a negative errno that was reported.
 */
int rotation_check(const struct options *options);

/**
 * rotation_open - see to it that the first file can be written
 *
 * Return: 0, or a negative errno that was reported. Ends with rotation_close().
 */
int rotation_open(struct rotation *rotation, const struct options *options, struct live *live);

/**
 * rotation_start - the plan is made, tracing is still off: read what all parts need
 * @recorder: moves pages to rotation->sink; stays the caller's
 *
 * Return: 0, or a negative errno that was reported.
 */
int rotation_start(struct rotation *rotation, struct recorder *recorder);

/**
 * rotation_watch - from here on @queue, which stays the caller's, gets every page, too
 *
 * For before the recorder is made: what is watched is copied, page by page.
 */
void rotation_watch(struct rotation *rotation, struct page_queue *queue);

/**
 * rotation_pump - move the pages that are full, and go on to the next file when this one is
 *
 * Return: 0, or a negative errno that was reported: then nothing more can be stored.
 */
int rotation_pump(struct rotation *rotation);

/**
 * rotation_finish - tracing is off: store what is left, and finish the last file
 *
 * Return: 0, or a negative errno that was reported.
 */
int rotation_finish(struct rotation *rotation);

/**
 * rotation_close - give up what was not finished
 */
void rotation_close(struct rotation *rotation);

#endif
