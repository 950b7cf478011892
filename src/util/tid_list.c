/* SPDX-License-Identifier: MIT */
/*
 * A list of thread ids that grows.
 */
#include "util/tid_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"

int tid_list_add(struct tid_list *list, pid_t tid)
{
	pid_t *items = array_grow(list->items, list->count, &list->room, sizeof(*items));

	if (!items)
		return -ENOMEM;
	list->items = items;
	items[list->count++] = tid;
	return 0;
}

static int compare_tids(const void *a, const void *b)
{
	pid_t left = *(const pid_t *)a, right = *(const pid_t *)b;

	return (left > right) - (left < right);
}

void tid_list_sort(struct tid_list *list)
{
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), compare_tids);
}

bool tid_list_has(const struct tid_list *list, pid_t tid)
{
	return list->count &&
	       bsearch(&tid, list->items, list->count, sizeof(*list->items), compare_tids);
}

bool tid_list_equals(const struct tid_list *a, const struct tid_list *b)
{
	return a->count == b->count &&
	       (!a->count || !memcmp(a->items, b->items, a->count * sizeof(*a->items)));
}

void tid_list_release(struct tid_list *list)
{
	free(list->items);
	memset(list, 0, sizeof(*list));
}
