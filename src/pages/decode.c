/* SPDX-License-Identifier: MIT */
/*
 * From bytes to records. What an event's fields are is looked up once, in its format; then one
 * loop reads them. No offset and no length from the bytes is believed before it was checked.
 */
#include "pages/decode.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event-parse.h>

#include "kernel/definition.h"
#include "kernel/roles.h"

#define GROUP "ftopen"

/*
 * Where a kernel's own addresses begin. 64-bit ones have the upper half, but for s390x, the one
 * with the big end first: its kernel has an address space of its own, with what the processor needs
 * in the first two pages. 32-bit kernels split at 3:1 unless configured otherwise (1:3 at the
 * lowest).
 */
#define LOWEST_KERNEL_64    (UINT64_C(1) << 63)
#define LOWEST_KERNEL_S390X UINT64_C(0x2000)
#define LOWEST_KERNEL_32    UINT64_C(0x40000000)

#define FAULT_TEXT "(fault)" /* what newer kernels store for a string that could not be read */

/* One field of one event: where its bytes are. */
struct slot {
	enum field field;
	uint32_t offset;
	uint32_t word_at; /* where the 8-byte word is that ends with it */
	uint8_t size;
	uint8_t shift; /* by so many bits that word is wider */
	bool is_text;
	bool is_signed;
	bool is_pointer;  /* of the kernel's word size: error pointers keep their sign */
	enum field guard; /* the pointer through which it was read, or NO_GUARD */
};

#define NO_GUARD FIELD_NR

/* Numbers that are there or not together: they were read through the same pointer. */
struct group {
	enum field guard;
	uint64_t fields;
};

struct event {
	int id;
	enum role role;
	enum edge edge;
	char *symbol;
	uint32_t marker_offset;	     /* of the byte 1 that carries the symbol's name; 0 for none */
	struct slot slots[FIELD_NR]; /* numbers, then signed ones, then texts */
	const struct slot *signed_ones, *texts, *end;
	uint64_t unguarded; /* numbers that are always there */
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
	const char *stranger; /* an event of the group that is none of ours, in the tep handle */
};

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

static bool is_pointer_field(const struct fetch *fetches, enum field field)
{
	for (const struct fetch *f = fetches; f->kind != FETCH_END; f++) {
		if ((f->kind == FETCH_MEMBER || f->kind == FETCH_TEXT) && f->base == field)
			return true;
	}
	return false;
}

static void add_slot(const struct decoder *decoder, struct event *event, struct tep_event *tep,
		     const struct fetch *fetches, const struct fetch *fetch)
{
	struct tep_format_field *found = tep_find_field(tep, field_name(fetch->field));
	struct slot *slot = &event->slots[event->end - event->slots];
	bool is_text = is_string_field(fetch->field);
	int size;

	if (!found || slot == event->slots + FIELD_NR || found->offset < 0)
		return;
	size = found->size;
	if (is_text ? !(found->flags & TEP_FIELD_IS_DYNAMIC) || size != 4
		    : size != 1 && size != 2 && size != 4 && size != 8)
		return;
	/* A number is read with what is before it, which belongs to every event at least. */
	if (found->offset + size < (int)sizeof(uint64_t))
		return;
	*slot = (struct slot){
		.field = fetch->field,
		.offset = (uint32_t)found->offset,
		.word_at = (uint32_t)(found->offset + size) - sizeof(uint64_t),
		.size = (uint8_t)size,
		.shift = (uint8_t)(64 - 8 * size),
		.is_text = is_text,
		.is_signed = !is_text && found->flags & TEP_FIELD_IS_SIGNED,
		.is_pointer = is_pointer_field(fetches, fetch->field) &&
			      (size_t)size == decoder->long_size,
		.guard = fetch->kind == FETCH_MEMBER || fetch->kind == FETCH_TEXT ? fetch->base
										  : NO_GUARD,
	};
	event->end++;
	if (event->size < slot->offset + slot->size)
		event->size = slot->offset + slot->size;
}

static struct group *group_of(struct event *event, enum field guard)
{
	struct group *group = event->groups;

	while (group < event->groups_end && group->guard != guard)
		group++;
	if (group == event->groups_end) {
		*group = (struct group){ .guard = guard };
		event->groups_end++;
	}
	return group;
}

/* What a group was read through is in an earlier one. */
static void make_groups(struct event *event)
{
	event->groups_end = event->groups;
	for (const struct slot *slot = event->slots; slot < event->end; slot++) {
		if (slot->is_text)
			continue;
		if (slot->guard == NO_GUARD)
			event->unguarded |= FIELD_BIT(slot->field);
		else
			group_of(event, slot->guard)->fields |= FIELD_BIT(slot->field);
	}
}

static int kind_of(const struct slot *slot)
{
	return slot->is_text ? 2 : slot->is_signed;
}

/* Texts go last: whether one was read shows in the length beside it. */
static void sort_slots(struct event *event)
{
	const struct slot *begins[3];
	struct slot slots[FIELD_NR], *to = event->slots;
	size_t count = (size_t)(event->end - event->slots);

	memcpy(slots, event->slots, sizeof(slots));
	for (int kind = 0; kind < 3; kind++) {
		begins[kind] = to;
		for (size_t i = 0; i < count; i++) {
			if (kind_of(&slots[i]) == kind)
				*to++ = slots[i];
		}
	}
	event->signed_ones = begins[1];
	event->texts = begins[2];
}

static int take_symbol(struct event *event, struct tep_event *tep)
{
	const size_t len = strlen(SYMBOL_MARKER);

	for (struct tep_format_field *f = tep->format.fields; f; f = f->next) {
		if (strncmp(f->name, SYMBOL_MARKER, len))
			continue;
		event->symbol = strdup(f->name + len);
		event->marker_offset = f->offset > 0 && f->size == 1 ? (uint32_t)f->offset : 0;
		return event->symbol ? 0 : -ENOMEM;
	}
	return 0;
}

/* "ftopen", or "ftopen_PID_STARTTIME". */
static bool is_our_group(const char *system, const char *group)
{
	const char *at = system + strlen(GROUP);
	int numbers = 0;

	if (group)
		return !strcmp(system, group);
	if (strncmp(system, GROUP, strlen(GROUP)))
		return false;
	while (*at == '_' && isdigit((unsigned char)at[1])) {
		for (at++; isdigit((unsigned char)*at); at++)
			;
		numbers++;
	}
	return !*at && (numbers == 0 || numbers == 2);
}

static int add_event(struct decoder *decoder, struct tep_event *tep, const char *group)
{
	struct event *event = &decoder->events[decoder->count];
	const struct role_probe *probe;

	if (!tep->system || !tep->name || !is_our_group(tep->system, group))
		return 0;
	probe = role_by_event(tep->name, &event->role, &event->edge)
			? NULL
			: role_probe_find(event->role, event->edge);
	if (!probe) {
		decoder->stranger = tep->name;
		return 0;
	}
	event->id = tep->id;
	event->end = event->slots;
	for (const struct fetch *f = probe->fetches; f->kind != FETCH_END; f++)
		add_slot(decoder, event, tep, probe->fetches, f);
	make_groups(event);
	sort_slots(event);
	decoder->count++;
	return take_symbol(event, tep);
}

static int common_fields(struct decoder *decoder, struct tep_event *tep)
{
	struct tep_format_field *pid = tep_find_common_field(tep, "common_pid");
	struct tep_format_field *id = tep_find_common_field(tep, "common_type");

	if (!pid || !id || pid->offset < 0 || id->offset < 0 || pid->size != 4 || id->size != 2)
		return -EBADMSG;
	decoder->pid_offset = (uint32_t)pid->offset;
	decoder->id_offset = (uint32_t)id->offset;
	return 0;
}

/* Events are sorted by id. */
static int index_events(struct decoder *decoder)
{
	int first, last;

	if (!decoder->count)
		return 0;
	first = decoder->events[0].id;
	last = decoder->events[decoder->count - 1].id;
	if (first < 0 || last > UINT16_MAX)
		return -EBADMSG;
	decoder->id_count = (size_t)(last - first) + 1;
	decoder->by_id = calloc(decoder->id_count, sizeof(*decoder->by_id));
	if (!decoder->by_id)
		return -ENOMEM;
	for (size_t i = 0; i < decoder->count; i++)
		decoder->by_id[decoder->events[i].id - first] = &decoder->events[i];
	return 0;
}

static uint64_t lowest_kernel(struct tep_handle *tep)
{
	if (tep_get_long_size(tep) == 4)
		return LOWEST_KERNEL_32;
	return tep_is_file_bigendian(tep) ? LOWEST_KERNEL_S390X : LOWEST_KERNEL_64;
}

int decoder_new(struct tep_handle *tep, const char *group, struct decoder **decoder)
{
	struct tep_event **events = tep_list_events(tep, TEP_EVENT_SORT_ID);
	int count = tep_get_events_count(tep);
	struct decoder *made = calloc(1, sizeof(*made));
	int ret = 0;

	if (!made)
		return -ENOMEM;
	made->events = calloc((size_t)count + 1, sizeof(*made->events));
	made->long_size = tep_get_long_size(tep) == 4 ? 4 : 8;
	made->lowest_kernel = lowest_kernel(tep);
	made->is_big = tep_is_file_bigendian(tep);
	made->is_swapped = tep_is_file_bigendian(tep) != tep_is_local_bigendian(tep);
	if (!made->events)
		ret = -ENOMEM;
	for (int i = 0; events && i < count && !ret; i++)
		ret = add_event(made, events[i], group);
	if (!ret && made->count)
		ret = common_fields(made, events[0]);
	if (!ret)
		ret = index_events(made);
	if (ret) {
		decoder_free(made);
		return ret;
	}
	*decoder = made;
	return 0;
}

void decoder_free(struct decoder *decoder)
{
	if (!decoder)
		return;
	for (size_t i = 0; i < decoder->count; i++)
		free(decoder->events[i].symbol);
	free(decoder->events);
	free(decoder->by_id);
	free(decoder);
}

const char *decoder_stranger(const struct decoder *decoder)
{
	return decoder->stranger;
}

size_t decoder_events(const struct decoder *decoder)
{
	return decoder->count;
}

static const struct event *event_of(const struct decoder *decoder, enum role role, enum edge edge)
{
	for (size_t i = 0; i < decoder->count; i++) {
		if (decoder->events[i].role == role && decoder->events[i].edge == edge)
			return &decoder->events[i];
	}
	return NULL;
}

bool decoder_has(const struct decoder *decoder, enum role role, enum edge edge, const char **symbol)
{
	const struct event *event = event_of(decoder, role, edge);

	if (event && symbol)
		*symbol = event->symbol;
	return event;
}

uint64_t decoder_fields(const struct decoder *decoder, enum role role, enum edge edge)
{
	const struct event *event = event_of(decoder, role, edge);
	uint64_t fields = 0;

	if (!event)
		return 0;
	for (const struct slot *slot = event->slots; slot < event->end; slot++)
		fields |= FIELD_BIT(slot->field);
	return fields;
}

static const struct event *find_event(const struct decoder *decoder, int id)
{
	size_t at = (size_t)(id - decoder->events[0].id);

	return at < decoder->id_count ? decoder->by_id[at] : NULL;
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

/* "(fault)" is a legal file name: it is one if the length beside it says so. */
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
 * The word that ends where the field does: never behind the record, and before the field there are
 * those that every event has. What the order of bytes is, is known where this is inlined.
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

static void keep_errors(const struct event *event, struct record *record)
{
	for (const struct slot *slot = event->slots; slot < event->texts; slot++) {
		uint64_t *value = &record->value[slot->field];

		if (slot->is_pointer && *value >= (uint32_t)-MAX_ERRNO)
			*value = (uint64_t)(int32_t)*value;
	}
}

static inline bool is_read(const struct decoder *decoder, const struct record *record,
			   enum field guard)
{
	return has_field(record, guard) && is_real_pointer(decoder, record->value[guard]);
}

/* All that the event has room for is read; what of it means something is told by the guards. */
static void take_numbers(const struct decoder *decoder, const struct event *event,
			 const uint8_t *data, struct record *record)
{
	const struct group *end = event->groups_end;

	if (decoder->is_swapped || decoder->is_big)
		read_numbers(event, data, record, decoder->is_swapped, decoder->is_big);
	else
		read_numbers(event, data, record, false, false);
	if (decoder->long_size == 4)
		keep_errors(event, record);
	record->present = event->unguarded;
	for (const struct group *group = event->groups; group < end; group++) {
		if (is_read(decoder, record, group->guard))
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

int decode(const struct decoder *decoder, const struct raw_record *raw, struct record *record)
{
	const struct event *event;
	int ret;

	if (!decoder->count)
		return -ENOENT;
	ret = decoder_id(decoder, raw);
	if (ret < 0 || raw->size < decoder->pid_offset + sizeof(uint32_t))
		return -EBADMSG;
	event = find_event(decoder, ret);
	if (!event)
		return -ENOENT;
	if (raw->size < event->size)
		return -EBADMSG;
	record->ts = raw->ts;
	record->symbol = event->symbol;
	record->tid = (int32_t)load_u32(decoder, (const char *)raw->data + decoder->pid_offset);
	record->cpu = raw->cpu;
	record->role = (uint8_t)event->role;
	record->edge = (uint8_t)event->edge;
	record->scope = raw->scope;
	take_numbers(decoder, event, raw->data, record);
	for (const struct slot *slot = event->texts; slot < event->end; slot++) {
		if (slot->guard == NO_GUARD || is_read(decoder, record, slot->guard))
			take_text(decoder, raw, slot, record);
	}
	return 0;
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

static void put_slots(const struct decoder *decoder, const struct raw_record *raw,
		      const struct record *record, uint8_t *to)
{
	const struct event *event = find_event(decoder, decoder_id(decoder, raw));

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

int encode(const struct decoder *decoder, const struct raw_record *raw, const struct record *record,
	   void *bytes)
{
	size_t common = decoder->pid_offset + sizeof(uint32_t);
	uint8_t *to = calloc(1, raw->size + 1);

	if (!to)
		return -ENOMEM;
	memcpy(to, raw->data, common < raw->size ? common : raw->size);
	if (record)
		put_slots(decoder, raw, record, to);
	memcpy(bytes, to, raw->size);
	free(to);
	return 0;
}
