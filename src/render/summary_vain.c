/* SPDX-License-Identifier: MIT */
/*
 * The names that were looked up in vain most often. Never keeps more of them than are shown.
 */
#include "summary_vain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "render/path.h"

/* The file was there, or was made, when @open looked for it. */
static bool has_found(const struct hop_list *hops, uint64_t open)
{
	for (size_t i = 0; i < hops->count; i++) {
		const struct hop *hop = &hops->items[i];

		if (hop->open != open || !hop->has_addr)
			continue;
		if (hop->kind == HOP_FILE || hop->negative == IS_FALSE)
			return true;
	}
	return false;
}

/* Lookups of one open that found nothing are one miss, unless the file system had the file. */
static void count_lookups(struct vain_name *vain, const struct hop_list *hops)
{
	uint64_t missed_open = UINT64_MAX;

	for (size_t i = 0; i < hops->count; i++) {
		const struct hop *hop = &hops->items[i];

		if (hop->kind != HOP_LOOKUP || hop->point != POINT_RETURN)
			continue;
		if (hop->has_addr && hop->negative == IS_TRUE)
			vain->negative++;
		if (hop->has_addr || hop->open == missed_open || has_found(hops, hop->open))
			continue;
		vain->misses++;
		missed_open = hop->open;
	}
}

static uint64_t count_of(const struct vain_name *vain)
{
	return vain->misses + vain->negative;
}

static int keep_text(struct vain_name *vain, const struct name *name, struct text *scratch)
{
	const struct shown_path path = name_shown_path(name);

	scratch->len = 0;
	path_write(scratch, &path);
	vain->text = malloc(scratch->len + 1);
	if (!vain->text)
		return -ENOMEM;
	memcpy(vain->text, scratch->data, scratch->len);
	vain->len = scratch->len;
	return 0;
}

int vain_add(struct vain_names *names, const struct name *name, struct text *scratch)
{
	struct vain_name vain = { .at_least = name->lifetimes_dropped != 0 };
	size_t at = names->count;

	for (size_t i = 0; i < name->lifetime_count; i++) {
		count_lookups(&vain, &name->lifetimes[i]->hops);
		vain.at_least |= name->lifetimes[i]->hops.dropped != 0;
	}
	while (at && count_of(&names->items[at - 1]) < count_of(&vain))
		at--;
	if (at == VAIN_NAMES || !count_of(&vain))
		return 0;
	if (keep_text(&vain, name, scratch))
		return -ENOMEM;
	if (names->count == VAIN_NAMES)
		free(names->items[--names->count].text);
	memmove(&names->items[at + 1], &names->items[at],
		(names->count - at) * sizeof(names->items[0]));
	names->items[at] = vain;
	names->count++;
	return 0;
}

void vain_write(const struct vain_names *names, struct text *text)
{
	if (!names->count)
		return;
	TEXT(text, "looked up in vain: misses, negative hits, name\n");
	for (size_t i = 0; i < names->count; i++) {
		const struct vain_name *vain = &names->items[i];

		text_format(text, "%8" PRIu64 "%s%8" PRIu64 "%s  ", vain->misses,
			    vain->at_least ? "+" : " ", vain->negative, vain->at_least ? "+" : " ");
		text_bytes(text, vain->text, vain->len);
		text_char(text, '\n');
	}
	text_char(text, '\n');
}

void vain_release(struct vain_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i].text);
}
