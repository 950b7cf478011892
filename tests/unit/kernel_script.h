/* SPDX-License-Identifier: MIT */
/*
 * A script of what a kernel does, played into the correlator as records, and its results as text
 * lines. What the records look like follows real ones; the addresses are made up.
 */
#ifndef FTOPEN_TESTS_KERNEL_SCRIPT_H
#define FTOPEN_TESTS_KERNEL_SCRIPT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "chain/correlator.h"

#define PROGRAM	    100
#define DIR_INO	    2
#define DEV	    ((259 << 20) | 1)
#define KNAME	    UINT64_C(0xffff888001000020)
#define PARENT	    UINT64_C(0xffff888002000000)
#define DENTRY_A    UINT64_C(0xffff888003000000)
#define DENTRY_B    UINT64_C(0xffff888004000000)
#define INODE	    UINT64_C(0xffff888005000000)
#define USER	    UINT64_C(0x00007ffc00001000)
#define OPENED_FILE UINT64_C(0xffff888009000000)
#define INLINE_AT   56
#define INLINE_SIZE 40
#define DENTRY_SIZE 192
#define FAST	    ROLE_LOOKUP_FAST
#define SLOW	    ROLE_LOOKUP_SLOW

struct script {
	struct correlator *c;
	struct correlator_options options;
	struct chain_totals totals;
	uint64_t ts;
	int32_t tid;
	enum role without; /* no record of this role comes; ROLE_NR: all come */
	char text[32768];  /* results, see the print functions below */
};

static inline void say(struct script *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static inline void say(struct script *s, const char *fmt, ...)
{
	size_t used = strlen(s->text);
	va_list args;

	va_start(args, fmt);
	vsnprintf(s->text + used, sizeof(s->text) - used, fmt, args);
	va_end(args);
}

static inline int print_open(void *context, const struct open_call *open)
{
	struct script *s = context;

	say(s, "open %d \"%.*s\" result=%d%s cache=%s walk=%s%s\n", (int)open->id,
	    (int)open->path.len, open->path.data, open->has_result ? (int)open->result : 0,
	    open->has_result ? "" : "(unseen)", cache_name(open->cache), walk_name(open->walk),
	    open->complete ? "" : " incomplete");
	return 0;
}

static inline void print_relation(struct script *s, const struct relation *r)
{
	const char *right = r->right.what == OPERAND_DENTRY ? "dentry" : hop_name(r->right.hop);

	if (r->verdict == VERDICT_NONE) {
		say(s, "  lifetimes - = %lld%s\n", (long long)r->value, r->reuse ? " reuse" : "");
		return;
	}
	say(s, "  %s %s %s", hop_name(r->left.hop), op_name(r->op), right);
	if (r->has_value && r->op == OP_DIFFERENCE)
		say(s, " = %lld", (long long)r->value);
	say(s, " %s", verdict_name(r->verdict));
	if (r->verdict == VERDICT_UNKNOWN)
		say(s, "(%s)", r->why);
	say(s, "\n");
}

static inline int print_name(void *context, const struct name *name)
{
	struct script *s = context;

	if (!name->is_requested)
		return 0;
	say(s, "name \"%.*s\" path \"%.*s\"\n", (int)name->component.len, name->component.data,
	    (int)name->path.len, name->path.data ? name->path.data : "");
	for (size_t i = 0; i < name->lifetime_count; i++) {
		const struct lifetime *life = name->lifetimes[i];

		say(s, "  lifetime born=%s storage=%s end=%s:", born_name(life->born),
		    storage_name(life->storage), end_name(life->end));
		for (size_t h = 0; h < life->hops.count; h++) {
			const struct hop *hop = &life->hops.items[h];

			say(s, " %s%s", hop_name((enum hop_kind)hop->kind),
			    hop->err	     ? "!"
			    : !hop->has_addr ? "=NULL"
					     : "");
		}
		say(s, "\n");
	}
	for (size_t i = 0; i < name->relation_count; i++)
		print_relation(s, &name->relations[i]);
	return 0;
}

static inline int print_loss(void *context, const struct loss *loss)
{
	say(context, "loss scope=%d count=%lld\n", loss->scope, (long long)loss->count);
	return 0;
}

static inline void script_options(struct script *s)
{
	memset(s, 0, sizeof(*s));
	memset(s->options.armed, 1, sizeof(s->options.armed));
	s->options.sees_any = true;
	s->without = ROLE_NR;
	s->options.sink = (struct chain_sink){
		.open = print_open,
		.name = print_name,
		.loss = print_loss,
		.context = s,
	};
	s->ts = 1000;
	s->tid = PROGRAM;
}

static inline void script_begin(struct script *s)
{
	script_options(s);
	assert_int_equal(correlator_new(&s->options, &s->c), 0);
}

static inline void script_end(struct script *s)
{
	assert_int_equal(correlator_finish(s->c, &s->totals), 0);
	correlator_free(s->c);
}

static inline struct record at(struct script *s, enum role role, enum point point)
{
	return (struct record){
		.role = (uint8_t)role,
		.point = (uint8_t)point,
		.scope = (uint8_t)role_scope(role),
		.ts = s->ts += 100,
		.tid = s->tid,
	};
}

static inline void with(struct record *r, enum field field, uint64_t value)
{
	r->present |= FIELD_BIT(field);
	r->value[field] = value;
}

static inline void with_text(struct record *r, const char *text)
{
	r->present |= FIELD_BIT(FIELD_STRING);
	r->str = text;
	r->str_len = (uint32_t)strlen(text);
}

static inline void with_dir(struct record *r)
{
	with(r, FIELD_DEV, DEV);
	with(r, FIELD_DIR_INO, DIR_INO);
	with(r, FIELD_PARENT, PARENT);
}

static inline void play(struct script *s, const struct record *r)
{
	if (r->role != s->without)
		assert_int_equal(correlator_record(s->c, r), 0);
}

static inline uint64_t inline_of(uint64_t dentry)
{
	return dentry + INLINE_AT;
}

static inline void syscall_in(struct script *s)
{
	struct record r = at(s, ROLE_SYSCALL, POINT_ENTRY);

	with(&r, FIELD_UPTR, USER);
	play(s, &r);
}

static inline void syscall_out(struct script *s, int64_t result)
{
	struct record r = at(s, ROLE_SYSCALL, POINT_RETURN);

	with(&r, FIELD_RET, (uint64_t)result);
	play(s, &r);
}

static inline void open_in(struct script *s, const char *path, uint64_t kname)
{
	struct record r;

	syscall_in(s);
	r = at(s, ROLE_OPEN, POINT_ENTRY);
	with_text(&r, path);
	with(&r, FIELD_KNAME, kname);
	play(s, &r);
}

/* A dentry's fields as every probe that is given one fetches them. */
static inline void with_dentry(struct record *r, uint64_t dentry, uint64_t name_ptr,
			       const char *component)
{
	with(r, FIELD_DENTRY, dentry);
	with(r, FIELD_NAME, name_ptr);
	with(r, FIELD_LEN, strlen(component));
	with_text(r, component);
}

/* @role opened @dentry. */
static inline void file_out(struct script *s, enum role role, uint64_t dentry, uint64_t name_ptr,
			    const char *component)
{
	struct record r = at(s, role, POINT_RETURN);

	with(&r, FIELD_FILE, OPENED_FILE);
	with_dentry(&r, dentry, name_ptr, component);
	with_dir(&r);
	with(&r, FIELD_INODE, INODE);
	play(s, &r);
}

static inline void open_out(struct script *s, uint64_t dentry, uint64_t name_ptr,
			    const char *component)
{
	file_out(s, ROLE_OPEN, dentry, name_ptr, component);
	syscall_out(s, 3);
}

static inline void open_failed(struct script *s, int err)
{
	struct record r = at(s, ROLE_OPEN, POINT_RETURN);

	with(&r, FIELD_FILE, (uint64_t) - (int64_t)err);
	play(s, &r);
	syscall_out(s, -err);
}

/* @rest is the path from the component on, as the kernel's qstr points into it. */
static inline void lookup_in(struct script *s, enum role role, const char *rest, uint64_t qname)
{
	struct record r = at(s, role, POINT_ENTRY);

	with_text(&r, rest);
	with(&r, FIELD_LEN, strcspn(rest, "/"));
	with(&r, FIELD_NAME, qname);
	with(&r, FIELD_HASH, 7);
	with_dir(&r);
	play(s, &r);
}

static inline void lookup_null(struct script *s, enum role role)
{
	struct record r = at(s, role, POINT_RETURN);

	/* What is fetched through NULL is stale: decode leaves it out. */
	with(&r, FIELD_DENTRY, 0);
	play(s, &r);
}

static inline void lookup_hit(struct script *s, enum role role, uint64_t dentry, uint64_t name_ptr,
			      const char *component, bool negative)
{
	struct record r = at(s, role, POINT_RETURN);

	with_dentry(&r, dentry, name_ptr, component);
	with(&r, FIELD_INODE, negative ? 0 : INODE);
	with(&r, FIELD_MODE, S_IFREG | 0644);
	play(s, &r);
}

static inline void alloc(struct script *s, const char *rest, uint64_t qname, uint64_t dentry,
			 uint64_t name_ptr)
{
	size_t len = strcspn(rest, "/");
	struct record r = at(s, ROLE_ALLOC, POINT_ENTRY);
	char component[256];

	with_text(&r, rest);
	with(&r, FIELD_LEN, len);
	with(&r, FIELD_NAME, qname);
	play(s, &r);
	snprintf(component, sizeof(component), "%.*s", (int)len, rest);
	r = at(s, ROLE_ALLOC, POINT_RETURN);
	with_dentry(&r, dentry, name_ptr, component);
	with(&r, FIELD_INLINE, INLINE_AT);
	with(&r, FIELD_INLINE_SIZE, INLINE_SIZE);
	with(&r, FIELD_DENTRY_SIZE, DENTRY_SIZE);
	play(s, &r);
}

static inline void insert(struct script *s, uint64_t dentry, uint64_t name_ptr,
			  const char *component, bool negative)
{
	struct record r = at(s, ROLE_INSERT, POINT_ENTRY);

	with_dentry(&r, dentry, name_ptr, component);
	with_dir(&r);
	with(&r, FIELD_INODE, negative ? 0 : INODE);
	play(s, &r);
}

static inline void end_of(struct script *s, enum role role, uint64_t dentry, uint64_t name_ptr)
{
	struct record r = at(s, role, POINT_ENTRY);

	with(&r, FIELD_DENTRY, dentry);
	with(&r, FIELD_NAME, name_ptr);
	play(s, &r);
}

/* An uncached name below /tmp is looked up, allocated and found on disk. */
static inline void cold_open(struct script *s, uint64_t dentry)
{
	open_in(s, "/tmp/t_e.txt", KNAME);
	lookup_in(s, SLOW, "t_e.txt", KNAME + 5);
	lookup_null(s, SLOW);
	alloc(s, "t_e.txt", KNAME + 5, dentry, inline_of(dentry));
	lookup_in(s, FAST, "t_e.txt", KNAME + 5);
	lookup_null(s, FAST);
	insert(s, dentry, inline_of(dentry), "t_e.txt", false);
	open_out(s, dentry, inline_of(dentry), "t_e.txt");
}

static inline void warm_open(struct script *s, uint64_t dentry)
{
	open_in(s, "/tmp/t_e.txt", KNAME);
	lookup_in(s, FAST, "tmp/t_e.txt", KNAME + 1);
	lookup_hit(s, FAST, PARENT, inline_of(PARENT), "tmp", false);
	lookup_in(s, FAST, "t_e.txt", KNAME + 5);
	lookup_hit(s, FAST, dentry, inline_of(dentry), "t_e.txt", false);
	open_out(s, dentry, inline_of(dentry), "t_e.txt");
}

static inline void lose(struct script *s, enum scope scope, uint64_t count)
{
	struct loss loss = {
		.scope = scope,
		.cpu = 0,
		.from = s->ts + 10,
		.to = s->ts + 20,
		.count = count,
	};

	assert_int_equal(correlator_loss(s->c, &loss), 0);
}

#endif
