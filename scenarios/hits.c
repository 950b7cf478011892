/* SPDX-License-Identifier: MIT */
/*
 * hits: two names that the kernel knows. The first opens make the files and see to it that they are
 * cached; the last ones, under test, find the names where they were and allocate nothing.
 */
#include "scenario.h"

int main(void)
{
	if (!is_on_disk(".") || !is_on_disk("/tmp"))
		return 1;
	if (open_once(LOCAL_FILE, O_RDONLY | O_CREAT) || open_once(TMP_FILE, O_RDONLY | O_CREAT))
		return 1;
	return open_once(LOCAL_FILE, O_RDONLY) || open_once(TMP_FILE, O_RDONLY) ? 1 : 0;
}
