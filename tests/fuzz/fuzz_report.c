/* SPDX-License-Identifier: MIT */
/*
 * A trace.dat of any bytes, through to an output: headers, sections, formats, pages, records,
 * chains. Its size chooses which.
 */
#include "fuzz.h"

#include "command/commands.h"

static const char *const formats[] = { "json", "tree", "html", "summary", "live" };

#define FORMAT_NR (sizeof(formats) / sizeof(formats[0]))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd;
	char *args[] = { (char *)input_file(data, size, &fd), NULL };
	const struct options options = {
		.format = formats[size % FORMAT_NR],
		.hash_addresses = size / FORMAT_NR % 2,
		.results = "/dev/null",
		.args = args,
		.arg_count = 1,
	};

	cmd_report(&options);
	close(fd);
	return 0;
}
