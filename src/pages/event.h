/* SPDX-License-Identifier: MIT */
/*
 * What is known of each event: where its fields are, and through which pointers they were read.
 */
#ifndef FTOPEN_PAGES_EVENT_H
#define FTOPEN_PAGES_EVENT_H

#include "pages/decode.h"

/* One field of one event: where its bytes are. */
struct slot {
	enum field field;
	uint32_t offset;
	uint32_t word_at; /* where the 8-byte word is that ends with it */
	uint8_t size;
	uint8_t shift; /* by so many bits that word is wider */
	bool is_text;
	bool is_signed;
	bool is_pointer; /* of the kernel's word size: error pointers keep their sign */
	enum field base; /* the pointer through which it was read, or NO_BASE */
};

#define NO_BASE FIELD_NR

/* Numbers that are there or not together: they were read through the same pointer. */
struct group {
	enum field base;
	uint64_t fields;
};

struct event {
	int id;
	enum role role;
	enum point point;
	bool is_call;
	struct event *entry; /* what records of a whole call tell of its entry; NULL for others */
	char *symbol;	     /* the entry's is the return's */
	uint32_t marker_offset;	     /* of a byte 1 that has the symbol's name alone; or 0 */
	struct slot slots[FIELD_NR]; /* numbers, then signed ones, then texts */
	const struct slot *signed_ones, *texts;
	struct slot *end;
	uint64_t always; /* numbers that are always there */
	bool tells_len_by_text;
	struct group groups[FIELD_NR];
	const struct group *groups_end;
	uint32_t size; /* a record is at least so long */
};

struct decoder {
	struct event *events;
	size_t count;
	const struct event **by_id; /* from the first event's id on */
	size_t id_count;
	size_t long_size;
	bool is_big;
	bool is_swapped; /* the bytes are not in this machine's order */
	uint64_t lowest_kernel;
	uint32_t pid_offset, id_offset;
	const char *unknown_event; /* one of the group that is not as ours are, in the tep handle */
};

/**
 * find_event - the event with the number @id, NULL if none of ours has it
 */
static inline const struct event *find_event(const struct decoder *decoder, int id)
{
	size_t at = (size_t)(id - decoder->events[0].id);

	return at < decoder->id_count ? decoder->by_id[at] : NULL;
}

#endif
