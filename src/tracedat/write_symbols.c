/* SPDX-License-Identifier: MIT */
/*
 * Of kallsyms the lines that a file needs. Reads line by line and keeps nothing.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tracedat/gather.h"

static bool is_needed(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct planned *planned = &plan->probes[i];

		if (is_armed(planned) && !strcmp(planned->symbol, name))
			return true;
	}
	return false;
}

/* A line "ADDRESS TYPE NAME", with "\t[MODULE]" for a module's. */
static bool parse_line(const char *line, uint64_t *address, char name[256])
{
	char type;

	return sscanf(line, "%" SCNx64 " %c %255s", address, &type, name) == 3 &&
	       strchr("tTwW", type);
}

int dat_symbols(FILE *kallsyms, const struct plan *plan, FILE *out)
{
	char *line = NULL, name[256];
	size_t room = 0;
	uint64_t address, open = 0; /* the address of a function whose end is not written yet */

	/* The kernel's own symbols come in the order of their addresses. */
	while (getline(&line, &room, kallsyms) > 0) {
		if (!parse_line(line, &address, name) || !address)
			continue;
		if (is_needed(plan, name)) {
			fputs(line, out);
			open = address;
		} else if (open && address != open) {
			fprintf(out, "%016" PRIx64 " t %s\n", address, DAT_NO_SYMBOL);
			open = 0;
		}
	}
	free(line);
	return ferror(kallsyms) || ferror(out) ? -EIO : 0;
}
