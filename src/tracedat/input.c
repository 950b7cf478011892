/* SPDX-License-Identifier: MIT */
/*
 * Standard input as an unlinked temporary file.
 */
#include "input.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "util/io.h"
#include "util/message.h"
#include "util/progress.h"
#include "util/temporary.h"

#define MAX_INPUT (INT64_C(16) << 30)
#define PART	  65536

static int copy(int to)
{
	struct progress progress;
	char part[PART];
	int64_t all = 0;

	progress_start(&progress);
	for (;;) {
		ssize_t size = read(STDIN_FILENO, part, sizeof(part));
		int ret;

		if (size < 0 && errno == EINTR)
			continue;
		if (size <= 0)
			return size ? -errno : 0;
		all += size;
		ret = all > MAX_INPUT ? -EFBIG : write_all(to, part, (size_t)size);
		if (ret)
			return ret;
		if (progress_is_due(&progress))
			message_progress("ftopen: %" PRId64 " KiB of '" INPUT_PIPE_NAME "'",
					 all / 1024);
	}
}

int input_store(void)
{
	int fd = temporary_open(), ret;

	if (fd < 0)
		return fd;
	ret = copy(fd);
	message_progress_end();
	if (!ret)
		return fd;
	close(fd);
	error("cannot store '" INPUT_PIPE_NAME "' in '%s': %s", temporary_folder(), strerror(-ret));
	hint("TMPDIR names another folder");
	return ret;
}
