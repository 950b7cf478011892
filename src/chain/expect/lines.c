/* SPDX-License-Identifier: MIT */
/*
 * Which names and opens a line of names is about: by the path that an open passed, as far as that
 * is known.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>

#include "util/glob.h"

#define FITS 64 /* bits in open_info.fits */

bool line_matches(const struct name_spec *spec, const struct bytes *text)
{
	if (spec->is_glob)
		return glob_match(spec->text.data, spec->text.len, text->data, text->len);
	return spec->text.len == text->len && !memcmp(spec->text.data, text->data, text->len);
}

uint64_t lines_of(const struct expect *expect, const struct bytes *path)
{
	uint64_t bits = 0;

	for (size_t i = 0; path->len && i < expect->name_count && i < FITS; i++) {
		if (line_matches(&expect->names[i], path))
			bits |= UINT64_C(1) << i;
	}
	return bits;
}

/*
 * The kernel refuses an open for its flags, or for the length of its path, before there is a path
 * in any record. One that is empty, or cannot be read, is like no other.
 */
bool line_may_have(const struct name_spec *spec, const struct open_call *open)
{
	static const struct bytes empty = { "", 0 };
	bool is_refused = open->has_result && open->result < 0;

	if (open->path.len || !open->complete || !is_refused || open->call == CALL_HANDLE)
		return false;
	return (open->result != -ENOENT && open->result != -EFAULT) || line_matches(spec, &empty);
}

/*
 * A name matches by any spelling that an open passed, or by its component if no open passed it. A
 * pattern matches only names that were opened, not the directories on the way.
 */
bool line_has_spelling(const struct name_spec *spec, const struct name *name)
{
	if (!name->path.data)
		return !spec->is_glob && line_matches(spec, &name->component);
	if (line_matches(spec, &name->path))
		return true;
	for (size_t i = 0; i < name->path_count; i++) {
		if (line_matches(spec, &name->paths[i]))
			return true;
	}
	return false;
}

/* Return: whether one of the spellings that the name has no room for is of line @index. */
static enum tristate has_dropped(const struct name_view *view, size_t index)
{
	bool is_known = index < FITS && !view->is_cut;

	for (size_t i = 0; i < view->open_count; i++) {
		const struct open_info *open = run_open(view->run, view->opens[i]);

		if (open && index < FITS && open->fits >> index & 1)
			return IS_TRUE;
		is_known &= open != NULL;
	}
	return is_known ? IS_FALSE : IS_UNKNOWN;
}

enum tristate line_has(const struct name_spec *spec, size_t index, const struct name_view *view)
{
	if (line_has_spelling(spec, view->name))
		return IS_TRUE;
	return view->name->paths_dropped ? has_dropped(view, index) : IS_FALSE;
}
