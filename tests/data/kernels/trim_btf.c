/* SPDX-License-Identifier: MIT */
/*
 * Makes a small BTF out of a kernel's: the structures and functions that the role table names, and
 * of big structures only the members on its paths. What a pointer points to becomes a forward
 * declaration, what is embedded elsewhere keeps its size alone. Prints the names of the functions.
 * Run by ./trim; not part of ftopen.
 */
#include <bpf/btf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/roles.h"

/* A structure of up to so many members is kept whole. */
#define SMALL 24

static struct btf *from, *to;
static int *copies[2];

static void die(const char *what, const char *name)
{
	fprintf(stderr, "trim_btf: %s %s: %s\n", what, name, strerror(errno));
	exit(1);
}

static int checked(int id, const char *name)
{
	if (id < 0) {
		errno = -id;
		die("cannot add", name);
	}
	return id;
}

/* Whether @path has the piece @name: as a structure at its start, or as a member after that. */
static bool has_piece(const char *path, const char *name, bool structure)
{
	const char *at = path;

	while (at) {
		size_t len = strcspn(at, ".|");
		bool starts = at == path || at[-1] == '|';

		if (starts == structure && len == strlen(name) && !memcmp(at, name, len))
			return true;
		at = at[len] ? at + len + 1 : NULL;
	}
	return false;
}

static bool is_on_path(const char *name, bool structure)
{
	for (size_t i = 0; i < role_probes_count; i++) {
		const struct fetch *fetch = role_probes[i].fetches;

		for (; fetch->kind != FETCH_END; fetch++) {
			if (fetch->path && has_piece(fetch->path, name, structure))
				return true;
		}
	}
	return false;
}

static int copy(uint32_t id, bool deep);

static const char *name_at(uint32_t offset)
{
	const char *name = btf__name_by_offset(from, offset);

	return name ? name : "";
}

/* What a pointer points to. */
static int copy_target(uint32_t id)
{
	const struct btf_type *type = btf__type_by_id(from, id);
	const char *name = name_at(type->name_off);

	if (btf_is_composite(type) && *name)
		return checked(btf__add_fwd(to, name,
					    btf_is_struct(type) ? BTF_FWD_STRUCT : BTF_FWD_UNION),
			       name);
	if (btf_is_composite(type))
		return 0;
	if (btf_is_const(type))
		return checked(btf__add_const(to, copy_target(type->type)), "const");
	return copy(id, false);
}

static int copy_composite(const struct btf_type *type, bool deep)
{
	const char *name = name_at(type->name_off);
	const struct btf_member *members = btf_members(type);
	uint32_t count = deep ? btf_vlen(type) : 0;
	int *types = calloc(count + 1, sizeof(*types));
	int id;

	for (uint32_t i = 0; i < count; i++) {
		const char *member = name_at(members[i].name_off);
		bool on_path = !*member || is_on_path(member, false);

		types[i] = on_path || count <= SMALL ? copy(members[i].type, on_path) : -1;
	}
	id = checked(btf_is_struct(type) ? btf__add_struct(to, name, type->size)
					 : btf__add_union(to, name, type->size),
		     name);
	for (uint32_t i = 0; i < count; i++) {
		const char *member = name_at(members[i].name_off);

		if (types[i] >= 0)
			checked(btf__add_field(to, member, types[i], btf_member_bit_offset(type, i),
					       btf_member_bitfield_size(type, i)),
				member);
	}
	free(types);
	return id;
}

static int copy_type(const struct btf_type *type, bool deep)
{
	const char *name = name_at(type->name_off);

	switch (btf_kind(type)) {
	case BTF_KIND_INT:
		return btf__add_int(to, name, type->size, btf_int_encoding(type));
	case BTF_KIND_FLOAT:
		return btf__add_float(to, name, type->size);
	case BTF_KIND_ENUM:
		return btf__add_enum(to, name, type->size);
	case BTF_KIND_ENUM64:
		return btf__add_enum64(to, name, type->size, false);
	case BTF_KIND_PTR:
		return btf__add_ptr(to, copy_target(type->type));
	case BTF_KIND_FWD:
		return btf__add_fwd(to, name, btf_kflag(type) ? BTF_FWD_UNION : BTF_FWD_STRUCT);
	case BTF_KIND_TYPEDEF:
		return btf__add_typedef(to, name, copy(type->type, deep));
	case BTF_KIND_CONST:
		return btf__add_const(to, copy(type->type, deep));
	case BTF_KIND_VOLATILE:
		return btf__add_volatile(to, copy(type->type, deep));
	case BTF_KIND_RESTRICT:
		return btf__add_restrict(to, copy(type->type, deep));
	case BTF_KIND_TYPE_TAG:
		return btf__add_type_tag(to, name, copy(type->type, deep));
	case BTF_KIND_ARRAY:
		return btf__add_array(to, copy(btf_array(type)->index_type, false),
				      copy(btf_array(type)->type, deep), btf_array(type)->nelems);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return copy_composite(type, deep);
	default:
		errno = EINVAL;
		die("cannot copy", name);
		return -1;
	}
}

static int copy(uint32_t id, bool deep)
{
	const struct btf_type *type = btf__type_by_id(from, id);

	/* A function that something points to becomes void. */
	if (!id || btf_is_func_proto(type))
		return 0;
	deep = deep || (btf_is_composite(type) && is_on_path(name_at(type->name_off), true));
	if (!copies[deep][id])
		copies[deep][id] = checked(copy_type(type, deep), name_at(type->name_off));
	return copies[deep][id];
}

static void copy_function(const char *name)
{
	int id = btf__find_by_name_kind(from, name, BTF_KIND_FUNC);
	const struct btf_type *proto;
	int types[16] = { 0 };
	int result, new;

	if (id < 0)
		return;
	proto = btf__type_by_id(from, btf__type_by_id(from, id)->type);
	for (int i = 0; i < btf_vlen(proto) && i < 16; i++)
		types[i] = copy(btf_params(proto)[i].type, false);
	result = copy(proto->type, false);
	new = checked(btf__add_func_proto(to, result), name);
	for (int i = 0; i < btf_vlen(proto) && i < 16; i++)
		checked(btf__add_func_param(to, name_at(btf_params(proto)[i].name_off), types[i]),
			name);
	checked(btf__add_func(to, name, BTF_FUNC_STATIC, new), name);
}

static void copy_structures(void)
{
	for (uint32_t id = 1; id < btf__type_cnt(from); id++) {
		const struct btf_type *type = btf__type_by_id(from, id);
		const char *name = name_at(type->name_off);

		if (btf_is_composite(type) && *name && is_on_path(name, true))
			copy(id, true);
		/* By this one libbpf tells the size of a pointer. */
		if (btf_is_int(type) && !strcmp(name, "long unsigned int"))
			copy(id, false);
	}
}

static void copy_functions(void)
{
	for (size_t i = 0; i < role_probes_count; i++) {
		const struct candidate *candidate = role_probes[i].candidates;

		/* The return row has the candidates of the entry row. */
		if (role_probes[i].point == POINT_RETURN &&
		    role_probe_find(role_probes[i].role, POINT_ENTRY))
			continue;
		for (int j = 0; j < ROLE_MAX_CANDIDATES && candidate[j].symbol; j++) {
			puts(candidate[j].symbol);
			copy_function(candidate[j].symbol);
		}
	}
}

int main(int argc, char **argv)
{
	const void *data;
	uint32_t size;
	FILE *out;

	if (argc != 3) {
		fprintf(stderr, "usage: trim_btf BTF OUT\n");
		return 1;
	}
	from = btf__parse(argv[1], NULL);
	to = btf__new_empty();
	if (!from || !to)
		die("cannot read", argv[1]);
	for (int deep = 0; deep < 2; deep++)
		copies[deep] = calloc(btf__type_cnt(from), sizeof(int));
	copy_structures();
	copy_functions();
	data = btf__raw_data(to, &size);
	out = fopen(argv[2], "wb");
	if (!data || !out || fwrite(data, size, 1, out) != 1 || fclose(out))
		die("cannot write", argv[2]);
	return 0;
}
