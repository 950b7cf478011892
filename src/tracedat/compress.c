/* SPDX-License-Identifier: MIT */
/*
 * libtracecmd (1.3 to 1.5) exports its compression without declaring it in a public header: so that
 * a file is read by whatever the library was built with, the few functions are declared here.
 */
#include "compress.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <event-parse.h>

#include "read_internal.h"
#include "util/message.h"

struct tracecmd_compression;
struct tracecmd_msg_handle;

struct tracecmd_compress_chunk {
	unsigned int size;
	unsigned int zsize;
	off64_t zoffset;
	off64_t offset;
};

bool tracecmd_compress_is_supported(const char *name, const char *version);
struct tracecmd_compression *tracecmd_compress_alloc(const char *name, const char *version, int fd,
						     struct tep_handle *tep,
						     struct tracecmd_msg_handle *msg_handle);
void tracecmd_compress_destroy(struct tracecmd_compression *handle);
int tracecmd_uncompress_chunk(struct tracecmd_compression *handle,
			      struct tracecmd_compress_chunk *chunk, char *data);

/* The library means the chunk's own sizes, which stand before its bytes. */
#define CHUNK_HEAD 8

struct unpacker {
	struct tracecmd_compression *handle;
};

int unpacker_new(const struct dat *dat, struct unpacker **unpacker)
{
	struct unpacker *made = calloc(1, sizeof(*made));

	if (!made)
		return -ENOMEM;
	if (!tracecmd_compress_is_supported(dat->compression, dat->compression_version)) {
		error("cannot read '%s': its records are compressed with '%s' (%s)", dat->path,
		      dat->compression, dat->compression_version);
		hint("the libtracecmd of this system was built without it; 'trace-cmd convert");
		hint("--compression none' elsewhere makes a file that can be read");
		free(made);
		return -EOPNOTSUPP;
	}
	made->handle = tracecmd_compress_alloc(dat->compression, dat->compression_version, dat->fd,
					       dat->tep, NULL);
	if (!made->handle) {
		free(made);
		return -ENOMEM;
	}
	*unpacker = made;
	return 0;
}

void unpacker_free(struct unpacker *unpacker)
{
	if (!unpacker)
		return;
	tracecmd_compress_destroy(unpacker->handle);
	free(unpacker);
}

/*
 * The library does not say how much it wrote. If it was less than @size, the last byte is what it
 * was before, whatever that was.
 */
int unpack(struct unpacker *unpacker, uint64_t offset, uint32_t packed, void *to, uint32_t size)
{
	static const char marks[] = { 0x5a, 0x25 };
	struct tracecmd_compress_chunk chunk = {
		.size = size,
		.zsize = packed,
		.zoffset = (off64_t)(offset - CHUNK_HEAD),
	};

	for (size_t i = 0; i < sizeof(marks) && size; i++) {
		char *last = (char *)to + size - 1;

		memset(to, 0, size);
		*last = marks[i];
		if (tracecmd_uncompress_chunk(unpacker->handle, &chunk, to))
			return -EBADMSG;
		if (*last != marks[i])
			return 0;
	}
	return size ? -EBADMSG : 0;
}
