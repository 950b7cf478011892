/* SPDX-License-Identifier: MIT */
/*
 * How long something took, many times.
 */
#include "latency.h"

#include <inttypes.h>
#include <stdio.h>

/* Eight buckets for each doubling; below eight nanoseconds one for each. */
#define FINE_LOG 3
#define FINE	 (1U << FINE_LOG)

static size_t bucket_of(uint64_t ns)
{
	unsigned int shift;

	if (ns < FINE)
		return (size_t)ns;
	shift = 63 - FINE_LOG - (unsigned int)__builtin_clzll(ns);
	return (size_t)(shift * FINE + (ns >> shift));
}

/* The longest time that belongs to the bucket. */
static uint64_t end_of(size_t bucket)
{
	size_t shift = bucket / FINE - 1;

	if (bucket < FINE)
		return bucket;
	return (((bucket - shift * FINE) + 1) << shift) - 1;
}

void latency_add(struct latency *latency, uint64_t ns)
{
	latency->count++;
	latency->sum += ns;
	if (ns > latency->max)
		latency->max = ns;
	latency->buckets[bucket_of(ns)]++;
}

uint64_t latency_within(const struct latency *latency, double share)
{
	double before = 0;
	uint64_t end;
	size_t i = 0;

	for (; i < LATENCY_BUCKETS - 1; i++) {
		before += (double)latency->buckets[i];
		if (before >= share * (double)latency->count)
			break;
	}
	end = end_of(i);
	return end < latency->max ? end : latency->max;
}

static size_t doubling_of(uint64_t ns)
{
	return ns < LATENCY_FIRST_NS ? 0
				     : 64 - __builtin_clzll(ns) - __builtin_ctz(LATENCY_FIRST_NS);
}

void latency_histogram(struct text *text, const struct latency *latency)
{
	static const char *const blocks[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	uint64_t sums[65] = { 0 }, most = 0;

	for (size_t i = 0; i < LATENCY_BUCKETS; i++)
		sums[doubling_of(end_of(i))] += latency->buckets[i];
	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++)
		most = sums[i] > most ? sums[i] : most;
	for (size_t i = 0; i <= doubling_of(latency->max); i++) {
		/* The fullest has the highest block, any at all the lowest. */
		size_t height = (size_t)((double)sums[i] * 7 / (double)most);

		text_str(text, sums[i] ? blocks[height] : " ");
	}
}

void format_ns(char *to, uint64_t ns)
{
	static const struct {
		uint64_t unit;
		const char *name;
	} units[] = { { 1000000000, "s" }, { 1000000, "ms" }, { 1000, "us" } };

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (ns < units[i].unit)
			continue;
		snprintf(to, NS_SIZE, "%.1f %s", (double)ns / (double)units[i].unit, units[i].name);
		return;
	}
	snprintf(to, NS_SIZE, "%" PRIu64 " ns", ns);
}
