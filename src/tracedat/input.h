/* SPDX-License-Identifier: MIT */
/*
 * A recording that comes through a pipe.
 */
#ifndef FTOPEN_TRACEDAT_INPUT_H
#define FTOPEN_TRACEDAT_INPUT_H

/* What stands for standard input, and what it is called in messages. */
#define INPUT_PIPE	"-"
#define INPUT_PIPE_NAME "standard input"

/**
 * input_store - copy standard input to an unlinked temporary file: it is read more than once
 *
 * Return: the file's descriptor, the caller's to close, or a negative errno that was reported:
 * -EFBIG for more than 16 GiB.
 */
int input_store(void);

#endif
