/* SPDX-License-Identifier: MIT */
/*
 * The kernel's counts of a probe, from two files of a tracefs that others change meanwhile.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/tracing/session_internal.h"
#include "folder.h"
#include "tracing/counts.h"

#define GROUP  "ftopen_7_1"
#define BEFORE "p:ftopen_5_1/delete d_delete\n"
#define OURS   "p:" GROUP "/delete d_delete\n"
#define AFTER  "p:ftopen_9_1/delete d_delete\n"

static struct session session;
static struct planned planned;
static pthread_t other;

static int start(void **state)
{
	(void)state;
	if (make_dir())
		return -1;
	session = (struct session){ .dir = dir, .name = GROUP };
	planned = (struct planned){ .probe = role_probe_find(ROLE_DELETE, POINT_ENTRY),
				    .state = PROBE_EXACT,
				    .symbol = "d_delete",
				    .definition = (char *)"p:" GROUP "/delete d_delete" };
	return 0;
}

static int stop(void **state)
{
	(void)state;
	return remove_dir();
}

/* The file has @text from one moment to the next; false if it cannot be written. */
static bool replace(const char *file, const char *text)
{
	char from[4096];

	put("new", text);
	snprintf(from, sizeof(from), "%s", in_dir("new"));
	return !rename(from, in_dir(file));
}

/* Another run ends after kprobe_events was read, before there is a byte of kprobe_profile. */
static void *end_between(void *counts)
{
	size_t len = strlen(counts);
	int fd = open(in_dir("kprobe_profile"), O_WRONLY | O_CLOEXEC);
	bool is_done = fd >= 0 && replace("kprobe_events", OURS AFTER) &&
		       replace("kprobe_profile", counts) && write(fd, counts, len) == (ssize_t)len;

	if (fd >= 0)
		close(fd);
	return is_done ? counts : NULL;
}

static void counts_are_ours_although_another_run_ends(void **state)
{
	static char counts[] = "  delete   5   0\n  delete   9   0\n";
	struct profile profile;
	uint64_t hits, misses;
	void *done;

	(void)state;
	put("kprobe_events", BEFORE OURS AFTER);
	assert_int_equal(mkfifo(in_dir("kprobe_profile"), 0600), 0);
	assert_int_equal(pthread_create(&other, NULL, end_between, counts), 0);
	assert_int_equal(profile_read(&session, &profile), 0);
	assert_int_equal(pthread_join(other, &done), 0);
	assert_ptr_equal(done, counts);
	assert_int_equal(profile_of(&profile, &session, &planned, &hits, &misses), 0);
	assert_int_equal(hits, 5);
	profile_free(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(counts_are_ours_although_another_run_ends, start,
						stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
