/* SPDX-License-Identifier: MIT */
/*
 * post: as rebuild, with a name in the working directory: built, forgotten, built again. The
 * working directory itself is in use and stays, so that only the last step is new.
 */
#include "scenario.h"

int main(void)
{
	if (!is_on_disk(".") || drop_caches())
		return 1;
	if (open_once(LOCAL_FILE, O_RDONLY | O_CREAT) || drop_caches())
		return 1;
	return open_once(LOCAL_FILE, O_RDONLY) ? 1 : 0;
}
