/* SPDX-License-Identifier: MIT */
/*
 * The session on a tracefs that is plain files and folders: what is written where, and in which
 * order it is undone. What the kernel makes of it, the guest's tests show.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
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

#include "kernel/plan.h"
#include "tracing/process.h"
#include "tracing/session.h"
#include "util/io.h"
#include "util/message.h"

static char dir[] = "/tmp/ftopen-unit-XXXXXX";
static char said[4096];

static void hear(enum message_level level, const char *text)
{
	size_t len = strlen(said);

	(void)level;
	snprintf(said + len, sizeof(said) - len, "%s\n", text);
}

static const char *in_dir(const char *file)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	return path;
}

static void put(const char *file, const char *text)
{
	FILE *out = fopen(in_dir(file), "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static char *get(const char *file)
{
	char *text;

	assert_int_equal(read_file(in_dir(file), &text, NULL), 0);
	return text;
}

static int remove_it(const char *path, const struct stat *info, int kind, struct FTW *place)
{
	(void)info;
	(void)kind;
	(void)place;
	return remove(path);
}

static int make_tracefs(void **state)
{
	(void)state;
	said[0] = '\0';
	message_set_hook(hear);
	strcpy(dir, "/tmp/ftopen-unit-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	mkdir(in_dir("instances"), 0755);
	put("kprobe_events", "p:mine/theirs vfs_read\n");
	put("error_log", "");
	return 0;
}

static int drop_tracefs(void **state)
{
	(void)state;
	return nftw(dir, remove_it, 16, FTW_DEPTH | FTW_PHYS);
}

static struct planned planned_of(const char *definition)
{
	return (struct planned){
		.probe = role_probe_find(ROLE_DELETE, EDGE_ENTRY),
		.state = PROBE_EXACT,
		.symbol = "d_delete",
		.definition = (char *)definition,
	};
}

static void a_definition_is_added_behind_what_is_there(void **state)
{
	const struct planned planned = planned_of("p:g/delete d_delete");
	struct session *session;
	char *events, *why, wanted[256];

	(void)state;
	assert_int_equal(session_new(dir, &session), 0);
	assert_int_equal(session_define(session, &planned, &why), 0);
	assert_null(why);
	events = get("kprobe_events");
	assert_string_equal(events, "p:mine/theirs vfs_read\np:g/delete d_delete\n");
	free(events);
	snprintf(wanted, sizeof(wanted),
		 "p:mine/theirs vfs_read\np:g/delete d_delete\n-:%s/delete\n",
		 session_name(session));
	assert_int_equal(session_end(session), 0);
	events = get("kprobe_events");
	assert_string_equal(events, wanted);
	free(events);
}

static void what_was_made_last_is_undone_first(void **state)
{
	const struct planned open = { .probe = role_probe_find(ROLE_OPEN, EDGE_ENTRY),
				      .state = PROBE_EXACT,
				      .definition = "p:g/open f" };
	const struct planned delete = planned_of("p:g/delete f");
	struct session *session;
	char *events, *why;

	(void)state;
	assert_int_equal(session_new(dir, &session), 0);
	assert_int_equal(session_define(session, &open, &why), 0);
	assert_int_equal(session_define(session, &delete, &why), 0);
	assert_int_equal(session_end(session), 0);
	events = get("kprobe_events");
	assert_true(strstr(events, "/delete\n-:") < strstr(events, "/open\n"));
	assert_non_null(strstr(events, "/delete\n-:"));
	free(events);
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
	unlink(in_dir("kprobe_events"));
	mkdir(in_dir("kprobe_events"), 0755); /* a write to it fails */
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
	unlink(in_dir("kprobe_events"));
	mkdir(in_dir("kprobe_events"), 0755);
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
	snprintf(text, sizeof(text), "-:ftopen_999999_1/open\n-:ftopen_%d_1/open\n", (int)getpid());
	assert_string_equal(strstr(events, "-:"), text);
	free(events);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_tracefs, drop_tracefs)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_definition_is_added_behind_what_is_there),
		TEST(what_was_made_last_is_undone_first),
		TEST(the_name_tells_who_it_is),
		TEST(a_refusal_quotes_the_kernels_own_words),
		TEST(a_log_that_is_about_others_is_not_quoted),
		TEST(only_dead_runs_are_cleaned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
