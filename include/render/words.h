/* SPDX-License-Identifier: MIT */
/*
 * Words that people read.
 */
#ifndef FTOPEN_RENDER_WORDS_H
#define FTOPEN_RENDER_WORDS_H

/**
 * errno_name - "ENOENT" for 2; NULL for a number without a name
 */
const char *errno_name(int err);

#endif
