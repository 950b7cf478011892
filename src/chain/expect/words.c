/* SPDX-License-Identifier: MIT */
/*
 * The words of expectation files: hops, subjects and what they can be, names of errors.
 */
#include "internal.h"

#include <stdio.h>
#include <string.h>

#define ALL_HOPS     ((1U << HOP_NR) - 1)
#define HOP_BIT(hop) (1U << (hop))
#define WITH_INODE   (HOP_BIT(HOP_LOOKUP) | HOP_BIT(HOP_INSERT) | HOP_BIT(HOP_INSTANTIATE))

#define LAST_NAMED_ERRNO 133

static const char *const subjects[SUBJECT_NR] = {
	[SUBJECT_HOP] = "",    [SUBJECT_STORAGE] = "storage", [SUBJECT_BORN] = "born",
	[SUBJECT_END] = "end", [SUBJECT_CACHE] = "cache",
};

static const struct property properties[] = {
	{ SUBJECT_HOP, "absent", HOP_IS_ABSENT, ALL_HOPS },
	{ SUBJECT_HOP, "present", HOP_IS_PRESENT, ALL_HOPS },
	{ SUBJECT_HOP, "fast", HOP_IS_FAST, HOP_BIT(HOP_LOOKUP) },
	{ SUBJECT_HOP, "slow", HOP_IS_SLOW, HOP_BIT(HOP_LOOKUP) },
	{ SUBJECT_HOP, "negative", HOP_IS_NEGATIVE, WITH_INODE },
	{ SUBJECT_HOP, "positive", HOP_IS_POSITIVE, WITH_INODE },
	{ SUBJECT_STORAGE, "inline", STORAGE_INLINE, 0 },
	{ SUBJECT_STORAGE, "external", STORAGE_EXTERNAL, 0 },
	{ SUBJECT_BORN, "traced", BORN_TRACED, 0 },
	{ SUBJECT_BORN, "before", BORN_BEFORE, 0 },
	{ SUBJECT_BORN, "untraced", BORN_UNTRACED, 0 },
	{ SUBJECT_END, "alive", END_ALIVE, 0 },
	{ SUBJECT_END, "evicted", END_EVICTED, 0 },
	{ SUBJECT_END, "deleted", END_DELETED, 0 },
	{ SUBJECT_END, "unhashed", END_UNHASHED, 0 },
	{ SUBJECT_END, "renamed", END_RENAMED, 0 },
	{ SUBJECT_CACHE, "hit", CACHE_HIT, 0 },
	{ SUBJECT_CACHE, "negative", CACHE_NEGATIVE, 0 },
	{ SUBJECT_CACHE, "miss", CACHE_MISS, 0 },
	{ SUBJECT_CACHE, "created", CACHE_CREATED, 0 },
	{ SUBJECT_CACHE, "stale", CACHE_STALE, 0 },
	{ SUBJECT_CACHE, "none", CACHE_NONE, 0 },
	{ SUBJECT_CACHE, "unreached", CACHE_UNREACHED, 0 },
};

#define PROPERTIES (sizeof(properties) / sizeof(properties[0]))

bool is_word(const char *word, size_t len, const char *expected)
{
	return len == strlen(expected) && !memcmp(word, expected, len);
}

bool is_comm(const char *comm, const struct bytes *by)
{
	size_t len = strnlen(comm, COMM_SIZE);

	/* The kernel cuts a task's name at COMM_SIZE - 1 bytes, whoever wrote it longer. */
	if (by->len < COMM_SIZE)
		return by->len == len && !memcmp(by->data, comm, len);
	return len == COMM_SIZE - 1 && !memcmp(by->data, comm, len);
}

enum hop_kind find_hop(const char *word, size_t len)
{
	for (int i = 0; i < HOP_NR; i++) {
		if (is_word(word, len, hop_name((enum hop_kind)i)))
			return (enum hop_kind)i;
	}
	return HOP_NR;
}

enum subject find_subject(const char *word, size_t len)
{
	for (int i = 0; i < SUBJECT_NR; i++) {
		if (is_word(word, len, subjects[i]))
			return (enum subject)i;
	}
	return SUBJECT_NR;
}

enum call find_path_call(const char *word, size_t len)
{
	for (int i = CALL_STAT; i < CALL_NR; i++) {
		if (is_word(word, len, call_name((enum call)i)))
			return (enum call)i;
	}
	return CALL_UNKNOWN;
}

int find_errno(const char *word, size_t len)
{
	for (int i = 1; i <= LAST_NAMED_ERRNO; i++) {
		const char *name = strerrorname_np(i);

		if (name && is_word(word, len, name))
			return i;
	}
	return 0;
}

const struct property *find_property(enum subject subject, const char *word, size_t len)
{
	for (size_t i = 0; i < PROPERTIES; i++) {
		if (properties[i].subject == subject && is_word(word, len, properties[i].word))
			return &properties[i];
	}
	return NULL;
}

void list_properties(enum subject subject, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < PROPERTIES && used < size; i++) {
		if (properties[i].subject != subject)
			continue;
		used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "",
					 properties[i].word);
	}
}
