/* SPDX-License-Identifier: MIT */
/*
 * Values that were seen for terms: which are numbers, and which are the same.
 */
#include "chain/expect.h"

bool expect_value_number(const struct expect_value *value, int64_t *number)
{
	switch (value->kind) {
	case EXPECT_NUMBER:
	case EXPECT_LENGTH:
	case EXPECT_OFFSET:
	case EXPECT_DIFFERENCE:
		*number = value->number;
		return true;
	case EXPECT_ERRNO:
		*number = -value->number;
		return true;
	default:
		return false;
	}
}

bool expect_value_equal(const struct expect_value *a, const struct expect_value *b)
{
	int64_t left, right;

	if (expect_value_number(a, &left) && expect_value_number(b, &right))
		return left == right;
	if (a->kind != b->kind)
		return false;
	return a->kind == EXPECT_NULL || (a->kind == EXPECT_ADDRESS && a->left == b->left);
}
