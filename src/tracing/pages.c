/* SPDX-License-Identifier: MIT */
/*
 * libtraceevent's kbuffer walks a page, and trusts it: what it will rely on is checked first.
 */
#include "tracing/pages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <kbuffer.h>

/* A sub-buffer begins with its time stamp and a long: size of the data and flags. */
#define TIME_SIZE	   sizeof(uint64_t)
#define COMMIT_SIZE_MASK   ((UINT64_C(1) << 27) - 1) /* what the library takes for the size */
#define COMMIT_LOST	   (UINT64_C(1) << 31)
#define COMMIT_LOST_STORED (UINT64_C(1) << 30) /* the number lost is behind the data */

/* A record begins with a word of which five bits are its type, or its length in words. */
#define WORD		 4
#define TYPE_PADDING	 29
#define TYPE_TIME_EXTEND 30
#define TYPE_TIME_STAMP	 31

int page_cursor_init(struct page_cursor *cursor, int cpu, enum scope scope, unsigned int long_size,
		     bool is_big)
{
	*cursor = (struct page_cursor){
		.cpu = cpu,
		.scope = scope,
		.long_size = long_size,
		.is_big = is_big,
		.kbuf = kbuffer_alloc(long_size == 4 ? KBUFFER_LSIZE_4 : KBUFFER_LSIZE_8,
				      is_big ? KBUFFER_ENDIAN_BIG : KBUFFER_ENDIAN_LITTLE),
	};
	return cursor->kbuf ? 0 : -ENOMEM;
}

void page_cursor_release(struct page_cursor *cursor)
{
	if (cursor->kbuf)
		kbuffer_free(cursor->kbuf);
	cursor->kbuf = NULL;
}

static uint64_t read_number(const struct page_cursor *cursor, const uint8_t *bytes,
			    unsigned int size)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < size; i++)
		value = value << 8 | bytes[cursor->is_big ? i : size - 1 - i];
	return value;
}

static void write_number(const struct page_cursor *cursor, uint8_t *bytes, unsigned int size,
			 uint64_t value)
{
	for (unsigned int i = 0; i < size; i++)
		bytes[cursor->is_big ? size - 1 - i : i] = (uint8_t)(value >> (8 * i));
}

/*
 * The length that is stored behind the first word counts itself, but not that. The library takes it
 * as it is: what it cannot be would wrap around.
 */
static uint64_t stored_length(const struct page_cursor *cursor, const uint8_t *data, size_t rest,
			      bool is_padding)
{
	uint64_t stored = rest < 2 * WORD ? 0 : read_number(cursor, data + WORD, WORD);

	if (stored < WORD || (is_padding && stored % WORD))
		return 0;
	return WORD + ((stored + WORD - 1) & ~(uint64_t)(WORD - 1));
}

static unsigned int record_type(const struct page_cursor *cursor, const uint8_t *data)
{
	uint64_t word = read_number(cursor, data, WORD);

	return cursor->is_big ? (unsigned int)(word >> 27) : (unsigned int)(word & 31);
}

/* Bytes of the record at @data, of which @rest are left; 0 if it does not end within these. */
static size_t record_length(const struct page_cursor *cursor, const uint8_t *data, size_t rest)
{
	uint64_t length;
	unsigned int type;

	if (rest < WORD)
		return 0;
	type = record_type(cursor, data);
	if (type == TYPE_TIME_EXTEND || type == TYPE_TIME_STAMP)
		length = 2 * WORD;
	else if (type && type != TYPE_PADDING)
		length = WORD + (uint64_t)type * WORD;
	else
		length = stored_length(cursor, data, rest, type == TYPE_PADDING);
	return length < 2 * WORD || length > rest ? 0 : (size_t)length;
}

/* How many of the @size bytes at @data are whole records: the library would run past the rest. */
static size_t sound_size(const struct page_cursor *cursor, const uint8_t *data, size_t size)
{
	size_t at = 0, length;

	while (at < size && (length = record_length(cursor, data + at, size - at)))
		at += length;
	return at;
}

/*
 * Cut @page down to what of it holds together, which then says that records are lost.
 *
 * Return: whether that was all of it.
 */
static bool make_sound(const struct page_cursor *cursor, uint8_t *page, size_t size)
{
	size_t start = TIME_SIZE + cursor->long_size;
	uint64_t commit = read_number(cursor, page + TIME_SIZE, cursor->long_size);
	size_t stored = commit & COMMIT_LOST_STORED ? cursor->long_size : 0;
	size_t data = commit & COMMIT_SIZE_MASK, sound;
	bool fits = start + data + stored <= size;

	sound = sound_size(cursor, page + start, fits ? data : size - start);
	if (fits && sound == data)
		return true;
	write_number(cursor, page + TIME_SIZE, cursor->long_size, sound | COMMIT_LOST);
	return false;
}

void page_cursor_wipe(const struct page_cursor *cursor, void *page, size_t size)
{
	uint8_t *data = (uint8_t *)page + TIME_SIZE + cursor->long_size;
	uint64_t commit;
	size_t used, stored, room, length;

	if (size < TIME_SIZE + cursor->long_size)
		return;
	room = size - TIME_SIZE - cursor->long_size;
	commit = read_number(cursor, (uint8_t *)page + TIME_SIZE, cursor->long_size);
	stored = commit & COMMIT_LOST_STORED ? cursor->long_size : 0;
	used = commit & COMMIT_SIZE_MASK; /* sound since it was loaded */
	for (size_t at = 0; at < used; at += length) {
		length = record_length(cursor, data + at, used - at);
		if (length < 2 * WORD)
			break;
		if (record_type(cursor, data + at) == TYPE_PADDING)
			memset(data + at + 2 * WORD, 0, length - 2 * WORD);
	}
	memset(data + used + stored, 0, room - used - stored);
}

void page_cursor_load(struct page_cursor *cursor, void *page, size_t size, uint64_t lost_from)
{
	unsigned long long ts = 0;
	bool is_sound;
	int lost;

	cursor->has_page = true;
	cursor->event = NULL;
	cursor->lost_from = lost_from;
	cursor->has_loss = true;
	cursor->lost = LOSS_UNKNOWN;
	cursor->is_overrun = false;
	if (size < TIME_SIZE + cursor->long_size)
		return;
	is_sound = make_sound(cursor, page, size);
	if (kbuffer_load_subbuffer(cursor->kbuf, page))
		return;
	lost = kbuffer_missed_events(cursor->kbuf);
	cursor->has_loss = lost != 0;
	cursor->lost = lost > 0 ? (uint64_t)lost : LOSS_UNKNOWN;
	cursor->event = kbuffer_read_event(cursor->kbuf, &ts);
	cursor->ts = ts;
	/* A page without records is the mark of a writer that had no room for them. */
	cursor->is_overrun = is_sound && cursor->event;
}

void page_cursor_leave(struct page_cursor *cursor)
{
	cursor->has_page = false;
	cursor->has_loss = false;
	cursor->event = NULL;
}

bool page_cursor_is_done(const struct page_cursor *cursor)
{
	return !cursor->event && !cursor->has_loss;
}

/* Records before a page are missing since the later of the last record and the last empty read. */
static uint64_t loss_start(const struct page_cursor *cursor)
{
	return cursor->lost_from > cursor->last_ts ? cursor->lost_from : cursor->last_ts;
}

uint64_t page_cursor_time(const struct page_cursor *cursor)
{
	return cursor->has_loss ? loss_start(cursor) : cursor->ts;
}

static int hand_on_loss(struct page_cursor *cursor, const struct stream_sink *sink)
{
	struct loss loss = {
		.scope = cursor->scope,
		.cpu = cursor->cpu,
		.from = loss_start(cursor),
		.to = cursor->event && cursor->ts > loss_start(cursor) ? cursor->ts
								       : loss_start(cursor),
		.count = cursor->lost,
		.is_overrun = cursor->is_overrun,
	};

	cursor->has_loss = false;
	return sink->loss(sink->context, &loss);
}

int page_cursor_hand_on(struct page_cursor *cursor, const struct stream_sink *sink)
{
	unsigned long long ts = 0;
	struct raw_record raw;
	int ret;

	if (cursor->has_loss)
		return hand_on_loss(cursor, sink);
	raw = (struct raw_record){
		.ts = cursor->ts,
		.data = cursor->event,
		.size = (uint32_t)kbuffer_event_size(cursor->kbuf),
		.cpu = cursor->cpu,
		.scope = (uint8_t)cursor->scope,
	};
	ret = sink->record(sink->context, &raw);
	cursor->last_ts = cursor->ts;
	cursor->event = kbuffer_next_event(cursor->kbuf, &ts);
	cursor->ts = ts;
	return ret;
}
