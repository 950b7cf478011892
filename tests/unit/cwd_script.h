/* SPDX-License-Identifier: MIT */
/*
 * Working directories in mounts: records that tell of them, of mounts that come and go, and opens
 * of relative paths.
 */
#ifndef FTOPEN_TESTS_CWD_SCRIPT_H
#define FTOPEN_TESTS_CWD_SCRIPT_H

#include "walk_script.h"

#include <fcntl.h>

#define LEAF	   NODE(0, 7)
#define LEAF_FILE  NODE(0, 8)
#define MOUNTPOINT NODE(0, 5)
#define OTHER	   NODE(0, 6)
#define SUB	   NODE(0, 9)
#define BELOW_SUB  NODE(0, 10)
#define TMPFS	   NODE(1, 1)
#define BELOW	   NODE(1, 2)

/* A struct mount, and the part of it that the kernel hands around. */
#define MOUNT(number)	 (UINT64_C(0xffff888300000000) + (number)*0x1000)
#define VFSMOUNT_AT	 UINT64_C(32)
#define VFSMOUNT(number) (MOUNT(number) + VFSMOUNT_AT)
#define ROOT_MOUNT	 1
#define NAMESPACE	 UINT64_C(0xffff888400000000)

/* A mount by its number, its root and the dentry that it covers. The innermost comes first. */
struct in_mount {
	int number;
	uint64_t root, on;
};

static const struct in_mount in_root[] = { { ROOT_MOUNT, ROOT, ROOT }, { 2, ROOT, ROOT } };
static const struct in_mount in_bind[] = { { 3, LEAF, MOUNTPOINT }, { ROOT_MOUNT, ROOT, ROOT } };

static struct script s;

static inline int begin(void **state)
{
	(void)state;
	walk_begin(&s);
	return 0;
}

static inline struct record works_in(uint64_t parent, uint64_t dentry, const char *component,
				     const struct in_mount mounts[2], int above)
{
	struct record r = at(&s, ROLE_CWD, POINT_ENTRY);

	with_dentry(&r, dentry, inline_of(dentry), component);
	with_place(&r, parent);
	with(&r, FIELD_ROOT_MOUNT, VFSMOUNT(ROOT_MOUNT));
	with(&r, FIELD_VFSMOUNT_AT, VFSMOUNT_AT);
	with(&r, FIELD_VFSMOUNT, VFSMOUNT(mounts[0].number));
	with(&r, FIELD_MOUNT_ROOT, mounts[0].root);
	with(&r, FIELD_MOUNTPOINT, mounts[0].on);
	with(&r, FIELD_ABOVE, MOUNT(mounts[1].number));
	with(&r, FIELD_ABOVE_ROOT, mounts[1].root);
	with(&r, FIELD_ABOVE_POINT, mounts[1].on);
	with(&r, FIELD_TOP, MOUNT(above));
	return r;
}

static inline void work_in(uint64_t parent, uint64_t dentry, const char *component,
			   const struct in_mount mounts[2], int above)
{
	struct record r = works_in(parent, dentry, component, mounts, above);

	play(&s, &r);
}

/* Outside of an open, as in the walk of a chdir(). */
static inline void look_up(uint64_t directory, uint64_t dentry, const char *component)
{
	look_for(&s, FAST, directory, component, USER);
	find(&s, dentry, component, S_IFDIR);
}

static inline void begin_open(const char *path, int dirfd)
{
	struct record r = at(&s, ROLE_OPEN, POINT_ENTRY);

	opened = path;
	with_text(&r, opened);
	with(&r, FIELD_KNAME, KNAME);
	with(&r, FIELD_DFD, (uint64_t)(int64_t)dirfd);
	with(&r, FIELD_LOOKUP, 0);
	play(&s, &r);
}

static inline void open_from(int dirfd, uint64_t directory, uint64_t file)
{
	begin_open("f", dirfd);
	walk(&s, directory, 0, file);
	walk_file(&s, directory, file, "f");
}

static inline void open_here(void)
{
	open_from(AT_FDCWD, LEAF, LEAF_FILE);
}

/* @path goes up by as many ".." as it begins with, to @directory, where it finds @file. */
static inline void open_above(const char *path, uint64_t directory, uint64_t file)
{
	size_t last = (size_t)(strrchr(path, '/') - path) + 1;

	begin_open(path, AT_FDCWD);
	walk(&s, directory, last, file);
	walk_file(&s, directory, file, path + last);
}

static inline struct record mount_of(enum role role, uint64_t parent, uint64_t root,
				     const char *component, uint64_t on)
{
	struct record r = at(&s, role, POINT_ENTRY);

	with_dentry(&r, root, inline_of(root), component);
	with_place(&r, parent);
	with(&r, FIELD_MOUNTPOINT, on);
	with(&r, FIELD_ABOVE_NS, NAMESPACE);
	return r;
}

static inline void bind_leaf(uint64_t on)
{
	struct record r = mount_of(ROLE_MOUNT, ROOT, LEAF, "leaf", on);

	play(&s, &r);
}

static inline void walk_in_leaf(void)
{
	walk_two(&s, "/leaf/f", LEAF, LEAF_FILE);
}

static inline void start(int32_t tid, int32_t tgid)
{
	struct record r = at(&s, ROLE_TASK, POINT_ENTRY);

	with(&r, FIELD_PID, (uint64_t)tid);
	with(&r, FIELD_TGID, (uint64_t)tgid);
	play(&s, &r);
}

/* The root of the file system has the numbers of others, as those of subvolumes have. */
static inline void begin_in(const struct known_task *known, size_t known_count)
{
	static const struct double_place root_twice = { .dev = 1,
							.ino = 1,
							.is_mounted_twice = true };
	struct record exec;

	script_end(&s);
	walk_begin(&s);
	correlator_free(s.c);
	s.options.cwd = (struct start_place){
		.path = "/bind/s",
		.dev = 77,
		.ino = 7,
		.root_dev = 77,
		.root_ino = 1,
		.doubles = &root_twice,
		.double_count = 1,
	};
	s.options.root = PROGRAM;
	s.options.known = known;
	s.options.known_count = known_count;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	exec = at(&s, ROLE_EXEC, POINT_ENTRY);
	play(&s, &exec);
}

static inline void begin_in_s(const struct known_task *known, size_t known_count)
{
	begin_in(known, known_count);
	open_here();
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

#endif
