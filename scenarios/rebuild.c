/* SPDX-License-Identifier: MIT */
/*
 * rebuild: one name lives twice. The kernel has to build the dentry of /tmp/t_e.txt, forgets it
 * when the caches are dropped, and has to build it once more. Whether the allocator hands out the
 * same address again is its own affair; it is another dentry in any case.
 */
#include "scenario.h"

int main(void)
{
	if (!is_on_disk("/tmp") || drop_caches())
		return 1;
	if (open_once(TMP_FILE, O_RDONLY | O_CREAT) || drop_caches())
		return 1;
	return open_once(TMP_FILE, O_RDONLY) ? 1 : 0;
}
