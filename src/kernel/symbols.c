/* SPDX-License-Identifier: MIT */
/*
 * kallsyms and available_filter_functions, each read once. Owns the text of kallsyms, into which
 * the names point. Bytes are untrusted: a line that is no symbol is skipped.
 */
#include "kernel/symbols.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "name_index.h"
#include "util/io.h"
#include "util/message.h"

#define KALLSYMS "/proc/kallsyms"

/**
 * struct entry - one text symbol
 * @name: NUL terminated, in the text
 * @base_len: length up to the first '.', by which it is indexed: twins stand under one base
 */
struct entry {
	uint64_t address;
	const char *name;
	uint32_t base_len;
	bool probeable;
};

struct symbols {
	char *text;
	struct entry *entries;
	uint32_t count;
	bool know_probeable;
	bool know_all;
	struct name_index index;
};

/* Cuts the next line off @rest and ends it with a NUL. Return: NULL after the last one. */
static char *cut_line(char **rest, char *end)
{
	char *line = *rest;
	char *newline;

	if (line >= end)
		return NULL;
	newline = memchr(line, '\n', (size_t)(end - line));
	if (!newline)
		newline = end;
	*newline = '\0';
	*rest = newline + 1;
	return line;
}

static bool is_text_type(char type)
{
	return type && strchr("tTwW", type);
}

static int hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	return -1;
}

/* Ends @name at the first blank. Return: false if nothing is left. */
static bool end_name(char *name)
{
	char *at = name;

	while ((unsigned char)*at > ' ')
		at++;
	*at = '\0';
	return at != name;
}

/* A line is "ADDRESS TYPE NAME", and "\t[MODULE]" after a module's symbol. */
static bool parse_symbol(char *line, struct entry *entry)
{
	uint64_t address = 0;
	char *at = line;

	for (; hex_digit(*at) >= 0; at++)
		address = address << 4 | (uint64_t)hex_digit(*at);
	if (at == line || at - line > 16 || at[0] != ' ' || !is_text_type(at[1]) || at[2] != ' ' ||
	    !end_name(at + 3))
		return false;
	*entry = (struct entry){
		.address = address,
		.name = at + 3,
		.base_len = (uint32_t)strcspn(at + 3, "."),
	};
	return true;
}

static uint32_t count_lines(const char *text, size_t size)
{
	const char *end = text + size;
	uint32_t lines = 1;

	while ((text = memchr(text, '\n', (size_t)(end - text)))) {
		lines++;
		text++;
	}
	return lines;
}

/* A line of available_filter_functions: each of these functions can be probed. */
static bool parse_function(char *line, struct entry *entry)
{
	if (!end_name(line))
		return false;
	*entry = (struct entry){
		.name = line,
		.base_len = (uint32_t)strcspn(line, "."),
		.probeable = true,
	};
	return true;
}

/* An entry for every line of the text that @parse understands. */
static int take_lines(struct symbols *symbols, size_t size,
		      bool (*parse)(char *line, struct entry *entry))
{
	uint32_t lines = count_lines(symbols->text, size);
	char *rest = symbols->text;
	char *line;

	symbols->entries = calloc(lines, sizeof(*symbols->entries));
	if (!symbols->entries || name_index_init(&symbols->index, lines))
		return -ENOMEM;
	while ((line = cut_line(&rest, symbols->text + size))) {
		struct entry *entry = &symbols->entries[symbols->count];

		if (!parse(line, entry))
			continue;
		name_index_add(&symbols->index, symbols->count, entry->name, entry->base_len);
		symbols->count++;
	}
	return symbols->count ? 0 : -EBADMSG;
}

static int load_kallsyms(struct symbols *symbols, const char *path)
{
	size_t size;
	int ret = read_file(path, &symbols->text, &size);

	if (!ret)
		ret = size < UINT32_MAX ? take_lines(symbols, size, parse_symbol) : -EFBIG;
	if (ret)
		error("cannot read kernel symbols '%s': %s", path,
		      ret == -EBADMSG ? "no line of it is a function" : strerror(-ret));
	return ret;
}

static bool mark_probeable(struct symbols *symbols, const char *name)
{
	uint32_t i = name_index_first(&symbols->index, name, strcspn(name, "."));
	bool known = false;

	for (; i != NAME_INDEX_END; i = name_index_next(&symbols->index, i)) {
		if (strcmp(symbols->entries[i].name, name))
			continue;
		symbols->entries[i].probeable = true;
		known = true;
	}
	return known;
}

/* A line is "NAME", for a module's function "NAME [MODULE]". */
static int parse_functions(struct symbols *symbols, char *text, size_t size)
{
	char *rest = text;
	bool any = false;
	char *line;

	while ((line = cut_line(&rest, text + size))) {
		if (end_name(line) && mark_probeable(symbols, line))
			any = true;
	}
	return any ? 0 : -EBADMSG;
}

static int load_functions(struct symbols *symbols, const char *path)
{
	size_t size;
	char *text;
	int ret = read_file(path, &text, &size);

	if (!ret) {
		ret = parse_functions(symbols, text, size);
		free(text);
	}
	if (ret)
		error("cannot read probeable functions '%s': %s", path,
		      ret == -EBADMSG ? "no line of it is a function of these kernel symbols"
				      : strerror(-ret));
	return ret;
}

int symbols_load(const char *kallsyms, const char *functions, struct symbols **symbols)
{
	struct symbols *new = calloc(1, sizeof(*new));
	int ret;

	if (!new)
		return -ENOMEM;
	ret = load_kallsyms(new, kallsyms ? kallsyms : KALLSYMS);
	if (ret)
		goto err_free;
	new->know_all = true;
	new->know_probeable = functions != NULL;
	ret = functions ? load_functions(new, functions) : 0;
	if (ret)
		goto err_free;
	*symbols = new;
	return 0;

err_free:
	symbols_free(new);
	return ret;
}

int symbols_from_functions(const char *functions, struct symbols **symbols)
{
	struct symbols *new = calloc(1, sizeof(*new));
	size_t size;
	int ret;

	if (!new)
		return -ENOMEM;
	new->know_probeable = true;
	ret = read_file(functions, &new->text, &size);
	if (!ret)
		ret = size < UINT32_MAX ? take_lines(new, size, parse_function) : -EFBIG;
	if (!ret) {
		*symbols = new;
		return 0;
	}
	error("cannot read probeable functions '%s': %s", functions,
	      ret == -EBADMSG ? "no line of it is a function" : strerror(-ret));
	symbols_free(new);
	return ret;
}

void symbols_free(struct symbols *symbols)
{
	if (!symbols)
		return;
	name_index_release(&symbols->index);
	free(symbols->entries);
	free(symbols->text);
	free(symbols);
}

bool symbols_know_all(const struct symbols *symbols)
{
	return symbols->know_all;
}

bool symbols_know_probeable(const struct symbols *symbols)
{
	return symbols->know_probeable;
}

/* A cold part is the unlikely half of a function or of a clone: "f.cold", "f.isra.0.cold". */
static bool is_cold(const char *suffix)
{
	return strstr(suffix, ".cold") != NULL;
}

void symbols_find(const struct symbols *symbols, const char *name, struct symbol *symbol)
{
	uint32_t i = name_index_first(&symbols->index, name, strlen(name));
	size_t len = strlen(name);
	bool cold = false;

	*symbol = (struct symbol){ .probeable = !symbols->know_probeable };
	for (; i != NAME_INDEX_END; i = name_index_next(&symbols->index, i)) {
		const struct entry *entry = &symbols->entries[i];

		if (entry->base_len != len || memcmp(entry->name, name, len))
			continue;
		if (entry->name[len] == '.') {
			if (is_cold(entry->name + len))
				cold = true;
			else
				symbol->clone = entry->name;
			continue;
		}
		symbol->count++;
		symbol->address = entry->address;
		symbol->probeable |= entry->probeable;
	}
	symbol->only_cold = cold && !symbol->count && !symbol->clone;
}
