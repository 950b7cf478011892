/* SPDX-License-Identifier: MIT */
/*
 * A fuzz target without a fuzzer: replay ROUNDS FILE… runs each file as it is and as often changed,
 * always in the same way. Finds nothing new by coverage; keeps found what was.
 */
#include "fuzz.h"

#include <stdbool.h>
#include <string.h>

#include "util/io.h"

/* The library keeps memory of formats that it refuses. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:tep_parse_event\n";
}

const char *__lsan_default_options(void)
{
	return "print_suppressions=0";
}

static uint32_t state;

/* xorshift */
static uint32_t next(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static size_t change(uint8_t *data, size_t size)
{
	for (uint32_t i = next() % 8 + 1; i && size; i--) {
		size_t at = next() % size;

		switch (next() % 4) {
		case 0:
			data[at] ^= (uint8_t)(1U << next() % 8);
			break;
		case 1:
			data[at] = (uint8_t)next();
			break;
		case 2:
			memset(data + at, (int)(next() % 2 * 0xff), size - at < 4 ? size - at : 4);
			break;
		default:
			size = next() % 8 ? size : at;
		}
	}
	return size;
}

/* In memory of its exact size, so that a byte too far is seen. */
static void run(const uint8_t *data, size_t size, bool is_changed)
{
	uint8_t *copy = malloc(size + 1), *exact;

	if (!copy)
		abort();
	memcpy(copy, data, size);
	if (is_changed)
		size = change(copy, size);
	exact = malloc(size ? size : 1);
	if (!exact)
		abort();
	memcpy(exact, copy, size);
	free(copy);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

int main(int argc, char **argv)
{
	unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 0, count = 0;

	for (int i = 2; i < argc; i++) {
		char *data;
		size_t size;

		if (read_file(argv[i], &data, &size)) {
			fprintf(stderr, "cannot read '%s'\n", argv[i]);
			return 1;
		}
		state = 0x9e3779b9U + (uint32_t)i;
		for (unsigned long round = 0; round <= rounds; round++, count++)
			run((const uint8_t *)data, size, round > 0);
		free(data);
	}
	printf("%lu inputs\n", count);
	return count ? 0 : 1;
}
