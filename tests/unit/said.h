/* SPDX-License-Identifier: MIT */
/*
 * What ftopen says to the person at the terminal, kept for the test.
 */
#ifndef FTOPEN_TESTS_SAID_H
#define FTOPEN_TESTS_SAID_H

#include <stdio.h>
#include <string.h>

#include "util/message.h"

static char said[8192]; /* each message on a line of its own */

static inline void hear(enum message_level level, const char *text)
{
	size_t len = strlen(said);

	(void)level;
	snprintf(said + len, sizeof(said) - len, "%s\n", text);
}

static inline int listen_to_messages(void **state)
{
	(void)state;
	said[0] = '\0';
	message_set_hook(hear);
	return 0;
}

#endif
