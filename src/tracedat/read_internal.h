/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the reader share: the file as its sections describe it.
 */
#ifndef FTOPEN_TRACEDAT_READ_INTERNAL_H
#define FTOPEN_TRACEDAT_READ_INTERNAL_H

#include "cursor.h"
#include "options.h"
#include "pages/cpu_stats.h"
#include "tracedat/read.h"

/**
 * struct dat_cpu - where the pages of one CPU of one buffer are
 * @buffer: index
 * @offset, @size: in the file; cut to what the file has
 * @is_cut: there was more
 */
struct dat_cpu {
	int cpu;
	size_t buffer;
	bool is_compressed;
	bool is_cut;
	uint64_t offset;
	uint64_t size;
};

struct dat_buffer {
	char *name;	/* "" for the main one */
	uint64_t start; /* of its table (version 6), or of the section of its records (7) */
	bool is_left_out;
};

/**
 * struct dat_count - what the kernel counted on one CPU of one buffer
 * @buffer: its name
 * @records: how many of them are in the file, once the pages were read to their end
 * @is_cut: and how many there were is not known
 */
struct dat_count {
	char *buffer;
	int cpu;
	struct cpu_stats stats;
	uint64_t records;
	bool is_cut;
};

/* More is a broken number, not a file. */
#define MAX_CPUS 8192

/* Records have 16 bits for the number of their event. */
#define MAX_EVENT_ID 65536

struct dat {
	char *path;
	int fd;
	uint64_t file_size;
	int version;
	bool is_big;
	unsigned int long_size; /* of the kernel, as header_page says */
	uint32_t page_size;
	uint32_t cpu_count;
	char *compression, *compression_version;
	struct tep_handle *tep;
	uint8_t ids[MAX_EVENT_ID / 8]; /* a bit for every event that has a format */
	struct dat_cpu *cpus;
	size_t cpu_nr;
	struct dat_buffer *buffers;
	size_t buffer_nr;
	char *uname, *clock, *extras;
	char *counted; /* the buffer whose counts come next, NULL for the main one */
	struct dat_count *counts;
	size_t count_nr;
	bool has_records; /* in @counts */
	struct dat_lost *lost;
	size_t lost_nr;
	bool has_warned;
	uint64_t pages_size, pages_read; /* in bytes of the file */
	struct dat_info info;
};

/**
 * dat_cursor - a cursor on the file from @at to @end
 */
void dat_cursor(const struct dat *dat, struct cursor *cursor, const char *section, uint64_t at,
		uint64_t end);

/* Sections, each with @cursor at its start. */
int parse_headers(struct dat *dat, struct cursor *cursor);
int parse_ftrace_formats(struct dat *dat, struct cursor *cursor);
int parse_formats(struct dat *dat, struct cursor *cursor);

/**
 * take_option - an option that both versions have; others are skipped
 */
int take_option(struct dat *dat, struct cursor *cursor, uint16_t id, uint32_t size);

/**
 * take_stats - the counts of a CPU, as the kernel gave them, or what else stands among them
 */
int take_stats(struct dat *dat, struct cursor *cursor, uint32_t size);

/**
 * counts_settle - what the counts of the buffers that are read say: in @dat's info
 */
int counts_settle(struct dat *dat);

/**
 * counts_find - those of the CPU whose pages are @cpu, NULL if there are none
 */
struct dat_count *counts_find(const struct dat *dat, const struct dat_cpu *cpu);

void counts_free(struct dat *dat);

/**
 * buffer_scope - whose records are in the buffer of this name
 */
enum scope buffer_scope(const char *name);

/**
 * keep - make @text, which becomes the file's, what @place says
 */
void keep(char **place, char *text);

/**
 * add_buffer - the next buffer of the file
 * @name: becomes the file's; NULL if there was no memory for it
 */
int add_buffer(struct dat *dat, char *name, uint64_t start);

/**
 * add_cpu - read where the pages of @cpu are, whose number and buffer are known
 *
 * Pages that lie beyond the file's end are cut off, which is no error.
 */
int add_cpu(struct dat *dat, struct cursor *cursor, const struct dat_cpu *cpu);

int parse_v6(struct dat *dat, struct cursor *cursor);
int parse_v7(struct dat *dat, struct cursor *cursor);

#endif
