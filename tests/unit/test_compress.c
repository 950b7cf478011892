/* SPDX-License-Identifier: MIT */
/*
 * Compressed chunks: what either algorithm made comes back whole, and what is damaged, too short
 * or too long is refused, never half taken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "../../src/tracedat/compress.h"
#include "../../src/tracedat/read_internal.h"
#include "util/io.h"
#include "util/message.h"

#define SIZE   8192
#define OFFSET 100

/**
 * struct chunk - SIZE bytes, compressed by one algorithm, at OFFSET of a file
 */
struct chunk {
	struct dat dat;
	struct unpacker *unpacker;
	uint8_t bytes[SIZE];
	uint8_t packed[2 * SIZE];
	size_t packed_size;
};

static size_t pack(struct chunk *chunk)
{
	uLongf size = sizeof(chunk->packed);

	if (!strcmp(chunk->dat.compression, "zstd"))
		return ZSTD_compress(chunk->packed, size, chunk->bytes, SIZE, 3);
	assert_int_equal(compress2(chunk->packed, &size, chunk->bytes, SIZE, 6), Z_OK);
	return size;
}

static void begin(struct chunk *chunk, const char *algorithm)
{
	FILE *file = tmpfile();

	memset(chunk, 0, sizeof(*chunk));
	assert_non_null(file);
	chunk->dat.fd = dup(fileno(file));
	fclose(file);
	chunk->dat.compression = strdup(algorithm);
	for (size_t i = 0; i < SIZE; i++)
		chunk->bytes[i] = (uint8_t)(i * i >> 7);
	chunk->packed_size = pack(chunk);
	assert_int_equal(lseek(chunk->dat.fd, OFFSET, SEEK_SET), OFFSET);
	assert_int_equal(write_all(chunk->dat.fd, chunk->packed, chunk->packed_size), 0);
	assert_int_equal(unpacker_new(&chunk->dat, &chunk->unpacker), 0);
}

static void end(struct chunk *chunk)
{
	unpacker_free(chunk->unpacker);
	close(chunk->dat.fd);
	free(chunk->dat.compression);
}

static int unpack_as(struct chunk *chunk, size_t packed_size, size_t size, uint8_t *to)
{
	return unpack(chunk->unpacker, OFFSET, (uint32_t)packed_size, to, (uint32_t)size);
}

static void it_is_all_or_nothing(void **state)
{
	static struct chunk chunk;
	uint8_t to[SIZE + 1];

	begin(&chunk, *state);
	assert_int_equal(unpack_as(&chunk, chunk.packed_size, SIZE, to), 0);
	assert_memory_equal(to, chunk.bytes, SIZE);
	assert_int_equal(unpack_as(&chunk, chunk.packed_size - 1, SIZE, to), -EBADMSG);
	assert_int_equal(unpack_as(&chunk, chunk.packed_size, SIZE - 1, to), -EBADMSG);
	assert_int_equal(unpack_as(&chunk, chunk.packed_size, SIZE + 1, to), -EBADMSG);
	assert_int_equal(unpack_as(&chunk, chunk.packed_size + 1, SIZE, to), -EBADMSG);
	end(&chunk);
}

static void damage_is_found(void **state)
{
	static struct chunk chunk;
	uint8_t to[SIZE];

	begin(&chunk, *state);
	assert_int_equal(pwrite(chunk.dat.fd, "\0\0\0\0", 4, OFFSET), 4);
	assert_int_equal(unpack_as(&chunk, chunk.packed_size, SIZE, to), -EBADMSG);
	end(&chunk);
}

static bool is_named;

static void hear(enum message_level level, const char *text)
{
	is_named = is_named || (level == MESSAGE_ERROR && strstr(text, "'lzo'"));
}

static void an_algorithm_that_is_not_known_is_named(void **state)
{
	struct dat dat = { .path = (char *)"a.dat",
			   .compression = (char *)"lzo",
			   .compression_version = (char *)"1" };
	struct unpacker *unpacker;

	(void)state;
	message_set_hook(hear);
	assert_int_equal(unpacker_new(&dat, &unpacker), -EOPNOTSUPP);
	message_set_hook(NULL);
	assert_true(is_named);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(it_is_all_or_nothing, (void *)"zstd"),
		cmocka_unit_test_prestate(it_is_all_or_nothing, (void *)"zlib"),
		cmocka_unit_test_prestate(damage_is_found, (void *)"zstd"),
		cmocka_unit_test_prestate(damage_is_found, (void *)"zlib"),
		cmocka_unit_test(an_algorithm_that_is_not_known_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
