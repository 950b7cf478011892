/* SPDX-License-Identifier: MIT */
/*
 * A trace.dat of any bytes, through to JSON: headers, sections, formats, pages, records, chains.
 */
#include "fuzz.h"

#include "command/commands.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd;
	char *args[] = { (char *)input_file(data, size, &fd), NULL };
	const struct options options = {
		.format = "json", .results = "/dev/null", .args = args, .arg_count = 1
	};

	cmd_report(&options);
	close(fd);
	return 0;
}
