/* SPDX-License-Identifier: MIT */
/*
 * What is compressed in a version 7 file: chunks, each one frame of zstd or one stream of zlib.
 */
#include "compress.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "read_internal.h"
#include "util/io.h"
#include "util/message.h"

/**
 * struct algorithm - one that trace-cmd has
 * @undo: decompress to at most @size bytes; returns how many there are, SIZE_MAX if it is broken
 */
struct algorithm {
	const char *name;
	size_t (*undo)(const void *packed, size_t packed_size, void *to, size_t size);
};

static size_t undo_zstd(const void *packed, size_t packed_size, void *to, size_t size)
{
	size_t made = ZSTD_decompress(to, size, packed, packed_size);

	return ZSTD_isError(made) ? SIZE_MAX : made;
}

static size_t undo_zlib(const void *packed, size_t packed_size, void *to, size_t size)
{
	uLongf made = size;

	return uncompress(to, &made, packed, packed_size) == Z_OK ? made : SIZE_MAX;
}

static const struct algorithm algorithms[] = {
	{ "zstd", undo_zstd },
	{ "zlib", undo_zlib },
};

#define ALGORITHM_COUNT (sizeof(algorithms) / sizeof(algorithms[0]))

struct unpacker {
	const struct algorithm *algorithm;
	int fd;
	void *packed;
	size_t room;
};

static const struct algorithm *find_algorithm(const char *name)
{
	for (size_t i = 0; i < ALGORITHM_COUNT; i++) {
		if (!strcmp(algorithms[i].name, name))
			return &algorithms[i];
	}
	return NULL;
}

int unpacker_new(const struct dat *dat, struct unpacker **unpacker)
{
	const struct algorithm *algorithm = find_algorithm(dat->compression);
	struct unpacker *made;

	if (!algorithm) {
		error("cannot read '%s': its records are compressed with '%s' (%s)", dat->path,
		      dat->compression, dat->compression_version);
		hint("zstd and zlib can be read; 'trace-cmd convert --compression none' makes a "
		     "file");
		hint("that is not compressed");
		return -EOPNOTSUPP;
	}
	made = calloc(1, sizeof(*made));
	if (!made)
		return -ENOMEM;
	made->algorithm = algorithm;
	made->fd = dat->fd;
	*unpacker = made;
	return 0;
}

void unpacker_free(struct unpacker *unpacker)
{
	if (!unpacker)
		return;
	free(unpacker->packed);
	free(unpacker);
}

static int make_room(struct unpacker *unpacker, size_t size)
{
	void *grown;

	if (size <= unpacker->room)
		return 0;
	grown = realloc(unpacker->packed, size);
	if (!grown)
		return -ENOMEM;
	unpacker->packed = grown;
	unpacker->room = size;
	return 0;
}

int unpack(struct unpacker *unpacker, uint64_t offset, uint32_t packed, void *to, uint32_t size)
{
	int ret = make_room(unpacker, packed);

	if (ret)
		return ret;
	if (read_at(unpacker->fd, unpacker->packed, packed, offset))
		return -EBADMSG;
	if (unpacker->algorithm->undo(unpacker->packed, packed, to, size) != size)
		return -EBADMSG;
	return 0;
}
