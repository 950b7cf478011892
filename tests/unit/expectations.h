/* SPDX-License-Identifier: MIT */
/*
 * Expectations compared with what the correlator makes of a script, and the scenarios as scripts.
 * Any one field of any one record can be altered on its way in.
 */
#ifndef FTOPEN_TESTS_EXPECTATIONS_H
#define FTOPEN_TESTS_EXPECTATIONS_H

#include "chain/correlator.h"

static int altered_record(struct correlator *c, const struct record *record);

/* All records of a script come through here; not every test needs all of its functions. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#define correlator_record altered_record
#include "kernel_script.h"
#undef correlator_record
#pragma GCC diagnostic pop

#include <stdlib.h>

#include "chain/expect.h"
#include "util/io.h"

/*
 * What to alter on its way in: a field of the number'th record of a run, from 1 (0 for nothing), by
 * adding to it, or to a value.
 */
struct alteration {
	size_t number;
	enum field field;
	bool is_sum;
	uint64_t value;
};

static struct alteration alteration;
static size_t records_played;
static const char *comm; /* of the task, NULL to leave it out */

static int altered_record(struct correlator *c, const struct record *record)
{
	struct record copy = *record;

	if (comm) {
		copy.present |= FIELD_BIT(FIELD_COMM);
		copy.comm = comm;
		copy.comm_len = (uint32_t)strlen(comm);
	}
	records_played++;
	if (records_played != alteration.number || !has_field(record, alteration.field))
		return correlator_record(c, &copy);
	if (!alteration.is_sum)
		copy.value[alteration.field] = 0;
	copy.value[alteration.field] += alteration.value;
	return correlator_record(c, &copy);
}

/**
 * struct expectations - a run of a text against a script
 */
struct expectations {
	struct expect *expect;
	struct expect_run *run;
	const struct expect_result *results;
	size_t count;
	struct script script;
};

typedef void (*play_fn)(struct script *s);

/* Before expectations_of(), to be changed by a test and set back by its setup. */
static struct expect_options conditions;
static struct chain_summary last_words;
static size_t max_lifetimes;
static uint64_t missed[ROLE_NR][POINT_NR];

static int forget_conditions(void **state)
{
	(void)state;
	memset(conditions.armed, 1, sizeof(conditions.armed));
	conditions.sees_any = true;
	conditions.only_seen = false;
	alteration = (struct alteration){ 0 };
	memset(&last_words, 0, sizeof(last_words));
	max_lifetimes = 0;
	memset(missed, 0, sizeof(missed));
	return 0;
}

static void expectations_of(struct expectations *e, play_fn play_it, const char *text)
{
	struct expect_error error;
	struct chain_sink sink;

	if (expect_parse(text, strlen(text), &e->expect, &error))
		fail_msg("%u:%u: %s", error.line, error.column, error.message);
	assert_int_equal(expect_run_new(e->expect, &conditions, &e->run), 0);
	sink = expect_run_sink(e->run);
	script_options(&e->script);
	e->script.options.sink = sink;
	memcpy(e->script.options.armed, conditions.armed, sizeof(conditions.armed));
	e->script.options.max_lifetimes = max_lifetimes;
	e->script.options.sees_any = conditions.sees_any;
	assert_int_equal(correlator_new(&e->script.options, &e->script.c), 0);
	records_played = 0;
	play_it(&e->script);
	script_end(&e->script);
	assert_int_equal(sink.summary(sink.context, &last_words), 0);
	for (int i = 0; i < ROLE_NR * POINT_NR; i++)
		expect_run_missed(e->run, (enum role)(i / POINT_NR), (enum point)(i % POINT_NR),
				  missed[i / POINT_NR][i % POINT_NR]);
	assert_int_equal(expect_run_finish(e->run, &e->results, &e->count), 0);
}

static void expectations_end(struct expectations *e)
{
	expect_run_free(e->run);
	expect_free(e->expect);
}

/* The verdict of the only, or the last, claim. */
static inline void comes_to(play_fn play_it, const char *text, enum verdict verdict,
			    const char *why)
{
	struct expectations e;
	const struct expect_result *result;

	expectations_of(&e, play_it, text);
	result = &e.results[e.count - 1];
	if (result->verdict != verdict)
		fail_msg("%s: %s (%s)", result->claim, verdict_name(result->verdict),
			 result->why ? result->why : "no reason");
	if (why)
		assert_string_equal(result->why ? result->why : "no reason", why);
	expectations_end(&e);
}

static inline void holds(play_fn play_it, const char *text)
{
	comes_to(play_it, text, VERDICT_PASS, NULL);
}

static inline void fails(play_fn play_it, const char *text)
{
	comes_to(play_it, text, VERDICT_FAIL, NULL);
}

static inline void fails_for(play_fn play_it, const char *text, const char *why)
{
	comes_to(play_it, text, VERDICT_FAIL, why);
}

static inline void is_unknown(play_fn play_it, const char *text, const char *why)
{
	comes_to(play_it, text, VERDICT_UNKNOWN, why);
}

/* --- the scenarios, as a 6.12 kernel plays them --- */

#define LONG_NAME "test_file_very_long_name_to_force_external_allocation_1764000000"
#define EXTERNAL  UINT64_C(0xffff88800a000040)

struct file_spec {
	const char *path;
	const char *component;
	uint64_t dentry;
	uint64_t name_ptr;
};

static const struct file_spec tmp_file = { "/tmp/t_e.txt", "t_e.txt", DENTRY_A,
					   DENTRY_A + INLINE_AT };
static const struct file_spec tmp_missing = { "/tmp/t_m.txt", "t_m.txt", DENTRY_A,
					      DENTRY_A + INLINE_AT };
static const struct file_spec local_file = { "l_e.txt", "l_e.txt", DENTRY_B, DENTRY_B + INLINE_AT };
static const struct file_spec local_missing = { "l_m.txt", "l_m.txt", DENTRY_A,
						DENTRY_A + INLINE_AT };
static const struct file_spec loop_file = { "/mnt/loopfs/a.txt", "a.txt", DENTRY_A,
					    DENTRY_A + INLINE_AT };
static const struct file_spec long_file = { LONG_NAME, LONG_NAME, DENTRY_A, EXTERNAL };

static inline uint64_t in_path(const struct file_spec *file)
{
	return KNAME + strlen(file->path) - strlen(file->component);
}

static inline void miss(struct script *s, const struct file_spec *file, bool is_negative)
{
	open_in(s, file->path, KNAME);
	lookup_in(s, ROLE_LOOKUP_SLOW, file->component, in_path(file));
	lookup_null(s, ROLE_LOOKUP_SLOW);
	alloc(s, file->component, in_path(file), file->dentry, file->name_ptr);
	lookup_in(s, ROLE_LOOKUP_FAST, file->component, in_path(file));
	lookup_null(s, ROLE_LOOKUP_FAST);
	insert(s, file->dentry, file->name_ptr, file->component, is_negative);
}

static inline void miss_file(struct script *s, const struct file_spec *file)
{
	miss(s, file, false);
	open_out(s, file->dentry, file->name_ptr, file->component);
}

static inline void miss_nothing(struct script *s, const struct file_spec *file)
{
	miss(s, file, true);
	open_failed(s, 2);
}

static inline void hit(struct script *s, const struct file_spec *file, bool is_negative)
{
	open_in(s, file->path, KNAME);
	lookup_in(s, ROLE_LOOKUP_FAST, file->component, in_path(file));
	lookup_hit(s, ROLE_LOOKUP_FAST, file->dentry, file->name_ptr, file->component, is_negative);
}

static inline void hit_file(struct script *s, const struct file_spec *file)
{
	hit(s, file, false);
	open_out(s, file->dentry, file->name_ptr, file->component);
}

static inline void hit_nothing(struct script *s, const struct file_spec *file)
{
	hit(s, file, true);
	open_failed(s, 2);
}

static inline void unlink_file(struct script *s, const struct file_spec *file)
{
	lookup_in(s, ROLE_LOOKUP_SLOW, file->component, KNAME + 512);
	lookup_hit(s, ROLE_LOOKUP_SLOW, file->dentry, file->name_ptr, file->component, false);
	end_of(s, ROLE_DELETE, file->dentry, file->name_ptr);
}

static inline void evict(struct script *s, const struct file_spec *file)
{
	end_of(s, ROLE_EVICT, file->dentry, file->name_ptr);
}

static inline void minimal_open(struct script *s)
{
	miss(s, &long_file, true);
	end_of(s, ROLE_INSTANTIATE, long_file.dentry, long_file.name_ptr);
	open_out(s, long_file.dentry, long_file.name_ptr, long_file.component);
	hit_file(s, &long_file);
}

static inline void te_miss(struct script *s)
{
	static const struct file_spec before = { "/tmp/t_e.txt", "t_e.txt", DENTRY_B,
						 DENTRY_B + INLINE_AT };

	miss_file(s, &before);
	evict(s, &before);
	miss_file(s, &tmp_file);
}

static inline void tm_miss(struct script *s)
{
	miss_nothing(s, &tmp_missing);
	hit_nothing(s, &tmp_missing);
}

static inline void lm_miss(struct script *s)
{
	miss_nothing(s, &local_missing);
	hit_nothing(s, &local_missing);
}

static inline void a_miss(struct script *s)
{
	hit_file(s, &loop_file);
	evict(s, &loop_file);
	miss_file(s, &loop_file);
}

static inline void hits(struct script *s)
{
	hit_file(s, &local_file);
	miss_file(s, &tmp_file);
	hit_file(s, &local_file);
	hit_file(s, &tmp_file);
}

static inline void delete (struct script *s)
{
	hit_file(s, &local_file);
	hit_file(s, &tmp_file);
	unlink_file(s, &local_file);
	unlink_file(s, &tmp_file);
}

static inline void evict_both(struct script *s)
{
	hit_nothing(s, &local_file);
	miss_nothing(s, &tmp_file);
	evict(s, &local_file);
	evict(s, &tmp_file);
}

static inline void hits_delete_evict(struct script *s)
{
	hits(s);
	delete (s);
	comm = "evict";
	hit_nothing(s, &local_file);
	hit_nothing(s, &tmp_file);
	evict(s, &local_file);
	evict(s, &tmp_file);
	comm = NULL;
}

static inline void rebuild(struct script *s)
{
	static const struct file_spec again = { "/tmp/t_e.txt", "t_e.txt", DENTRY_B,
						DENTRY_B + INLINE_AT };

	miss_file(s, &tmp_file);
	evict(s, &tmp_file);
	miss_file(s, &again);
}

/* As in the seed's run, the address comes back. */
static inline void post(struct script *s)
{
	miss_file(s, &local_file);
	evict(s, &local_file);
	miss_file(s, &local_file);
}

/* A test of one text: @rule is its name. */
#define HOLDS(rule, play_it, text)     \
	static void rule(void **state) \
	{                              \
		(void)state;           \
		holds(play_it, text);  \
	}

#define FAILS(rule, play_it, text)     \
	static void rule(void **state) \
	{                              \
		(void)state;           \
		fails(play_it, text);  \
	}

#define FAILS_FOR(rule, play_it, text, why)    \
	static void rule(void **state)         \
	{                                      \
		(void)state;                   \
		fails_for(play_it, text, why); \
	}

#define IS_UNKNOWN(rule, play_it, text, why)    \
	static void rule(void **state)          \
	{                                       \
		(void)state;                    \
		is_unknown(play_it, text, why); \
	}

#endif
