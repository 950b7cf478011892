/* SPDX-License-Identifier: MIT */
/*
 * The parts of an outcome that are compared, as groups of counts with their words.
 */
#include "common.h"
#include "diff_internal.h"

static const char *cache_word(int value)
{
	return cache_name((enum cache)value);
}

static const char *storage_word(int value)
{
	return storage_name((enum storage)value);
}

static const char *end_word(int value)
{
	return end_name((enum lifetime_end)value);
}

const struct facet diff_facets[FACET_COUNT] = {
	{ "opens", cache_word, offsetof(struct outcome, caches), OUTCOME_CACHES, CACHE_UNKNOWN },
	{ "lifetimes", storage_word, offsetof(struct outcome, storages), OUTCOME_STORAGES,
	  STORAGE_UNKNOWN },
	{ "ends", end_word, offsetof(struct outcome, ends), OUTCOME_ENDS, END_UNKNOWN },
};

const uint64_t *facet_counts(const struct outcome *outcome, const struct facet *facet)
{
	return (const uint64_t *)(const void *)((const char *)outcome + facet->at);
}

void facet_each(const struct outcome *outcome, const struct facet *facet,
		void (*add)(void *context, const char *word, uint64_t count), void *context)
{
	const uint64_t *counts = facet_counts(outcome, facet);

	for (int i = 0; i < facet->count; i++)
		if (counts[i])
			add(context, facet->word(i), counts[i]);
}

void failures_each(const struct outcome *outcome,
		   void (*add)(void *context, const char *word, uint64_t count), void *context)
{
	for (size_t i = 0; i < outcome->error_count; i++) {
		const char *name = errno_name(outcome->failed[i].error);

		add(context, name ? name : "an errno without a name", outcome->failed[i].count);
	}
	if (outcome->failed_otherwise)
		add(context, "otherwise", outcome->failed_otherwise);
	if (outcome->unseen)
		add(context, "unseen", outcome->unseen);
}
