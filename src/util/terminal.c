/* SPDX-License-Identifier: MIT */
/*
 * The terminal, and what the environment says of it.
 */
#include "util/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "util/number.h"

#define MAX_COLUMNS 10000

size_t terminal_columns(int fd)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t number;

	if (columns && !parse_number(columns, MAX_COLUMNS, &number) && number)
		return (size_t)number;
	return ioctl(fd, TIOCGWINSZ, &size) ? 0 : size.ws_col;
}

bool terminal_has_color(int fd)
{
	const char *term = getenv("TERM"), *none = getenv("NO_COLOR");

	return isatty(fd) == 1 && !(none && *none) && !(term && !strcmp(term, "dumb"));
}
