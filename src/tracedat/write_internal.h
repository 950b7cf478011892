/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the writer share: spools, sections, assembly.
 */
#ifndef FTOPEN_TRACEDAT_WRITE_INTERNAL_H
#define FTOPEN_TRACEDAT_WRITE_INTERNAL_H

#include "tracedat/write.h"

/**
 * struct spool - the pages of one CPU of one buffer, in an unlinked temporary file
 * @fd: -1 before the first page
 * @error: why pages are missing after those that are there; 0 if none are
 */
struct spool {
	int fd;
	int error;
};

/**
 * spool_append - add one page; what part of it could be written is taken back
 *
 * Return: 0, or a negative errno, not reported.
 */
int spool_append(const struct spool *spool, const void *data, size_t size);

/**
 * write_at - write all of @data at @offset
 *
 * Return: 0, or a negative errno, not reported.
 */
int write_at(int fd, const void *data, size_t size, uint64_t offset);

/**
 * struct dat_tables - where in the file offset and size of each CPU's pages go
 * @at: of the first CPU, by scope
 * @end: of all the sections
 */
struct dat_tables {
	uint64_t at[SCOPE_NR];
	uint64_t end;
};

/**
 * sections_write - write everything before the pages to the start of @fd, with empty tables
 *
 * Return: 0, or a negative errno, not reported.
 */
int sections_write(int fd, const struct dat_meta *meta, struct dat_tables *tables);

/**
 * struct spools - the spools of one buffer, by CPU
 */
struct spools {
	struct spool *cpus;
	int count;
};

/**
 * assemble - move the pages of all spools after the sections and fill the tables
 * @fd: the file, which has its sections
 * @missing: 0, or why pages could not be copied: a negative errno; the file is whole all the same
 *
 * A spool's blocks are given back as its pages are copied, so that a disk need not hold them
 * twice. Missing pages are marked as lost records.
 *
 * Return: 0, or a negative errno if the file is of no use; neither is reported.
 */
int assemble(int fd, const struct dat_meta *meta, const struct dat_tables *tables,
	     const struct spools spools[SCOPE_NR], int *missing);

#endif
