/* SPDX-License-Identifier: MIT */
/*
 * How long something took, many times: count, sum, the longest, and in eight buckets for each
 * doubling how many took how long. Its size is fixed. It does not know what is measured.
 */
#ifndef FTOPEN_RENDER_LATENCY_H
#define FTOPEN_RENDER_LATENCY_H

#include <stddef.h>
#include <stdint.h>

#include "util/text.h"

#define LATENCY_BUCKETS 496
#define NS_SIZE		24

/**
 * struct latency - all zero is nothing yet; times are in nanoseconds
 */
struct latency {
	uint64_t count;
	uint64_t sum;
	uint64_t max;
	uint64_t buckets[LATENCY_BUCKETS];
};

void latency_add(struct latency *latency, uint64_t ns);

/**
 * latency_within - of @latency, which is not empty, the @share-th part took no longer
 *
 * Return: the upper end of a bucket, at most an eighth too long, and never longer than the longest.
 */
uint64_t latency_within(const struct latency *latency, double share);

/**
 * latency_histogram - write a block for each doubling from LATENCY_FIRST_NS to the longest
 */
#define LATENCY_FIRST_NS 256
void latency_histogram(struct text *text, const struct latency *latency);

/**
 * format_ns - @ns in the unit that suits it: "512 ns", "1.5 us"
 * @to: NS_SIZE bytes
 */
void format_ns(char *to, uint64_t ns);

#endif
