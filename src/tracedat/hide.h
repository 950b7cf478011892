/* SPDX-License-Identifier: MIT */
/*
 * A trace.dat without the kernel's addresses, from one that has them.
 */
#ifndef FTOPEN_TRACEDAT_HIDE_H
#define FTOPEN_TRACEDAT_HIDE_H

#include "chain/hide.h"

/**
 * hide_file - replace every address in the records of @path by the hash that @hider makes of it
 *
 * In the file itself, which has to be one of version 6, from a 64-bit kernel, that nobody else
 * reads. Whatever else stands in its pages becomes 0. Its symbols stay.
 *
 * Return: 0, or a negative errno that was reported; the file is of no use then.
 */
int hide_file(const char *path, struct hider *hider);

#endif
