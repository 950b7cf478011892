/* SPDX-License-Identifier: MIT */
/*
 * The witness: a process that only belongs to our process group. A signal that it got, too, was
 * sent to the whole group, one that it did not get was sent to ftopen alone. The signal itself does
 * not say so.
 */
#ifndef FTOPEN_TRACING_WITNESS_H
#define FTOPEN_TRACING_WITNESS_H

#include <stdbool.h>

struct witness;

/**
 * witness_start - from here on; signals have to be blocked already
 *
 * It keeps none of our descriptors open, and ends when we do, however that is.
 *
 * Return: 0 or a negative errno that was reported. Ends with witness_free().
 */
int witness_start(struct witness **witness);

/**
 * witness_had - whether the signal @number that we just got was sent to the whole group
 *
 * Each one that the group got is told of once. Return: false also if the witness does not answer.
 */
bool witness_had(struct witness *witness, int number);

void witness_free(struct witness *witness);

#endif
