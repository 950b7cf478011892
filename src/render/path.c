/* SPDX-License-Identifier: MIT */
/*
 * Words of paths. Says no more than the chain does: nothing is completed.
 */
#include "render/path.h"

#include <string.h>

#include "util/escape.h"

/* What a path can hold besides characters that read as part of a word. */
static const char separators[] = " ()\"";
static const char ellipsis[] = "…";

bool bytes_are_equal(const struct bytes *a, const struct bytes *b)
{
	return a->len == b->len && (!a->len || !memcmp(a->data, b->data, a->len));
}

struct shown_path open_shown_path(const struct open_call *open)
{
	return (struct shown_path){ open->resolved, open->path, open->dir, open->links };
}

struct shown_path name_shown_path(const struct name *name)
{
	return (struct shown_path){ .resolved = name->resolved,
				    .links = name->links,
				    .passed = name->path.data ? name->path : name->component };
}

static bool is_word(const struct bytes *path)
{
	for (size_t i = 0; i < path->len; i++) {
		if (strchr(separators, path->data[i]))
			return false;
	}
	return path->len && !memmem(path->data, path->len, ellipsis, sizeof(ellipsis) - 1);
}

void path_write_bytes(struct text *text, const struct bytes *path)
{
	bool is_plain = is_word(path);

	if (!is_plain)
		text_char(text, '"');
	escape_c(text, path->data, path->len);
	if (!is_plain)
		text_char(text, '"');
}

bool path_is_as_passed(const struct shown_path *path)
{
	return !path->resolved.data;
}

/* What comes before a relative path. */
static struct bytes beginning_of(const struct shown_path *path)
{
	if (path->dir.data && path->dir.len)
		return path->dir;
	return (struct bytes){ ellipsis, sizeof(ellipsis) - 1 };
}

struct bytes path_bytes(struct text *scratch, const struct shown_path *path)
{
	const struct bytes before = beginning_of(path);

	if (path->resolved.data)
		return path->resolved;
	if (!path->passed.data || !path->passed.len)
		return (struct bytes){ NULL, 0 };
	if (path->passed.data[0] == '/')
		return path->passed;
	scratch->len = 0;
	text_bytes(scratch, before.data, before.len);
	if (before.data[before.len - 1] != '/')
		text_char(scratch, '/');
	text_bytes(scratch, path->passed.data, path->passed.len);
	return (struct bytes){ scratch->data, scratch->len };
}

/* Escaped, and in quotes unless it is a word: our own "…" does not make it none. */
static void write_behind(struct text *text, const struct shown_path *path)
{
	const struct bytes before = beginning_of(path);
	bool is_plain = is_word(&path->passed) && (!path->dir.data || is_word(&path->dir));

	if (!is_plain)
		text_char(text, '"');
	escape_c(text, before.data, before.len);
	if (before.data[before.len - 1] != '/')
		text_char(text, '/');
	escape_c(text, path->passed.data, path->passed.len);
	if (!is_plain)
		text_char(text, '"');
}

struct bytes path_directory(const struct bytes *path)
{
	size_t len = path->data ? path->len : 0;

	while (len && path->data[len - 1] != '/')
		len--;
	return (struct bytes){ len ? path->data : "", len };
}

void path_write(struct text *text, const struct shown_path *path)
{
	const struct bytes *passed = &path->passed;

	if (path->resolved.data)
		path_write_bytes(text, &path->resolved);
	else if (!passed->data || !passed->len)
		TEXT(text, "(path unknown)");
	else if (passed->data[0] == '/')
		path_write_bytes(text, passed);
	else
		write_behind(text, path);
}

/* Take the last component, which is not ".", off @path. */
static struct bytes take_component(struct bytes *path)
{
	for (;;) {
		size_t end, begin;

		while (path->len && path->data[path->len - 1] == '/')
			path->len--;
		end = begin = path->len;
		while (begin && path->data[begin - 1] != '/')
			begin--;
		path->len = begin;
		if (end - begin != 1 || path->data[begin] != '.')
			return (struct bytes){ path->data + begin, end - begin };
	}
}

/* Whether @path ends with the components of @end, which are taken off. */
static bool take_end(struct bytes *path, struct bytes end)
{
	for (;;) {
		struct bytes wanted = take_component(&end), found;

		if (!wanted.len)
			return true;
		found = take_component(path);
		if (!bytes_are_equal(&wanted, &found))
			return false;
	}
}

bool path_differs(const struct shown_path *path)
{
	struct bytes rest = path->resolved;

	if (!rest.data || !path->passed.data || !path->passed.len)
		return false;
	if (!take_end(&rest, path->passed))
		return true;
	if (path->passed.data[0] != '/' && !path->dir.data)
		return false;
	return (path->passed.data[0] != '/' && !take_end(&rest, path->dir)) ||
	       take_component(&rest).len;
}

static void write_string(struct text *text, const char *string)
{
	path_write_bytes(text, &(struct bytes){ string, strlen(string) });
}

/* The link that is shown itself was followed after it. */
static bool is_shown_itself(const struct shown_path *path, const char *link)
{
	return bytes_are_equal(&path->resolved, &(struct bytes){ link, strlen(link) });
}

bool path_write_links(struct text *text, const struct shown_path *path, const char *before)
{
	const char *link = path->links.data, *end = link + path->links.len;
	const char *begun = NULL;

	while (link < end && !is_shown_itself(path, link)) {
		const char *body = link + strlen(link) + 1;

		text_str(text, begun ? ", " : before);
		TEXT(text, "through ");
		write_string(text, link);
		TEXT(text, " -> ");
		write_string(text, body);
		begun = link;
		link = body + strlen(body) + 1;
	}
	return begun != NULL;
}

void path_write_all(struct text *text, const struct shown_path *path)
{
	bool has_passed = path_differs(path), has_links;

	path_write(text, path);
	if (has_passed) {
		TEXT(text, " (passed as ");
		path_write_bytes(text, &path->passed);
	}
	has_links = path_write_links(text, path, has_passed ? ", " : " (");
	if (has_passed || has_links)
		TEXT(text, ")");
	else if (path_is_as_passed(path) && path->passed.len && path->passed.data[0] == '/')
		TEXT(text, " (as passed)");
}
