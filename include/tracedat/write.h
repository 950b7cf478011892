/* SPDX-License-Identifier: MIT */
/*
 * Writing a trace.dat of version 6 (trace-cmd.dat.v6(5)). While the trace runs, pages are spooled
 * in unlinked temporary files in the target's directory; at the end the file is assembled and
 * renamed. Until then, or if the trace fails, the target stays as it was.
 */
#ifndef FTOPEN_TRACEDAT_WRITE_H
#define FTOPEN_TRACEDAT_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pages/page_sink.h"

struct dat_writer;
struct hider;

/* The buffer of SCOPE_ANY; that of SCOPE_TASK is the main one, which has no name. */
#define DAT_BUFFER_ANY "ftopen_any"

/* The line that begins the probes' own counts, among the cpu stats: dat_meta_gather() has more. */
#define DAT_PROBES "Probes of ftopen:"

/**
 * struct dat_text - bytes that go into the file as they are; not NUL terminated
 */
struct dat_text {
	char *data;
	size_t size;
};

/**
 * struct dat_meta - everything in the file but the pages
 * @page_size: bytes of a sub-buffer, which has to be the same in both instances
 * @cpus: number of the highest CPU plus one
 * @has_any: whether there is a second buffer
 * @is_incomplete: records are missing of which no page tells: every CPU's pages end with a mark of
 *	lost records
 * @group: of the events whose formats follow
 * @clock: the trace clock in brackets, as trace_clock marks it: "[mono]"
 * @uname: system, node, release, machine, as uname(1) would print them
 * @stats: cpu stats, one option each, in order
 * @hider: hides the addresses of the records; the caller's, NULL to leave them as they are
 *
 * Strings and texts are malloc'ed; dat_meta_release() frees them.
 */
struct dat_meta {
	size_t page_size;
	int cpus;
	bool has_any;
	bool is_incomplete;
	struct dat_text header_page;
	struct dat_text header_event;
	char *group;
	struct dat_text *formats;
	size_t format_count;
	struct dat_text kallsyms;
	struct dat_text cmdlines;
	char *clock;
	char *uname;
	char **stats;
	size_t stat_count;
	struct hider *hider;
};

void dat_meta_release(struct dat_meta *meta);

/* Addresses that are to be hidden wait in memory: no file has them, not for a moment. */
#define DAT_MEMORY_LIMIT (256 * 1024 * 1024)

/**
 * dat_writer_new - start a file that will be @path
 * @hides: there will be a hider at the end: until then pages wait in memory, and pages beyond
 *	DAT_MEMORY_LIMIT are missing
 *
 * Refuses what a rename would destroy: a target that is no regular file. A symbolic link is
 * followed.
 *
 * Return: 0, or a negative errno that was reported. Ends with dat_writer_finish() or
 * dat_writer_abort().
 */
int dat_writer_new(const char *path, bool hides, struct dat_writer **writer);

/**
 * dat_writer_page, dat_writer_spool, dat_writer_failed - the functions of a struct page_sink
 *
 * The first failure is reported. What could not be stored is marked in the file as lost records.
 */
void dat_writer_page(struct dat_writer *writer, enum scope scope, int cpu, const void *data,
		     size_t size);
int dat_writer_spool(struct dat_writer *writer, enum scope scope, int cpu);
void dat_writer_failed(struct dat_writer *writer, enum scope scope, int cpu, int err);

/**
 * dat_writer_error - Return: 0, or the first failure, which was reported
 */
int dat_writer_error(const struct dat_writer *writer);

/**
 * dat_writer_sink - the three of them
 */
struct page_sink dat_writer_sink(struct dat_writer *writer);

/**
 * dat_writer_finish - assemble the file, rename it to the target, free the writer
 *
 * The file has mode 0600, and belongs to the user behind sudo if there is one.
 *
 * Return: 0, or the first negative errno of the writer's life, which was reported. If only pages
 * could not be stored, the target is there all the same, with what was whole.
 */
int dat_writer_finish(struct dat_writer *writer, const struct dat_meta *meta);

/**
 * dat_writer_abort - forget everything; the target is as it was. NULL is nothing.
 */
void dat_writer_abort(struct dat_writer *writer);

#endif
