/* SPDX-License-Identifier: MIT */
/*
 * evict: the caches are dropped, and the dentries of two names are freed. The opens before show
 * where the names are, whether the files are there or not: after hits and delete they are not, and
 * it is their negative dentries that go.
 */
#include "scenario.h"

/* Whether there is such a file does not matter, only that it was looked up. */
static bool is_looked_up(const char *path)
{
	int err = open_once(path, O_RDONLY);

	return !err || err == -ENOENT;
}

int main(void)
{
	if (!is_on_disk(".") || !is_on_disk("/tmp"))
		return 1;
	if (!is_looked_up(LOCAL_FILE) || !is_looked_up(TMP_FILE))
		return 1;
	return drop_caches() ? 1 : 0;
}
