/* SPDX-License-Identifier: MIT */
/*
 * Counts by path of what opens and names came to. Prints nothing.
 */
#include "chain/outcome.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
	size_t room = outcomes->room ? outcomes->room * 2 : 64;
	struct outcome **grown;

	if (outcomes->count < outcomes->room)
		return 0;
	grown = realloc(outcomes->rows, room * sizeof(struct outcome *));
	if (!grown)
		return -ENOMEM;
	outcomes->rows = grown;
	outcomes->room = room;
	return 0;
}

/* Return: the outcome of @path, made if it is new; NULL when out of memory. */
static struct outcome *get(struct outcomes *outcomes, const struct bytes *path)
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
	return keep_resolved(outcome, &open->resolved);
}

int outcomes_name(struct outcomes *outcomes, const struct name *name)
{
	struct outcome *outcome;

	if (!name->path.data || !name->is_named)
		return 0;
	outcome = get(outcomes, &name->path);
	if (!outcome)
		return -ENOMEM;
	for (size_t i = 0; i < name->lifetime_count; i++) {
		const struct lifetime *life = name->lifetimes[i];

		outcome->storages[life->storage]++;
		outcome->ends[life->end]++;
		outcome->negative += life->negative == IS_TRUE;
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

/* The order in which errors came does not matter. */
bool outcome_fails_alike(const struct outcome *a, const struct outcome *b)
{
	bool is_same = a->error_count == b->error_count &&
		       a->failed_otherwise == b->failed_otherwise && a->unseen == b->unseen;

	for (size_t i = 0; i < a->error_count; i++)
		is_same &= a->failed[i].count == failures(b, a->failed[i].error);
	return is_same;
}

bool outcome_is_same(const struct outcome *a, const struct outcome *b)
{
	return a->opens == b->opens && !memcmp(a->caches, b->caches, sizeof(a->caches)) &&
	       outcome_fails_alike(a, b) &&
	       !memcmp(a->storages, b->storages, sizeof(a->storages)) &&
	       !memcmp(a->ends, b->ends, sizeof(a->ends)) && a->negative == b->negative &&
	       a->verdicts[VERDICT_FAIL] == b->verdicts[VERDICT_FAIL];
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
