/* SPDX-License-Identifier: MIT */
/*
 * The table of options, and what is made of it: parsing, help, the list for completions and the
 * test of the manual pages.
 */
#include "command/options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <pwd.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "usage.h"
#include "util/distance.h"
#include "util/message.h"
#include "util/number.h"

#define SELECTS (COMMAND_TRACE | COMMAND_RECORD | COMMAND_TOP | COMMAND_VIEW)
#define STORES	(COMMAND_TRACE | COMMAND_RECORD)
#define SHOWS	(COMMAND_TRACE | COMMAND_REPORT)
#define PLANS	(COMMAND_PROBES)
#define ARMS	(SELECTS | COMMAND_DOCTOR)

enum value_kind {
	VALUE_FLAG,
	VALUE_TEXT,
	VALUE_CHOICE,
	VALUE_SIZE,
	VALUE_BYTES,
	VALUE_COUNT,
	VALUE_SECONDS,
	VALUE_PID,
	VALUE_REJECT,
	VALUE_LIKE,
	VALUE_UID,
};

/**
 * struct option_row - one option
 * @letter: short form, 0 for none
 * @argument: name of its value in the help, NULL for none
 * @choices: the only values allowed, separated by '|', NULL for any; for VALUE_CHOICE in the order
 *	of their enum
 * @at: offset in struct options
 */
struct option_row {
	const char *name;
	char letter;
	const char *argument;
	const char *choices;
	unsigned int commands;
	enum value_kind kind;
	size_t at;
	const char *help;
};

#define AT(member) offsetof(struct options, member)

static const struct option_row rows[] = {
	{ "follow", 'f', NULL, NULL, SELECTS, VALUE_FLAG, AT(follow),
	  "trace the program's descendants too, not only its own threads" },
	{ "pid", 'p', "PID", NULL, SELECTS, VALUE_PID, AT(filters.pids),
	  "attach to a running process, all its threads; may be repeated" },
	{ "pid", 'p', "PID", NULL, COMMAND_REPORT, VALUE_PID, AT(filters.pids),
	  "show only what this task or process opened; may be repeated" },
	{ "cgroup", 0, "PATH", NULL, SELECTS, VALUE_TEXT, AT(cgroup),
	  "attach to the tasks in a control group, and to those that come into it" },
	{ "unit", 0, "NAME", NULL, SELECTS, VALUE_TEXT, AT(unit),
	  "attach to the control group of a unit of systemd" },
	{ "comm", 'c', "COMM", NULL, SELECTS | COMMAND_REPORT, VALUE_TEXT, AT(filters.comms.is),
	  "only tasks whose name is exactly COMM (15 bytes)" },
	{ "comm-glob", 0, "GLOB", NULL, SELECTS | COMMAND_REPORT, VALUE_TEXT,
	  AT(filters.comms.like), "only tasks whose name matches GLOB" },
	{ "not-comm", 0, "COMM", NULL, SELECTS | COMMAND_REPORT, VALUE_TEXT,
	  AT(filters.comms.is_not), "only tasks whose name is not COMM" },
	{ "uid", 0, "USER", NULL, COMMAND_TRACE, VALUE_UID, AT(filters.users),
	  "show only opens by tasks of this user; without a program, attach to every task" },
	{ "uid", 0, "USER", NULL, COMMAND_RECORD, VALUE_UID, AT(filters.users),
	  "store as which user each file is opened; without a program, attach to every task" },
	{ "uid", 0, "USER", NULL, COMMAND_TOP, VALUE_UID, AT(filters.users),
	  "count only what tasks of this user do; without a program, attach to every task" },
	{ "uid", 0, "USER", NULL, COMMAND_VIEW, VALUE_UID, AT(filters.users),
	  "show only what tasks of this user did; without a program, attach to every task" },
	{ "uid", 0, "USER", NULL, COMMAND_REPORT, VALUE_UID, AT(filters.users),
	  "show only opens by tasks of this user" },
	{ "uid", 0, "USER", NULL, COMMAND_DOCTOR | PLANS, VALUE_UID, AT(filters.users),
	  "include the probes that record the users of tasks; any USER will do" },
	{ "since", 0, "SECONDS", NULL, COMMAND_REPORT, VALUE_SECONDS, AT(since),
	  "show only opens from this time on" },
	{ "until", 0, "SECONDS", NULL, COMMAND_REPORT, VALUE_SECONDS, AT(until),
	  "show only opens up to this time" },
	{ "all", 'a', NULL, NULL, SELECTS, VALUE_FLAG, AT(all), "attach to every task" },
	{ "duration", 'd', "SECONDS", NULL, SELECTS, VALUE_SECONDS, AT(duration),
	  "end an attached trace after this time" },
	{ "stop-when", 0, "CLAIM", NULL, STORES, VALUE_TEXT, AT(stop_when),
	  "end the trace as soon as CLAIM holds, such as 'name \"a\": opens > 1'" },
	{ "period", 0, "SECONDS", NULL, COMMAND_TOP, VALUE_SECONDS, AT(period),
	  "how long each period is (default: 1)" },
	{ "user", 'u', "USER", NULL, SELECTS, VALUE_TEXT, AT(user),
	  "run the program as USER, with that user's HOME" },
	{ "output", 'o', "FILE", NULL, STORES, VALUE_TEXT, AT(output),
	  "store a trace.dat that trace-cmd and KernelShark read" },
	{ "max-size", 0, "SIZE", NULL, COMMAND_RECORD, VALUE_BYTES, AT(max_size),
	  "go on to another file at this size, such as 100M: FILE.000001, FILE.000002 ..." },
	{ "keep", 0, "COUNT", NULL, COMMAND_RECORD, VALUE_COUNT, AT(keep),
	  "keep only the last COUNT files of --max-size" },
	{ "input", 'i', "FILE", NULL, COMMAND_REPORT | COMMAND_VIEW, VALUE_TEXT, AT(input),
	  "the recording; '-' for standard input (default: trace.dat)" },
	{ "results", 0, "FILE", NULL, SHOWS | COMMAND_TOP | COMMAND_DIFF, VALUE_TEXT, AT(results),
	  "write the results to FILE instead of standard output" },
	{ "format", 0, "FORMAT", "tree|list|json|html|live|summary|csv|perfetto|openmetrics|junit",
	  SHOWS, VALUE_TEXT, AT(format), "how the results are written" },
	{ "format", 0, "FORMAT", "text|json", COMMAND_DOCTOR | COMMAND_DIFF, VALUE_CHOICE,
	  AT(findings), "how the results are written" },
	{ "clock", 0, "CLOCK", "wall|trace|delta", SHOWS, VALUE_CHOICE, AT(clock),
	  "which times are shown; without it trees and lists show none" },
	{ "times", 0, NULL, NULL, COMMAND_TRACE | COMMAND_RECORD | COMMAND_VIEW, VALUE_FLAG,
	  AT(times),
	  "show with each hop the time since the entry of its open; an open costs more then" },
	{ "times", 0, NULL, NULL, COMMAND_REPORT, VALUE_FLAG, AT(times),
	  "show with each hop of a tree the time since the entry of its open" },
	{ "times", 0, NULL, NULL, COMMAND_TOP, VALUE_FLAG, AT(times),
	  "record when lookups began: then every stage of an open is known" },
	{ "color", 0, "WHEN", "auto|always|never", SHOWS, VALUE_CHOICE, AT(color),
	  "whether to colour the results" },
	{ "name", 0, "GLOB", NULL, SHOWS | COMMAND_DIFF, VALUE_TEXT, AT(filters.name_glob),
	  "show only names whose path or last component matches GLOB" },
	{ "like", 0, "GLOB", NULL, COMMAND_DIFF, VALUE_LIKE, AT(likes),
	  "treat components that match GLOB, such as 'tmp.*', as one; may be repeated" },
	{ "failed", 0, NULL, NULL, SHOWS, VALUE_FLAG, AT(filters.failed),
	  "show only opens that failed" },
	{ "negative", 0, NULL, NULL, SHOWS, VALUE_FLAG, AT(filters.negative),
	  "show only names that had a negative dentry" },
	{ "missing", 0, NULL, NULL, SHOWS, VALUE_FLAG, AT(missing),
	  "show only the paths that do not exist, one line each" },
	{ "components", 0, NULL, NULL, SHOWS, VALUE_FLAG, AT(filters.components),
	  "also show the directories on the way" },
	{ "expect", 0, "FILE", NULL, SHOWS, VALUE_TEXT, AT(expect),
	  "check the claims in FILE; their verdicts decide the exit status" },
	{ "strict", 0, NULL, NULL, SHOWS, VALUE_FLAG, AT(strict),
	  "exit with 1 for a FAIL, 2 for an UNKNOWN or lost records" },
	{ "explain", 0, NULL, NULL, SHOWS, VALUE_FLAG, AT(explain),
	  "explain each line of a tree in a sentence" },
	{ "hash-addresses", 0, NULL, NULL, STORES | SHOWS, VALUE_FLAG, AT(hash_addresses),
	  "show and store hashes instead of addresses; equal addresses stay equal" },
	{ "evictions", 0, "WHOSE", "any|own", SELECTS, VALUE_CHOICE, AT(evictions),
	  "whose evictions and renames are recorded: any task's, or only the traced ones'" },
	{ "calls", 0, "WHICH", "open|path", STORES | COMMAND_DOCTOR | PLANS, VALUE_CHOICE,
	  AT(calls), "which calls: only opens, or also stat, rename and others that take a path" },
	{ "buffer-size", 0, "KB", NULL, SELECTS, VALUE_SIZE, AT(buffer_kb),
	  "ring buffer per CPU, in KiB" },
	{ "layout", 0, "HOW", "auto|btf|measured", ARMS | PLANS, VALUE_CHOICE, AT(layout),
	  "where the offsets of structure members come from" },
	{ "btf", 0, "FILE", NULL, ARMS | PLANS, VALUE_TEXT, AT(btf),
	  "take structure offsets from FILE instead of this kernel" },
	{ "kallsyms", 0, "FILE", NULL, PLANS, VALUE_TEXT, AT(kallsyms),
	  "take symbols from FILE instead of /proc/kallsyms" },
	{ "kallsyms", 0, "WHICH", "needed|all", STORES, VALUE_CHOICE, AT(symbols),
	  "which kernel symbols the file of -o has" },
	{ "functions", 0, "FILE", NULL, PLANS, VALUE_TEXT, AT(functions),
	  "a copy of available_filter_functions: the functions that can be probed" },
	{ "reject", 0, "ROLE:SYMBOL", NULL, ARMS | PLANS, VALUE_REJECT, AT(rejects),
	  "do not use this function for this role (for tests); may be repeated" },
	{ "quiet", 'q', NULL, NULL, SELECTS | SHOWS, VALUE_FLAG, AT(quiet), "print no notes" },
	{ "verbose", 'v', NULL, NULL, SELECTS | SHOWS | ARMS, VALUE_FLAG, AT(verbose),
	  "print each step on standard error" },
	{ "list-options", 0, NULL, NULL, COMMAND_HELP, VALUE_FLAG, AT(list_options),
	  "print \"COMMAND --OPTION\" for every option, for completions" },
	{ "help", 'h', NULL, NULL, ~0U, VALUE_FLAG, AT(help), "show this help" },
};

#define ROW_COUNT	  (sizeof(rows) / sizeof(rows[0]))
#define STRING_OF(number) #number
#define STRING(number)	  STRING_OF(number)
#define LEAST_FILE	  (1024 * 1024) /* bytes of --max-size */
#define MOST_UID	  4294967294	/* the next number stands for no user at all */
#define LONG_FIRST	  256		/* getopt values of long options start after the letters */

/* Which of the choices it is, from 1; 0 for none of them. */
static unsigned int choice_of(const char *choices, const char *value)
{
	unsigned int nth = 1;
	size_t len = strlen(value);

	for (const char *at = choices; at; at = strchr(at, '|'), nth++) {
		at += *at == '|';
		if (!strncmp(at, value, len) && (at[len] == '|' || !at[len]))
			return nth;
	}
	return 0;
}

static int set_size(const char *text, unsigned long *to)
{
	uint64_t size;

	if (parse_number(text, ULONG_MAX, &size) || !size)
		return -EINVAL;
	*to = size;
	return 0;
}

static int set_bytes(const char *text, unsigned long *to)
{
	uint64_t size;

	if (parse_bytes(text, ULONG_MAX, &size) || size < LEAST_FILE)
		return -EINVAL;
	*to = size;
	return 0;
}

static int set_seconds(const char *text, double *to)
{
	return parse_fraction(text, to) || !isfinite(*to) || *to <= 0 ? -EINVAL : 0;
}

static int add_pid(const char *text, struct options *options)
{
	uint64_t pid;

	if (parse_number(text, INT32_MAX, &pid) || !pid || options->filters.pid_count == MAX_PIDS)
		return -EINVAL;
	options->filters.pids[options->filters.pid_count++] = (pid_t)pid;
	return 0;
}

static int add_reject(const char *text, struct options *options)
{
	if (!strchr(text, ':') || options->reject_count == MAX_REJECTS)
		return -EINVAL;
	options->rejects[options->reject_count++] = text;
	return 0;
}

static int add_like(const char *text, struct options *options)
{
	if (!*text || options->like_count == MAX_LIKES)
		return -EINVAL;
	options->likes[options->like_count++] = text;
	return 0;
}

static int set_uid(const char *text, struct options *options)
{
	const struct passwd *user = getpwnam(text);
	uint64_t uid = user ? user->pw_uid : 0;

	if (!user && parse_number(text, MOST_UID, &uid))
		return -EINVAL;
	options->filters.users = (struct user_filter){ true, (uint32_t)uid };
	return 0;
}

static int set_value(const struct option_row *row, const char *text, struct options *options)
{
	unsigned int choice = row->choices ? choice_of(row->choices, text) : 0;
	void *to = (char *)options + row->at;

	if (row->choices && !choice)
		return -EINVAL;
	switch (row->kind) {
	case VALUE_FLAG:
		*(bool *)to = true;
		return 0;
	case VALUE_TEXT:
		*(const char **)to = text;
		return 0;
	case VALUE_CHOICE:
		*(unsigned int *)to = choice;
		return 0;
	case VALUE_SIZE:
	case VALUE_COUNT:
		return set_size(text, to);
	case VALUE_BYTES:
		return set_bytes(text, to);
	case VALUE_SECONDS:
		return set_seconds(text, to);
	case VALUE_PID:
		return add_pid(text, options);
	case VALUE_REJECT:
		return add_reject(text, options);
	case VALUE_LIKE:
		return add_like(text, options);
	case VALUE_UID:
		return set_uid(text, options);
	}
	return -EINVAL;
}

/* What getopt wants, made of the rows of one command. */
struct getopt_tables {
	struct option longs[ROW_COUNT + 1];
	char letters[2 * ROW_COUNT + 4];
};

static void make_tables(const struct command *command, struct getopt_tables *tables)
{
	struct option *next = tables->longs;
	char *letter = tables->letters;

	memset(tables, 0, sizeof(*tables));
	*letter++ = '+'; /* the first word that is no option is the program */
	*letter++ = ':';
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (!(rows[i].commands & command->bit))
			continue;
		next->name = rows[i].name;
		next->has_arg = rows[i].argument ? required_argument : no_argument;
		next->val = LONG_FIRST + (int)i;
		next++;
		if (!rows[i].letter)
			continue;
		*letter++ = rows[i].letter;
		if (rows[i].argument)
			*letter++ = ':';
	}
}

static const struct option_row *row_of(const struct command *command, int value)
{
	if (value >= LONG_FIRST)
		return &rows[value - LONG_FIRST];
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (rows[i].letter == value && (rows[i].commands & command->bit))
			return &rows[i];
	}
	return NULL;
}

static int refuse(const struct command *command, const char *what, const char *subject)
{
	return usage_error(command, "%s '%s'", what, subject);
}

/* What a value of each kind has to be. */
static const char *const allowed[] = {
	[VALUE_SIZE] = "a number of KiB from 1 on",
	[VALUE_BYTES] = "a number of bytes from 1M on, such as 100M or 2G",
	[VALUE_COUNT] = "a number of files from 1 on",
	[VALUE_SECONDS] = "a number of seconds above 0, such as 5 or 0.5",
	[VALUE_PID] = "a process id, at most " STRING(MAX_PIDS) " times",
	[VALUE_UID] = "a user's name, or a number up to " STRING(MOST_UID),
	[VALUE_LIKE] = "a pattern, at most " STRING(MAX_LIKES) " times",
	[VALUE_REJECT] = "ROLE:SYMBOL, at most " STRING(MAX_REJECTS) " times",
};

static int refuse_value(const struct command *command, const struct option_row *row,
			const char *value)
{
	return usage_error(command, "cannot use '%s' for --%s: it has to be %s%s", value, row->name,
			   row->choices ? "one of " : "",
			   row->choices ? row->choices : allowed[row->kind]);
}

/* Which options @word may stand for, "--this, --that", and how many these are. */
static size_t find_options(const struct command *command, const char *word, char *found,
			   size_t size, bool (*is_like)(const char *word, const char *name))
{
	size_t count = 0, used = 0;

	*found = '\0';
	for (size_t i = 0; i < ROW_COUNT && used < size; i++) {
		if (!(rows[i].commands & command->bit) || !is_like(word, rows[i].name))
			continue;
		used += (size_t)snprintf(found + used, size - used, "%s--%s", count ? ", " : "",
					 rows[i].name);
		count++;
	}
	return count;
}

static bool is_beginning(const char *word, const char *name)
{
	return !strncmp(word, name, strlen(word));
}

static int refuse_long(const struct command *command, const char *given)
{
	char word[64], found[512];
	size_t count;

	snprintf(word, sizeof(word), "%.*s", (int)strcspn(given + 2, "="), given + 2);
	count = find_options(command, word, found, sizeof(found), is_beginning);
	if (count > 1)
		return usage_error(command, "'%s' is ambiguous: %s", given, found);
	if (count)
		return usage_error(command, "%s takes no value, and '%s' has one", found, given);
	refuse(command, "no such option", given);
	if (find_options(command, word, found, sizeof(found), is_near))
		hint("did you mean %s?", found);
	return -EINVAL;
}

/* For getopt a letter is a char, which may be negative; 0 stands for a long option. */
static int refuse_unknown(const struct command *command, char *const *argv)
{
	char letter[] = { '-', (char)optopt, '\0' };

	if (optopt && optopt < LONG_FIRST)
		return refuse(command, "no such option", letter);
	return refuse_long(command, argv[optind - 1]);
}

/* Whether getopt ended with "--", which is not the value of the last option. */
static bool is_separator(char *const *argv, const char *value)
{
	return optind > 1 && argv[optind - 1] != value && !strcmp(argv[optind - 1], "--");
}

int options_parse(const struct command *command, int argc, char **argv, struct options *options)
{
	struct getopt_tables tables;
	const char *value_at = NULL;
	int value;

	memset(options, 0, sizeof(*options));
	options->command = command;
	make_tables(command, &tables);
	optind = 0; /* glibc: start anew, with a leading '+' or not */
	opterr = 0;
	while ((value = getopt_long(argc, argv, tables.letters, tables.longs, NULL)) != -1) {
		const struct option_row *row;

		value_at = optarg;
		if (value == ':')
			return refuse(command, "no value for", argv[optind - 1]);
		if (value == '?')
			return refuse_unknown(command, argv);
		row = row_of(command, value);
		if (!row)
			return refuse_unknown(command, argv);
		if (set_value(row, optarg, options))
			return refuse_value(command, row, optarg);
	}
	options->is_program = is_separator(argv, value_at);
	options->args = argv + optind;
	options->arg_count = argc - optind;
	return 0;
}

void options_help(const struct command *command, FILE *out)
{
	fprintf(out, "usage: ftopen %s %s\n\n%s\n\n", command->name, command->usage,
		command->summary);
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const struct option_row *row = &rows[i];
		char letter[] = { row->letter ? '-' : ' ', row->letter ? row->letter : ' ',
				  row->letter ? ',' : ' ', '\0' };
		int width;

		if (!(row->commands & command->bit))
			continue;
		width = fprintf(out, "  %s --%s%s%s", letter, row->name, row->argument ? "=" : "",
				row->argument ? row->argument : "");
		fprintf(out, "%*s%s%s%s%s\n", width < 28 ? 28 - width : 1, "", row->help,
			row->choices ? " (" : "", row->choices ? row->choices : "",
			row->choices ? ")" : "");
	}
}

static void list_row(FILE *out, const struct command *command, const struct option_row *row)
{
	char letter[] = { '-', row->letter, '\0' };
	const char *value = row->choices ? row->choices : row->argument ? row->argument : "-";

	fprintf(out, "%s --%s %s %s\n", command->name, row->name, letter, value);
}

void options_list(const struct command *command, FILE *out)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (rows[i].commands & command->bit)
			list_row(out, command, &rows[i]);
	}
}
