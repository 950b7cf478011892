/* SPDX-License-Identifier: MIT */
/*
 * Negative dentries as rows of a list: who made each, how, and whether it is still cached.
 */
#include "negatives.h"

#include <string.h>

#include "render/path.h"
#include "rows.h"

static const char *const end_words[] = {
	[NEGATIVES_MADE] = "gone",
	[NEGATIVES_KEPT] = "kept",
	[NEGATIVES_UNKNOWN] = "end unknown",
};

static const char *how_word(const struct view_negative *row)
{
	return row->is_unlinked ? "unlinked" : "looked up";
}

static int add(struct view_negatives *negatives, const struct name *name,
	       const struct lifetime *lifetime, const struct hop *maker, struct text *scratch)
{
	const struct shown_path path = name_shown_path(name);
	struct view_negative *row;
	int ret = view_rows_room((void **)&negatives->rows, negatives->count, &negatives->room,
				 sizeof(*row));

	if (ret)
		return ret;
	row = &negatives->rows[negatives->count];
	*row = (struct view_negative){
		.open = maker->open,
		.ts = maker->ts,
		.end = (uint8_t)negative_end(lifetime),
		.is_unlinked = maker->kind == HOP_DELETE,
	};
	scratch->len = 0;
	if (path.resolved.data || path.passed.len)
		path_write(scratch, &path);
	else
		path_write(scratch, &(struct shown_path){ .passed = name->component });
	ret = view_strings_add(negatives->strings, scratch, &row->path);
	scratch->len = 0;
	text_bytes(scratch, maker->comm, strnlen(maker->comm, COMM_SIZE));
	if (!ret)
		ret = view_strings_add(negatives->strings, scratch, &row->comm);
	if (!ret)
		negatives->count++;
	return ret;
}

int view_negatives_add(struct view_negatives *negatives, const struct name *name,
		       const struct user_filter *users, struct text *scratch)
{
	int ret = 0;

	for (size_t i = 0; i < name->lifetime_count && !ret; i++) {
		const struct hop *maker = negative_maker(name->lifetimes[i]);

		if (!maker || !user_filter_has(users, maker->has_uid, maker->uid))
			continue;
		negatives->doubts += user_filter_doubts(users, maker->has_uid);
		ret = add(negatives, name, name->lifetimes[i], maker, scratch);
	}
	return ret;
}

void view_negatives_release(struct view_negatives *negatives)
{
	free(negatives->rows);
	memset(negatives, 0, sizeof(*negatives));
}

/* --- the kind --------------------------------------------------------------------------------- */

static const struct view_negative *row_of(const void *rows, uint32_t row)
{
	return &((const struct view_negatives *)rows)->rows[row];
}

static uint64_t key_order(const void *rows, uint32_t row)
{
	return row_of(rows, row)->ts;
}

static uint64_t key_path(const void *rows, uint32_t row)
{
	return ((const struct view_negatives *)rows)->strings->ranks[row_of(rows, row)->path];
}

static uint64_t key_task(const void *rows, uint32_t row)
{
	return ((const struct view_negatives *)rows)->strings->ranks[row_of(rows, row)->comm];
}

static uint64_t key_end(const void *rows, uint32_t row)
{
	return row_of(rows, row)->end;
}

static const struct view_sort sorts[] = {
	{ "order", .key = key_order },
	{ "path", .by_text = true, .key = key_path },
	{ "task", .by_text = true, .key = key_task },
	{ "end", .key = key_end },
	{ NULL },
};

static bool has(const void *rows, uint32_t row, const struct view_needle *needle)
{
	const struct view_strings *strings = ((const struct view_negatives *)rows)->strings;
	const struct view_negative *negative = row_of(rows, row);

	return view_needle_has(needle, strings, negative->path) ||
	       view_needle_has(needle, strings, negative->comm) ||
	       view_needle_in(needle, end_words[negative->end]) ||
	       view_needle_in(needle, how_word(negative));
}

static enum view_style style(const void *rows, uint32_t row)
{
	return row_of(rows, row)->end == NEGATIVES_UNKNOWN ? VIEW_UNSURE : VIEW_PLAIN;
}

static void line(void *rows, uint32_t number, size_t columns, struct text *text)
{
	const struct view_strings *strings = ((const struct view_negatives *)rows)->strings;
	const struct view_negative *row = row_of(rows, number);

	text_format(text, "%-11s  %-9s  ", end_words[row->end], how_word(row));
	view_write_task(text, view_string(strings, row->comm));
	view_write_path(text, view_string(strings, row->path), columns);
}

const struct view_kind view_kind_negatives = {
	.name = "negative dentries",
	.heading = "at the end   made by    task             path",
	.sorts = sorts,
	.has = has,
	.style = style,
	.line = line,
};
