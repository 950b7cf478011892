/* SPDX-License-Identifier: MIT */
/*
 * What lines of several types have in common.
 */
#include "json_line.h"

#include <string.h>

void json_line_string(struct json *json, const char *str)
{
	json_bytes(json, str && *str ? str : NULL, str ? strlen(str) : 0);
}

void json_line_addr(struct json *json, bool is_known, uint64_t addr)
{
	if (!is_known) {
		json_null(json);
		return;
	}
	json_quote(json);
	text_addr(&json->text, addr);
	json_unquote(json);
}

void json_line_time(struct json *json, struct times *times, uint64_t ts)
{
	if (times->clock->only_orders) {
		json_null(json);
		return;
	}
	json_quote(json);
	times_seconds(&json->text, times, ts);
	json_unquote(json);
}

void json_line_tristate(struct json *json, enum tristate value)
{
	if (value == IS_UNKNOWN)
		json_null(json);
	else
		json_bool(json, value == IS_TRUE);
}

void json_line_walk(struct json *json, enum walk walk)
{
	json_word(json, walk == WALK_UNKNOWN ? NULL : walk_name(walk));
}

void json_line_verdicts(struct json *json, const uint64_t *verdicts)
{
	json_object(json);
	JSON_KEY(json, "PASS");
	json_u64(json, verdicts[VERDICT_PASS]);
	JSON_KEY(json, "FAIL");
	json_u64(json, verdicts[VERDICT_FAIL]);
	JSON_KEY(json, "UNKNOWN");
	json_u64(json, verdicts[VERDICT_UNKNOWN]);
	json_object_end(json);
}

void json_line_begin(struct json *json, const char *type)
{
	json_object(json);
	JSON_KEY(json, "v");
	json_u64(json, 1);
	JSON_KEY(json, "type");
	json_word(json, type);
}

int json_line_end(struct json *json)
{
	json_object_end(json);
	return json_end_line(json);
}

/* Pairs of strings, each of which ends with a NUL. */
void json_line_links(struct json *json, const struct bytes *links)
{
	const char *link = links->data, *end = link + links->len;

	JSON_KEY(json, "links");
	json_array(json);
	while (link < end) {
		const char *target = link + strlen(link) + 1;

		json_object(json);
		JSON_KEY(json, "link");
		json_bytes(json, link, strlen(link));
		JSON_KEY(json, "target");
		json_bytes(json, target, strlen(target));
		json_object_end(json);
		link = target + strlen(target) + 1;
	}
	json_array_end(json);
}
