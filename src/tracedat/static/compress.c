/* SPDX-License-Identifier: MIT */
/*
 * The static binary is without libtracecmd, of which Debian has no archive: what is compressed is
 * refused in words, and everything else is read.
 */
#include "../compress.h"

#include <errno.h>

#include "../read_internal.h"
#include "util/message.h"

int unpacker_new(const struct dat *dat, struct unpacker **unpacker)
{
	(void)unpacker;
	error("cannot read '%s': its records are compressed with '%s', which this static ftopen "
	      "cannot undo",
	      dat->path, dat->compression);
	hint("'trace-cmd convert --compression none' makes a file that it reads; so does an "
	     "ftopen");
	hint("that is linked with libtracecmd");
	return -EOPNOTSUPP;
}

void unpacker_free(struct unpacker *unpacker)
{
	(void)unpacker;
}

int unpack(struct unpacker *unpacker, uint64_t offset, uint32_t packed, void *to, uint32_t size)
{
	(void)unpacker;
	(void)offset;
	(void)packed;
	(void)to;
	(void)size;
	return -EOPNOTSUPP;
}
