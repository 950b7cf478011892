/* SPDX-License-Identifier: MIT */
/*
 * The files of a long recording: FILE.000001, FILE.000002 and so on. Knows their names, and which
 * of them go. Of what is in them it knows only whether it is a trace.dat.
 */
#ifndef FTOPEN_COMMAND_PARTS_H
#define FTOPEN_COMMAND_PARTS_H

/**
 * struct part_files - the files of one recording
 * @path: FILE; stays the caller's
 * @last: the highest number that there is, 0 for none
 */
struct part_files {
	const char *path;
	unsigned int last;
};

/**
 * parts_find - which parts of @path there are, of whatever recording; whatever has the name of one
 * counts
 *
 * Return: 0, or a negative errno that was reported.
 */
int parts_find(struct part_files *parts, const char *path);

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
