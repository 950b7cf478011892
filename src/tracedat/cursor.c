/* SPDX-License-Identifier: MIT */
/*
 * Reading within bounds, through a small window of the file.
 */
#include "cursor.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/message.h"

/* No text of a trace.dat that is read whole comes near this: formats, names, counts. */
#define MAX_TEXT   (64 * 1024 * 1024)
#define MAX_STRING 4096

static int too_short(const struct cursor *cursor)
{
	error("cannot read '%s': it ends at byte %" PRIu64 ", in %s", cursor->path,
	      cursor->base + cursor->end, cursor->section);
	return -EBADMSG;
}

int cursor_bad(const struct cursor *cursor, const char *what)
{
	error("cannot read '%s': %s at byte %" PRIu64 ", in %s", cursor->path, what,
	      cursor->base + cursor->at, cursor->section);
	return -EBADMSG;
}

static int fill_window(struct cursor *cursor)
{
	uint64_t rest = cursor->end - cursor->at;
	size_t wanted = rest < CURSOR_WINDOW ? (size_t)rest : CURSOR_WINDOW;
	ssize_t size = pread(cursor->fd, cursor->window, wanted, (off_t)cursor->at);

	if (size < 0) {
		int err = errno;

		error("cannot read '%s': %s", cursor->path, strerror(err));
		return -err;
	}
	if (!size)
		return too_short(cursor);
	cursor->window_at = cursor->at;
	cursor->window_size = (size_t)size;
	return 0;
}

static bool is_in_window(const struct cursor *cursor)
{
	return cursor->at >= cursor->window_at &&
	       cursor->at < cursor->window_at + cursor->window_size;
}

static int from_file(struct cursor *cursor, uint8_t *to, size_t size)
{
	while (size) {
		size_t offset, part;
		int ret = is_in_window(cursor) ? 0 : fill_window(cursor);

		if (ret)
			return ret;
		offset = (size_t)(cursor->at - cursor->window_at);
		part = cursor->window_size - offset;
		if (part > size)
			part = size;
		memcpy(to, cursor->window + offset, part);
		to += part;
		size -= part;
		cursor->at += part;
	}
	return 0;
}

int cursor_bytes(struct cursor *cursor, void *to, size_t size)
{
	if (cursor->at > cursor->end || size > cursor->end - cursor->at)
		return too_short(cursor);
	if (!cursor->memory)
		return from_file(cursor, to, size);
	memcpy(to, cursor->memory + cursor->at, size);
	cursor->at += size;
	return 0;
}

static int number(struct cursor *cursor, size_t size, uint64_t *value)
{
	uint8_t bytes[8];
	int ret = cursor_bytes(cursor, bytes, size);

	*value = 0;
	for (size_t i = 0; i < size && !ret; i++)
		*value = *value << 8 | bytes[cursor->is_big ? i : size - 1 - i];
	return ret;
}

int cursor_u16(struct cursor *cursor, uint16_t *value)
{
	uint64_t wide;
	int ret = number(cursor, sizeof(*value), &wide);

	*value = (uint16_t)wide;
	return ret;
}

int cursor_u32(struct cursor *cursor, uint32_t *value)
{
	uint64_t wide;
	int ret = number(cursor, sizeof(*value), &wide);

	*value = (uint32_t)wide;
	return ret;
}

int cursor_u64(struct cursor *cursor, uint64_t *value)
{
	return number(cursor, sizeof(*value), value);
}

int cursor_skip(struct cursor *cursor, uint64_t size)
{
	if (cursor->at > cursor->end || size > cursor->end - cursor->at)
		return too_short(cursor);
	cursor->at += size;
	return 0;
}

int cursor_text(struct cursor *cursor, uint64_t size, char **text)
{
	char *made;
	int ret;

	if (cursor->at > cursor->end || size > cursor->end - cursor->at)
		return too_short(cursor);
	if (size > MAX_TEXT)
		return cursor_bad(cursor, "a size that is too large");
	made = malloc((size_t)size + 1);
	if (!made)
		return -ENOMEM;
	ret = cursor_bytes(cursor, made, (size_t)size);
	if (ret) {
		free(made);
		return ret;
	}
	made[size] = '\0';
	*text = made;
	return 0;
}

int cursor_string(struct cursor *cursor, char **text)
{
	char string[MAX_STRING];
	size_t len = 0;
	int ret;

	do {
		if (len == sizeof(string))
			return cursor_bad(cursor, "a string without an end");
		ret = cursor_bytes(cursor, string + len, 1);
		if (ret)
			return ret;
	} while (string[len++]);
	*text = strdup(string);
	return *text ? 0 : -ENOMEM;
}

int cursor_expect(struct cursor *cursor, const void *bytes, size_t size)
{
	char found[32];
	uint64_t at = cursor->at;
	int ret = size <= sizeof(found) ? cursor_bytes(cursor, found, size) : -EINVAL;

	if (ret || !memcmp(found, bytes, size))
		return ret;
	cursor->at = at;
	return cursor_bad(cursor, "something else than its beginning");
}
