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

struct shown_path open_shown_path(const struct open_call *open)
{
	return (struct shown_path){ open->resolved, open->path, open->dir };
}

struct shown_path name_shown_path(const struct name *name)
{
	return (struct shown_path){ .resolved = name->resolved,
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

/* @before and @path are one path; @before is text of ours or escaped already. */
static void write_word(struct text *text, const char *before, const struct bytes *dir,
		       const struct bytes *path)
{
	bool is_plain = (!dir || is_word(dir)) && is_word(path);

	if (!is_plain)
		text_char(text, '"');
	text_str(text, before);
	if (dir)
		escape_c(text, dir->data, dir->len);
	if (dir && dir->data[dir->len - 1] != '/')
		text_char(text, '/');
	escape_c(text, path->data, path->len);
	if (!is_plain)
		text_char(text, '"');
}

void path_write_bytes(struct text *text, const struct bytes *path)
{
	write_word(text, "", NULL, path);
}

bool path_is_as_passed(const struct shown_path *path)
{
	return !path->resolved.data;
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
	else if (path->dir.data && path->dir.len)
		write_word(text, "", &path->dir, passed);
	else
		write_word(text, "…/", NULL, passed);
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

static bool is_same(const struct bytes *a, const struct bytes *b)
{
	return a->len == b->len && (!a->len || !memcmp(a->data, b->data, a->len));
}

/* Whether @path ends with the components of @end, which are taken off. */
static bool take_end(struct bytes *path, struct bytes end)
{
	for (;;) {
		struct bytes wanted = take_component(&end), found;

		if (!wanted.len)
			return true;
		found = take_component(path);
		if (!is_same(&wanted, &found))
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

void path_write_all(struct text *text, const struct shown_path *path)
{
	path_write(text, path);
	if (path_differs(path)) {
		TEXT(text, " (passed as ");
		path_write_bytes(text, &path->passed);
		TEXT(text, ")");
	} else if (path_is_as_passed(path) && path->passed.len && path->passed.data[0] == '/') {
		TEXT(text, " (as passed)");
	}
}
