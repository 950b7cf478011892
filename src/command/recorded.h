/* SPDX-License-Identifier: MIT */
/*
 * Whom a recording is of, by its records.
 */
#ifndef FTOPEN_RECORDED_H
#define FTOPEN_RECORDED_H

#include "recording.h"

/**
 * recorded_find - find out whose records @recording has, and leave out the buffers that have the
 * records of another one again
 *
 * Says what is missing. Return: 0 or a negative errno that was reported.
 */
int recorded_find(struct recording *recording);

#endif
