/* SPDX-License-Identifier: MIT */
/*
 * Whether a file, which may be a whole disk, holds one of the numbers, as the kernel stores them:
 * holds FILE NUMBER... Prints how often.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char chunk[1 << 20];

static unsigned int count_in(const char *data, size_t size, uint64_t number)
{
	unsigned int count = 0;

	for (const char *at = data; (at = memmem(at, size - (size_t)(at - data), &number, 8)); at++)
		count++;
	return count;
}

int main(int argc, char **argv)
{
	FILE *file = argc > 2 ? fopen(argv[1], "r") : NULL;
	unsigned int count = 0;
	size_t kept = 0, got;

	if (!file)
		return 98;
	/* One that stands across two chunks is in the second. */
	while ((got = fread(chunk + kept, 1, sizeof(chunk) - kept, file))) {
		size_t size = kept + got;

		for (int i = 2; i < argc; i++)
			count += count_in(chunk, size, strtoull(argv[i], NULL, 16));
		kept = size < 7 ? size : 7;
		memmove(chunk, chunk + size - kept, kept);
	}
	fclose(file);
	printf("%u\n", count);
	return count == 0;
}
