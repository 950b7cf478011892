/* SPDX-License-Identifier: MIT */
/*
 * What came of each name in a recording, without addresses, times and tasks: what can be compared
 * with another recording.
 */
#ifndef FTOPEN_CHAIN_OUTCOME_H
#define FTOPEN_CHAIN_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain/chain.h"
#include "util/map.h"

#define OUTCOME_ERRORS 8 /* different errnos of one path that are told apart */

/* Opens of a path by what the cache said. */
#define OUTCOME_CACHES CACHE_NR

/* Lifetimes of a name by their storage, by their end, and by whether they ended negative. */
#define OUTCOME_STORAGES (STORAGE_EXTERNAL + 1)
#define OUTCOME_ENDS	 (END_UNKNOWN + 1)

/**
 * struct outcome - of one path, as it was passed
 * @resolved: the whole path of its last open of which it is known, else data NULL
 * @failed: opens by errno, @error_count of them; @failed_otherwise of further ones
 * @unseen: opens whose result was not seen
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
	uint64_t verdicts[VERDICT_NR];
	struct outcome *next; /* of the same hash */
};

/**
 * struct outcomes - all zero is an empty table
 * @rows: @count of them, in the order of their first open
 */
struct outcomes {
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
 * outcomes_find - Return: what came of @path, NULL if no open asked for it
 */
const struct outcome *outcomes_find(const struct outcomes *outcomes, const struct bytes *path);

/**
 * outcome_fails_alike - whether as many opens failed with each errno
 */
bool outcome_fails_alike(const struct outcome *a, const struct outcome *b);

/**
 * outcome_is_same - whether nothing of the two differs
 */
bool outcome_is_same(const struct outcome *a, const struct outcome *b);

void outcomes_release(struct outcomes *outcomes);

#endif
