/* SPDX-License-Identifier: MIT */
/*
 * What the events of a trace are, looked up once in their formats, which are untrusted. Reads no
 * record.
 */
#include "event.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
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

/* Through which pointer it was read, if that can be none. */
static enum field base_of(const struct event *event, const struct fetch *fetches,
			  const struct fetch *fetch)
{
	const struct fetch *base = fetches;

	if (!fetch_has_base(fetch))
		return NO_BASE;
	for (const struct slot *slot = event->slots; slot < event->end; slot++) {
		if (slot->field == fetch->base)
			return fetch->base;
	}
	while (base->kind != FETCH_END && base->field != fetch->base)
		base++;
	return base->is_sure ? NO_BASE : fetch->base;
}

static bool is_pointer_field(const struct fetch *fetches, enum field field)
{
	for (const struct fetch *f = fetches; f->kind != FETCH_END; f++) {
		if (fetch_has_base(f) && f->base == field)
			return true;
	}
	return false;
}

/* Where a field, a number or a text, is in a record. */
struct field_place {
	enum field field;
	int offset;
	int size;
	unsigned long flags;
};

static bool is_placed(const struct field_place *place, bool is_text)
{
	if (place->offset < 0)
		return false;
	if (is_text)
		return place->flags & TEP_FIELD_IS_DYNAMIC && place->size == 4;
	/* A number is read together with the bytes before it, which every event has. */
	return (place->size == 1 || place->size == 2 || place->size == 4 || place->size == 8) &&
	       place->offset + place->size >= (int)sizeof(uint64_t);
}

static void add_slot(const struct decoder *decoder, struct event *event,
		     const struct role_probe *row, const struct fetch *fetch,
		     const struct field_place *place)
{
	struct slot *slot = event->end;
	bool is_text = is_string_field(place->field);

	if (slot == event->slots + FIELD_NR || !is_placed(place, is_text))
		return;
	*slot = (struct slot){
		.field = place->field,
		.offset = (uint32_t)place->offset,
		.word_at = (uint32_t)(place->offset + place->size) - sizeof(uint64_t),
		.size = (uint8_t)place->size,
		.shift = (uint8_t)(64 - 8 * place->size),
		.is_text = is_text,
		.is_signed = !is_text && place->flags & TEP_FIELD_IS_SIGNED,
		.is_pointer = is_pointer_field(row->fetches, place->field) &&
			      (size_t)place->size == decoder->long_size,
		.base = base_of(event, row->fetches, fetch),
	};
	event->end++;
	if (event->size < slot->offset + slot->size)
		event->size = slot->offset + slot->size;
}

/* The first of the two is the low half. */
static void add_pair(const struct decoder *decoder, struct event *event,
		     const struct role_probe *row, const struct fetch *fetch,
		     const struct field_place *both)
{
	const struct field_place low = {
		.field = (enum field)(both->field + 1),
		.offset = both->offset + (decoder->is_big ? 4 : 0),
		.size = 4,
	};
	const struct field_place high = {
		.field = (enum field)(both->field + 2),
		.offset = both->offset + (decoder->is_big ? 0 : 4),
		.size = 4,
	};

	if (both->size != 8)
		return;
	add_slot(decoder, event, row, fetch, &low);
	add_slot(decoder, event, row, fetch, &high);
}

static struct tep_format_field *find_marker(const struct tep_event *tep)
{
	struct tep_format_field *field = tep->format.fields;

	while (field && strncmp(field->name, SYMBOL_MARKER, strlen(SYMBOL_MARKER)))
		field = field->next;
	return field;
}

static bool is_for_name_alone(const struct tep_format_field *marker)
{
	return marker->size == 1;
}

/* In a record of a whole call, the return's row has the marker. */
static bool carries_marker(const struct role_probe *row, enum point point,
			   const struct fetch *fetch)
{
	return fetch == fetch_carrier(row) && (point != POINT_CALL || row->point == POINT_RETURN);
}

static struct tep_format_field *carried(const struct tep_event *tep)
{
	struct tep_format_field *marker = find_marker(tep);

	return marker && !is_for_name_alone(marker) ? marker : NULL;
}

static void add_slots(const struct decoder *decoder, struct event *event,
		      const struct role_probe *row, enum point point, struct tep_event *tep)
{
	event->end = event->slots;
	for (const struct fetch *fetch = row->fetches; fetch->kind != FETCH_END; fetch++) {
		struct tep_format_field *found;
		struct field_place place;
		char name[64];

		snprintf(name, sizeof(name), "%s%s", field_prefix(row, point, fetch->field),
			 field_name(fetch->field));
		found = tep_find_field(tep, name);
		if (!found && carries_marker(row, point, fetch))
			found = carried(tep);
		event->tells_len_by_text |= !found && fetch->is_of_text;
		if (!found)
			continue;
		place = (struct field_place){ fetch->field, found->offset, found->size,
					      found->flags };
		if (fetch->kind == FETCH_PAIR)
			add_pair(decoder, event, row, fetch, &place);
		else
			add_slot(decoder, event, row, fetch, &place);
	}
}

static struct group *group_of(struct event *event, enum field base)
{
	struct group *group = event->groups;

	while (group < event->groups_end && group->base != base)
		group++;
	if (group == event->groups_end) {
		*group = (struct group){ .base = base };
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
		if (slot->base == NO_BASE)
			event->always |= FIELD_BIT(slot->field);
		else
			group_of(event, slot->base)->fields |= FIELD_BIT(slot->field);
	}
}

static int kind_of(const struct slot *slot)
{
	return slot->is_text ? 2 : slot->is_signed;
}

/* Texts go last: whether one was read shows in the length stored with it. */
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

static int take_symbol(struct event *event, const struct tep_event *tep)
{
	const struct tep_format_field *marker = find_marker(tep);

	if (!marker)
		return 0;
	if (is_for_name_alone(marker) && marker->offset > 0)
		event->marker_offset = (uint32_t)marker->offset;
	event->symbol = strdup(marker->name + strlen(SYMBOL_MARKER));
	return event->symbol ? 0 : -ENOMEM;
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

static void know_part(const struct decoder *decoder, struct event *event,
		      const struct role_probe *row, enum point point, struct tep_event *tep)
{
	event->id = tep->id;
	event->role = row->role;
	event->point = row->point;
	event->is_call = point == POINT_CALL;
	add_slots(decoder, event, row, point, tep);
	make_groups(event);
	sort_slots(event);
}

static bool has_field_named(const struct role_probe *row, enum point point, const char *name)
{
	for (const struct fetch *fetch = row->fetches; fetch->kind != FETCH_END; fetch++) {
		const char *prefix = field_prefix(row, point, fetch->field);
		size_t len = strlen(prefix);

		if (!strncmp(name, prefix, len) && !strcmp(name + len, field_name(fetch->field)))
			return true;
	}
	return false;
}

/* Whether all that the event has is known: what the kernel adds itself begins with two bars. */
static bool knows_fields(const struct role_probe *row, enum point point,
			 const struct tep_event *tep)
{
	const struct role_probe *entry =
		point == POINT_CALL ? role_probe_find(row->role, POINT_ENTRY) : NULL;

	for (const struct tep_format_field *field = tep->format.fields; field;
	     field = field->next) {
		if (strncmp(field->name, "__", 2) &&
		    strncmp(field->name, SYMBOL_MARKER, strlen(SYMBOL_MARKER)) &&
		    !has_field_named(row, point, field->name) &&
		    !(entry && has_field_named(entry, point, field->name)))
			return false;
	}
	return true;
}

/* The symbol is one for both. */
static int add_entry(const struct decoder *decoder, struct event *event, struct tep_event *tep)
{
	int ret = take_symbol(event, tep);

	if (ret)
		return ret;
	event->entry = calloc(1, sizeof(*event->entry));
	if (!event->entry)
		return -ENOMEM;
	know_part(decoder, event->entry, role_probe_find(event->role, POINT_ENTRY), POINT_CALL,
		  tep);
	event->entry->symbol = event->symbol;
	/* Each half is in every record. */
	if (event->size < event->entry->size)
		event->size = event->entry->size;
	return 0;
}

static int add_event(struct decoder *decoder, struct tep_event *tep, const char *group)
{
	struct event *event = &decoder->events[decoder->count];
	const struct role_probe *row = NULL;
	enum point point;

	if (!tep->system || !tep->name || !is_our_group(tep->system, group))
		return 0;
	if (!role_by_event(tep->name, &event->role, &point))
		row = role_probe_find(event->role, point == POINT_CALL ? POINT_RETURN : point);
	if (!row || (point == POINT_CALL && !row->includes_entry)) {
		decoder->unknown_event = tep->name;
		return 0;
	}
	decoder->count++;
	if (!knows_fields(row, point, tep))
		decoder->unknown_event = tep->name;
	know_part(decoder, event, row, point, tep);
	return point == POINT_CALL ? add_entry(decoder, event, tep) : take_symbol(event, tep);
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
	for (size_t i = 0; i < decoder->count; i++) {
		free(decoder->events[i].entry);
		free(decoder->events[i].symbol);
	}
	free(decoder->events);
	free(decoder->by_id);
	free(decoder);
}

const char *decoder_unknown_event(const struct decoder *decoder)
{
	return decoder->unknown_event;
}

size_t decoder_events(const struct decoder *decoder)
{
	return decoder->count;
}

static const struct event *event_of(const struct decoder *decoder, enum role role, enum point point)
{
	for (size_t i = 0; i < decoder->count; i++) {
		const struct event *event = &decoder->events[i];

		if (event->role == role && event->point == point)
			return event;
		if (event->role == role && event->entry && point == POINT_ENTRY)
			return event->entry;
	}
	return NULL;
}

bool decoder_has(const struct decoder *decoder, enum role role, enum point point,
		 const char **symbol)
{
	const struct event *event = event_of(decoder, role, point);

	if (event && symbol)
		*symbol = event->symbol;
	return event;
}

uint64_t decoder_fields(const struct decoder *decoder, enum role role, enum point point)
{
	const struct event *event = event_of(decoder, role, point);
	uint64_t fields;

	if (!event)
		return 0;
	fields = event->tells_len_by_text ? FIELD_BIT(FIELD_LEN) : 0;
	for (const struct slot *slot = event->slots; slot < event->end; slot++)
		fields |= FIELD_BIT(slot->field);
	return fields;
}
