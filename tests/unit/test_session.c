/* SPDX-License-Identifier: MIT */
/*
 * The session on a tracefs that is plain files and folders: what is written where, and in which
 * order it is undone. What the kernel makes of it, the guest's tests show.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "folder.h"
#include "kernel/plan.h"
#include "said.h"
#include "tracing/process.h"
#include "tracing/clean.h"
#include "tracing/instance.h"
#include "tracing/session.h"
#include "util/io.h"

static char *get(const char *file)
{
	char *text;

	assert_int_equal(read_file(in_dir(file), &text, NULL), 0);
	return text;
}

/*
 * What is written to tracefs appends, and truncates nothing, without O_APPEND: a FIFO does that,
 * too. The library takes either name.
 */
static int probes = -1;

static void put_probes(void)
{
	assert_int_equal(mkfifo(in_dir("kprobe_events"), 0600), 0);
	probes = open(in_dir("kprobe_events"), O_RDONLY | O_NONBLOCK);
	assert_true(probes >= 0);
	assert_int_equal(symlink("kprobe_events", in_dir("dynamic_events")), 0);
}

/* What was written since the last time. */
static const char *get_probes(void)
{
	static char text[1024];
	ssize_t len = read(probes, text, sizeof(text) - 1);

	text[len > 0 ? len : 0] = '\0';
	return text;
}

/* Instead of them something that cannot be written. */
static void spoil_probes(void)
{
	unlink(in_dir("kprobe_events"));
	mkdir(in_dir("kprobe_events"), 0755);
}

static int make_tracefs(void **state)
{
	listen_to_messages(state);
	if (make_dir())
		return -1;
	mkdir(in_dir("instances"), 0755);
	put_probes();
	put("error_log", "");
	return 0;
}

static int drop_tracefs(void **state)
{
	(void)state;
	close(probes);
	return remove_dir();
}

static struct planned planned_of(const char *definition)
{
	return (struct planned){
		.probe = role_probe_find(ROLE_DELETE, POINT_ENTRY),
		.state = PROBE_EXACT,
		.symbol = "d_delete",
		.definition = (char *)definition,
	};
}

static void a_definition_is_added_behind_what_is_there(void **state)
{
	const struct planned planned =
		planned_of("p:g/delete d_delete name=+0(%di):x64 dir=%si:x64");
	struct session *session;
	char *why, wanted[256];

	(void)state;
	assert_int_equal(session_new(dir, &session), 0);
	assert_int_equal(session_define(session, &planned, &why), 0);
	assert_null(why);
	assert_string_equal(get_probes(), "p:g/delete d_delete name=+0(%di):x64 dir=%si:x64\n");
	snprintf(wanted, sizeof(wanted), "-:%s/delete", session_name(session));
	assert_int_equal(session_end(session), 0);
	assert_string_equal(get_probes(), wanted);
}

static void a_probe_of_a_return_keeps_what_it_says(void **state)
{
	const struct planned planned = planned_of("r512:g/delete d_delete ret=$retval:x64");
	struct session *session;
	char *why;

	(void)state;
	assert_int_equal(session_new(dir, &session), 0);
	assert_int_equal(session_define(session, &planned, &why), 0);
	assert_string_equal(get_probes(), "r512:g/delete d_delete ret=$retval:x64\n");
	assert_int_equal(session_end(session), 0);
}

static void an_instance_that_is_there_is_not_ours(void **state)
{
	struct session *session;
	struct instance *instance;
	char name[128];

	(void)state;
	assert_int_equal(session_new(dir, &session), 0);
	snprintf(name, sizeof(name), "instances/%s", session_name(session));
	mkdir(in_dir(name), 0755);
	assert_int_equal(session_instance(session, "", SCOPE_TASK, &instance), -EEXIST);
	assert_non_null(strstr(said, "cannot create instance"));
	assert_int_equal(session_end(session), 0);
	assert_int_equal(access(in_dir(name), F_OK), 0);
}

static void what_was_made_last_is_undone_first(void **state)
{
	const struct planned open = { .probe = role_probe_find(ROLE_OPEN, POINT_ENTRY),
				      .state = PROBE_EXACT,
				      .definition = "p:g/open f" };
	const struct planned delete = planned_of("p:g/delete f");
	struct session *session;
	char *why, wanted[256];

	(void)state;
	assert_int_equal(session_new(dir, &session), 0);
	assert_int_equal(session_define(session, &open, &why), 0);
	assert_int_equal(session_define(session, &delete, &why), 0);
	get_probes();
	snprintf(wanted, sizeof(wanted), "-:%s/delete-:%s/open", session_name(session),
		 session_name(session));
	assert_int_equal(session_end(session), 0);
	assert_string_equal(get_probes(), wanted);
}

static void the_name_tells_who_it_is(void **state)
{
	struct session *session;
	char wanted[64];
	uint64_t start;

	(void)state;
	assert_int_equal(process_start_time(getpid(), &start), 0);
	snprintf(wanted, sizeof(wanted), "ftopen_%d_%llu", (int)getpid(),
		 (unsigned long long)start);
	assert_int_equal(session_new(dir, &session), 0);
	assert_string_equal(session_name(session), wanted);
	assert_int_equal(session_end(session), 0);
}

static void a_refusal_quotes_the_kernels_own_words(void **state)
{
	const struct planned planned = planned_of("p:g/delete no_such_function");
	struct session *session;
	char *why;

	(void)state;
	put("error_log",
	    "[    1.0] trace_kprobe: error: Somebody else's\n  Command: p:x f\n               ^\n"
	    "[    2.0] trace_kprobe: error: Invalid probed address or symbol\n"
	    "  Command: p:g/delete no_such_function\n                      ^\n");
	spoil_probes();
	assert_int_equal(session_new(dir, &session), 0);
	assert_int_equal(session_define(session, &planned, &why), -EISDIR);
	assert_non_null(strstr(why, "Invalid probed address or symbol"));
	assert_non_null(strstr(why, "                      ^"));
	assert_null(strstr(why, "Somebody else"));
	free(why);
	assert_int_equal(session_end(session), 0);
}

static void a_log_that_is_about_others_is_not_quoted(void **state)
{
	const struct planned planned = planned_of("p:g/delete d_delete");
	struct session *session;
	char *why;

	(void)state;
	put("error_log", "[ 1.0] trace_kprobe: error: Somebody else's\n  Command: p:x f\n");
	spoil_probes();
	assert_int_equal(session_new(dir, &session), 0);
	assert_int_equal(session_define(session, &planned, &why), -EISDIR);
	assert_null(strstr(why, "Somebody else"));
	assert_non_null(strstr(why, "p:g/delete d_delete"));
	free(why);
	assert_int_equal(session_end(session), 0);
}

/* Names that only look like those of a dead run, and that of this very process. */
static void only_dead_runs_are_cleaned(void **state)
{
	unsigned int count;
	uint64_t start;
	char *events, text[1024];

	(void)state;
	if (!has_initial_pids())
		skip();
	assert_int_equal(process_start_time(getpid(), &start), 0);
	snprintf(text, sizeof(text),
		 "p:ftopen_999999_1/open f\n"
		 "p:ftopen_%d_%llu/open f\n"
		 "p:ftopen_%d_1/open f\n"
		 "p:ftopen/open f\np:ftopen_x/open f\np:ftopen_999999_1x/open f\n"
		 "p:ftopen_999999/open f\np:kprobes/ftopen_999999_1 f\n",
		 (int)getpid(), (unsigned long long)start, (int)getpid());
	unlink(in_dir("kprobe_events"));
	put("kprobe_events", text);
	mkdir(in_dir("instances/ftopen_999999_1"), 0755);
	mkdir(in_dir("instances/ftopen_999999_1_any"), 0755);
	mkdir(in_dir("instances/ftopen_999999_1x"), 0755);
	mkdir(in_dir("instances/mine"), 0755);
	assert_int_equal(session_leftovers(dir, &count), 0);
	assert_int_equal(count, 4);
	assert_int_equal(session_clean(dir, &count), 0);
	assert_int_equal(count, 4);
	assert_int_equal(access(in_dir("instances/ftopen_999999_1"), F_OK), -1);
	assert_int_equal(access(in_dir("instances/ftopen_999999_1_any"), F_OK), -1);
	assert_int_equal(access(in_dir("instances/ftopen_999999_1x"), F_OK), 0);
	assert_int_equal(access(in_dir("instances/mine"), F_OK), 0);
	events = get("kprobe_events");
	/* In a plain file the removal that came last stands at the start. */
	snprintf(text, sizeof(text), "-:ftopen_%d_1/open", (int)getpid());
	assert_memory_equal(events, text, strlen(text));
	free(events);
}

/* Such as one whose trace_pipe somebody reads. */
static void an_instance_that_stays_keeps_no_probe(void **state)
{
	static const char removal[] = "-:ftopen_999999_1/open";
	unsigned int count;
	char *events;

	(void)state;
	if (!has_initial_pids())
		skip();
	unlink(in_dir("kprobe_events"));
	put("kprobe_events", "p:ftopen_999999_1/open function\n");
	put("instances/ftopen_999999_1/held", "");
	assert_int_equal(session_clean(dir, &count), -ENOTEMPTY);
	assert_int_equal(count, 1);
	events = get("kprobe_events");
	assert_memory_equal(events, removal, strlen(removal));
	free(events);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_tracefs, drop_tracefs)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_definition_is_added_behind_what_is_there),
		TEST(a_probe_of_a_return_keeps_what_it_says),
		TEST(an_instance_that_is_there_is_not_ours),
		TEST(what_was_made_last_is_undone_first),
		TEST(the_name_tells_who_it_is),
		TEST(a_refusal_quotes_the_kernels_own_words),
		TEST(a_log_that_is_about_others_is_not_quoted),
		TEST(only_dead_runs_are_cleaned),
		TEST(an_instance_that_stays_keeps_no_probe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
