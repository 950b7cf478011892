/* SPDX-License-Identifier: MIT */
/*
 * How much of a recording was read, for the person who waits.
 */
#ifndef FTOPEN_COMMAND_RECORDING_PROGRESS_H
#define FTOPEN_COMMAND_RECORDING_PROGRESS_H

struct recording;

/**
 * recording_progress - called with each record that was read: now and then writes the line
 */
void recording_progress(struct recording *recording);

#endif
