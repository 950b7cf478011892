/* SPDX-License-Identifier: MIT */
/*
 * What ftopen report reads, and which opens of it are shown.
 */
#include "report.h"

#include <fcntl.h>

#define FILE_OF_MANY "tests/data/recordings/trace-cmd/unfiltered.dat"

static char *show(struct options options, int *status)
{
	char path[] = "/tmp/ftopen-unit-XXXXXX", *text;
	int fd = mkstemp(path);

	options.command = command_find("report");
	options.results = path;
	options.format = "json";
	said[0] = '\0';
	*status = cmd_report(&options);
	assert_int_equal(read_file(path, &text, NULL), 0);
	close(fd);
	unlink(path);
	return text;
}

static int count_of(const char *text, const char *what)
{
	int count = 0;

	for (const char *at = text; (at = strstr(at, what)); at++)
		count++;
	return count;
}

static void without_a_name_trace_dat_is_read(void **state)
{
	const struct options none = { 0 };
	char folder[] = "/tmp/ftopen-unit-XXXXXX", *here = getcwd(NULL, 0), *file, *text;
	int status;

	(void)state;
	assert_true(asprintf(&file, "%s/" FILE_OF_MANY, here) > 0);
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	free(show(none, &status));
	assert_int_equal(status, STATUS_FTOPEN);
	assert_non_null(strstr(said, "cannot read 'trace.dat'"));
	assert_int_equal(symlink(file, "trace.dat"), 0);
	text = show(none, &status);
	assert_int_equal(status, 0);
	assert_true(count_of(text, "\"type\":\"open\"") > 0);
	assert_int_equal(unlink("trace.dat"), 0);
	assert_int_equal(chdir(here), 0);
	assert_int_equal(rmdir(folder), 0);
	free(text);
	free(file);
	free(here);
}

/* A pipe, which cannot be read twice. */
static void standard_input_is_stored_first(void **state)
{
	const struct options input = { .input = "-" }, file = { .input = FILE_OF_MANY };
	int status, ends[2], kept = dup(STDIN_FILENO);
	char *wanted = show(file, &status), *got, *data;
	size_t size;

	(void)state;
	assert_int_equal(read_file(FILE_OF_MANY, &data, &size), 0);
	assert_int_equal(pipe(ends), 0);
	assert_true(fcntl(ends[1], F_SETPIPE_SZ, (int)size) >= (int)size);
	assert_int_equal(write_all(ends[1], data, size), 0);
	close(ends[1]);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	close(ends[0]);
	got = show(input, &status);
	assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
	close(kept);
	assert_int_equal(status, 0);
	assert_string_equal(got, wanted);
	free(wanted);
	free(got);
	free(data);
}

static void two_files_are_refused(void **state)
{
	char *args[] = { (char *)FILE_OF_MANY, NULL };
	const struct options two = { .input = FILE_OF_MANY, .args = args, .arg_count = 1 };
	int status;

	(void)state;
	free(show(two, &status));
	assert_int_equal(status, STATUS_FTOPEN);
	assert_non_null(strstr(said, "more than one file"));
}

/* Only opens by the tasks that were asked for, and names that these had to do with. */
static void opens_are_selected_by_task(void **state)
{
	const struct options all = { .input = FILE_OF_MANY };
	struct options by_comm = { .input = FILE_OF_MANY, .filters.comms.is = "minimal_open" };
	struct options by_pid = { .input = FILE_OF_MANY, .filters.pid_count = 1 };
	int status, opens, names;
	char *text = show(all, &status), *some;

	(void)state;
	opens = count_of(text, "\"type\":\"open\"");
	names = count_of(text, "\"type\":\"name\"");
	some = show(by_comm, &status);
	assert_int_equal(count_of(some, "\"type\":\"open\""), 2);
	assert_true(opens > 2);
	assert_true(count_of(some, "\"type\":\"name\"") < names);
	assert_true(count_of(some, "\"type\":\"name\"") > 0);
	by_pid.filters.pids[0] = atoi(strstr(strstr(some, "\"type\":\"open\""), "\"tid\":") + 6);
	free(some);
	some = show(by_pid, &status);
	/* The program, before its exec, too. */
	assert_true(count_of(some, "\"type\":\"open\"") > 2);
	assert_true(count_of(some, "\"type\":\"open\"") < opens);
	free(text);
	free(some);
}

/* There they say whom to trace: a child that is recorded, too, is shown. */
static void tasks_of_a_live_trace_are_not_selected_again(void **state)
{
	const struct options options = {
		.command = command_find("trace"),
		.format = "json",
		.results = "/dev/null",
		.filters = { .pids = { 1 }, .pid_count = 1, .comms.is = "a", .users = { true, 7 } },
	};
	const struct output_source source = { .clock.name = "mono" };
	const struct render_filters *filters;
	struct output output;

	(void)state;
	assert_int_equal(output_open(&output, &options, &source), 0);
	filters = &output.renderer.options.filters;
	assert_int_equal(filters->pid_count, 0);
	assert_false(comm_filter_is_set(&filters->comms));
	assert_true(filters->users.is_set);
	assert_int_equal(output_close(&output), 0);
}

static void a_recording_that_tells_no_users_cannot_be_selected_by_them(void **state)
{
	const struct options by_user = { .input = FILE_OF_MANY, .filters.users.is_set = true };
	int status;

	(void)state;
	free(show(by_user, &status));
	assert_int_equal(status, STATUS_FTOPEN);
	assert_non_null(strstr(said, "does not say who opened"));
}

static void opens_are_selected_by_time(void **state)
{
	const struct options all = { .input = FILE_OF_MANY };
	struct options some = { .input = FILE_OF_MANY };
	int status, opens;
	char *text = show(all, &status), *shown;

	(void)state;
	opens = count_of(text, "\"type\":\"open\"");
	some.since = strtod(strstr(text, "\"ts\":\"") + 6, NULL) + 1e-6;
	shown = show(some, &status);
	assert_int_equal(count_of(shown, "\"type\":\"open\""), opens - 1);
	free(shown);
	some.until = some.since;
	some.since = 0;
	shown = show(some, &status);
	assert_int_equal(count_of(shown, "\"type\":\"open\""), 1);
	free(shown);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_name_trace_dat_is_read),
		cmocka_unit_test(standard_input_is_stored_first),
		cmocka_unit_test(two_files_are_refused),
		cmocka_unit_test(opens_are_selected_by_task),
		cmocka_unit_test(tasks_of_a_live_trace_are_not_selected_again),
		cmocka_unit_test(opens_are_selected_by_time),
		cmocka_unit_test(a_recording_that_tells_no_users_cannot_be_selected_by_them),
	};

	message_set_hook(hear);
	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
