/* SPDX-License-Identifier: MIT */
/*
 * Which tasks are selected by their names.
 */
#include "util/comm_filter.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/glob.h"
#include "util/message.h"

bool comm_filter_is_set(const struct comm_filter *filter)
{
	return filter->is || filter->like || filter->is_not;
}

/* The kernel cuts a name that is longer. */
static bool is_name(const char *wanted, const char *comm)
{
	return !strncmp(wanted, comm, COMM_BYTES - 1);
}

bool comm_filter_has(const struct comm_filter *filter, const char *comm)
{
	if (filter->is && !is_name(filter->is, comm))
		return false;
	if (filter->is_not && is_name(filter->is_not, comm))
		return false;
	return !filter->like || glob_match(filter->like, strlen(filter->like), comm, strlen(comm));
}

/* A kernel's filter takes a string in either kind of quote, and no escapes. */
static int check_quotes(const char *comm)
{
	if (!strchr(comm, '"') || !strchr(comm, '\''))
		return 0;
	error("cannot filter on comm '%s': a filter cannot hold both kinds of quote", comm);
	hint("select the task with -p PID instead");
	return -EINVAL;
}

/* The kernel's glob_match() has sets, but neither classes nor '^', and no lone backslash at the
 * end. */
static int check_pattern(const char *glob)
{
	size_t len = strlen(glob), backslashes = 0;

	while (backslashes < len && glob[len - 1 - backslashes] == '\\')
		backslashes++;
	if (!strstr(glob, "[:") && !strstr(glob, "[^") && backslashes % 2 == 0)
		return 0;
	error("cannot filter on comm '%s': the kernel's patterns have no '[:', no '[^' and no "
	      "backslash at the end",
	      glob);
	hint("write a set as [a-z], and what is not in it as [!a-z]");
	return -EINVAL;
}

/*
 * What makes a pattern one of glob_match() from its first byte on. Without it the kernel looks for
 * "*x" at the end of all 15 bytes of a name (5.10 to 7.3), and takes '!' and digits for something
 * else.
 */
static const char *glob_start(const char *glob)
{
	if (*glob == '*')
		return "**";
	return strchr("?[\\", *glob) ? "" : "\\";
}

static int add_term(char **text, const char *relation, const char *start, const char *value)
{
	char quote = strchr(value, '"') ? '\'' : '"', *longer;
	int ret = check_quotes(value);

	if (ret)
		return ret;
	if (asprintf(&longer, "%s%scomm %s %c%s%s%c", *text ? *text : "", *text ? " && " : "",
		     relation, quote, start, value, quote) < 0)
		return -ENOMEM;
	free(*text);
	*text = longer;
	return 0;
}

int comm_filter_text(const struct comm_filter *filter, char **text)
{
	char *made = NULL;
	int ret = filter->like ? check_pattern(filter->like) : 0;

	if (!ret && filter->is)
		ret = add_term(&made, "==", "", filter->is);
	if (!ret && filter->like)
		ret = add_term(&made, "~", glob_start(filter->like), filter->like);
	if (!ret && filter->is_not)
		ret = add_term(&made, "!=", "", filter->is_not);
	if (ret)
		free(made);
	else
		*text = made;
	return ret;
}
