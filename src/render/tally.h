/* SPDX-License-Identifier: MIT */
/*
 * Counts by key (a program, a directory), in bounded memory: what comes after the table is full
 * is counted together. Knows nothing of what is counted.
 */
#ifndef FTOPEN_RENDER_TALLY_H
#define FTOPEN_RENDER_TALLY_H

#include "chain/chain.h"
#include "util/map.h"

#define TALLY_COLUMNS	 34
#define TALLIES_MAX_KEYS 4096

struct tally {
	struct bytes key;
	uint64_t counts[TALLY_COLUMNS];
};

/**
 * struct tallies - all zero is an empty table
 * @others: of every key that found the table full
 */
struct tallies {
	struct map by_hash;
	struct tally *rows[TALLIES_MAX_KEYS];
	size_t count;
	struct tally others;
};

/**
 * tallies_get - the counts of @key, made if they are new
 *
 * Return: NULL when out of memory. The tally and the copy of its key belong to @tallies.
 */
struct tally *tallies_get(struct tallies *tallies, const struct bytes *key);

/**
 * tallies_sort - the rows with the most in @column first, equal ones by their keys
 */
void tallies_sort(struct tallies *tallies, size_t column);

void tallies_release(struct tallies *tallies);

#endif
