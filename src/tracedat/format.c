/* SPDX-License-Identifier: MIT */
/*
 * The text of an event format, made safe for libtraceevent, which dies on some that are broken
 * (1.7: a null pointer, a division by zero in what "print fmt" says). Only lines of the one form
 * that the kernel writes are handed over. "print fmt", which nobody here needs, is left out.
 */
#include "format.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_PRINT "\nprint fmt: \"\"\n"

/* No record is longer than a sub-buffer. */
#define MAX_NUMBER 65536

/* A C type and a name: "__data_loc char[] string", "unsigned int common_flags". */
static bool is_declaration(const char *text, size_t len)
{
	bool has_name = false;

	for (size_t i = 0; i < len; i++) {
		if (isalnum((unsigned char)text[i]) || text[i] == '_')
			has_name = true;
		else if (!strchr(" *[]", text[i]))
			return false;
	}
	return has_name && (isalpha((unsigned char)text[0]) || text[0] == '_');
}

/* @key, a number and a ';'. Return: what follows, NULL if it is not there. */
static const char *take_number(const char *text, const char *key, unsigned long *value)
{
	size_t len = strlen(key);
	char *end;

	if (strncmp(text, key, len) || !isdigit((unsigned char)text[len]))
		return NULL;
	*value = strtoul(text + len, &end, 10);
	return *value <= MAX_NUMBER && *end == ';' ? end + 1 : NULL;
}

struct field_line {
	const char *type;
	unsigned long offset, size, is_signed;
	bool has_sign;
};

/* "\tfield:DECLARATION;\toffset:N;\tsize:N;\tsigned:N;", the last of which older kernels lack */
static bool parse_field(const char *line, struct field_line *field)
{
	static const char start[] = "\tfield:";
	const char *at = line + sizeof(start) - 1, *end;

	field->type = at;
	field->has_sign = false;
	if (strncmp(line, start, sizeof(start) - 1))
		return false;
	end = strchr(at, ';');
	if (!end || !is_declaration(at, (size_t)(end - at)))
		return false;
	at = take_number(end + 1, "\toffset:", &field->offset);
	at = at ? take_number(at, "\tsize:", &field->size) : NULL;
	if (at && *at) {
		field->has_sign = true;
		at = take_number(at, "\tsigned:", &field->is_signed);
	}
	return at && !*at;
}

/* The size of a type that says it: "u64 ". 0 for another one. */
static unsigned long size_of(const char *type)
{
	unsigned long bits = 0;
	char *end;

	if ((*type == 'u' || *type == 's') && isdigit((unsigned char)type[1])) {
		bits = strtoul(type + 1, &end, 10);
		bits = *end == ' ' ? bits : 0;
	}
	return bits / 8;
}

/*
 * The fields of a probe stand one after the other, from the one on that is its address, which is
 * aligned. So do those of all events. A size that is broken puts the next field at another place.
 */
static bool follows(const struct field_line *field, unsigned long end, bool may_be_aligned)
{
	unsigned long size = size_of(field->type);

	if (size &&
	    (field->size != size || (field->has_sign && field->is_signed != (*field->type == 's'))))
		return false;
	if (may_be_aligned)
		return field->offset >= end && field->offset - end < sizeof(uint64_t);
	return field->offset == end;
}

struct field_row {
	unsigned long end;
	bool is_aligned; /* what follows may be */
};

/* A blank line separates the fields that all events have. */
static bool take_field(struct field_row *fields, const char *line)
{
	struct field_line field;

	if (*line &&
	    (!parse_field(line, &field) || !follows(&field, fields->end, fields->is_aligned)))
		return false;
	fields->is_aligned = !*line;
	if (*line)
		fields->end = field.offset + field.size;
	return true;
}

static bool is_name(const char *line)
{
	static const char start[] = "name: ";
	const char *at = line + sizeof(start) - 1;

	return !strncmp(line, start, sizeof(start) - 1) && *at &&
	       !at[strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")];
}

static bool is_id(const char *line)
{
	static const char start[] = "ID: ";
	const char *at = line + sizeof(start) - 1;

	return !strncmp(line, start, sizeof(start) - 1) && *at && strlen(at) < 6 &&
	       !at[strspn(at, "0123456789")];
}

static bool is_format(const char *line)
{
	return !strcmp(line, "format:");
}

int format_make_safe(char *text, char **safe)
{
	static bool (*const head[])(const char *line) = { is_name, is_id, is_format };
	size_t size = strlen(text), lines = 0;
	struct field_row fields = { 0 };
	char *made = malloc(size + sizeof(NO_PRINT)), *to = made, *line, *rest = text;

	if (!made)
		return -ENOMEM;
	for (; (line = strsep(&rest, "\n")) && strncmp(line, "print fmt:", strlen("print fmt:"));
	     lines++) {
		if (lines < 3 ? !head[lines](line) : !take_field(&fields, line))
			goto err_free;
		to += sprintf(to, "%s\n", line);
	}
	if (!line || lines < 3)
		goto err_free;
	memcpy(to, NO_PRINT, sizeof(NO_PRINT));
	*safe = made;
	return 0;

err_free:
	free(made);
	return -EBADMSG;
}

unsigned int format_long_size(const char *header_page)
{
	const char *at = strstr(header_page, " commit;");
	unsigned int size;

	at = at ? strstr(at, "size:") : NULL;
	return at && sscanf(at, "size:%u", &size) == 1 && (size == 4 || size == 8) ? size : 0;
}
