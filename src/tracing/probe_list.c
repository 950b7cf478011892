/* SPDX-License-Identifier: MIT */
/*
 * The kernel gives the list a page at a time and counts lines: if a probe is removed between two
 * pages, the next one lacks a line (seq_file, 5.10 to 7.3). What two readings agree on is whole: a
 * removed probe is in the first one at most, or at another place.
 */
#include "probe_list.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/io.h"
#include "util/message.h"

/* Another run defines or removes its probes in about so many steps. */
#define TRIES 100

/* @text, which was read once, becomes what two readings agree on. */
static int read_until_same(const char *path, char **text)
{
	for (int tries = 0; tries < TRIES; tries++) {
		char *before = *text;
		bool is_same;
		int ret = read_file(path, text, NULL);

		is_same = !ret && !strcmp(*text, before);
		free(before);
		if (ret || is_same)
			return ret;
	}
	free(*text);
	return -EAGAIN;
}

int probe_list_read(const char *dir, char **text)
{
	char path[4096];
	int ret;

	snprintf(path, sizeof(path), "%s/kprobe_events", dir);
	ret = read_file(path, text, NULL);
	if (!ret)
		ret = read_until_same(path, text);
	if (ret == -EAGAIN) {
		error("cannot read '%s': others change it all the time", path);
		hint("do it again when they are done");
	} else if (ret) {
		error("cannot read '%s': %s", path, strerror(-ret));
	}
	return ret;
}
