/* SPDX-License-Identifier: MIT */
/*
 * A list of thread ids.
 */
#ifndef FTOPEN_UTIL_TID_LIST_H
#define FTOPEN_UTIL_TID_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * struct tid_list - all zero is empty; ends with tid_list_release()
 */
struct tid_list {
	pid_t *items;
	size_t count, room;
};

/**
 * tid_list_add - append @tid, whether the list has it or not
 *
 * Return: 0 or -ENOMEM.
 */
int tid_list_add(struct tid_list *list, pid_t tid);

/**
 * tid_list_sort - by number
 */
void tid_list_sort(struct tid_list *list);

/**
 * tid_list_has - for a list that is sorted
 */
bool tid_list_has(const struct tid_list *list, pid_t tid);

/**
 * tid_list_equals - whether both have the same ids in the same order
 */
bool tid_list_equals(const struct tid_list *a, const struct tid_list *b);

void tid_list_release(struct tid_list *list);

#endif
