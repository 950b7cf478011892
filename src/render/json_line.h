/* SPDX-License-Identifier: MIT */
/*
 * What the lines of JSON Lines are written with. A value that is not known is null.
 */
#ifndef FTOPEN_RENDER_JSON_LINE_H
#define FTOPEN_RENDER_JSON_LINE_H

#include "common.h"
#include "util/json.h"

struct json_lines {
	struct json json;
	struct text scratch; /* never flushed */
	struct times times;  /* of opens */
};

void json_line_begin(struct json *json, const char *type);

/**
 * json_line_end - Return: as json_end_line()
 */
int json_line_end(struct json *json);

/**
 * json_line_string - null for NULL, and for a comm that no record carried
 */
void json_line_string(struct json *json, const char *str);
void json_line_addr(struct json *json, bool is_known, uint64_t addr);

/**
 * json_line_time - null by a clock that has no times
 */
void json_line_time(struct json *json, struct times *times, uint64_t ts);
void json_line_tristate(struct json *json, enum tristate value);
void json_line_walk(struct json *json, enum walk walk);

/**
 * json_line_verdicts - how many there are of each
 */
void json_line_verdicts(struct json *json, const uint64_t *verdicts);

/**
 * json_line_links - the key "links" and the links that were followed, as struct name has them
 */
void json_line_links(struct json *json, const struct bytes *links);

/* --- json_name.c --- */

/**
 * json_name - the line of a name
 *
 * Return: as json_line_end().
 */
int json_name(struct json_lines *lines, const struct render_options *options,
	      const struct name *name);

#endif
