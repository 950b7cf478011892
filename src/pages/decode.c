/* SPDX-License-Identifier: MIT */
/*
 * From bytes to records, and back. No offset and no length from the bytes is believed before it was
 * checked.
 */
#include "event.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FAULT_TEXT "(fault)" /* what newer kernels store for a string that could not be read */

static inline uint32_t load_u32(const struct decoder *decoder, const void *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return decoder->is_swapped ? __builtin_bswap32(value) : value;
}

static inline uint16_t load_u16(const struct decoder *decoder, const void *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return decoder->is_swapped ? __builtin_bswap16(value) : value;
}

/*
 * A pointer through which something was read. NULL, error pointers and user addresses fault, and
 * what they were to give keeps older bytes of the ring buffer (seen on every kernel).
 */
static inline bool is_real_pointer(const struct decoder *decoder, uint64_t value)
{
	return value >= decoder->lowest_kernel && value < (uint64_t)-MAX_ERRNO;
}

/* A dynamic string: its place is a word, offset in the low half and length in the high one. */
static bool read_text(const struct decoder *decoder, const struct raw_record *raw,
		      const struct slot *slot, const char **text, uint32_t *len)
{
	uint32_t place = load_u32(decoder, (const char *)raw->data + slot->offset);
	uint32_t offset = place & 0xffff, size = place >> 16;

	if (!size || offset > raw->size || size > raw->size - offset)
		return false;
	*text = (const char *)raw->data + offset;
	*len = (uint32_t)strnlen(*text, size);
	return true;
}

/* "(fault)" is a legal file name: it is one if the length stored with it says so. */
static bool is_fault(const struct record *record, const char *text, uint32_t len)
{
	static const char fault[] = FAULT_TEXT;

	if (!has_field(record, FIELD_LEN))
		return !len;
	if (len < record->value[FIELD_LEN])
		return true;
	return len == sizeof(fault) - 1 && !memcmp(text, fault, len) &&
	       record->value[FIELD_LEN] != len;
}

/* Without a separate length, a file of that name looks like a text that could not be read. */
static void take_len(struct record *record)
{
	if (record->str_len == sizeof(FAULT_TEXT) - 1 &&
	    !memcmp(record->str, FAULT_TEXT, record->str_len)) {
		record->present &= ~FIELD_BIT(FIELD_STRING);
		return;
	}
	record->value[FIELD_LEN] = record->str_len;
	record->present |= FIELD_BIT(FIELD_LEN);
}

static void take_text(const struct decoder *decoder, const struct raw_record *raw,
		      const struct slot *slot, struct record *record)
{
	const char *text;
	uint32_t len;

	if (!read_text(decoder, raw, slot, &text, &len))
		return;
	if (slot->field == FIELD_COMM) {
		record->comm = text;
		record->comm_len = len;
	} else if (is_fault(record, text, len)) {
		return;
	} else {
		record->str = text;
		record->str_len = len;
	}
	record->present |= FIELD_BIT(slot->field);
}

/*
 * The word that ends where the field does: never beyond the record, and before the field there are
 * those that every event has. The byte order is a constant where this is inlined.
 */
static inline uint64_t read_word(const uint8_t *data, const struct slot *slot, bool is_swapped,
				 bool is_big)
{
	uint64_t word;

	memcpy(&word, data + slot->word_at, sizeof(word));
	if (is_swapped)
		word = __builtin_bswap64(word);
	return is_big ? word << slot->shift : word;
}

static inline void read_numbers(const struct event *event, const uint8_t *data,
				struct record *record, bool is_swapped, bool is_big)
{
	const struct slot *slot = event->slots;

	for (const struct slot *end = event->signed_ones; slot < end; slot++)
		record->value[slot->field] =
			read_word(data, slot, is_swapped, is_big) >> slot->shift;
	for (const struct slot *end = event->texts; slot < end; slot++)
		record->value[slot->field] =
			(uint64_t)((int64_t)read_word(data, slot, is_swapped, is_big) >>
				   slot->shift);
}

static void keep_errors(const struct decoder *decoder, const struct event *event,
			struct record *record)
{
	for (const struct slot *slot = event->slots; slot < event->texts; slot++) {
		uint64_t *value = &record->value[slot->field];

		if (slot->is_pointer)
			*value = widen_pointer(*value, decoder->long_size);
	}
}

static inline bool is_read(const struct decoder *decoder, const struct record *record,
			   enum field base)
{
	return has_field(record, base) && is_real_pointer(decoder, record->value[base]);
}

/* All that the event has room for is read. Which of it is valid depends on the base pointers. */
static void take_numbers(const struct decoder *decoder, const struct event *event,
			 const uint8_t *data, struct record *record)
{
	const struct group *end = event->groups_end;

	if (decoder->is_swapped || decoder->is_big)
		read_numbers(event, data, record, decoder->is_swapped, decoder->is_big);
	else
		read_numbers(event, data, record, false, false);
	if (decoder->long_size == 4)
		keep_errors(decoder, event, record);
	record->present = event->always;
	for (const struct group *group = event->groups; group < end; group++) {
		if (is_read(decoder, record, group->base))
			record->present |= group->fields;
	}
	/* So encode() writes one that is not to be told. */
	if (has_field(record, FIELD_HASH) && !record->value[FIELD_HASH])
		record->present &= ~FIELD_BIT(FIELD_HASH);
}

int decoder_id(const struct decoder *decoder, const struct raw_record *raw)
{
	if (raw->size < decoder->id_offset + sizeof(uint16_t))
		return -EBADMSG;
	return load_u16(decoder, (const char *)raw->data + decoder->id_offset);
}

bool decoder_is(const struct decoder *decoder, const struct raw_record *raw, enum role role)
{
	int id = decoder->count ? decoder_id(decoder, raw) : -ENOENT;
	const struct event *event = id < 0 ? NULL : find_event(decoder, id);

	return event && event->role == role;
}

static int find(const struct decoder *decoder, const struct raw_record *raw,
		const struct event **event)
{
	int ret;

	if (!decoder->count)
		return -ENOENT;
	ret = decoder_id(decoder, raw);
	if (ret < 0 || raw->size < decoder->pid_offset + sizeof(uint32_t))
		return -EBADMSG;
	*event = find_event(decoder, ret);
	if (!*event)
		return -ENOENT;
	return raw->size < (*event)->size ? -EBADMSG : 0;
}

static void take(const struct decoder *decoder, const struct event *event,
		 const struct raw_record *raw, struct record *record)
{
	record->ts = raw->ts;
	record->symbol = event->symbol;
	record->tid = (int32_t)load_u32(decoder, (const char *)raw->data + decoder->pid_offset);
	record->cpu = raw->cpu;
	record->role = (uint8_t)event->role;
	record->point = (uint8_t)event->point;
	record->is_call = event->is_call;
	record->scope = raw->scope;
	take_numbers(decoder, event, raw->data, record);
	for (const struct slot *slot = event->texts; slot < event->end; slot++) {
		if (slot->base == NO_BASE || is_read(decoder, record, slot->base))
			take_text(decoder, raw, slot, record);
	}
	if (event->tells_len_by_text && has_field(record, FIELD_STRING))
		take_len(record);
}

int decode(const struct decoder *decoder, const struct raw_record *raw,
	   struct record records[POINT_NR])
{
	const struct event *event;
	int ret = find(decoder, raw, &event), count = 0;

	if (ret)
		return ret;
	if (event->entry)
		take(decoder, event->entry, raw, &records[count++]);
	take(decoder, event, raw, &records[count++]);
	return count;
}

static void write_number(const struct decoder *decoder, void *at, size_t size, uint64_t value)
{
	uint8_t *bytes = at;
	bool is_big = decoder->is_swapped == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

	for (size_t i = 0; i < size; i++)
		bytes[is_big ? size - 1 - i : i] = (uint8_t)(value >> (8 * i));
}

/* The text, a NUL if it had one, and its place. */
static void put_text(const struct decoder *decoder, const struct raw_record *raw,
		     const struct slot *slot, uint8_t *to)
{
	const uint8_t *from = raw->data;
	const char *text;
	uint32_t len;

	if (!read_text(decoder, raw, slot, &text, &len))
		return;
	memcpy(to + ((const uint8_t *)text - from), text, len);
	memcpy(to + slot->offset, from + slot->offset, slot->size);
}

static void put_slots(const struct decoder *decoder, const struct event *event,
		      const struct raw_record *raw, const struct record *record, uint8_t *to)
{
	/* Texts first: where bytes claim to be both, they are a number. */
	for (const struct slot *slot = event->end; slot-- > event->slots;) {
		if (!has_field(record, slot->field))
			continue;
		if (slot->is_text)
			put_text(decoder, raw, slot, to);
		else
			write_number(decoder, to + slot->offset, slot->size,
				     record->value[slot->field]);
	}
	if (event->marker_offset && event->marker_offset < raw->size)
		to[event->marker_offset] = 1;
}

int encode(const struct decoder *decoder, const struct raw_record *raw,
	   const struct record *records, int count, void *bytes)
{
	size_t common = decoder->pid_offset + sizeof(uint32_t);
	const struct event *event =
		count > 0 ? find_event(decoder, decoder_id(decoder, raw)) : NULL;
	uint8_t *to = calloc(1, raw->size + 1);

	if (!to)
		return -ENOMEM;
	memcpy(to, raw->data, common < raw->size ? common : raw->size);
	for (int i = 0; i < count; i++)
		put_slots(decoder, i + 1 < count ? event->entry : event, raw, &records[i], to);
	memcpy(bytes, to, raw->size);
	free(to);
	return 0;
}
