/* SPDX-License-Identifier: MIT */
/*
 * tm_miss: a file that does not exist, by an absolute path. The first open misses, and what the
 * kernel then learns from the disk it keeps as a negative dentry; the second open finds that one
 * and fails without asking the disk. Nothing else may look the name up before, so no unlink here.
 */
#include "scenario.h"

int main(void)
{
	int first, second;

	if (!is_on_disk("/tmp") || drop_caches())
		return 1;
	first = open_once(TMP_MISSING, O_RDONLY);
	second = open_once(TMP_MISSING, O_RDONLY);
	return want_missing(TMP_MISSING, first == -ENOENT ? second : first);
}
