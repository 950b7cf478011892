/* SPDX-License-Identifier: MIT */
/*
 * Allocators that stand in front of the C library's and fail when they are told to: for the tests
 * that the Makefile links so.
 */
#ifndef FTOPEN_TESTS_NO_MEMORY_H
#define FTOPEN_TESTS_NO_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

static long countdown = -1; /* allocations until one fails; negative for never */
static bool has_failed;

static inline bool fails(void)
{
	if (countdown < 0 || countdown-- > 0)
		return false;
	has_failed = true;
	return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

#endif
