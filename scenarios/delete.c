/* SPDX-License-Identifier: MIT */
/*
 * delete: two files are unlinked. The opens (which make them if need be) show where the names are;
 * unlink finds them there, and as nobody has the files open, the kernel keeps both dentries as
 * negative ones: the names are not freed.
 */
#include "scenario.h"

static int unlink_it(const char *path)
{
	if (!unlink(path))
		return 0;
	fprintf(stderr, "cannot unlink '%s': %s\n", path, strerror(errno));
	return -errno;
}

int main(void)
{
	if (!is_on_disk(".") || !is_on_disk("/tmp"))
		return 1;
	if (open_once(LOCAL_FILE, O_RDONLY | O_CREAT) || open_once(TMP_FILE, O_RDONLY | O_CREAT))
		return 1;
	return unlink_it(LOCAL_FILE) || unlink_it(TMP_FILE) ? 1 : 0;
}
