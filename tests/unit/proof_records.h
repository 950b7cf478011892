/* SPDX-License-Identifier: MIT */
/*
 * Records of a self-test, one by one, and what they prove.
 */
#ifndef TESTS_PROOF_RECORDS_H
#define TESTS_PROOF_RECORDS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/tracing/proof.h"

#define US     100
#define CHILD  101
#define DENTRY 0xffff888000001000
#define OTHER  0xffff888000002000

static const struct proof_open opens[] = {
	{ "/tmp/d//missing", 0x7000, -2 },
	{ "/tmp/d//created", 0x8000, 3 },
};

static const struct proof_facts facts = {
	.opens = opens,
	.open_count = 2,
	.names = { "missing", "created", "renamed-to" },
	.tid = US,
	.child = CHILD,
	.has_place = true,
	.dev = 0x800001,
	.dir_ino = 77,
	.has_gen = true,
	.dir_gen = 5,
};

static inline struct record record_of(enum role role, enum point point)
{
	return (struct record){ .role = role, .point = point, .tid = US };
}

static inline void set(struct record *record, enum field field, uint64_t value)
{
	record->present |= FIELD_BIT(field);
	record->value[field] = value;
}

static inline void set_string(struct record *record, const char *text)
{
	record->present |= FIELD_BIT(FIELD_STRING);
	record->str = text;
	record->str_len = (uint32_t)strlen(text);
}

/* An alloc return that shows @name as @dentry's, @len bytes long. */
static inline struct record alloc_of(const char *name, uint64_t dentry, uint64_t len)
{
	struct record record = record_of(ROLE_ALLOC, POINT_RETURN);

	set_string(&record, name);
	set(&record, FIELD_DENTRY, dentry);
	set(&record, FIELD_LEN, len);
	return record;
}

static void assert_verdict(const struct proof *proof, const struct record *record,
			   enum proof_verdict verdict, const char *text)
{
	char why[PROOF_REASON] = "";

	assert_int_equal(proof_verdict(proof, record->role, record->point, why), verdict);
	if (text && !strstr(why, text))
		fail_msg("no '%s' in '%s'", text, why);
}

static inline void assert_proves(const struct record *record, enum proof_verdict verdict,
				 const char *text)
{
	struct proof proof = { .facts = &facts };

	proof_record(&proof, record);
	assert_verdict(&proof, record, verdict, text);
}

#endif
