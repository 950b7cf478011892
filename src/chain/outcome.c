/* SPDX-License-Identifier: MIT */
/*
 * Counts by path of what opens and names came to. Prints nothing.
 */
#include "chain/outcome.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/glob.h"

static bool is_path(const struct outcome *outcome, const struct bytes *path)
{
	return outcome->path.len == path->len && !memcmp(outcome->path.data, path->data, path->len);
}

static struct outcome *find(const struct outcomes *outcomes, const struct bytes *path)
{
	struct outcome *at = map_get(&outcomes->by_hash, hash_bytes(path->data, path->len, 0));

	while (at && !is_path(at, path))
		at = at->next;
	return at;
}

/* The outcome and its path are one piece of memory. */
static struct outcome *outcome_new(const struct bytes *path)
{
	struct outcome *outcome = calloc(1, sizeof(*outcome) + path->len + 1);

	if (!outcome)
		return NULL;
	memcpy(outcome + 1, path->data, path->len);
	outcome->path = (struct bytes){ (const char *)(outcome + 1), path->len };
	return outcome;
}

static int make_room(struct outcomes *outcomes)
{
	struct outcome **rows =
		array_grow(outcomes->rows, outcomes->count, &outcomes->room, sizeof(rows[0]));

	if (!rows)
		return -ENOMEM;
	outcomes->rows = rows;
	return 0;
}

/* Return: the outcome of @path, made if it is new; NULL when out of memory. */
static struct outcome *get_exactly(struct outcomes *outcomes, const struct bytes *path)
{
	uint64_t hash = hash_bytes(path->data, path->len, 0);
	struct outcome *outcome = find(outcomes, path);

	if (outcome)
		return outcome;
	if (make_room(outcomes))
		return NULL;
	outcome = outcome_new(path);
	if (!outcome)
		return NULL;
	outcome->next = map_get(&outcomes->by_hash, hash);
	if (map_put(&outcomes->by_hash, hash, outcome)) {
		free(outcome);
		return NULL;
	}
	outcomes->rows[outcomes->count++] = outcome;
	return outcome;
}

/* --- paths that differ by what is random ------------------------------------------------------ */

/* The pattern that @text counts as, NULL for none. */
static const char *like_of(const struct outcomes *outcomes, const struct bytes *text, bool is_path)
{
	for (size_t i = 0; i < outcomes->like_count; i++) {
		const char *like = outcomes->likes[i];

		if ((strchr(like, '/') != NULL) == is_path &&
		    glob_match(like, strlen(like), text->data, text->len))
			return like;
	}
	return NULL;
}

static size_t append(char *to, size_t used, const char *data, size_t len)
{
	memcpy(to + used, data, len);
	return used + len;
}

static size_t longest_like(const struct outcomes *outcomes)
{
	size_t longest = 0;

	for (size_t i = 0; i < outcomes->like_count; i++) {
		if (strlen(outcomes->likes[i]) > longest)
			longest = strlen(outcomes->likes[i]);
	}
	return longest;
}

/* @path with the patterns in place of what they match; data NULL when out of memory. */
static struct bytes liken(const struct outcomes *outcomes, const struct bytes *path)
{
	/* No component is shorter than one byte. */
	char *made = malloc((path->len + 1) * (longest_like(outcomes) + 1));
	const char *like = like_of(outcomes, path, true);
	size_t used = 0, at = 0;

	if (made && like)
		return (struct bytes){ made, append(made, 0, like, strlen(like)) };
	while (made && at < path->len) {
		const char *from = path->data + at;
		const char *slash = memchr(from, '/', path->len - at);
		struct bytes part = { from, slash ? (size_t)(slash - from) : path->len - at };

		like = part.len ? like_of(outcomes, &part, false) : NULL;
		used = like ? append(made, used, like, strlen(like))
			    : append(made, used, part.data, part.len);
		if (slash)
			made[used++] = '/';
		at += part.len + 1;
	}
	return (struct bytes){ made, used };
}

static struct outcome *get(struct outcomes *outcomes, const struct bytes *path)
{
	struct outcome *outcome = NULL;
	struct bytes made;

	if (!outcomes->like_count)
		return get_exactly(outcomes, path);
	made = liken(outcomes, path);
	if (made.data)
		outcome = get_exactly(outcomes, &made);
	free((char *)made.data);
	return outcome;
}

/* --- counting --------------------------------------------------------------------------------- */

static void count_failure(struct outcome *outcome, int error)
{
	for (size_t i = 0; i < outcome->error_count; i++) {
		if (outcome->failed[i].error != error)
			continue;
		outcome->failed[i].count++;
		return;
	}
	if (outcome->error_count == OUTCOME_ERRORS) {
		outcome->failed_otherwise++;
		return;
	}
	outcome->failed[outcome->error_count].error = error;
	outcome->failed[outcome->error_count++].count = 1;
}

static int keep_resolved(struct outcome *outcome, const struct bytes *resolved)
{
	char *copy;

	if (!resolved->data)
		return 0;
	copy = malloc(resolved->len + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, resolved->data, resolved->len);
	copy[resolved->len] = '\0';
	free((char *)outcome->resolved.data);
	outcome->resolved = (struct bytes){ copy, resolved->len };
	return 0;
}

int outcomes_open(struct outcomes *outcomes, const struct open_call *open)
{
	struct outcome *outcome;

	if (!open->path.data)
		return 0;
	outcome = get(outcomes, &open->path);
	if (!outcome)
		return -ENOMEM;
	outcome->opens++;
	outcome->caches[open->cache]++;
	if (!open->has_result)
		outcome->unseen++;
	else if (open->result < 0)
		count_failure(outcome, (int)-open->result);
	/* Where several paths count as one, none of them is its path. */
	return is_path(outcome, &open->path) ? keep_resolved(outcome, &open->resolved) : 0;
}

int outcomes_name(struct outcomes *outcomes, const struct name *name)
{
	struct outcome *outcome;

	if (!name->path.data || !name->is_requested)
		return 0;
	outcome = get(outcomes, &name->path);
	if (!outcome)
		return -ENOMEM;
	for (size_t i = 0; i < name->lifetime_count; i++) {
		const struct lifetime *life = name->lifetimes[i];

		outcome->storages[life->storage]++;
		outcome->ends[life->end]++;
		outcome->negative += life->negative == IS_TRUE;
		outcome->maybe_negative += life->negative == IS_UNKNOWN;
	}
	for (int i = 0; i < VERDICT_NR; i++)
		outcome->verdicts[i] += name->verdicts[i];
	return 0;
}

const struct outcome *outcomes_find(const struct outcomes *outcomes, const struct bytes *path)
{
	return find(outcomes, path);
}

static uint64_t failures(const struct outcome *outcome, int error)
{
	for (size_t i = 0; i < outcome->error_count; i++) {
		if (outcome->failed[i].error == error)
			return outcome->failed[i].count;
	}
	return 0;
}

/* --- comparing: what is not known is no difference
 * ------------------------------------------------ */

bool number_is_alike(uint64_t a, uint64_t maybe_a, uint64_t b, uint64_t maybe_b)
{
	return a > b ? a - b <= maybe_b : b - a <= maybe_a;
}

bool counts_are_alike(const uint64_t *a, const uint64_t *b, int count, int unknown)
{
	uint64_t more_in_a = 0, more_in_b = 0, all_a = 0, all_b = 0;

	for (int i = 0; i < count; i++) {
		all_a += a[i];
		all_b += b[i];
		if (i != unknown && a[i] > b[i])
			more_in_a += a[i] - b[i];
		if (i != unknown && b[i] > a[i])
			more_in_b += b[i] - a[i];
	}
	return all_a == all_b && more_in_a <= b[unknown] && more_in_b <= a[unknown];
}

/* How many more opens of @a failed in some way than of @b. The order of errors does not matter. */
static uint64_t more_failures(const struct outcome *a, const struct outcome *b)
{
	uint64_t more = a->failed_otherwise > b->failed_otherwise
				? a->failed_otherwise - b->failed_otherwise
				: 0;

	for (size_t i = 0; i < a->error_count; i++) {
		uint64_t there = failures(b, a->failed[i].error);

		more += a->failed[i].count > there ? a->failed[i].count - there : 0;
	}
	return more;
}

bool outcome_fails_alike(const struct outcome *a, const struct outcome *b)
{
	return more_failures(a, b) <= b->unseen && more_failures(b, a) <= a->unseen;
}

bool outcome_is_same(const struct outcome *a, const struct outcome *b)
{
	return counts_are_alike(a->caches, b->caches, OUTCOME_CACHES, CACHE_UNKNOWN) &&
	       outcome_fails_alike(a, b) &&
	       counts_are_alike(a->storages, b->storages, OUTCOME_STORAGES, STORAGE_UNKNOWN) &&
	       counts_are_alike(a->ends, b->ends, OUTCOME_ENDS, END_UNKNOWN) &&
	       number_is_alike(a->negative, a->maybe_negative, b->negative, b->maybe_negative) &&
	       number_is_alike(a->verdicts[VERDICT_FAIL], a->verdicts[VERDICT_UNKNOWN],
			       b->verdicts[VERDICT_FAIL], b->verdicts[VERDICT_UNKNOWN]);
}

struct unseen outcomes_unseen(const struct outcomes *outcomes)
{
	struct unseen unseen = { 0 };

	for (size_t i = 0; i < outcomes->count; i++) {
		const struct outcome *outcome = outcomes->rows[i];

		unseen.caches += outcome->caches[CACHE_UNKNOWN];
		unseen.results += outcome->unseen;
		unseen.storages += outcome->storages[STORAGE_UNKNOWN];
		unseen.ends += outcome->ends[END_UNKNOWN];
	}
	return unseen;
}

void outcomes_release(struct outcomes *outcomes)
{
	for (size_t i = 0; i < outcomes->count; i++) {
		free((char *)outcomes->rows[i]->resolved.data);
		free(outcomes->rows[i]);
	}
	free(outcomes->rows);
	map_release(&outcomes->by_hash);
	memset(outcomes, 0, sizeof(*outcomes));
}
