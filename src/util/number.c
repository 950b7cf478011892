/* SPDX-License-Identifier: MIT */
/*
 * The C library's functions take blanks, signs and other bases, and cut what is too large.
 */
#include "util/number.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"

int parse_number(const char *text, uint64_t most, uint64_t *number)
{
	if (!*text || text[strspn(text, DIGITS)])
		return -EINVAL;
	errno = 0;
	*number = strtoull(text, NULL, 10);
	return errno || *number > most ? -ERANGE : 0;
}

int parse_bytes(const char *text, uint64_t most, uint64_t *number)
{
	static const char units[] = "KMGT";
	size_t digits = strspn(text, DIGITS);
	const char *unit = text[digits] ? strchr(units, text[digits]) : NULL;
	unsigned int shift = unit ? 10 * (unsigned int)(unit - units + 1) : 0;

	if (!digits || (text[digits] && (!unit || text[digits + 1])))
		return -EINVAL;
	errno = 0;
	*number = strtoull(text, NULL, 10);
	if (errno || *number > most >> shift)
		return -ERANGE;
	*number <<= shift;
	return 0;
}

int parse_fraction(const char *text, double *number)
{
	size_t whole = strspn(text, DIGITS), rest = 0;

	if (text[whole] == '.')
		rest = 1 + strspn(text + whole + 1, DIGITS);
	if (!whole || text[whole + rest] || rest == 1)
		return -EINVAL;
	*number = strtod(text, NULL);
	return 0;
}
