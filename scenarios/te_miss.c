/* SPDX-License-Identifier: MIT */
/*
 * te_miss: a file that exists, by an absolute path, whose name the kernel has just forgotten. The
 * walk through /tmp misses; the component is copied from 5 bytes into the path to the room inside
 * a new dentry, and the file that is returned points there.
 */
#include "scenario.h"

int main(void)
{
	if (!is_on_disk("/tmp"))
		return 1;
	if (open_once(TMP_FILE, O_WRONLY | O_CREAT | O_TRUNC))
		return 1;
	if (drop_caches())
		return 1;
	return open_once(TMP_FILE, O_RDONLY) ? 1 : 0;
}
