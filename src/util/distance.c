/* SPDX-License-Identifier: MIT */
/*
 * Levenshtein's distance, in one row of the table.
 */
#include "util/distance.h"

#include <string.h>

#define MAX_SLIPS 2

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

unsigned int distance_of(const char *a, size_t a_len, const char *b, size_t b_len)
{
	unsigned int row[DISTANCE_MAX_LEN + 1];

	for (size_t j = 0; j <= b_len; j++)
		row[j] = (unsigned int)j;
	for (size_t i = 1; i <= a_len; i++) {
		unsigned int corner = row[0];

		row[0] = (unsigned int)i;
		for (size_t j = 1; j <= b_len; j++) {
			unsigned int above = row[j];
			bool differs = a[i - 1] != b[j - 1];

			row[j] = least(least(above, row[j - 1]) + 1, corner + differs);
			corner = above;
		}
	}
	return row[b_len];
}

bool is_near(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b);

	if (a_len > DISTANCE_MAX_LEN || b_len > DISTANCE_MAX_LEN || b_len <= MAX_SLIPS)
		return false;
	return distance_of(a, a_len, b, b_len) <= MAX_SLIPS;
}
