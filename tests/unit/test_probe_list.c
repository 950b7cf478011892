/* SPDX-License-Identifier: MIT */
/*
 * The list of probes while other runs define and remove theirs: what is read of it lacks no line.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include "folder.h"
#include "said.h"
#include "tracing/clean.h"
#include "tracing/process.h"

#define FILE_NAME "kprobe_events"
#define OTHERS	  "p:ftopen_x/a f\np:ftopen_x/b f\n"
#define LEFT_OVER "p:ftopen_999999_1/open f\n"

static pthread_t kernel;
static atomic_bool is_stopped;

/* Each reading has a text of its own; the last one stays. */
static const char *const *texts;
static unsigned int readings;

static const char *next_text(void)
{
	static char text[64];

	if (texts)
		return *texts[1] ? *texts++ : *texts;
	snprintf(text, sizeof(text), "p:ftopen_x/a%u f\n", readings);
	return text;
}

static bool make_fifo(void)
{
	char path[4096], made[4096];

	snprintf(path, sizeof(path), "%s/" FILE_NAME, dir);
	snprintf(made, sizeof(made), "%s/made", dir);
	return !mkfifo(made, 0600) && !rename(made, path);
}

/* The next reader opens another FIFO than that of which this one reads the end. */
static void *serve(void *nothing)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/" FILE_NAME, dir);
	while (!is_stopped) {
		const char *text = next_text();
		int fd = open(path, O_WRONLY | O_CLOEXEC);

		if (fd < 0 || !make_fifo() || write(fd, text, strlen(text)) < 0)
			break;
		readings++;
		close(fd);
	}
	return nothing;
}

static void start(const char *const *served)
{
	mkdir(in_dir("instances"), 0755);
	texts = served;
	readings = 0;
	is_stopped = false;
	assert_true(make_fifo());
	assert_int_equal(pthread_create(&kernel, NULL, serve, NULL), 0);
}

static void stop(void)
{
	int fd;

	is_stopped = true;
	fd = open(in_dir(FILE_NAME), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	pthread_join(kernel, NULL);
	close(fd);
}

static int begin(void **state)
{
	listen_to_messages(state);
	return make_dir();
}

static int end(void **state)
{
	(void)state;
	return remove_dir();
}

static unsigned int leftovers_in(const char *const *served)
{
	unsigned int count;

	start(served);
	assert_int_equal(session_leftovers(dir, &count), 0);
	stop();
	return count;
}

static void a_line_that_a_reading_lacks_is_found(void **state)
{
	static const char *const lists[] = { OTHERS, "p:ftopen_x/b f\n" LEFT_OVER, "" };

	(void)state;
	if (!has_initial_pids())
		skip();
	assert_int_equal(leftovers_in(lists), 1);
	assert_true(readings >= 3);
}

static void a_list_that_stays_is_read_twice(void **state)
{
	static const char *const lists[] = { OTHERS LEFT_OVER, "" };

	(void)state;
	if (!has_initial_pids())
		skip();
	assert_int_equal(leftovers_in(lists), 1);
}

static void a_list_that_never_stays_is_not_believed(void **state)
{
	unsigned int count;

	(void)state;
	if (!has_initial_pids())
		skip();
	start(NULL);
	assert_int_equal(session_leftovers(dir, &count), -EAGAIN);
	stop();
	assert_non_null(strstr(said, "kprobe_events': others change it all the time\n"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_line_that_a_reading_lacks_is_found),
		TEST(a_list_that_stays_is_read_twice),
		TEST(a_list_that_never_stays_is_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
