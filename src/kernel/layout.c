/* SPDX-License-Identifier: MIT */
/*
 * Structure layouts and prototypes out of BTF, and what was measured where BTF does not say. Owns
 * the parsed BTF; what is in it is untrusted: every walk is bounded, and a member that does not lie
 * inside its structure does not exist.
 */
#include "kernel/layout.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/measure.h"
#include "name_index.h"
#include "util/message.h"

#define KERNEL_BTF "/sys/kernel/btf/vmlinux"

/* Deeper than any kernel nests, so reached only by a cycle in a broken file. */
#define MAX_MODIFIERS	 32
#define MAX_NESTING	 16
#define MAX_STEPS	 65536
#define LIBBPF_ERRNO_MIN 4000

struct layout {
	struct btf *btf;	   /* NULL: nothing is known but by measuring */
	struct name_index index;   /* type ids of structures, unions and functions */
	struct measures *measures; /* NULL if nothing was measured */
};

/* A piece of a path: not NUL terminated. */
struct piece {
	const char *text;
	size_t len;
};

/**
 * struct member_place - where a walk down a path stands
 * @type: id of the type there, modifiers stripped
 * @offset: bytes from the start of the outermost structure
 */
struct member_place {
	const struct btf *btf;
	uint32_t type;
	uint64_t offset;
};

static bool is_named(const struct btf *btf, uint32_t name_off, struct piece name)
{
	const char *text = btf__name_by_offset(btf, name_off);

	return text && strlen(text) == name.len && !memcmp(text, name.text, name.len);
}

static bool is_modifier(const struct btf_type *type)
{
	switch (btf_kind(type)) {
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		return true;
	default:
		return false;
	}
}

/* Return: NULL for an id that leads nowhere; *@id is the id of what was found. */
static const struct btf_type *strip_modifiers(const struct btf *btf, uint32_t *id)
{
	for (int i = 0; i < MAX_MODIFIERS; i++) {
		const struct btf_type *type = btf__type_by_id(btf, *id);

		if (!type || !is_modifier(type))
			return type;
		*id = type->type;
	}
	return NULL;
}

/* Return: the id of the structure, union or function called @name, 0 if there is none. */
static uint32_t find_type(const struct layout *layout, struct piece name, bool function)
{
	uint32_t id;

	if (!layout->btf)
		return 0;
	id = name_index_first(&layout->index, name.text, name.len);
	for (; id != NAME_INDEX_END; id = name_index_next(&layout->index, id)) {
		const struct btf_type *type = btf__type_by_id(layout->btf, id);

		if (btf_is_func(type) == function && is_named(layout->btf, type->name_off, name))
			return id;
	}
	return 0;
}

/*
 * Where member number @index of the structure at @place stands. Bit fields and members that do
 * not lie inside the structure do not exist.
 */
static int place_member(const struct member_place *place, uint32_t index,
			struct member_place *member)
{
	const struct btf_type *type = btf__type_by_id(place->btf, place->type);
	uint32_t bits = btf_member_bit_offset(type, index);
	int64_t size;

	*member = *place;
	member->type = btf_members(type)[index].type;
	member->offset += bits / 8;
	size = btf__resolve_size(place->btf, member->type);
	if (btf_member_bitfield_size(type, index) || bits % 8 || size < 0 ||
	    (uint64_t)size + bits / 8 > type->size)
		return -ENOENT;
	return strip_modifiers(place->btf, &member->type) ? 0 : -ENOENT;
}

/*
 * Moves @place, which stands at a structure or union, to its member @name, also if that is inside
 * members without a name (whose type may well have one, as that of filename's in 7.3).
 */
static int enter_member(struct member_place *place, struct piece name, int depth, uint32_t *steps)
{
	const struct btf_type *type = btf__type_by_id(place->btf, place->type);

	if (!type || !btf_is_composite(type) || depth > MAX_NESTING)
		return -ENOENT;
	for (uint32_t i = 0; i < btf_vlen(type); i++) {
		uint32_t name_off = btf_members(type)[i].name_off;
		struct member_place member;

		if (++*steps > MAX_STEPS)
			return -ENOENT;
		if (name_off && !is_named(place->btf, name_off, name))
			continue;
		if (place_member(place, i, &member))
			continue;
		if (!name_off && enter_member(&member, name, depth + 1, steps))
			continue;
		*place = member;
		return 0;
	}
	return -ENOENT;
}

static int describe(const struct member_place *place, struct member *member)
{
	const struct btf_type *type = btf__type_by_id(place->btf, place->type);
	int64_t size = btf__resolve_size(place->btf, place->type);

	if (size < 0 || size > INT32_MAX || place->offset > INT32_MAX)
		return -ENOENT;
	*member = (struct member){
		.offset = (uint32_t)place->offset,
		.size = (uint32_t)size,
		.is_pointer = btf_is_ptr(type),
		.is_signed = btf_is_int(type) && btf_int_encoding(type) & BTF_INT_SIGNED,
	};
	return 0;
}

/* Cuts the text before the first @separator off @rest. */
static struct piece cut_piece(struct piece *rest, char separator)
{
	const char *end = memchr(rest->text, separator, rest->len);
	struct piece piece = *rest;

	if (!end) {
		rest->len = 0;
		return piece;
	}
	piece.len = (size_t)(end - rest->text);
	rest->text = end + 1;
	rest->len -= piece.len + 1;
	return piece;
}

static int find_path(const struct layout *layout, struct piece path, struct member *member)
{
	struct piece name = cut_piece(&path, '.');
	struct member_place place = { .btf = layout->btf };
	uint32_t steps = 0;

	place.type = find_type(layout, name, false);
	if (!place.type)
		return -ENOENT;
	while (path.len > 0) {
		if (enter_member(&place, cut_piece(&path, '.'), 0, &steps))
			return -ENOENT;
	}
	return describe(&place, member);
}

int layout_member(const struct layout *layout, const char *path, struct member *member)
{
	struct piece rest = { path, strlen(path) };

	while (rest.len > 0) {
		if (!find_path(layout, cut_piece(&rest, '|'), member))
			return 0;
	}
	return layout->measures ? measures_find(layout->measures, path, member) : -ENOENT;
}

int layout_size(const struct layout *layout, const char *name, uint32_t *size)
{
	uint32_t id = find_type(layout, (struct piece){ name, strlen(name) }, false);

	if (id)
		*size = btf__type_by_id(layout->btf, id)->size;
	else if (layout->measures && !strcmp(name, "dentry"))
		*size = layout->measures->dentry_size;
	else
		*size = 0;
	return *size ? 0 : -ENOENT;
}

uint32_t layout_pointer_size(const struct layout *layout)
{
	return layout->btf ? (uint32_t)btf__pointer_size(layout->btf) : sizeof(void *);
}

/* Return: the id of the type of argument @arg, or of the return value for 0; 0 is void. */
static int prototype_type(const struct layout *layout, const char *function, int arg, uint32_t *id)
{
	uint32_t func = find_type(layout, (struct piece){ function, strlen(function) }, true);
	const struct btf_type *proto;

	if (!func)
		return -ENOENT;
	proto = btf__type_by_id(layout->btf, btf__type_by_id(layout->btf, func)->type);
	if (!proto || !btf_is_func_proto(proto))
		return -ENOENT;
	if (arg > btf_vlen(proto))
		return -EINVAL;
	*id = arg ? btf_params(proto)[arg - 1].type : proto->type;
	return 0;
}

int layout_check_pointer(const struct layout *layout, const char *function, int arg,
			 const char *structure)
{
	const struct btf_type *type;
	uint32_t id;
	int ret = prototype_type(layout, function, arg, &id);

	if (ret)
		return ret;
	type = strip_modifiers(layout->btf, &id);
	if (!type || !btf_is_ptr(type))
		return -EINVAL;
	if (!structure)
		return 0;
	id = type->type;
	type = strip_modifiers(layout->btf, &id);
	if (!type || !(btf_is_composite(type) || btf_is_fwd(type)))
		return -EINVAL;
	return is_named(layout->btf, type->name_off, (struct piece){ structure, strlen(structure) })
		       ? 0
		       : -EINVAL;
}

bool layout_has_function(const struct layout *layout, const char *function)
{
	return find_type(layout, (struct piece){ function, strlen(function) }, true) != 0;
}

int layout_check_argument(const struct layout *layout, const char *function, int arg)
{
	uint32_t id;

	return prototype_type(layout, function, arg, &id);
}

static int index_types(struct layout *layout)
{
	uint32_t count = btf__type_cnt(layout->btf);
	int ret = name_index_init(&layout->index, count);

	/* Id 0 is void. */
	for (uint32_t id = 1; !ret && id < count; id++) {
		const struct btf_type *type = btf__type_by_id(layout->btf, id);
		const char *name;

		if (!btf_is_composite(type) && !btf_is_func(type))
			continue;
		name = btf__name_by_offset(layout->btf, type->name_off);
		if (name && *name)
			name_index_add(&layout->index, id, name, strlen(name));
	}
	return ret;
}

/* libbpf has numbers of its own above errno's; they and a wrong magic mean: no BTF in there. */
static int parse_btf(const char *path, struct btf **btf)
{
	libbpf_print_fn_t print = libbpf_set_print(NULL);

	errno = 0;
	*btf = btf__parse(path, NULL);
	libbpf_set_print(print);
	if (*btf && btf__pointer_size(*btf))
		return 0;
	if (*btf || errno == 0 || errno >= LIBBPF_ERRNO_MIN || errno == EPROTO ||
	    errno == ENODATA || errno == EINVAL)
		return -EBADMSG;
	return -errno;
}

static void report_unreadable(const char *path, bool given, int err)
{
	error("cannot read kernel BTF '%s': %s", path,
	      err == EBADMSG ? "it holds no valid BTF" : strerror(err));
	if (!given && err == ENOENT)
		hint("this kernel was built without CONFIG_DEBUG_INFO_BTF; give --btf FILE with "
		     "the BTF of exactly this kernel");
}

int layout_try_btf(const char *path, struct layout **layout)
{
	struct layout *new;
	int ret = layout_without_btf(&new);

	if (ret)
		return ret;
	ret = parse_btf(path ? path : KERNEL_BTF, &new->btf);
	if (!ret)
		ret = index_types(new);
	if (ret) {
		layout_free(new);
		return ret;
	}
	*layout = new;
	return 0;
}

int layout_from_btf(const char *path, struct layout **layout)
{
	int ret = layout_try_btf(path, layout);

	if (ret)
		report_unreadable(path ? path : KERNEL_BTF, path != NULL, -ret);
	return ret;
}

int layout_without_btf(struct layout **layout)
{
	*layout = calloc(1, sizeof(**layout));
	return *layout ? 0 : -ENOMEM;
}

int layout_add_measures(struct layout *layout, const struct measures *measures)
{
	if (!layout->measures)
		layout->measures = malloc(sizeof(*measures));
	if (!layout->measures)
		return -ENOMEM;
	*layout->measures = *measures;
	return 0;
}

const struct measures *layout_measures(const struct layout *layout)
{
	return layout->measures;
}

void layout_free(struct layout *layout)
{
	if (!layout)
		return;
	name_index_release(&layout->index);
	btf__free(layout->btf);
	free(layout->measures);
	free(layout);
}

enum layout_source layout_source(const struct layout *layout)
{
	if (!layout->measures)
		return layout->btf ? LAYOUT_BTF : LAYOUT_UNKNOWN;
	return layout->btf ? LAYOUT_MIXED : LAYOUT_MEASURED;
}

bool layout_lacks_members(const struct layout *layout)
{
	struct member member;

	for (size_t i = 0; i < MEASURE_NR; i++) {
		if (!measure_is_optional(i) && layout_member(layout, measure_path(i), &member))
			return true;
	}
	return false;
}
