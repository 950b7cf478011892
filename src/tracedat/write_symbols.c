/* SPDX-License-Identifier: MIT */
/*
 * The lines of kallsyms that a file needs. Reads line by line and keeps nothing.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tracedat/gather.h"

/* A line of a kernel's 200,000: "ADDRESS TYPE NAME", with "\t[MODULE]" for a module's. */
struct symbol_line {
	uint64_t address;
	const char *name; /* in the line */
	size_t len;
};

static bool is_needed(const struct plan *plan, const struct symbol_line *symbol)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct planned *planned = &plan->probes[i];

		if (is_armed(planned) && *planned->symbol == *symbol->name &&
		    !strncmp(planned->symbol, symbol->name, symbol->len) &&
		    !planned->symbol[symbol->len])
			return true;
	}
	return false;
}

static bool parse_line(const char *line, struct symbol_line *symbol)
{
	char *end;

	symbol->address = strtoull(line, &end, 16);
	if (end == line || end[0] != ' ' || !end[1] || !strchr("tTwW", end[1]) || end[2] != ' ')
		return false;
	symbol->name = end + 3;
	symbol->len = strcspn(symbol->name, " \t\n");
	return symbol->len > 0;
}

int dat_symbols(FILE *kallsyms, const struct plan *plan, FILE *out)
{
	struct symbol_line symbol;
	char *line = NULL;
	size_t room = 0;
	uint64_t open = 0; /* the address of a function whose end is not written yet */

	/* The kernel's own symbols come in the order of their addresses. */
	while (getline(&line, &room, kallsyms) > 0) {
		if (!parse_line(line, &symbol) || !symbol.address)
			continue;
		if (is_needed(plan, &symbol)) {
			fputs(line, out);
			open = symbol.address;
		} else if (open && symbol.address != open) {
			fprintf(out, "%016" PRIx64 " t %s\n", symbol.address, DAT_NO_SYMBOL);
			open = 0;
		}
	}
	free(line);
	return ferror(kallsyms) || ferror(out) ? -EIO : 0;
}
