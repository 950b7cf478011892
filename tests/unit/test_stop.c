/* SPDX-License-Identifier: MIT */
/*
 * Claims that end a trace (--stop-when): when they hold, and what is said of it.
 */
#include <errno.h>

#include "expectations.h"

#include "../../src/command/stop.h"
#include "command/output.h"
#include "util/message.h"

static struct options given = { .calls = CALLS_OPEN };
static struct stop stop;
static struct script script;
static uint64_t names_passed;
static size_t max_kept; /* bytes; 0 for many */
static char said[1024];

static void hear(enum message_level level, const char *text)
{
	size_t len = strlen(said);

	(void)level;
	snprintf(said + len, sizeof(said) - len, "%s\n", text);
}

static int pass_open(void *context, const struct open_call *open)
{
	(void)context;
	(void)open;
	return 0;
}

static int count_name(void *context, const struct name *name)
{
	(void)context;
	(void)name;
	names_passed++;
	return 0;
}

static int pass_loss(void *context, const struct loss *loss)
{
	(void)context;
	(void)loss;
	return 0;
}

static int pass_summary(void *context, const struct chain_summary *summary)
{
	(void)context;
	(void)summary;
	return 0;
}

static int open_claims(const char *claims)
{
	given.stop_when = claims;
	return stop_open(&stop, &given);
}

static void begin(const char *claims)
{
	struct chain_sink sink = {
		.open = pass_open,
		.name = count_name,
		.loss = pass_loss,
		.summary = pass_summary,
	};

	said[0] = '\0';
	names_passed = 0;
	message_set_hook(hear);
	assert_int_equal(open_claims(claims), 0);
	assert_int_equal(stop_start(&stop, &conditions, &sink, &sink), 0);
	script_options(&script);
	script.options.sink = sink;
	script.options.max_kept = max_kept;
	memcpy(script.options.armed, conditions.armed, sizeof(conditions.armed));
	assert_int_equal(correlator_new(&script.options, &script.c), 0);
}

static int look(void)
{
	stop.at = 0;
	return stop_look(&stop, script.c);
}

static int finish(void)
{
	const struct chain_sink *sink = &script.options.sink;
	int status;

	script_end(&script);
	assert_int_equal(sink->summary(sink->context, &last_words), 0);
	status = stop_status(&stop);
	stop_close(&stop);
	message_set_hook(NULL);
	return status;
}

static void the_trace_ends_when_the_claim_holds(void **state)
{
	(void)state;
	begin("name \"/tmp/t_m.txt\": opens >= 2");
	assert_int_equal(look(), 0);
	miss_nothing(&script, &tmp_missing);
	assert_int_equal(look(), 0);
	assert_int_equal(look(), 0);
	hit_nothing(&script, &tmp_missing);
	assert_int_equal(look(), 1);
	assert_int_equal(finish(), 0);
	assert_string_equal(said, "ftopen: --stop-when: this holds: name \"/tmp/t_m.txt\": "
				  "opens >= 2\n");
	assert_int_equal(names_passed, 1);
}

static void every_claim_has_to_hold(void **state)
{
	(void)state;
	begin("name \"/tmp/t_m.txt\": opens = 1\n"
	      "name \"/tmp/t_e.txt\": last open: file != NULL");
	miss_nothing(&script, &tmp_missing);
	assert_int_equal(look(), 0);
	miss_file(&script, &tmp_file);
	assert_int_equal(look(), 1);
	assert_int_equal(finish(), 0);
}

static void names_are_counted_anew_at_each_look(void **state)
{
	(void)state;
	begin("name glob \"*\" where missing: names = 2");
	miss_nothing(&script, &tmp_missing);
	assert_int_equal(look(), 0);
	assert_int_equal(look(), 0);
	miss_file(&script, &tmp_file);
	assert_int_equal(look(), 0);
	miss_nothing(&script, &loop_file);
	assert_int_equal(look(), 1);
	assert_int_equal(finish(), 0);
}

/* Room for no name: each is handed out when the next record comes. */
static void begin_without_room(const char *claims)
{
	max_kept = 1;
	begin(claims);
	max_kept = 0;
	miss_nothing(&script, &tmp_missing);
	miss_nothing(&script, &loop_file);
}

/* Room for some names: others are looked for until the first one is handed out. */
static void begin_with_little_room(const char *claims)
{
	char path[32];

	max_kept = 16384;
	begin(claims);
	max_kept = 0;
	for (int i = 0; !names_passed && i < 1000; i++) {
		const uint64_t dentry = DENTRY_A + (uint64_t)i * 0x1000;
		const struct file_spec file = { path, path + strlen("/tmp/"), dentry,
						dentry + INLINE_AT };

		snprintf(path, sizeof(path), "/tmp/%d", i);
		miss_nothing(&script, &file);
	}
	assert_true(names_passed);
}

static void assert_not_known(void)
{
	assert_int_equal(look(), 0);
	assert_int_equal(look(), 0);
	assert_int_equal(finish(), STATUS_FAIL);
	assert_non_null(strstr(said, "whether this holds is not known: names were printed early"));
}

static void a_count_is_not_judged_by_the_names_that_are_left(void **state)
{
	(void)state;
	begin_without_room("name glob \"*\" where missing: names = 1");
	assert_not_known();
}

static void nor_is_a_claim_about_each_name(void **state)
{
	(void)state;
	begin_without_room("name \"/tmp/t_m.txt\": opens = 1");
	miss_nothing(&script, &tmp_missing);
	assert_not_known();
}

static void that_there_are_so_many_is_sure_by_those_that_are_left(void **state)
{
	(void)state;
	begin_with_little_room("name glob \"*\" where missing: names >= 2");
	assert_int_equal(look(), 1);
	assert_int_equal(finish(), 0);
}

static void names_that_no_claim_is_about_may_go(void **state)
{
	(void)state;
	begin_with_little_room("name \"/tmp/t_e.txt\": last open: file != NULL");
	assert_int_equal(look(), 0);
	miss_file(&script, &tmp_file);
	assert_int_equal(look(), 1);
	assert_int_equal(finish(), 0);
}

static void what_was_lost_leaves_what_was_seen(void **state)
{
	const struct loss loss = { .from = 1, .to = 2, .cpu = 0, .count = 3 };

	(void)state;
	begin("name \"/tmp/t_m.txt\": opens >= 1");
	assert_int_equal(correlator_loss(script.c, &loss), 0);
	miss_nothing(&script, &tmp_missing);
	assert_int_equal(look(), 1);
	assert_int_equal(finish(), 0);
}

static void looks_have_a_time_between_them(void **state)
{
	(void)state;
	begin("name \"/tmp/t_m.txt\": opens >= 1");
	assert_int_equal(look(), 0);
	miss_nothing(&script, &tmp_missing);
	stop.at = UINT64_MAX;
	assert_int_equal(stop_look(&stop, script.c), 0);
	assert_int_equal(finish(), 0);
}

static void what_holds_at_the_end_is_no_failure(void **state)
{
	(void)state;
	begin("name \"/tmp/t_m.txt\": opens >= 1");
	miss_nothing(&script, &tmp_missing);
	assert_int_equal(finish(), 0);
	assert_non_null(strstr(said, "this holds"));
}

static void what_never_held_is_a_status_and_said(void **state)
{
	(void)state;
	begin("name \"/tmp/t_m.txt\": opens >= 3");
	miss_nothing(&script, &tmp_missing);
	assert_int_equal(finish(), STATUS_FAIL);
	assert_string_equal(said, "ftopen: --stop-when: up to the end this did not hold: "
				  "name \"/tmp/t_m.txt\": opens >= 3\n");
}

static void what_is_wrong_is_pointed_at(void **state)
{
	(void)state;
	said[0] = '\0';
	message_set_hook(hear);
	assert_int_equal(open_claims("name \"a\": opens >"), -EINVAL);
	message_set_hook(NULL);
	assert_non_null(strstr(said, "--stop-when:1:18: expected "));
}

static void refused(const char *claims, const char *message)
{
	said[0] = '\0';
	message_set_hook(hear);
	assert_int_equal(open_claims(claims), -EINVAL);
	message_set_hook(NULL);
	assert_non_null(strstr(said, message));
	stop_close(&stop);
}

static void what_can_never_be_judged_is_refused(void **state)
{
	(void)state;
	refused("name \"a\": show alloc - source", "there is no claim in it");
	refused("call \"a\": calls < 5", "are not recorded");
	given.calls = CALLS_PATH;
	assert_int_equal(open_claims("call \"a\": calls < 5"), 0);
	stop_close(&stop);
	given.calls = CALLS_OPEN;
}

static void without_the_option_nothing_happens(void **state)
{
	struct chain_sink sink = { .open = pass_open };

	(void)state;
	assert_int_equal(open_claims(NULL), 0);
	assert_int_equal(stop_start(&stop, &conditions, &sink, &sink), 0);
	assert_ptr_equal(sink.open, pass_open);
	assert_int_equal(stop_look(&stop, NULL), 0);
	assert_int_equal(stop_status(&stop), 0);
	stop_close(&stop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_trace_ends_when_the_claim_holds),
		cmocka_unit_test(every_claim_has_to_hold),
		cmocka_unit_test(names_are_counted_anew_at_each_look),
		cmocka_unit_test(a_count_is_not_judged_by_the_names_that_are_left),
		cmocka_unit_test(nor_is_a_claim_about_each_name),
		cmocka_unit_test(that_there_are_so_many_is_sure_by_those_that_are_left),
		cmocka_unit_test(names_that_no_claim_is_about_may_go),
		cmocka_unit_test(what_was_lost_leaves_what_was_seen),
		cmocka_unit_test(looks_have_a_time_between_them),
		cmocka_unit_test(what_holds_at_the_end_is_no_failure),
		cmocka_unit_test(what_never_held_is_a_status_and_said),
		cmocka_unit_test(what_is_wrong_is_pointed_at),
		cmocka_unit_test(what_can_never_be_judged_is_refused),
		cmocka_unit_test(without_the_option_nothing_happens),
	};

	return cmocka_run_group_tests(tests, forget_conditions, NULL);
}
