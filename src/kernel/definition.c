/* SPDX-License-Identifier: MIT */
/*
 * Definitions for kprobe_events out of fetches and offsets. Pure text; the kernel's limits on it
 * are kept here, so that a line that comes out is one that the kernel's parser takes.
 */
#include "kernel/definition.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The kernel's own limits, the same from 5.10 to 7.3: kernel/trace/trace_probe.h, trace.c. */
#define MAX_LINE       4095 /* WRITE_BUFSIZE without its NUL */
#define MAX_EXPRESSION 63   /* MAX_ARGSTR_LEN, of what follows '=' */
#define MAX_FIELDS     128  /* MAX_TRACE_ARGS */
#define MAX_FIELD_NAME 32   /* MAX_ARG_NAME_LEN */

_Static_assert(FIELD_NR + 1 <= MAX_FIELDS, "a definition with every field and the marker fits");

/**
 * struct expression - how a field is fetched
 * @text: e.g. "+48(+24($arg1))"; empty if the field is not fetched
 * @type: e.g. "u64"
 */
struct expression {
	char text[MAX_EXPRESSION + 1];
	char type[8];
};

/**
 * struct builder - a definition in the making
 * @point: what its event is of, POINT_CALL for entry and return
 * @part: the row of which the fetches are made
 * @marker: the name of the field that tells the function
 * @expressions: of @part, by field
 * @left_out: text for the caller
 * @essential_missing: a field without which the probe proves nothing
 */
struct builder {
	const struct role_probe *probe;
	enum point point;
	const struct role_probe *part;
	const char *symbol;
	const struct definition_options *options;
	char marker[MAX_FIELD_NAME + 1];
	struct expression expressions[FIELD_NR];
	char left_out[1024];
	bool essential_missing;
	char line[MAX_LINE + 1];
	size_t used;
	bool is_full;
};

/* Appends to the line; one that gets too long is marked and never handed out. */
__attribute__((format(printf, 2, 3))) static void append(struct builder *builder, const char *fmt,
							 ...)
{
	size_t room = sizeof(builder->line) - builder->used;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(builder->line + builder->used, room, fmt, args);
	va_end(args);
	if (len < 0 || (size_t)len >= room)
		builder->is_full = true;
	else
		builder->used += (size_t)len;
}

/* If a base pointer is missing, so is everything that is read through it: only the pointer is
 * reported. */
static void leave_out(struct builder *builder, const struct fetch *fetch, const char *missing)
{
	size_t used = strlen(builder->left_out);

	if (fetch->essential)
		builder->essential_missing = true;
	if (missing)
		snprintf(builder->left_out + used, sizeof(builder->left_out) - used, "%s%s (no %s)",
			 used ? ", " : "", field_name(fetch->field), missing);
}

__attribute__((format(printf, 3, 4))) static bool express(struct expression *expression,
							  const char *type, const char *fmt, ...)
{
	char body[2 * MAX_EXPRESSION];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(body, sizeof(body), fmt, args);
	va_end(args);
	/* The limit counts the type and its colon too. */
	if (len < 0 || (size_t)len + 1 + strlen(type) > MAX_EXPRESSION)
		return false;
	memcpy(expression->text, body, (size_t)len + 1);
	snprintf(expression->type, sizeof(expression->type), "%s", type);
	return true;
}

static const char *pointer_type(const struct layout *layout)
{
	return layout_pointer_size(layout) == 4 ? "x32" : "x64";
}

/* Return: NULL for a member that is no number. */
static const char *member_type(const struct builder *builder, const struct fetch *fetch,
			       const struct member *member)
{
	static const char *const types[2][9] = {
		{ [1] = "u8", [2] = "u16", [4] = "u32", [8] = "u64" },
		{ [1] = "s8", [2] = "s16", [4] = "s32", [8] = "s64" },
	};

	if (member->is_pointer)
		return pointer_type(builder->options->layout);
	if (member->size > 8 || !types[member->is_signed][member->size])
		return NULL;
	return fetch->type ? fetch->type : types[member->is_signed][member->size];
}

static bool express_member(struct builder *builder, const struct fetch *fetch)
{
	const struct expression *base = &builder->expressions[fetch->base];
	const char *type;
	struct member member;

	if (layout_member(builder->options->layout, fetch->path, &member))
		return false;
	type = member_type(builder, fetch, &member);
	return type && express(&builder->expressions[fetch->field], type, "+%u(%s)", member.offset,
			       base->text);
}

/* The structure begins before what is pointed to. */
static bool express_outer(struct builder *builder, const struct fetch *fetch)
{
	const struct expression *base = &builder->expressions[fetch->base];
	struct member member, inner;
	const char *type;

	if (layout_member(builder->options->layout, fetch->path, &member) ||
	    layout_member(builder->options->layout, fetch->other, &inner))
		return false;
	type = member_type(builder, fetch, &member);
	return type && express(&builder->expressions[fetch->field], type, "%+" PRId64 "(%s)",
			       (int64_t)member.offset - inner.offset, base->text);
}

/*
 * HASH_LEN_DECLARE of include/linux/dcache.h (5.10 to 7.3): as one number the hash is the low half
 * of it, in either order of bytes.
 */
static bool express_pair(struct builder *builder, const struct fetch *fetch)
{
	const struct expression *base = &builder->expressions[fetch->base];
	struct member one, other;
	uint32_t first;

	if (layout_member(builder->options->layout, fetch->path, &one) ||
	    layout_member(builder->options->layout, fetch->other, &other))
		return false;
	first = one.offset < other.offset ? one.offset : other.offset;
	if (one.size != 4 || other.size != 4 || one.offset + other.offset != 2 * first + 4)
		return false;
	return express(&builder->expressions[fetch->field], "u64", "+%u(%s)", first, base->text);
}

static bool express_layout(struct builder *builder, const struct fetch *fetch)
{
	struct expression *expression = &builder->expressions[fetch->field];
	struct member member = { 0 };
	uint32_t number;
	int ret;

	if (fetch->kind == FETCH_SIZE)
		ret = layout_size(builder->options->layout, fetch->path, &number);
	else
		ret = layout_member(builder->options->layout, fetch->path, &member);
	if (fetch->kind != FETCH_SIZE)
		number = fetch->kind == FETCH_OFFSET ? member.offset : member.size;
	return !ret && express(expression, "u32", "\\%u", number);
}

static bool express_fetch(struct builder *builder, const struct fetch *fetch)
{
	struct expression *expression = &builder->expressions[fetch->field];
	const char *type = fetch->type ? fetch->type : pointer_type(builder->options->layout);
	char argument[ARGUMENT_SIZE];

	switch (fetch->kind) {
	case FETCH_ARG:
		return argument_fetch(builder->options->registers, fetch->arg, argument) &&
		       express(expression, type, "%s", argument);
	case FETCH_RETVAL:
		return express(expression, type, "$retval");
	case FETCH_MEMBER:
		return express_member(builder, fetch);
	case FETCH_OUTER:
		return express_outer(builder, fetch);
	case FETCH_PAIR:
		return express_pair(builder, fetch);
	case FETCH_TEXT:
		return express(expression, "string", "+0(%s)",
			       builder->expressions[fetch->base].text);
	case FETCH_COMM:
		return express(expression, "string", "$comm");
	case FETCH_OFFSET:
	case FETCH_WIDTH:
	case FETCH_SIZE:
		return express_layout(builder, fetch);
	case FETCH_ROOT:
		return express(expression, "u32", "\\%d", builder->options->root);
	case FETCH_FOLLOW:
		return express(expression, "u8", "\\%d",
			       builder->options->selection == SELECTION_FOLLOW);
	case FETCH_END:
		break;
	}
	return false;
}

static bool is_wanted(const struct builder *builder, const struct fetch *fetch)
{
	if (fetch->is_old || (fetch->unless && *builder->expressions[fetch->unless].text))
		return false;
	if (fetch->kind == FETCH_ROOT)
		return builder->options->root > 0;
	if (fetch->kind == FETCH_FOLLOW)
		return builder->options->selection != SELECTION_UNSAID;
	return !fetch->only || !strcmp(fetch->only, builder->symbol);
}

static void express_all(struct builder *builder)
{
	const struct fetch *fetch = builder->part->fetches;

	memset(builder->expressions, 0, sizeof(builder->expressions));
	for (; fetch->kind != FETCH_END; fetch++) {
		if (!is_wanted(builder, fetch))
			continue;
		if (fetch_has_base(fetch) && !*builder->expressions[fetch->base].text)
			leave_out(builder, fetch, NULL);
		else if (!express_fetch(builder, fetch))
			leave_out(builder, fetch, fetch->kind == FETCH_PAIR ? NULL : fetch->path);
	}
}

static bool is_identifier(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Field names survive every tool, so the function's name travels as one. */
static void make_marker(struct builder *builder)
{
	size_t used = strlen(SYMBOL_MARKER);

	if (strlen(builder->symbol) + used > MAX_FIELD_NAME) {
		builder->is_full = true;
		return;
	}
	memcpy(builder->marker, SYMBOL_MARKER, used);
	for (const char *at = builder->symbol; *at; at++)
		builder->marker[used++] = is_identifier(*at) ? *at : '_';
}

static void append_field(struct builder *builder, const struct fetch *fetch)
{
	const struct expression *expression = &builder->expressions[fetch->field];
	bool is_carrier = builder->part == builder->probe && fetch == fetch_carrier(builder->part);

	append(builder, " %s%s=%s:%s",
	       is_carrier ? "" : field_prefix(builder->part, builder->point, fetch->field),
	       is_carrier ? builder->marker : field_name(fetch->field), expression->text,
	       expression->type);
}

static bool has_carried(const struct builder *builder)
{
	const struct fetch *carrier = fetch_carrier(builder->probe);

	return carrier && *builder->expressions[carrier->field].text;
}

/*
 * Strings come first: on kernels before 6.x a number that cannot be fetched shifts the strings
 * that follow it.
 */
static void append_fields(struct builder *builder, bool strings, bool last)
{
	const struct fetch *fetch = builder->part->fetches;

	for (; fetch->kind != FETCH_END; fetch++) {
		const struct expression *expression = &builder->expressions[fetch->field];

		if (is_string_field(fetch->field) == strings && fetch->is_last == last &&
		    *expression->text && (!fetch->is_sure || fetch->is_kept))
			append_field(builder, fetch);
	}
}

static void append_part(struct builder *builder, const struct role_probe *part)
{
	builder->part = part;
	express_all(builder);
	append_fields(builder, true, false);
	append_fields(builder, false, false);
	append_fields(builder, false, true);
}

static void append_head(struct builder *builder)
{
	char event[EVENT_NAME_SIZE];

	event_name(builder->probe->role, builder->point, event);
	if (builder->point == POINT_ENTRY)
		append(builder, "p");
	else
		append(builder, "r%u", builder->options->max_active);
	append(builder, ":%s/%s %s", builder->options->group, event, builder->symbol);
}

void event_name(enum role role, enum point point, char *name)
{
	snprintf(name, EVENT_NAME_SIZE, "%s%s", role_name(role), point_suffix(point));
}

enum point definition_point(const struct role_probe *probe,
			    const struct definition_options *options)
{
	return probe->includes_entry && options->fetches_at_return && !options->registers
		       ? POINT_CALL
		       : probe->point;
}

static int hand_out(const struct builder *builder, char **line, char **left_out)
{
	bool whole = !builder->essential_missing && !builder->is_full;
	bool lacks = *builder->left_out != '\0';

	*line = whole ? strdup(builder->line) : NULL;
	*left_out = lacks ? strdup(builder->left_out) : NULL;
	if ((whole && !*line) || (lacks && !*left_out))
		goto err_free;
	return whole ? 0 : -ENOENT;

err_free:
	free(*line);
	free(*left_out);
	*line = NULL;
	*left_out = NULL;
	return -ENOMEM;
}

int definition_make(const struct role_probe *probe, const char *symbol,
		    const struct definition_options *options, char **line, char **left_out)
{
	struct builder *builder = calloc(1, sizeof(*builder));
	int ret;

	*line = NULL;
	*left_out = NULL;
	if (!builder)
		return -ENOMEM;
	builder->probe = probe;
	builder->symbol = symbol;
	builder->options = options;
	builder->point = definition_point(probe, options);
	make_marker(builder);
	append_head(builder);
	if (builder->point == POINT_CALL)
		append_part(builder, role_probe_find(probe->role, POINT_ENTRY));
	append_part(builder, probe);
	if (!has_carried(builder))
		append(builder, " %s=\\1:u8", builder->marker);
	ret = hand_out(builder, line, left_out);
	free(builder);
	return ret;
}
