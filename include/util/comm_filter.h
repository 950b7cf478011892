/* SPDX-License-Identifier: MIT */
/*
 * Which tasks are selected by their names, and the same in the words of the kernel's filters.
 */
#ifndef FTOPEN_UTIL_COMM_FILTER_H
#define FTOPEN_UTIL_COMM_FILTER_H

#include <stdbool.h>

#define COMM_BYTES 16 /* TASK_COMM_LEN, the NUL included */

/**
 * struct comm_filter - all of what is not NULL has to hold
 * @is: exactly this name, or one as long as the kernel keeps it and the beginning of this
 * @like: a pattern, see util/glob.h
 * @is_not: any name but this
 */
struct comm_filter {
	const char *is;
	const char *like;
	const char *is_not;
};

/**
 * comm_filter_is_set - whether it leaves any task out
 */
bool comm_filter_is_set(const struct comm_filter *filter);

/**
 * comm_filter_has - whether it lets a task of this name through
 */
bool comm_filter_has(const struct comm_filter *filter, const char *comm);

/**
 * comm_filter_text - what a filter file of an event gets
 * @text: for free(); not set on failure
 *
 * Return: 0, -ENOMEM, or -EINVAL that was reported: the kernel knows no escapes in a string, and
 * fewer patterns than we do.
 */
int comm_filter_text(const struct comm_filter *filter, char **text);

#endif
