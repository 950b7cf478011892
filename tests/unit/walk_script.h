/* SPDX-License-Identifier: MIT */
/*
 * Walks through several directories and file systems, for kernel_script.h: where each lookup is
 * made, by which pointer, and what other tasks do meanwhile. Results are told with what the plainer
 * script leaves out: paths, reasons, births, who ended what, and names that nobody opened.
 */
#ifndef FTOPEN_TESTS_WALK_SCRIPT_H
#define FTOPEN_TESTS_WALK_SCRIPT_H

#include "kernel_script.h"

/* A dentry tells its file system and, for what is looked up in it, its inode. */
#define NODE(fs, number) (UINT64_C(0xffff888100000000) + (fs)*0x1000000 + (number)*0x1000)
#define AGAIN(dentry)	 ((dentry) + 0x100000) /* another dentry of the same inode */
#define ROOT		 NODE(0, 1)
#define DIRECTORY	 NODE(0, 2)
#define FILE_A		 NODE(0, 3)
#define FILE_B		 NODE(0, 4)
#define ELSEWHERE	 UINT64_C(0xffff8880deadb000) /* a pointer that is not the path's */
#define OTHER_TASK	 200

static const char *opened; /* the path of the open that is played */

static inline int print_walk(void *context, const struct open_call *open)
{
	say(context, "open %d \"%.*s\" cache=%s%s%s path=%s dir=%s\n", (int)open->id,
	    (int)open->path.len, open->path.data, cache_name(open->cache),
	    open->cache_why ? " why=" : "", open->cache_why ? open->cache_why : "",
	    open->resolved.data ? open->resolved.data : "?", open->dir.data ? open->dir.data : "?");
	if (open->resolved_why)
		say(context, "  no path: %s\n", open->resolved_why);
	if (open->dir_why)
		say(context, "  no dir: %s\n", open->dir_why);
	for (size_t at = 0; at < open->links.len;) {
		const char *link = open->links.data + at, *body = link + strlen(link) + 1;

		say(context, "  through %s -> %s\n", link, body);
		at = (size_t)(body + strlen(body) + 1 - open->links.data);
	}
	return 0;
}

static inline void print_hops(struct script *s, const struct lifetime *life)
{
	for (size_t i = 0; i < life->hops.count; i++) {
		const struct hop *hop = &life->hops.items[i];

		say(s, " %s%s", hop_name((enum hop_kind)hop->kind),
		    hop->err	     ? "!"
		    : !hop->has_addr ? "=NULL"
				     : "");
	}
}

/* One line for a name, one for each of its lifetimes and relations. */
static inline int print_node(void *context, const struct name *name)
{
	struct script *s = context;

	say(s, "%s \"%s\" in %d path=%s\n", name->is_requested ? "name" : "unnamed",
	    name->component.data, (int)name->dir_ino,
	    name->resolved.data ? name->resolved.data : "?");
	for (size_t i = 0; i < name->lifetime_count; i++) {
		const struct lifetime *life = name->lifetimes[i];

		say(s, "  %d born=%s%s%s end=%s%s%s:", (int)(life->dentry >> 12 & 0xfff),
		    born_name(life->born), *life->born_comm ? " by " : "", life->born_comm,
		    end_name(life->end), *life->end_comm ? " by " : "", life->end_comm);
		print_hops(s, life);
		say(s, "\n");
	}
	for (size_t i = 0; i < name->relation_count; i++)
		print_relation(s, &name->relations[i]);
	return 0;
}

static inline void walk_begin(struct script *s)
{
	script_options(s);
	s->options.sink.open = print_walk;
	s->options.sink.name = print_node;
	assert_int_equal(correlator_new(&s->options, &s->c), 0);
}

static inline int print_negative(void *context, const struct name *name,
				 const struct lifetime *lifetime)
{
	say(context, "negative \"%s\" %d\n", name->component.data,
	    (int)(lifetime->dentry >> 12 & 0xfff));
	return 0;
}

/* Only negative dentries are printed. */
static inline void negatives_begin(struct script *s)
{
	script_options(s);
	s->options.sink.open = NULL;
	s->options.sink.name = NULL;
	s->options.sink.negative = print_negative;
	assert_int_equal(correlator_new(&s->options, &s->c), 0);
}

static inline uint64_t fs_of(uint64_t dentry)
{
	return (dentry >> 24 & 0xf) + 1;
}

static inline uint64_t sb_of(uint64_t dentry)
{
	return UINT64_C(0xffff888200000000) + fs_of(dentry) * 0x1000;
}

static inline void with_place(struct record *r, uint64_t directory)
{

	with(r, FIELD_PARENT, directory);
	with(r, FIELD_DIR_INO, directory >> 12 & 0xff);
	with(r, FIELD_DEV, fs_of(directory));
	with(r, FIELD_SB, sb_of(directory));
}

static inline const char *component_of(const char *rest)
{
	static char component[256];

	snprintf(component, sizeof(component), "%.*s", (int)strcspn(rest, "/"), rest);
	return component;
}

static inline void walk_open(struct script *s, const char *path)
{
	struct record r = at(s, ROLE_SYSCALL, POINT_ENTRY);

	opened = path;
	with(&r, FIELD_UPTR, USER);
	with(&r, FIELD_RESOLVE, 0);
	play(s, &r);
	r = at(s, ROLE_OPEN, POINT_ENTRY);
	with_text(&r, path);
	with(&r, FIELD_KNAME, KNAME);
	play(s, &r);
}

/* The record of an open that gave @dentry, the @component of @directory. */
static inline struct record opened_in(struct script *s, uint64_t directory, uint64_t dentry,
				      const char *component)
{
	struct record r = at(s, ROLE_OPEN, POINT_RETURN);

	with(&r, FIELD_FILE, OPENED_FILE);
	with_dentry(&r, dentry, inline_of(dentry), component);
	with_place(&r, directory);
	return r;
}

static inline void walk_file(struct script *s, uint64_t directory, uint64_t dentry,
			     const char *component)
{
	struct record r = opened_in(s, directory, dentry, component);

	with(&r, FIELD_INODE, INODE);
	play(s, &r);
	syscall_out(s, 3);
}

static inline void look_for(struct script *s, enum role role, uint64_t directory, const char *rest,
			    uint64_t qname)
{
	struct record r = at(s, role, POINT_ENTRY);

	with_text(&r, rest);
	with(&r, FIELD_LEN, strcspn(rest, "/"));
	with(&r, FIELD_NAME, qname);
	with_place(&r, directory);
	play(s, &r);
}

static inline void find(struct script *s, uint64_t dentry, const char *rest, uint16_t mode)
{
	struct record r = at(s, FAST, POINT_RETURN);

	with_dentry(&r, dentry, inline_of(dentry), component_of(rest));
	with(&r, FIELD_INODE, mode ? INODE : 0);
	with(&r, FIELD_MODE, mode);
	play(s, &r);
}

/* The rest of the path from @offset on is found in @directory, as the path's own pointer says. */
static inline void walk(struct script *s, uint64_t directory, size_t offset, uint64_t dentry)
{
	look_for(s, FAST, directory, opened + offset, KNAME + offset);
	find(s, dentry, opened + offset, S_IFREG);
}

static inline void walk_to_link(struct script *s, uint64_t directory, size_t offset,
				uint64_t dentry)
{
	look_for(s, FAST, directory, opened + offset, KNAME + offset);
	find(s, dentry, opened + offset, S_IFLNK);
}

static inline void walk_to_directory(struct script *s, uint64_t directory, size_t offset,
				     uint64_t dentry)
{
	look_for(s, FAST, directory, opened + offset, KNAME + offset);
	find(s, dentry, opened + offset, S_IFDIR);
}

/* The same with a pointer that is not the path's. */
static inline void walk_by(struct script *s, uint64_t qname, uint64_t directory, const char *rest,
			   uint64_t dentry, uint16_t mode)
{
	look_for(s, FAST, directory, rest, qname);
	find(s, dentry, rest, mode);
}

static inline void walk_in_vain(struct script *s, uint64_t directory, size_t offset)
{
	look_for(s, SLOW, directory, opened + offset, KNAME + offset);
	lookup_null(s, SLOW);
}

static inline void insert_in(struct script *s, uint64_t directory, uint64_t dentry,
			     const char *component, bool negative)
{
	struct record r = at(s, ROLE_INSERT, POINT_ENTRY);

	with_dentry(&r, dentry, inline_of(dentry), component);
	with_place(&r, directory);
	with(&r, FIELD_INODE, negative ? 0 : INODE);
	play(s, &r);
}

/* d_alloc_parallel() returns @dentry, allocated for this or by a task that was quicker. */
static inline void parallel(struct script *s, uint64_t dentry, const char *component, uint16_t mode)
{
	struct record r = at(s, ROLE_PARALLEL, POINT_RETURN);

	with_dentry(&r, dentry, inline_of(dentry), component);
	with(&r, FIELD_INODE, INODE);
	with(&r, FIELD_MODE, mode);
	play(s, &r);
}

/* What was looked for in vain is allocated and, if @dentry is to be found later, inserted. */
static inline void make_dentry(struct script *s, uint64_t directory, size_t offset, uint64_t dentry)
{
	alloc(s, opened + offset, KNAME + offset, dentry, inline_of(dentry));
	insert_in(s, directory, dentry, component_of(opened + offset), false);
}

static inline void instantiate(struct script *s, uint64_t dentry)
{
	struct record r = at(s, ROLE_INSTANTIATE, POINT_ENTRY);

	with(&r, FIELD_DENTRY, dentry);
	with(&r, FIELD_NAME, inline_of(dentry));
	with(&r, FIELD_INODE, INODE);
	play(s, &r);
}

/* A whole open of a path "/d/f", from the root by @directory to @dentry. */
static inline void walk_two(struct script *s, const char *path, uint64_t directory, uint64_t dentry)
{
	size_t last = (size_t)(strrchr(path, '/') - path) + 1;

	walk_open(s, path);
	walk(s, ROOT, 1, directory);
	walk(s, directory, last, dentry);
	walk_file(s, directory, dentry, path + last);
}

/* A whole open of "f", relative to DIRECTORY. */
static inline void walk_in_directory(struct script *s)
{
	walk_open(s, "f");
	walk(s, DIRECTORY, 0, FILE_A);
	walk_file(s, DIRECTORY, FILE_A, "f");
}

static inline void with_comm(struct record *r)
{
	r->present |= FIELD_BIT(FIELD_COMM);
	r->comm = r->tid == PROGRAM ? "me" : "else";
	r->comm_len = (uint32_t)strlen(r->comm);
}

/* @role, which ends something or inserts it, by @tid. */
static inline void act(struct script *s, int32_t tid, enum role role, uint64_t dentry)
{
	int32_t before = s->tid;
	struct record r;

	s->tid = tid;
	r = at(s, role, POINT_ENTRY);
	with(&r, FIELD_DENTRY, dentry);
	if (role != ROLE_REHASH)
		with(&r, FIELD_NAME, inline_of(dentry));
	with_comm(&r);
	play(s, &r);
	s->tid = before;
}

/* The kernel frees it, in another task's time. */
static inline void evict_dentry(struct script *s, uint64_t dentry)
{
	act(s, OTHER_TASK, ROLE_EVICT, dentry);
	act(s, OTHER_TASK, ROLE_DROP, dentry);
}

static inline struct record moved(struct script *s, uint64_t dentry, uint64_t target,
				  uint64_t directory, const char *component, bool is_exchange)
{
	struct record r = at(s, ROLE_RENAME, POINT_ENTRY);

	with(&r, FIELD_DENTRY, dentry);
	with(&r, FIELD_NAME, inline_of(dentry));
	with(&r, FIELD_TARGET, target);
	with(&r, FIELD_TARGET_NAME, inline_of(target));
	with(&r, FIELD_EXCHANGE, is_exchange);
	with(&r, FIELD_LEN, strlen(component));
	with_text(&r, component);
	with_place(&r, directory);
	with_comm(&r);
	return r;
}

/*
 * __d_move() alone: @dentry takes the name @component of @target in @directory, where nothing is.
 */
static inline void move(struct script *s, uint64_t dentry, uint64_t target, uint64_t directory,
			const char *component, bool is_exchange)
{
	struct record r = moved(s, dentry, target, directory, component, is_exchange);

	with(&r, FIELD_INODE, 0);
	play(s, &r);
}

/* A rename as kernels do it: both are dropped, the dentry goes back into the hash. */
static inline void rename_to(struct script *s, uint64_t dentry, uint64_t target, uint64_t directory,
			     const char *component)
{
	move(s, dentry, target, directory, component, false);
	act(s, s->tid, ROLE_DROP, dentry);
	act(s, s->tid, ROLE_DROP, target);
	act(s, s->tid, ROLE_REHASH, dentry);
}

static inline void says(const struct script *s, const char *text)
{
	if (!strstr(s->text, text))
		fail_msg("\"%s\" is missing in:\n%s", text, s->text);
}

static inline int count_of(const struct script *s, const char *text)
{
	int count = 0;

	for (const char *at = s->text; (at = strstr(at, text)); at++)
		count++;
	return count;
}

static inline void lacks(const struct script *s, const char *text)
{
	if (strstr(s->text, text))
		fail_msg("\"%s\" is in:\n%s", text, s->text);
}

#endif
