/* SPDX-License-Identifier: MIT */
/*
 * What the lines of the HTML report are made of.
 */
#include "html.h"

#include "common.h"

void html_bytes(struct json *json, const struct bytes *bytes)
{
	json_bytes(json, bytes->data, bytes->len);
}

void html_path(struct html *html, const struct shown_path *path)
{
	struct bytes whole = path_bytes(&html->scratch, path);

	html_bytes(&html->json, &whole);
}

void html_comm(struct json *json, const char *comm)
{
	json_string(json, *comm ? comm : NULL);
}

void html_begin_line(struct json *json, enum line kind)
{
	json_array(json);
	json_u64(json, kind);
}

int html_end_line(struct json *json)
{
	json_array_end(json);
	return json_end_line(json);
}
