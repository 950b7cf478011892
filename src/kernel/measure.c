/* SPDX-License-Identifier: MIT */
/*
 * The search for members in windows of kernel memory. What varies by member is a row of one table.
 * A member that could be at two places counts as not found.
 */
#include "kernel/measure.h"

#include <errno.h>
#include <linux/openat2.h>
#include <string.h>

#define WORD	    UINT8_MAX /* of a row: as wide as a pointer */
#define INLINE_NAME "dentry.d_shortname|dentry.d_iname"

/* What has to stand at a member's place. */
enum find {
	FIND_NUMBER,  /* a number that is known */
	FIND_ADDRESS, /* the address of an object that was seen */
	FIND_TEXT,    /* the text itself */
	FIND_OWN,     /* the address of the text in the same object */
	FIND_PASSED,  /* the address of the component in the filename */
	FIND_TWIN,    /* what stands at the same place of the qstr in the new dentry */
	FIND_SHARED,  /* where programs have it: the structure is theirs as well */
};

/**
 * struct row - one member
 * @at: the object in which it is looked for
 * @number: for FIND_NUMBER
 * @of: for FIND_ADDRESS
 * @text: for FIND_OWN the row of the text
 * @offset: for FIND_SHARED
 * @size: WORD for that of a pointer; 0 for a text, whose room is not told by what stands in it
 */
struct row {
	const char *path;
	enum view at;
	enum find find;
	enum number number;
	enum view of;
	const char *text;
	size_t offset;
	uint8_t size;
	bool is_pointer;
	bool is_signed;
	bool is_optional;
};

#define IN(view)      .at = VIEW_##view
#define KNOWN(known)  .find = FIND_NUMBER, .number = NUMBER_##known
#define ADDRESS(view) .find = FIND_ADDRESS, .of = VIEW_##view, .size = WORD, .is_pointer = true
#define OWN(row)      .find = FIND_OWN, .text = row, .size = WORD, .is_pointer = true

/* A row comes after those that it builds on. */
/* clang-format off */
static const struct row rows[] = {
	{ "filename.iname", IN(FILENAME), .find = FIND_TEXT, .is_optional = true },
	{ "filename.name", IN(FILENAME), OWN("filename.iname") },
	{ "filename.uptr", IN(FILENAME), KNOWN(UPTR), .size = WORD, .is_pointer = true,
	  .is_optional = true },
	{ "open_how.flags", IN(HOW), KNOWN(FLAGS), .size = 8 },
	{ "open_how.resolve", IN(HOW), .find = FIND_SHARED,
	  .offset = offsetof(struct open_how, resolve), .size = 8, .is_optional = true },
	{ "open_flags.open_flag", IN(OPEN_FLAGS), KNOWN(FLAGS), .size = 4, .is_signed = true },
	{ "qstr.len", IN(QSTR), KNOWN(LEN), .size = 4 },
	{ "qstr.name", IN(QSTR), .find = FIND_PASSED, .size = WORD, .is_pointer = true },
	{ INLINE_NAME, IN(NEW_DENTRY), .find = FIND_TEXT },
	{ "dentry.d_name.name", IN(NEW_DENTRY), OWN(INLINE_NAME) },
	{ "dentry.d_name.len", IN(NEW_DENTRY), KNOWN(LEN), .size = 4 },
	{ "qstr.hash", IN(QSTR), .find = FIND_TWIN, .size = 4 },
	{ "dentry.d_sb", IN(NEW_DENTRY), ADDRESS(SUPER_BLOCK) },
	{ "dentry.d_parent", IN(DENTRY), ADDRESS(PARENT) },
	{ "dentry.d_inode", IN(DENTRY), ADDRESS(INODE) },
	{ "inode.i_ino", IN(INODE), KNOWN(INO), .size = WORD },
	{ "inode.i_generation", IN(INODE), KNOWN(GENERATION), .size = 4 },
	{ "inode.i_mode", IN(INODE), KNOWN(MODE), .size = 2 },
	{ "super_block.s_dev", IN(SUPER_BLOCK), KNOWN(DEV), .size = 4 },
	{ "file.f_path.dentry", IN(FILE), ADDRESS(NEW_DENTRY) },
	{ "task_struct.pid", IN(TASK), KNOWN(PID), .size = 4, .is_signed = true },
	{ "task_struct.tgid", IN(TASK), KNOWN(TGID), .size = 4, .is_signed = true },
};
/* clang-format on */

_Static_assert(sizeof(rows) / sizeof(rows[0]) == MEASURE_NR, "every row has its result");

/* A search in progress. */
struct search {
	const struct observations *seen;
	struct measures *measures;
	const struct row *row;
	size_t bound; /* no window that is looked at ends before this */
};

const char *measure_path(size_t i)
{
	return rows[i].path;
}

bool measure_is_optional(size_t i)
{
	return rows[i].is_optional;
}

int measures_find(const struct measures *measures, const char *path, struct member *member)
{
	for (size_t i = 0; i < MEASURE_NR; i++) {
		if (strcmp(rows[i].path, path) || measures->members[i].state != MEASURE_FOUND)
			continue;
		*member = measures->members[i].member;
		return 0;
	}
	return -ENOENT;
}

const char *measure_state_text(enum measure_state state)
{
	static const char *const texts[] = {
		[MEASURE_UNSEEN] = "not seen twice with different values",
		[MEASURE_NOWHERE] = "no place fits everything that was seen",
		[MEASURE_AMBIGUOUS] = "more than one place fits",
		[MEASURE_FOUND] = "found",
	};

	return texts[state];
}

static uint64_t number_at(const struct window *window, size_t offset, size_t size)
{
	const unsigned char *at = window->bytes + offset;
	uint64_t value64;
	uint32_t value32;
	uint16_t value16;

	switch (size) {
	case 8:
		memcpy(&value64, at, 8);
		return value64;
	case 4:
		memcpy(&value32, at, 4);
		return value32;
	default:
		memcpy(&value16, at, 2);
		return value16;
	}
}

/* Numbers and addresses are as wide as the member. */
static uint64_t cut(uint64_t value, size_t size)
{
	return size == 8 ? value : value & ((UINT64_C(1) << (8 * size)) - 1);
}

/* Tells texts apart (FNV-1a). */
static uint64_t text_key(const char *text)
{
	uint64_t key = UINT64_C(14695981039346656037);

	for (; *text; text++)
		key = (key ^ (unsigned char)*text) * UINT64_C(1099511628211);
	return key;
}

/* The offset of the qstr in a dentry, from the one member that is known in both. */
static bool twin_base(const struct measures *measures, size_t *base)
{
	struct member in_qstr, in_dentry;

	if (measures_find(measures, "qstr.name", &in_qstr) ||
	    measures_find(measures, "dentry.d_name.name", &in_dentry) ||
	    in_dentry.offset < in_qstr.offset)
		return false;
	*base = in_dentry.offset - in_qstr.offset;
	return true;
}

static size_t size_of(const struct search *search)
{
	return search->row->size == WORD ? search->seen->pointer_size : search->row->size;
}

/* The value that has to stand at the place, except for texts and twins. */
static bool expected(const struct search *search, const struct round *round, uint64_t *value)
{
	const struct row *row = search->row;
	const struct window *filename = &round->windows[VIEW_FILENAME];
	struct member text;

	switch (row->find) {
	case FIND_NUMBER:
		*value = round->numbers[row->number];
		return round->has[row->number];
	case FIND_ADDRESS:
		*value = round->windows[row->of].address;
		return *value;
	case FIND_OWN:
		if (measures_find(search->measures, row->text, &text))
			return false;
		*value = round->windows[row->at].address + text.offset;
		return true;
	case FIND_PASSED:
		if (measures_find(search->measures, "filename.iname", &text))
			return false;
		*value = filename->address + text.offset + round->numbers[NUMBER_PREFIX];
		return filename->address && round->has[NUMBER_PREFIX];
	case FIND_TEXT:
	case FIND_TWIN:
	case FIND_SHARED:
		break;
	}
	return false;
}

static bool is_usable(const struct search *search, const struct round *round)
{
	const struct window *window = &round->windows[search->row->at];
	uint64_t value;
	size_t base;

	if (!window->address || !window->size)
		return false;
	switch (search->row->find) {
	case FIND_TEXT:
		return window->text && *window->text;
	case FIND_TWIN:
		return round->windows[VIEW_NEW_DENTRY].size && twin_base(search->measures, &base);
	default:
		return expected(search, round, &value);
	}
}

static bool stands_text(const struct window *window, size_t offset, uint64_t *key)
{
	size_t size = strlen(window->text) + 1;

	*key = text_key(window->text);
	return size <= window->size - offset && !memcmp(window->bytes + offset, window->text, size);
}

/* Two members of one object cannot be at the same place. */
static bool is_taken(const struct search *search, size_t offset)
{
	const struct row *row = search->row;

	for (size_t i = 0; i < MEASURE_NR; i++) {
		const struct measured *other = &search->measures->members[i];

		if (rows[i].at == row->at && other->state == MEASURE_FOUND &&
		    offset < other->member.offset + other->member.size &&
		    other->member.offset < offset + size_of(search))
			return true;
	}
	return false;
}

static bool stands_twin(const struct search *search, const struct round *round, size_t offset,
			uint64_t *key)
{
	const struct window *dentry = &round->windows[VIEW_NEW_DENTRY];
	size_t size = size_of(search), base;

	if (!twin_base(search->measures, &base) || is_taken(search, offset) ||
	    base + offset + size > dentry->size)
		return false;
	*key = number_at(&round->windows[search->row->at], offset, size);
	return *key == number_at(dentry, base + offset, size);
}

/* Whether what is looked for stands at @offset in this round; @key tells it from other rounds'. */
static bool stands(const struct search *search, const struct round *round, size_t offset,
		   uint64_t *key)
{
	const struct window *window = &round->windows[search->row->at];
	size_t size = size_of(search);
	uint64_t value;

	if (search->row->find == FIND_TEXT)
		return stands_text(window, offset, key);
	if (search->row->find == FIND_TWIN)
		return stands_twin(search, round, offset, key);
	if (!expected(search, round, &value))
		return false;
	*key = cut(value, size);
	return number_at(window, offset, size) == *key;
}

/* In every round; at least two have to differ, else it may be anything that is always there. */
static bool stands_always(const struct search *search, size_t offset, bool *differs)
{
	uint64_t first = 0, key;
	bool has_first = false;

	*differs = false;
	for (size_t i = 0; i < search->seen->round_count; i++) {
		const struct round *round = &search->seen->rounds[i];

		if (!is_usable(search, round))
			continue;
		if (!stands(search, round, offset, &key))
			return false;
		if (!has_first)
			first = key;
		else if (key != first)
			*differs = true;
		has_first = true;
	}
	return has_first;
}

static bool is_dentry(enum view view)
{
	return view == VIEW_NEW_DENTRY || view == VIEW_DENTRY;
}

/* How far every window of the search reaches. Return: in how many rounds there is one. */
static size_t find_bound(struct search *search)
{
	const struct observations *seen = search->seen;
	size_t usable = 0;

	search->bound = SIZE_MAX;
	if (is_dentry(search->row->at) && seen->dentry_size)
		search->bound = seen->dentry_size;
	for (size_t i = 0; i < seen->round_count; i++) {
		const struct round *round = &seen->rounds[i];

		if (!is_usable(search, round))
			continue;
		usable++;
		if (round->windows[search->row->at].size < search->bound)
			search->bound = round->windows[search->row->at].size;
	}
	return usable;
}

static void take_place(const struct search *search, size_t place, struct measured *measured)
{
	const struct row *row = search->row;

	measured->state = MEASURE_FOUND;
	measured->member = (struct member){
		.offset = (uint32_t)place,
		.size = (uint32_t)size_of(search),
		.is_pointer = row->is_pointer,
		.is_signed = row->is_signed,
		.is_measured = true,
	};
}

static void find_member(struct search *search, struct measured *measured)
{
	const struct row *row = search->row;
	size_t step = row->size ? size_of(search) : 1, place = 0, places = 0;
	bool differs, never_differs = false;

	if (row->find == FIND_SHARED) {
		take_place(search, row->offset, measured);
		return;
	}
	measured->state = MEASURE_UNSEEN;
	if (find_bound(search) < 2)
		return;
	for (size_t offset = 0; offset + step <= search->bound; offset += step) {
		if (!stands_always(search, offset, &differs))
			continue;
		never_differs |= !differs;
		if (!differs)
			continue;
		place = offset;
		places++;
	}
	if (places == 1)
		take_place(search, place, measured);
	else if (places)
		measured->state = MEASURE_AMBIGUOUS;
	else if (!never_differs)
		measured->state = MEASURE_NOWHERE;
}

/* Whether the name of a new dentry is inside of it, and how long the name is. */
static bool read_name(const struct measures *measures, const struct window *dentry, uint32_t *len,
		      bool *is_inline)
{
	struct member text, name, length;

	if (measures_find(measures, INLINE_NAME, &text) ||
	    measures_find(measures, "dentry.d_name.name", &name) ||
	    measures_find(measures, "dentry.d_name.len", &length) ||
	    name.offset + name.size > dentry->size || length.offset + length.size > dentry->size)
		return false;
	*len = (uint32_t)number_at(dentry, length.offset, length.size);
	*is_inline = number_at(dentry, name.offset, name.size) ==
		     cut(dentry->address + text.offset, name.size);
	return true;
}

/*
 * A name is kept in its dentry while it fits with its NUL. Return: 0 if that is not what is seen.
 */
static uint32_t inline_size(const struct observations *seen, const struct measures *measures)
{
	uint32_t longest = 0, shortest = UINT32_MAX;

	for (size_t i = 0; i < seen->named_count; i++) {
		bool is_inline;
		uint32_t len;

		if (!read_name(measures, &seen->named[i], &len, &is_inline))
			return 0;
		if (is_inline && len > longest)
			longest = len;
		if (!is_inline && len < shortest)
			shortest = len;
	}
	return longest && longest < UINT32_MAX && shortest == longest + 1 ? shortest : 0;
}

/* A text whose room is not known is of no use as an inline name: storage goes by both. */
static void find_inline_size(const struct observations *seen, struct measures *measures)
{
	uint32_t size = inline_size(seen, measures);

	for (size_t i = 0; i < MEASURE_NR; i++) {
		struct measured *measured = &measures->members[i];

		if (strcmp(rows[i].path, INLINE_NAME) || measured->state != MEASURE_FOUND)
			continue;
		measured->member.size = size;
		if (!size)
			measured->state = MEASURE_UNSEEN;
	}
}

void measure(const struct observations *seen, struct measures *measures)
{
	struct search search = { .seen = seen, .measures = measures };

	memset(measures, 0, sizeof(*measures));
	measures->dentry_size = seen->dentry_size;
	for (size_t i = 0; i < MEASURE_NR; i++) {
		search.row = &rows[i];
		find_member(&search, &measures->members[i]);
	}
	find_inline_size(seen, measures);
}
