/* SPDX-License-Identifier: MIT */
/*
 * Where results go: format, file, and the exit status that the verdicts ask for.
 */
#ifndef FTOPEN_COMMAND_OUTPUT_H
#define FTOPEN_COMMAND_OUTPUT_H

#include <stdio.h>

#include "chain/sink.h"
#include "command/expectation.h"
#include "command/options.h"
#include "render/render.h"

#define STATUS_FAIL	 1
#define STATUS_UNKNOWN	 2
#define STATUS_FTOPEN	 125
#define STATUS_NO_EXEC	 126
#define STATUS_NOT_FOUND 127

/**
 * struct output - the renderer and its file
 * @body: what the renderer writes until the results of expectations, which stand first, are in
 *	@file; NULL if it writes to @file
 * @error: what the renderer returned when it failed first, a negative errno: a stream knows later
 *	that a write failed, but not why
 * @has_spool: @file is an unlinked temporary file, which is shown when all results are in it
 * @replacement: the name of the file that takes the place of @path when it is whole; NULL for none
 * @is_attached: nothing but the results is waited for
 * @is_whole: the summary was written: no result is missing
 * @is_unread: the reader of the results has closed the pipe
 * @is_shared: the program goes on, on the same terminal: a pager would be in its way
 */
struct output {
	struct renderer renderer;
	struct chain_sink rendered;
	FILE *file;
	FILE *body;
	const char *path;
	char *replacement;
	int error;
	bool has_spool;
	bool is_attached;
	bool is_whole;
	bool is_unread;
	bool is_shared;
};

/**
 * results_open - the file at @path, or standard output if it is NULL
 *
 * A new file can be read by its owner only; under sudo that is the user who ran sudo.
 *
 * Return: 0, or a negative errno that was reported.
 */
int results_open(const char *path, FILE **file);

/**
 * struct output_source - what is known before the first result
 * @is_stored: they come from a recording: --pid and --comm select what is shown of it
 * @clock: what times are
 * @plan, @plan_count, @arch: see struct render_options
 */
struct output_source {
	bool is_stored;
	struct trace_clock clock;
	const struct plan_entry *plan;
	size_t plan_count;
	const char *arch;
};

/**
 * output_open - open --results (or standard output) and start the renderer of --format
 *
 * Return: 0, or a negative errno that was reported.
 */
int output_open(struct output *output, const struct options *options,
		const struct output_source *source);

/**
 * output_sink - what writes the results
 *
 * Once their reader has gone it takes everything without a word, so that the status is that of the
 * whole work; an attached trace, which has no other end, is ended by -EPIPE.
 */
struct chain_sink output_sink(struct output *output);

/**
 * output_expects - have the results of @expectation shown in @output
 */
void output_expects(struct output *output, struct expectation *expectation);

/**
 * note_unknown_users - say that the users of @count results are not known
 * @one, @many: what they are
 * @does: what --uid does with them all the same
 */
void note_unknown_users(uint64_t count, const char *one, const char *many, const char *does);

/**
 * output_close - write what is buffered
 *
 * Return: 0, or a negative errno that was reported. A reader that went away (EPIPE) is no error.
 */
int output_close(struct output *output);

/**
 * result_status - the exit status that results ask for: 0, STATUS_FAIL or STATUS_UNKNOWN
 * @expected: that of the expectations, 0 without any
 * @strict: verdicts and losses count, too
 *
 * A FAIL wins over an UNKNOWN or a loss.
 */
int result_status(const struct chain_summary *summary, int expected, bool strict);

#endif
