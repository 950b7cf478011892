/* SPDX-License-Identifier: MIT */
/*
 * An expectation file of any bytes.
 */
#include "fuzz.h"

#include "chain/expect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct expect_error error;
	struct expect *expect;

	if (!expect_parse((const char *)data, size, &expect, &error))
		expect_free(expect);
	return 0;
}
