/* SPDX-License-Identifier: MIT */
/*
 * Which user is shown: the one that was asked for, and whoever may be that one.
 */
#ifndef FTOPEN_UTIL_USER_FILTER_H
#define FTOPEN_UTIL_USER_FILTER_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct user_filter - all zero lets everybody through
 * @uid: who is let through, if it @is_set
 */
struct user_filter {
	bool is_set;
	uint32_t uid;
};

/**
 * user_filter_has - whether it lets the user @uid through, or one that is not known
 */
static inline bool user_filter_has(const struct user_filter *filter, bool is_known, uint32_t uid)
{
	return !filter->is_set || !is_known || filter->uid == uid;
}

/**
 * user_filter_doubts - whether it lets somebody through only because it is not known who it is
 */
static inline bool user_filter_doubts(const struct user_filter *filter, bool is_known)
{
	return filter->is_set && !is_known;
}

#endif
