/* SPDX-License-Identifier: MIT */
/*
 * What the HTML report is written with: its lines, each an array that begins with its kind.
 */
#ifndef FTOPEN_RENDER_HTML_H
#define FTOPEN_RENDER_HTML_H

#include "render/path.h"
#include "stage_table.h"
#include "util/json.h"

struct html {
	struct json json;
	struct stage_table stages;
	struct text scratch; /* never flushed */
	bool has_times;
};

/* --- html_line.c --- */

/* data.js has them in its table, too. */
enum line {
	LINE_OPEN,
	LINE_NAME,
	LINE_LOSS,
	LINE_SUMMARY,
	LINE_WORDS,
	LINE_CLAIM,
	LINE_CALL,
};

void html_begin_line(struct json *json, enum line kind);

/**
 * html_end_line - Return: 0, or a negative errno as json_end_line()
 */
int html_end_line(struct json *json);

void html_bytes(struct json *json, const struct bytes *bytes);

/**
 * html_path - as path_write() has it, but the bytes as they are: the page escapes what it shows
 */
void html_path(struct html *html, const struct shown_path *path);

/**
 * html_comm - the name of a task, null if no record told it
 */
void html_comm(struct json *json, const char *comm);

/* --- html_name.c --- */

/**
 * html_name - the line of a name
 *
 * Return: as html_end_line().
 */
int html_name(struct html *html, const struct name *name);

#endif
