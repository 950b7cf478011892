/* SPDX-License-Identifier: MIT */
/*
 * The plan of a recording, from its own lines or from the events that it has.
 */
#include "tracedat/extras.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/roles.h"
#include "util/number.h"

/* In place: "\n" and "\\" as they were before. */
static void unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (text[0] == '\\' && text[1]) {
			text++;
			*to++ = *text == 'n' ? '\n' : *text;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

/* "ROOT_DEV ROOT_INO DEV INO PATH" */
static int take_cwd(struct dat_extras *extras, char *line)
{
	uint64_t numbers[4];
	char *at = line;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		char *end;

		numbers[i] = strtoull(at, &end, 10);
		if (end == at || *end != ' ')
			return 0;
		at = end + 1;
	}
	if (*at != '/')
		return 0;
	unescape(at);
	extras->cwd.path = at;
	extras->cwd.root_dev = (uint32_t)numbers[0];
	extras->cwd.root_ino = numbers[1];
	extras->cwd.dev = (uint32_t)numbers[2];
	extras->cwd.ino = numbers[3];
	return 0;
}

static bool find_role(const char *word, enum role *role)
{
	for (int i = 0; i < ROLE_NR; i++) {
		*role = (enum role)i;
		if (!strcmp(role_name(*role), word))
			return true;
	}
	return false;
}

static struct plan_entry *entry_of(struct dat_extras *extras, const char *role_word,
				   const char *point_word)
{
	enum point point =
		strcmp(point_word, point_name(POINT_RETURN)) ? POINT_ENTRY : POINT_RETURN;
	enum role role;

	for (size_t i = 0; find_role(role_word, &role) && i < extras->count; i++) {
		if (extras->entries[i].role == role && extras->entries[i].point == point)
			return &extras->entries[i];
	}
	return NULL;
}

static int take_evictions(struct dat_extras *extras, char *value)
{
	extras->says_whose = true;
	extras->sees_any = !strcmp(value, "any");
	return 0;
}

static int take_tasks(struct dat_extras *extras, char *value)
{
	extras->by_comm = !strcmp(value, "by comm");
	return 0;
}

static int take_layout(struct dat_extras *extras, char *value)
{
	extras->layout = layout_source_of(value);
	return 0;
}

static int take_wall(struct dat_extras *extras, char *value)
{
	char *end;

	errno = 0;
	extras->wall = strtoll(value, &end, 10);
	extras->has_wall = !errno && end != value && !*end;
	return 0;
}

/* @count numbers with a space between them, none of them larger than its @most. */
static bool take_numbers(char *text, const uint64_t *most, uint64_t *numbers, size_t count)
{
	char *rest = NULL;

	for (size_t i = 0; i < count; i++) {
		const char *word = strtok_r(i ? NULL : text, " ", &rest);

		if (!word || parse_number(word, most[i], &numbers[i]))
			return false;
	}
	return !*rest;
}

/* "NUMBER FROM UNTIL ROOT GROUP". Without it, a part would look like the whole. */
static int take_part(struct dat_extras *extras, char *value)
{
	static const uint64_t most[] = { UINT_MAX, UINT64_MAX, UINT64_MAX, INT32_MAX, 1 };
	uint64_t numbers[5];

	if (!take_numbers(value, most, numbers, 5) || !numbers[0] ||
	    (numbers[2] && numbers[2] < numbers[1]))
		return -EBADMSG;
	extras->part = (struct dat_part){
		.number = (unsigned int)numbers[0],
		.from = numbers[1],
		.until = numbers[2],
		.root = (int32_t)numbers[3],
		.group_only = numbers[4],
	};
	return 0;
}

/* "TID TGID OWNER" */
static int take_known(struct dat_extras *extras, char *value)
{
	static const uint64_t most[] = { INT32_MAX, INT32_MAX, INT32_MAX };
	struct known_task *grown;
	uint64_t numbers[3];

	if (!take_numbers(value, most, numbers, 3))
		return -EBADMSG;
	grown = realloc(extras->known, (extras->known_count + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	extras->known = grown;
	grown[extras->known_count++] = (struct known_task){
		.tid = (int32_t)numbers[0],
		.tgid = (int32_t)numbers[1],
		.owner = (int32_t)numbers[2],
	};
	return 0;
}

/* "FROM TO". Without it, acts that were not recorded would seem not to have happened. */
static int take_unselected(struct dat_extras *extras, char *value)
{
	static const uint64_t most[] = { UINT64_MAX, UINT64_MAX };
	struct dat_span *grown;
	uint64_t numbers[2];

	if (!take_numbers(value, most, numbers, 2) || numbers[1] < numbers[0])
		return -EBADMSG;
	grown = realloc(extras->unselected, (extras->unselected_count + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	extras->unselected = grown;
	grown[extras->unselected_count++] = (struct dat_span){ numbers[0], numbers[1] };
	return 0;
}

/* "DEV INO TWICE". Without it, the path of another place could be shown. */
static int take_double(struct dat_extras *extras, char *value)
{
	static const uint64_t most[] = { UINT32_MAX, UINT64_MAX, 1 };
	struct double_place *grown;
	uint64_t numbers[3];

	if (!take_numbers(value, most, numbers, 3))
		return -EBADMSG;
	grown = realloc(extras->doubles, (extras->cwd.double_count + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	extras->doubles = grown;
	extras->cwd.doubles = grown;
	grown[extras->cwd.double_count++] = (struct double_place){
		.dev = (uint32_t)numbers[0],
		.ino = numbers[1],
		.is_mounted_twice = numbers[2],
	};
	return 0;
}

static const struct {
	const char *start;
	int (*take)(struct dat_extras *extras, char *value);
} lines[] = {
	{ "evictions: ", take_evictions },
	{ "tasks: ", take_tasks },
	{ "layout: ", take_layout },
	{ "wall-clock: ", take_wall },
	{ "cwd: ", take_cwd },
	{ "two-places: ", take_double },
	{ "part: ", take_part },
	{ "task: ", take_known },
	{ "unselected: ", take_unselected },
};

/* "ROLE POINT SYMBOL STATE hits N missed N: NOTE" */
static void take_probe(struct dat_extras *extras, char *line)
{
	char *note = strstr(line, ": "), *rest = NULL;
	const char *words[8] = { NULL };
	struct plan_entry *entry;
	char *end;

	if (note) {
		*note = '\0';
		note += 2;
		unescape(note);
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		words[i] = strtok_r(i ? NULL : line, " ", &rest);
		if (!words[i])
			return;
	}
	entry = entry_of(extras, words[0], words[1]);
	if (!entry)
		return;
	entry->symbol = strcmp(words[2], "-") ? words[2] : NULL;
	entry->state = probe_state_of(words[3]);
	entry->note = note;
	errno = 0;
	extras->missed[entry - extras->entries] = strtoull(words[7], &end, 10);
	if (errno || end == words[7] || *end)
		extras->missed[entry - extras->entries] = LOSS_UNKNOWN;
}

static int take_line(struct dat_extras *extras, char *line)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		size_t len = strlen(lines[i].start);

		if (!strncmp(line, lines[i].start, len))
			return lines[i].take(extras, line + len);
	}
	take_probe(extras, line);
	return 0;
}

/* What is recorded only if it was asked for: then all of it that can be had. */
static bool is_recorded(const struct decoder *decoder, enum role role)
{
	if (is_user_role(role))
		return decoder_has(decoder, ROLE_OPENER, POINT_ENTRY, NULL) ||
		       decoder_has(decoder, ROLE_CREDS, POINT_ENTRY, NULL);
	return !is_path_call_role(role) || decoder_has(decoder, ROLE_PATH, POINT_ENTRY, NULL) ||
	       decoder_has(decoder, ROLE_PARENT, POINT_ENTRY, NULL);
}

/* The rows of the role table, with what the events themselves say. */
static int start(struct dat_extras *extras, const struct decoder *decoder)
{
	extras->entries = calloc(role_probes_count, sizeof(*extras->entries));
	extras->missed = calloc(role_probes_count, sizeof(*extras->missed));
	if (!extras->entries || !extras->missed)
		return -ENOMEM;
	for (size_t i = 0; i < role_probes_count; i++) {
		struct plan_entry *entry = &extras->entries[extras->count];

		if (!is_recorded(decoder, role_probes[i].role))
			continue;
		*entry = (struct plan_entry){
			.role = role_probes[i].role,
			.point = role_probes[i].point,
		};
		decoder_has(decoder, entry->role, entry->point, &entry->symbol);
		extras->missed[extras->count++] = LOSS_UNKNOWN;
	}
	return 0;
}

int dat_extras_read(struct dat_extras *extras, const char *text, const struct decoder *decoder)
{
	char *line, *rest = NULL;
	int ret;

	memset(extras, 0, sizeof(*extras));
	ret = start(extras, decoder);
	if (ret || !text)
		return ret;
	extras->text = strdup(text);
	if (!extras->text)
		return -ENOMEM;
	for (line = strtok_r(extras->text, "\n", &rest); line && !ret;
	     line = strtok_r(NULL, "\n", &rest))
		ret = take_line(extras, line);
	return ret;
}

void dat_extras_release(struct dat_extras *extras)
{
	free(extras->entries);
	free(extras->missed);
	free(extras->text);
	free(extras->known);
	free(extras->doubles);
	free(extras->unselected);
	memset(extras, 0, sizeof(*extras));
}
