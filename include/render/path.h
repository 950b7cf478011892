/* SPDX-License-Identifier: MIT */
/*
 * How a path is written in the formats that people read: the whole path if it is known, else a mark
 * that it is not; then the path that the program passed.
 */
#ifndef FTOPEN_RENDER_PATH_H
#define FTOPEN_RENDER_PATH_H

#include "chain/chain.h"
#include "chain/open.h"
#include "util/text.h"

/**
 * struct shown_path - what is known of the path of an open, or of a name
 * @resolved: from the task's root, links followed; data NULL where that is not known
 * @passed: by the program; data NULL or no bytes where that is not known
 * @dir: where a relative walk began; data NULL where that is not known
 * @links: that were followed; see struct name
 */
struct shown_path {
	struct bytes resolved;
	struct bytes passed;
	struct bytes dir;
	struct bytes links;
};

/**
 * bytes_are_equal - byte for byte
 */
bool bytes_are_equal(const struct bytes *a, const struct bytes *b);

struct shown_path open_shown_path(const struct open_call *open);
struct shown_path name_shown_path(const struct name *name);

/**
 * path_directory - up to the last slash, that included: "/etc/" of "/etc/passwd"
 *
 * Return: points into @path; of no bytes where there is no slash, or no path.
 */
struct bytes path_directory(const struct bytes *path);

/**
 * path_write - the whole path
 *
 * Where it is not known: what was passed, after the directory for a relative one, or after "…"
 * where that is not known, either. It stands in quotes if it would not read as one word else.
 */
void path_write(struct text *text, const struct shown_path *path);

/**
 * path_bytes - the same, but the bytes as they are
 * @scratch: may be written over, and hold the result
 *
 * Return: data NULL where nothing is known of the path.
 */
struct bytes path_bytes(struct text *scratch, const struct shown_path *path);

/**
 * path_write_bytes - the same of a single path
 */
void path_write_bytes(struct text *text, const struct bytes *path);

/**
 * path_differs - whether the passed path says something that the whole one does not
 *
 * It does not if it is the whole one, or its end after the directory, but for "." and slashes.
 */
bool path_differs(const struct shown_path *path);

/**
 * path_is_as_passed - the whole path is not known: what path_write() writes is what was passed
 */
bool path_is_as_passed(const struct shown_path *path);

/**
 * path_write_links - "through LINK -> BODY" for each link that was followed, with @before in front;
 * nothing if there is none
 *
 * Return: whether there is one.
 */
bool path_write_links(struct text *text, const struct shown_path *path, const char *before);

/**
 * path_write_all - path_write() and, where there is something to add, "(passed as PATH, through
 * LINK -> BODY)" or "(as passed)"
 */
void path_write_all(struct text *text, const struct shown_path *path);

#endif
