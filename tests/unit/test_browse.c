/* SPDX-License-Identifier: MIT */
/*
 * The viewer's keys, on a screen that is made up: what is pressed comes from a list, and of what is
 * drawn the first line and the last are kept.
 */
#include "chains.h"

#include <signal.h>

#include "../../src/view/model.h"
#include "../../src/view/screen.h"

#define LINES	9
#define COLUMNS 80

static struct viewer *view;
static const int *pressed; /* ends with a 0, after which the test fails */
static int signal_number;
static char head[COLUMNS + 1], bottom[COLUMNS + 1];
static uint64_t opens_read;

/* --- the screen ------------------------------------------------------------------------------- */

int view_screen_start(void)
{
	return 0;
}

void view_screen_end(void)
{
}

size_t view_screen_lines(void)
{
	return LINES;
}

size_t view_screen_columns(void)
{
	return COLUMNS;
}

void view_screen_line(size_t line, const char *text, size_t len, enum view_style style,
		      bool is_marked)
{
	(void)style;
	(void)is_marked;
	if (line == 0)
		snprintf(head, sizeof(head), "%.*s", (int)len, text);
	if (line == LINES - 1)
		snprintf(bottom, sizeof(bottom), "%.*s", (int)len, text);
}

void view_screen_show(size_t cursor)
{
	(void)cursor;
}

int view_screen_key(bool waits)
{
	(void)waits;
	if (!*pressed)
		fail_msg("the viewer wants more keys; its last line: %s", bottom);
	if (*pressed == VIEW_KEY_SIGNAL)
		signal_number = SIGTERM;
	return *pressed++;
}

int view_screen_signal(void)
{
	return signal_number;
}

void view_screen_copy(const char *text, size_t len)
{
	(void)text;
	(void)len;
}

/* --- the recording ---------------------------------------------------------------------------- */

#define MANY 10000

static int read_many(void *context, const struct chain_sink *sink)
{
	const struct chain_summary summary = { 0 };
	int ret = 0;

	(void)context;
	for (opens_read = 0; opens_read < MANY && !ret; opens_read++)
		ret = sink->open(sink->context, &(struct open_call){ .id = opens_read + 1,
								     .path = TEXT_OF("rel"),
								     .comm = "cat",
								     .complete = true });
	return ret ? ret : sink->summary(sink->context, &summary);
}

static int begin(void **state)
{
	const struct render_options options = { .arch = "x86_64" };
	struct chain_sink sink;

	(void)state;
	signal_number = 0;
	if (viewer_new(&options, &view))
		return -1;
	sink = viewer_sink(view);
	return read_many(NULL, &sink);
}

static int end(void **state)
{
	(void)state;
	viewer_free(view);
	return 0;
}

static int browse(const int *keys)
{
	const struct view_source source = { .title = "many\n\033.dat", .read = read_many };

	pressed = keys;
	return viewer_browse(view, &source);
}

/* --- what the keys do ------------------------------------------------------------------------- */

static void a_signal_ends_a_chain_that_is_read_and_the_viewer(void **state)
{
	(void)state;
	assert_int_equal(browse((int[]){ '\r', VIEW_KEY_SIGNAL, 0 }), SIGTERM);
	assert_true(opens_read < MANY);
}

static void a_key_ends_a_chain_that_is_read_and_another_size_does_not(void **state)
{
	(void)state;
	assert_int_equal(browse((int[]){ '\r', 'x', 'q', 0 }), 0);
	assert_true(opens_read < MANY);
	assert_int_equal(browse((int[]){ '\r', VIEW_KEY_RESIZED, VIEW_KEY_NONE, 'q', 'q', 0 }), 0);
	assert_int_equal(opens_read, MANY);
}

static void a_directory_that_is_not_known_is_no_filter(void **state)
{
	(void)state;
	assert_int_equal(browse((int[]){ '\t', '\t', '\r', 'q', 0 }), 0);
	assert_string_equal(bottom, "the directory of these opens is not known");
}

static void odd_bytes_of_the_title_never_reach_the_terminal(void **state)
{
	(void)state;
	assert_int_equal(browse((int[]){ 'q', 0 }), 0);
	assert_non_null(strstr(head, " many\\n\\x1b.dat"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_signal_ends_a_chain_that_is_read_and_the_viewer,
						begin, end),
		cmocka_unit_test_setup_teardown(
			a_key_ends_a_chain_that_is_read_and_another_size_does_not, begin, end),
		cmocka_unit_test_setup_teardown(odd_bytes_of_the_title_never_reach_the_terminal,
						begin, end),
		cmocka_unit_test_setup_teardown(a_directory_that_is_not_known_is_no_filter, begin,
						end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
