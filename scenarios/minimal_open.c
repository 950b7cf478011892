/* SPDX-License-Identifier: MIT */
/*
 * minimal_open: the kernel meets a name that it cannot know and that is too long to be kept inside
 * the dentry. It misses, allocates a dentry and, apart from it, room for 64 bytes, inserts, creates
 * the file. The second open finds that very dentry. The name is new in every millisecond.
 */
#include "scenario.h"

#include <inttypes.h>
#include <time.h>

#define STEM   "test_file_very_long_name_to_force_external_allocation_"
#define DIGITS 10

int main(void)
{
	char name[sizeof(STEM) + DIGITS];
	struct timespec now;
	uint64_t stamp;

	if (!is_on_disk("."))
		return 1;
	if (clock_gettime(CLOCK_REALTIME, &now))
		return 1;
	stamp = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
	snprintf(name, sizeof(name), STEM "%0*" PRIu64, DIGITS, stamp % 10000000000);

	if (open_once(name, O_RDWR | O_CREAT))
		return 1;
	return open_once(name, O_RDWR) ? 1 : 0;
}
