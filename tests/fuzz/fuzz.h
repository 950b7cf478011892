/* SPDX-License-Identifier: MIT */
/*
 * What the fuzz targets share: their input as a file that is in no folder, and silence.
 */
#ifndef FTOPEN_TESTS_FUZZ_H
#define FTOPEN_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "util/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void say_nothing(enum message_level level, const char *text)
{
	(void)level;
	(void)text;
}

/* A path to a file of these bytes, good until close(*@fd). */
static inline const char *input_file(const uint8_t *data, size_t size, int *fd)
{
	static char path[64];

	message_set_hook(say_nothing);
	*fd = memfd_create("input", MFD_CLOEXEC);
	if (*fd < 0 || write(*fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", *fd);
	return path;
}

#endif
