/* SPDX-License-Identifier: MIT */
/*
 * A page is checked before a record of it is passed on, and cut where its lengths do not add up.
 * From then on each length is sure to lead to the next record.
 */
#include "pages/page_cursor.h"

#include <string.h>

#include "pages/cpu_stats.h"

/* A sub-buffer begins with its time stamp and a long: size of the data and flags. */
#define TIME_SIZE	   sizeof(uint64_t)
#define COMMIT_SIZE_MASK   ((UINT64_C(1) << 27) - 1) /* what of it is the size */
#define COMMIT_LOST	   (UINT64_C(1) << 31)
#define COMMIT_LOST_STORED (UINT64_C(1) << 30) /* the number lost is after the data */

/* A record begins with a word; five of its bits are the type, or the length in words. */
#define WORD		 4
#define TYPE_PADDING	 29
#define TYPE_TIME_EXTEND 30
#define TYPE_TIME_STAMP	 31
#define TYPE_BITS	 5
#define DELTA_BITS	 27

/* An absolute time stamp has no room for the uppermost bits: they are those of the time before. */
#define STAMP_BITS 59

void page_cursor_init(struct page_cursor *cursor, int cpu, enum scope scope, unsigned int long_size,
		      bool is_big)
{
	*cursor = (struct page_cursor){
		.cpu = cpu,
		.scope = scope,
		.long_size = long_size,
		.is_big = is_big,
		.type_shift = is_big ? DELTA_BITS : 0,
		.delta_shift = is_big ? 0 : TYPE_BITS,
		.is_swapped = is_big != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__),
	};
}

static inline uint32_t load_u32(const struct page_cursor *cursor, const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return cursor->is_swapped ? __builtin_bswap32(value) : value;
}

static uint64_t load_u64(const struct page_cursor *cursor, const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return cursor->is_swapped ? __builtin_bswap64(value) : value;
}

static uint64_t load_long(const struct page_cursor *cursor, const uint8_t *at)
{
	return cursor->long_size == 4 ? load_u32(cursor, at) : load_u64(cursor, at);
}

static void store_long(const struct page_cursor *cursor, uint8_t *at, uint64_t value)
{
	unsigned int size = cursor->long_size;

	for (unsigned int i = 0; i < size; i++)
		at[cursor->is_big ? size - 1 - i : i] = (uint8_t)(value >> (8 * i));
}

static inline unsigned int type_of(const struct page_cursor *cursor, uint32_t word)
{
	return word >> cursor->type_shift & ((1U << TYPE_BITS) - 1);
}

static inline uint32_t delta_of(const struct page_cursor *cursor, uint32_t word)
{
	return word >> cursor->delta_shift & ((1U << DELTA_BITS) - 1);
}

/* The length that is stored after the first word counts itself, but not that. */
static size_t stored_length(const struct page_cursor *cursor, const uint8_t *data, size_t rest,
			    bool is_padding)
{
	uint64_t stored = rest < 2 * WORD ? 0 : load_u32(cursor, data + WORD);

	if (stored < WORD || (is_padding && stored % WORD))
		return 0;
	stored = WORD + ((stored + WORD - 1) & ~(uint64_t)(WORD - 1));
	return stored > rest ? 0 : (size_t)stored;
}

/* Bytes of the record at @data; 0 if it does not end within the @rest bytes that are left. */
static inline size_t record_length(const struct page_cursor *cursor, const uint8_t *data,
				   size_t rest)
{
	unsigned int type;
	size_t length;

	if (rest < 2 * WORD)
		return 0;
	type = type_of(cursor, load_u32(cursor, data));
	if (!type || type == TYPE_PADDING)
		return stored_length(cursor, data, rest, type == TYPE_PADDING);
	length = type >= TYPE_TIME_EXTEND ? 2 * WORD : WORD + (size_t)type * WORD;
	return length > rest ? 0 : length;
}

/* How many of the @size bytes at @data are whole records. */
static size_t sound_size(const struct page_cursor *cursor, const uint8_t *data, size_t size)
{
	size_t at = 0, length;

	while (at < size && (length = record_length(cursor, data + at, size - at)))
		at += length;
	return at;
}

/*
 * Cut @page down to its intact part, which then says that records are lost.
 *
 * Return: whether that was all of it.
 */
static bool make_sound(const struct page_cursor *cursor, uint8_t *page, size_t size)
{
	size_t start = TIME_SIZE + cursor->long_size;
	uint64_t commit = load_long(cursor, page + TIME_SIZE);
	size_t stored = commit & COMMIT_LOST_STORED ? cursor->long_size : 0;
	size_t data = commit & COMMIT_SIZE_MASK, sound;
	bool fits = start + data + stored <= size;

	sound = sound_size(cursor, page + start, fits ? data : size - start);
	if (fits && sound == data)
		return true;
	store_long(cursor, page + TIME_SIZE, sound | COMMIT_LOST);
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
	commit = load_long(cursor, (uint8_t *)page + TIME_SIZE);
	stored = commit & COMMIT_LOST_STORED ? cursor->long_size : 0;
	used = commit & COMMIT_SIZE_MASK; /* sound since it was loaded */
	for (size_t at = 0; at < used; at += length) {
		length = record_length(cursor, data + at, used - at);
		if (length < 2 * WORD)
			break;
		if (type_of(cursor, load_u32(cursor, data + at)) == TYPE_PADDING)
			memset(data + at + 2 * WORD, 0, length - 2 * WORD);
	}
	memset(data + used + stored, 0, room - used - stored);
}

void page_cursor_empty(const struct page_cursor *cursor, void *page)
{
	store_long(cursor, (uint8_t *)page + TIME_SIZE, 0);
}

void page_cursor_add_loss(const struct page_cursor *cursor, void *page, size_t size, uint64_t count)
{
	uint8_t *header = (uint8_t *)page + TIME_SIZE, *data = header + cursor->long_size;
	uint64_t commit = load_long(cursor, header);
	size_t used = commit & COMMIT_SIZE_MASK;
	bool fits = TIME_SIZE + 2 * cursor->long_size + used <= size;

	if (commit & COMMIT_LOST)
		count = commit & COMMIT_LOST_STORED && fits
				? add_counts(count, load_long(cursor, data + used))
				: LOSS_UNKNOWN;
	commit |= COMMIT_LOST | COMMIT_LOST_STORED;
	if (fits && count != LOSS_UNKNOWN)
		store_long(cursor, data + used, count);
	else
		commit &= ~COMMIT_LOST_STORED;
	store_long(cursor, header, commit);
}

/* Stand at the next record of the page, past the times and the gaps before it. */
static inline void next_record(struct page_cursor *cursor)
{
	size_t length;

	while ((length = record_length(cursor, cursor->next, cursor->end - cursor->next))) {
		uint32_t word = load_u32(cursor, cursor->next);
		unsigned int type = type_of(cursor, word);
		uint64_t time = delta_of(cursor, word);

		cursor->event = cursor->next + (type ? WORD : 2 * WORD);
		cursor->next += length;
		if (type < TYPE_PADDING) {
			cursor->ts += time;
			return;
		}
		if (type >= TYPE_TIME_EXTEND)
			time += (uint64_t)load_u32(cursor, cursor->event) << DELTA_BITS;
		if (type == TYPE_TIME_STAMP)
			cursor->ts = time | (cursor->ts >> STAMP_BITS << STAMP_BITS);
		else
			cursor->ts += time;
	}
	cursor->event = NULL;
}

/* For the page that ends at @cursor->end, from its header @commit. */
static void take_loss(struct page_cursor *cursor, uint64_t commit)
{
	uint64_t lost;

	cursor->has_loss = commit & COMMIT_LOST;
	if (!cursor->has_loss || !(commit & COMMIT_LOST_STORED))
		return;
	lost = load_long(cursor, cursor->end);
	if (lost && lost <= INT32_MAX)
		cursor->lost = lost;
}

void page_cursor_load(struct page_cursor *cursor, void *page, size_t size, uint64_t lost_from)
{
	uint8_t *data = (uint8_t *)page + TIME_SIZE + cursor->long_size;
	uint64_t commit;
	bool is_sound;

	cursor->has_page = true;
	cursor->event = NULL;
	cursor->lost_from = lost_from;
	cursor->has_loss = true;
	cursor->lost = LOSS_UNKNOWN;
	cursor->is_overrun = false;
	if (size < TIME_SIZE + cursor->long_size)
		return;
	is_sound = make_sound(cursor, page, size);
	commit = load_long(cursor, (uint8_t *)page + TIME_SIZE);
	cursor->next = data;
	cursor->end = data + (commit & COMMIT_SIZE_MASK);
	cursor->ts = load_u64(cursor, page);
	take_loss(cursor, commit);
	next_record(cursor);
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

static int pass_on_loss(struct page_cursor *cursor, const struct record_sink *sink)
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
	cursor->is_broken |= !cursor->is_overrun;
	return sink->loss(sink->context, &loss);
}

int page_cursor_pass_on(struct page_cursor *cursor, const struct record_sink *sink)
{
	struct raw_record raw;
	int ret;

	if (cursor->has_loss)
		return pass_on_loss(cursor, sink);
	raw = (struct raw_record){
		.ts = cursor->ts,
		.data = cursor->event,
		.size = (uint32_t)(cursor->next - cursor->event),
		.cpu = cursor->cpu,
		.scope = (uint8_t)cursor->scope,
	};
	cursor->records++;
	ret = sink->record(sink->context, &raw);
	cursor->last_ts = cursor->ts;
	next_record(cursor);
	return ret;
}
