/* SPDX-License-Identifier: MIT */
/*
 * What is told of the last open of a script, and of how many opens.
 */
#ifndef FTOPEN_TESTS_LAST_OPEN_H
#define FTOPEN_TESTS_LAST_OPEN_H

#include "kernel_script.h"

static struct open_call last;
static int seen;

static inline int keep(void *context, const struct open_call *open)
{
	last = *open;
	seen++;
	return print_open(context, open);
}

static inline void begin(struct script *s)
{
	script_options(s);
	s->options.sink.open = keep;
	last = (struct open_call){ .id = 0 };
	seen = 0;
	assert_int_equal(correlator_new(&s->options, &s->c), 0);
}

#endif
