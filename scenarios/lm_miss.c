/* SPDX-License-Identifier: MIT */
/*
 * lm_miss: a file that does not exist, by a relative path: nothing stands before the component, so
 * it is copied from the very start of the kernel's copy of the path. It is opened once more, so
 * that it is looked up again and that lookup has something to return.
 */
#include "scenario.h"

int main(void)
{
	int first, second;

	if (!is_on_disk(".") || drop_caches())
		return 1;
	first = open_once(LOCAL_MISSING, O_RDONLY);
	second = open_once(LOCAL_MISSING, O_RDONLY);
	return want_missing(LOCAL_MISSING, first == -ENOENT ? second : first);
}
