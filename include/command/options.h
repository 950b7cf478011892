/* SPDX-License-Identifier: MIT */
/*
 * The options: one table gives parsing, --help and the check of the man page.
 */
#ifndef FTOPEN_COMMAND_OPTIONS_H
#define FTOPEN_COMMAND_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "render/render.h"

#define MAX_REJECTS 32
#define MAX_LIKES   8

struct command;

/* What options with choices can say, in the order of the choices in options.c; 0: not given. */
enum color_choice {
	COLOR_AUTO = 1,
	COLOR_ALWAYS,
	COLOR_NEVER,
};

enum clock_choice {
	SHOW_WALL = 1,
	SHOW_TRACE,
	SHOW_DELTA,
};

enum findings_format {
	FINDINGS_TEXT = 1,
	FINDINGS_JSON,
};

enum evictions_choice {
	EVICTIONS_ANY = 1,
	EVICTIONS_OWN,
};

enum calls_choice {
	CALLS_OPEN = 1,
	CALLS_PATH,
};

enum offsets_choice {
	OFFSETS_AUTO = 1,
	OFFSETS_BTF,
	OFFSETS_MEASURED,
	OFFSETS_NR
};

enum symbols_choice {
	SYMBOLS_NEEDED = 1,
	SYMBOLS_ALL,
};

/**
 * struct options - everything that a command line can say
 *
 * Strings point into argv. What was not given is NULL, 0 or false.
 */
struct options {
	const struct command *command; /* that they are of */
	struct render_filters filters;
	bool follow;
	bool all;
	bool missing;
	bool strict;
	bool hash_addresses;
	bool explain;
	bool times;
	bool quiet;
	bool verbose;
	bool help;
	bool list_options;
	const char *output;
	const char *input;
	const char *results;
	enum clock_choice clock;
	enum color_choice color;
	const char *format;
	enum findings_format findings; /* --format of doctor and diff */
	const char *expect;
	const char *stop_when;
	const char *user;
	const char *cgroup;
	const char *unit;
	enum evictions_choice evictions;
	enum calls_choice calls;
	enum offsets_choice layout;
	const char *btf;
	const char *kallsyms;
	enum symbols_choice symbols; /* --kallsyms of what stores */
	const char *functions;
	const char *rejects[MAX_REJECTS + 1];
	const char *likes[MAX_LIKES];
	unsigned int reject_count;
	unsigned int like_count;
	unsigned long buffer_kb;
	unsigned long max_size; /* bytes; 0: one file */
	unsigned long keep;	/* files; 0: all */
	double duration;
	double period;
	double since;
	double until;
	char **args; /* what is left: the program and its arguments, or files */
	int arg_count;
	bool is_program; /* "--" stands before them */
};

/* The commands an option belongs to, as bits. */
enum command_bit {
	COMMAND_TRACE = 1 << 0,
	COMMAND_RECORD = 1 << 1,
	COMMAND_REPORT = 1 << 2,
	COMMAND_PROBES = 1 << 3,
	COMMAND_DOCTOR = 1 << 4,
	COMMAND_CLEAN = 1 << 5,
	COMMAND_DIFF = 1 << 6,
	COMMAND_HELP = 1 << 7,
	COMMAND_TOP = 1 << 8,
	COMMAND_VIEW = 1 << 9,
};

/**
 * struct command - a row of the table of commands
 * @usage: what follows "ftopen NAME"
 * @run: Return: the exit status
 */
struct command {
	const char *name;
	enum command_bit bit;
	const char *usage;
	const char *summary;
	int (*run)(const struct options *options);
};

/**
 * options_parse - read the arguments after the command's name
 * @argv: ends with NULL; @options keeps pointers into it
 *
 * Return: 0, or -EINVAL that was reported, with the usage.
 */
int options_parse(const struct command *command, int argc, char **argv, struct options *options);

/**
 * options_help - print usage and options of @command
 */
void options_help(const struct command *command, FILE *out);

/**
 * options_list - print "COMMAND OPTION" for every option of @command, for the man page test and
 * completions
 */
void options_list(const struct command *command, FILE *out);

#endif
