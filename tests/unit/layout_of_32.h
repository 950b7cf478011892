/* SPDX-License-Identifier: MIT */
/*
 * The layout of a made-up kernel whose pointers have four bytes.
 */
#ifndef LAYOUT_OF_32_H
#define LAYOUT_OF_32_H

#include "kernel_data.h"

struct member_of_32 {
	const char *name;
	int type;
	uint32_t offset;
};

static inline void add_structure(struct btf *btf, const char *name, uint32_t size,
				 const struct member_of_32 *members)
{
	assert_true(btf__add_struct(btf, name, size) > 0);
	for (; members->name; members++)
		assert_int_equal(
			btf__add_field(btf, members->name, members->type, 8 * members->offset, 0),
			0);
}

#define MEMBERS(...) ((const struct member_of_32[]){ __VA_ARGS__, { NULL, 0, 0 } })

static inline struct layout *layout_of_32(void)
{
	enum {
		WORD = 1,
		U64,
		U16,
		INT,
		BYTE,
		POINTER,
		INLINE,
		OPEN_END,
		QSTR,
		PATH
	};
	struct btf *btf = btf__new_empty();

	assert_non_null(btf);
	assert_int_equal(btf__add_int(btf, "long unsigned int", 4, 0), WORD);
	assert_int_equal(btf__add_int(btf, "long long unsigned int", 8, 0), U64);
	assert_int_equal(btf__add_int(btf, "short unsigned int", 2, 0), U16);
	assert_int_equal(btf__add_int(btf, "int", 4, BTF_INT_SIGNED), INT);
	assert_int_equal(btf__add_int(btf, "char", 1, 0), BYTE);
	assert_int_equal(btf__add_ptr(btf, 0), POINTER);
	assert_int_equal(btf__add_array(btf, WORD, BYTE, 44), INLINE);
	assert_int_equal(btf__add_array(btf, WORD, BYTE, 0), OPEN_END);
	add_structure(btf, "qstr", 16,
		      MEMBERS({ "hash", WORD, 0 }, { "len", WORD, 4 }, { "name", POINTER, 8 }));
	add_structure(btf, "path", 8, MEMBERS({ "mnt", POINTER, 0 }, { "dentry", POINTER, 4 }));
	add_structure(btf, "dentry", 192,
		      MEMBERS({ "d_parent", POINTER, 16 }, { "d_name", QSTR, 24 },
			      { "d_inode", POINTER, 40 }, { "d_iname", INLINE, 44 },
			      { "d_sb", POINTER, 100 }));
	add_structure(btf, "inode", 400,
		      MEMBERS({ "i_mode", U16, 0 }, { "i_ino", WORD, 36 },
			      { "i_generation", WORD, 300 }));
	add_structure(btf, "super_block", 700, MEMBERS({ "s_dev", WORD, 8 }));
	add_structure(btf, "file", 200, MEMBERS({ "f_path", PATH, 44 }));
	add_structure(
		btf, "filename", 16,
		MEMBERS({ "name", POINTER, 0 }, { "uptr", POINTER, 4 }, { "iname", OPEN_END, 16 }));
	add_structure(btf, "open_flags", 20, MEMBERS({ "open_flag", INT, 0 }));
	add_structure(btf, "open_how", 24, MEMBERS({ "flags", U64, 0 }, { "resolve", U64, 16 }));
	add_structure(btf, "task_struct", 2000, MEMBERS({ "pid", INT, 700 }, { "tgid", INT, 704 }));
	return layout_of(btf);
}

#endif
