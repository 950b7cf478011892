/* SPDX-License-Identifier: MIT */
/*
 * Reading a trace.dat of version 6 or 7, by whatever tool, of any byte order and word size. Every
 * size and place in it is checked before it is used; an error names the byte.
 */
#ifndef FTOPEN_TRACEDAT_READ_H
#define FTOPEN_TRACEDAT_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "pages/clock.h"
#include "pages/merge.h"

struct dat;
struct tep_handle;

/**
 * struct dat_lost - records that the kernel counted as lost and no page tells of, times unknown
 * @count: LOSS_UNKNOWN if it is not known exactly
 */
struct dat_lost {
	enum scope scope;
	int cpu;
	uint64_t count;
};

/**
 * struct dat_info - what the file says besides its records; strings are the file's, NULL if it does
 * not say
 * @release, @machine: of the kernel
 * @clock: what times are
 * @extras: the lines after DAT_PROBES, see dat_meta_gather()
 * @buffers: how many instances have records in it
 * @has_any: one of those that are read is that of SCOPE_ANY
 * @lacks_any: it was, but its records were left out: `trace-cmd split` does that to every named
 *	buffer
 * @is_cut: the file ends within its pages
 * @lacks_counts: the kernel's counts of some CPU of a buffer that is read are not in it, or not
 *	understood; @lost has a loss of unknown size for each such buffer, of CPU -1
 * @lost: of each CPU that lost any, @lost_count of them; after all pages were read, with what the
 *	kernel gave away and the file does not have (trace-cmd record -m)
 * @overrun: records that the ring buffers overwrote, LOSS_UNKNOWN if not every CPU's are counted
 */
struct dat_info {
	const char *release;
	const char *machine;
	struct trace_clock clock;
	const char *extras;
	size_t buffers;
	bool has_any;
	bool lacks_any;
	bool is_cut;
	bool lacks_counts;
	const struct dat_lost *lost;
	size_t lost_count;
	uint64_t overrun;
};

/**
 * dat_is_one - whether @path is a regular file, and no link to one, that begins as a trace.dat does
 */
bool dat_is_one(const char *path);

/**
 * dat_open - open @path and check everything but the records
 * @path: "-" for standard input, which is stored first
 *
 * Return: 0, or a negative errno that was reported. Ends with dat_close().
 */
int dat_open(const char *path, struct dat **dat);

void dat_close(struct dat *dat);

/**
 * dat_tep - the formats of the file's events; the file's to free
 */
struct tep_handle *dat_tep(const struct dat *dat);

/**
 * dat_info - what the file says besides its records; stays the file's, up to dat_close()
 */
const struct dat_info *dat_info(const struct dat *dat);

/**
 * dat_has_event - whether events of number @id are known not to be lost ones of ours: the file has
 * a format for them, of whatever tool, or ftrace itself records them
 */
bool dat_has_event(const struct dat *dat, int id);

/**
 * dat_buffer_name - of buffer @buffer, "" for the main one
 */
const char *dat_buffer_name(const struct dat *dat, size_t buffer);

/**
 * dat_leave_out - from now on as if this buffer were not in the file
 *
 * Return: 0 or -ENOMEM.
 */
int dat_leave_out(struct dat *dat, size_t buffer);

/**
 * dat_pages_open - the file's pages, for the merge; ends with dat_pages_close(), before the file
 *
 * What comes from the main buffer has SCOPE_TASK. Return: 0, or a negative errno.
 */
int dat_pages_open(struct dat *dat, struct page_source **pages);

void dat_pages_close(struct page_source *pages);

/**
 * dat_read - merge all pages: pass on every record and loss, in the order of time
 *
 * Return: 0, what the sink returned, or a negative errno; of a compression that is not known it was
 * reported.
 */
int dat_read(struct dat *dat, const struct record_sink *sink);

/**
 * dat_read_buffer - dat_read() of one buffer alone, whether it is left out or not
 */
int dat_read_buffer(struct dat *dat, size_t buffer, const struct record_sink *sink);

/**
 * dat_percent - how much of the pages was read since they were opened, of 100
 */
unsigned int dat_percent(const struct dat *dat);

/**
 * dat_rewrite - dat_read(), and what the sink makes of the records goes back into the file
 * @sink: may change the bytes of a record, but not its size
 *
 * What stands in the pages between and after the records becomes 0. For a file that was not
 * compressed, of which nobody else knows yet: after an error it is half changed.
 */
int dat_rewrite(struct dat *dat, const struct record_sink *sink);

#endif
