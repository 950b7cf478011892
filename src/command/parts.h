/* SPDX-License-Identifier: MIT */
/*
 * The files of a long recording: FILE.000001, FILE.000002 and so on. Knows their names, which of
 * them go, and whether another recording makes them. Of their contents it knows only whether they
 * are a trace.dat.
 */
#ifndef FTOPEN_COMMAND_PARTS_H
#define FTOPEN_COMMAND_PARTS_H

/**
 * struct part_files - the files of one recording
 * @path: FILE; stays the caller's
 * @last: the highest number that there is, 0 for none
 * @lock_name, @lock: ".FILE.lock" beside them, and its descriptor; the name is NULL without it
 */
struct part_files {
	const char *path;
	unsigned int last;
	char *lock_name;
	int lock;
};

/**
 * parts_open - find which parts of @path there are, of whatever recording; whatever has the name of
 * one counts. Until parts_close() nobody else can.
 *
 * What a killed process leaves of its lock is taken over.
 *
 * Return: 0, or a negative errno that was reported; -EBUSY if another recording makes such files.
 */
int parts_open(struct part_files *parts, const char *path);

void parts_close(struct part_files *parts);

/**
 * parts_name - the name of part @number, the caller's to free; NULL when out of memory
 */
char *parts_name(const struct part_files *parts, unsigned int number);

/**
 * parts_keep - remove all but the last @keep files up to number @last; what is no trace.dat stays
 * @keep: 0 for all of them
 *
 * Return: 0, or a negative errno that was reported.
 */
int parts_keep(const struct part_files *parts, unsigned int last, unsigned long keep);

#endif
