/* SPDX-License-Identifier: MIT */
/*
 * Flags of open(2) in words. Their numbers differ by machine.
 */
#ifndef FTOPEN_RENDER_FLAGS_H
#define FTOPEN_RENDER_FLAGS_H

#include <stdint.h>

#include "util/text.h"

/**
 * flags_write - "O_RDONLY|O_CLOEXEC" for @flags on the machine @arch, as uname(2) calls it
 *
 * Left out are O_LARGEFILE, which the kernel adds, and its mark of an exec. Bits without a word
 * come as a number, and so do all flags of a machine that is not known.
 */
void flags_write(struct text *text, uint64_t flags, const char *arch);

#endif
