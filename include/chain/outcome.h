/* SPDX-License-Identifier: MIT */
/*
 * The results of each name in a recording, without addresses, times and tasks, so that two
 * recordings can be compared.
 */
#ifndef FTOPEN_CHAIN_OUTCOME_H
#define FTOPEN_CHAIN_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain/chain.h"
#include "chain/open.h"
#include "util/map.h"

#define OUTCOME_ERRORS 8 /* different errnos of one path that are told apart */

/* Opens of a path by what the cache said. */
#define OUTCOME_CACHES CACHE_NR

/* Lifetimes of a name by their storage, by their end, and by whether they ended negative. */
#define OUTCOME_STORAGES (STORAGE_EXTERNAL + 1)
#define OUTCOME_ENDS	 (END_UNKNOWN + 1)

/**
 * struct outcome - of one path, as it was passed
 * @resolved: the whole path of the last open whose path is known, else data NULL
 * @failed: opens by errno, @error_count of them; @failed_otherwise of further ones
 * @unseen: opens whose result was not seen
 * @negative, @maybe_negative: lifetimes that ended negative, and that may have
 */
struct outcome {
	struct bytes path;
	struct bytes resolved;
	uint64_t opens;
	uint64_t caches[OUTCOME_CACHES];
	struct {
		int error;
		uint64_t count;
	} failed[OUTCOME_ERRORS];
	size_t error_count;
	uint64_t failed_otherwise;
	uint64_t unseen;
	uint64_t storages[OUTCOME_STORAGES];
	uint64_t ends[OUTCOME_ENDS];
	uint64_t negative;
	uint64_t maybe_negative;
	uint64_t verdicts[VERDICT_NR];
	struct outcome *next; /* of the same hash */
};

/**
 * struct outcomes - all zero is an empty table
 * @likes: patterns, @like_count of them, set before the first open: components that match one, and
 *	paths that do if it has a slash, count as the pattern itself
 * @rows: @count of them, in the order of their first open
 */
struct outcomes {
	const char *const *likes;
	size_t like_count;
	struct map by_hash;
	struct outcome **rows;
	size_t count;
	size_t room;
};

/**
 * outcomes_open, outcomes_name - count an open, or a name's lifetimes
 *
 * A name is counted for the path that it was first opened by; one that no open asked for is left
 * out. Return: 0 or -ENOMEM.
 */
int outcomes_open(struct outcomes *outcomes, const struct open_call *open);
int outcomes_name(struct outcomes *outcomes, const struct name *name);

/**
 * outcomes_find - Return: the result of @path, NULL if no open asked for it
 */
const struct outcome *outcomes_find(const struct outcomes *outcomes, const struct bytes *path);

/**
 * counts_are_alike - whether both may be the same: what is not known may be what the other side has
 * @unknown: the index of the count that stands for that
 */
bool counts_are_alike(const uint64_t *a, const uint64_t *b, int count, int unknown);

/**
 * outcome_fails_alike - whether as many opens may have failed with each errno
 */
bool outcome_fails_alike(const struct outcome *a, const struct outcome *b);

/**
 * number_is_alike - whether @a and @b may be the same, if so many more are not known of each
 */
bool number_is_alike(uint64_t a, uint64_t maybe_a, uint64_t b, uint64_t maybe_b);

/**
 * outcome_is_same - whether nothing of the two is known to differ
 */
bool outcome_is_same(const struct outcome *a, const struct outcome *b);

/**
 * struct unseen - what a recording did not show, counted over all of its paths
 */
struct unseen {
	uint64_t caches;
	uint64_t results;
	uint64_t storages;
	uint64_t ends;
};

struct unseen outcomes_unseen(const struct outcomes *outcomes);

void outcomes_release(struct outcomes *outcomes);

#endif
