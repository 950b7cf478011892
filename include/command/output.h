/* SPDX-License-Identifier: MIT */
/*
 * Where results go: format, file, and the exit status that the verdicts ask for.
 */
#ifndef FTOPEN_COMMAND_OUTPUT_H
#define FTOPEN_COMMAND_OUTPUT_H

#include <stdio.h>

#include "chain/chain.h"
#include "command/options.h"
#include "render/render.h"

#define STATUS_FAIL	 1
#define STATUS_UNKNOWN	 2
#define STATUS_FTOPEN	 125
#define STATUS_NO_EXEC	 126
#define STATUS_NOT_FOUND 127

/**
 * struct output - the renderer and its file
 * @error: what the renderer returned when it failed, a negative errno, set by the caller: a stream
 *	knows later that a write failed, but not why
 */
struct output {
	struct renderer renderer;
	FILE *file;
	const char *path;
	int error;
};

/**
 * output_open - open --results (or standard output) and start the renderer of --format
 *
 * Return: 0, or a negative errno that was reported.
 */
int output_open(struct output *output, const struct options *options, const struct plan_entry *plan,
		size_t plan_count);

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
