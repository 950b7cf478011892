/* SPDX-License-Identifier: MIT */
/*
 * From the bytes of an event to a record, by the format text that came with it (live or from a
 * file), through libtraceevent; offsets are looked up once per event. Bytes are untrusted.
 */
#ifndef FTOPEN_PAGES_DECODE_H
#define FTOPEN_PAGES_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain/record.h"
#include "pages/record_sink.h"

struct tep_handle;
struct decoder;

/**
 * decoder_new - a decoder of the events in @tep that are ours
 * @tep: stays the caller's and must outlive the decoder; it knows byte order and word size
 * @group: take events of exactly this group; NULL for "ftopen" and every "ftopen_PID_STARTTIME"
 *
 * Return: 0 or a negative errno. *@decoder may know no event at all: decoder_events().
 */
int decoder_new(struct tep_handle *tep, const char *group, struct decoder **decoder);

void decoder_free(struct decoder *decoder);

/**
 * decoder_events - how many events of ours the decoder knows
 */
size_t decoder_events(const struct decoder *decoder);

/**
 * decoder_unknown_event - the name of an event in our group that no role has, or not with such
 *	fields; NULL if there is none
 */
const char *decoder_unknown_event(const struct decoder *decoder);

/**
 * decoder_id - the number of the event that @raw is a record of
 *
 * Return: -EBADMSG for a record that is too short to have one.
 */
int decoder_id(const struct decoder *decoder, const struct raw_record *raw);

/**
 * decoder_is - whether @raw is a record of an event of @role, without a look at the rest of it
 */
bool decoder_is(const struct decoder *decoder, const struct raw_record *raw, enum role role);

/**
 * decoder_has - whether the event of @role at @point is known, and which symbol it probes
 * @symbol: may be NULL; set to NULL if the event does not say
 */
bool decoder_has(const struct decoder *decoder, enum role role, enum point point,
		 const char **symbol);

/**
 * decoder_fields - which fields the event of @role at @point has, as FIELD_BIT()s; 0 without an
 * event
 */
uint64_t decoder_fields(const struct decoder *decoder, enum role role, enum point point);

/**
 * decode - make records from @raw: a return, and before it the entry where the event is of both
 *
 * A field is present only if the event has it, its bytes lie inside the record, and the pointer
 * that it was read through is real (see struct fetch).
 *
 * Return: how many there are, 1 or 2; -ENOENT for an event that is not ours, -EBADMSG for bytes
 * that do not fit the format.
 */
int decode(const struct decoder *decoder, const struct raw_record *raw,
	   struct record records[POINT_NR]);

/**
 * encode - write @records over the bytes they were decoded from
 * @records: as decode() made them from @raw, with other values
 * @count: how many it made; 0 or less for an event that it did not take
 * @bytes: those of @raw; all that is neither a field of @records nor common to events becomes 0
 *
 * A qstr hash of 0 stands for none.
 *
 * Return: 0 or -ENOMEM.
 */
int encode(const struct decoder *decoder, const struct raw_record *raw,
	   const struct record *records, int count, void *bytes);

#endif
