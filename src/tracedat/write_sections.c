/* SPDX-License-Identifier: MIT */
/*
 * The sections of a version 6 file, in the order of trace-cmd.dat.v6(5). Numbers are in the byte
 * order of this machine, which the file names. Never touches a page.
 */
#include "options.h"
#include "write_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "version.h"

#define DAT_MAGIC   "\027\010\104tracing"
#define DAT_VERSION "6"

#define WORD_SIZE 10 /* "options  ", "flyrecord" and their NUL */

static void put(FILE *out, const void *data, size_t size)
{
	/* An error stays with the stream, and is looked at once, at the end. */
	if (size)
		fwrite(data, size, 1, out);
}

static void put_u16(FILE *out, uint16_t value)
{
	put(out, &value, sizeof(value));
}

static void put_u32(FILE *out, uint32_t value)
{
	put(out, &value, sizeof(value));
}

static void put_u64(FILE *out, uint64_t value)
{
	put(out, &value, sizeof(value));
}

static void put_byte(FILE *out, uint8_t value)
{
	put(out, &value, sizeof(value));
}

static void put_string(FILE *out, const char *string)
{
	put(out, string, strlen(string) + 1);
}

static void put_text32(FILE *out, const struct dat_text *text)
{
	put_u32(out, (uint32_t)text->size);
	put(out, text->data, text->size);
}

static void put_text64(FILE *out, const struct dat_text *text)
{
	put_u64(out, text->size);
	put(out, text->data, text->size);
}

static bool is_bigendian(void)
{
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
}

static void put_initial(FILE *out, const struct dat_meta *meta)
{
	put(out, DAT_MAGIC, strlen(DAT_MAGIC));
	put_string(out, DAT_VERSION);
	put_byte(out, is_bigendian());
	put_byte(out, sizeof(long));
	/* Readers walk the pages by this number: with larger sub-buffers it is theirs. */
	put_u32(out, (uint32_t)meta->page_size);
}

static void put_formats(FILE *out, const struct dat_meta *meta)
{
	put_string(out, "header_page");
	put_text64(out, &meta->header_page);
	put_string(out, "header_event");
	put_text64(out, &meta->header_event);
	put_u32(out, 0); /* formats of ftrace's own events, of which no record is here */
	put_u32(out, 1); /* systems */
	put_string(out, meta->group);
	put_u32(out, (uint32_t)meta->format_count);
	for (size_t i = 0; i < meta->format_count; i++)
		put_text64(out, &meta->formats[i]);
}

static void put_option(FILE *out, enum dat_option option, const char *string)
{
	size_t size = strlen(string) + 1;

	put_u16(out, (uint16_t)option);
	put_u32(out, (uint32_t)size);
	put(out, string, size);
}

/* Return: where in the file the offset of the buffer's table goes. */
static uint64_t put_buffer_option(FILE *out, const char *name)
{
	uint64_t at;

	put_u16(out, OPTION_BUFFER);
	put_u32(out, (uint32_t)(sizeof(uint64_t) + strlen(name) + 1));
	at = (uint64_t)ftello(out);
	put_u64(out, 0);
	put_string(out, name);
	return at;
}

static uint64_t put_options(FILE *out, const struct dat_meta *meta)
{
	uint64_t at = 0;

	put(out, "options  ", WORD_SIZE);
	for (size_t i = 0; i < meta->stat_count; i++)
		put_option(out, OPTION_CPU_STATS, meta->stats[i]);
	put_option(out, OPTION_CLOCK, meta->clock);
	if (meta->uname)
		put_option(out, OPTION_UNAME, meta->uname);
	put_option(out, OPTION_VERSION, "ftopen " FTOPEN_VERSION);
	if (meta->has_any)
		at = put_buffer_option(out, DAT_BUFFER_ANY);
	put_u16(out, OPTION_END);
	return at;
}

/*
 * The clock stands after the table, too: trace-cmd (3.1.6) looks for it there if there is the
 * option, and falls back to its default clock without it; the man page does not tell.
 *
 * Return: where the first CPU's offset and size are.
 */
static uint64_t put_table(FILE *out, const struct dat_meta *meta)
{
	uint64_t at;

	put(out, "flyrecord", WORD_SIZE);
	at = (uint64_t)ftello(out);
	for (int cpu = 0; cpu < meta->cpus; cpu++) {
		put_u64(out, 0);
		put_u64(out, 0);
	}
	put_u64(out, strlen(meta->clock));
	put(out, meta->clock, strlen(meta->clock));
	return at;
}

/* The second table stands after the first: what is cut off the file then is pages only. */
static uint64_t put_all(FILE *out, const struct dat_meta *meta, struct dat_tables *tables)
{
	uint64_t option;

	put_initial(out, meta);
	put_formats(out, meta);
	put_text32(out, &meta->kallsyms);
	put_u32(out, 0); /* formats of trace_printk(), to which no event of ours refers */
	put_text64(out, &meta->cmdlines);
	put_u32(out, (uint32_t)meta->cpus);
	option = put_options(out, meta);
	tables->at[SCOPE_TASK] = put_table(out, meta);
	tables->at[SCOPE_ANY] = meta->has_any ? put_table(out, meta) : 0;
	tables->end = (uint64_t)ftello(out);
	return option;
}

int sections_write(int fd, const struct dat_meta *meta, struct dat_tables *tables)
{
	uint64_t option, table;
	FILE *out;
	int ret = 0, copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	out = copy < 0 ? NULL : fdopen(copy, "w");
	if (!out) {
		ret = -errno;
		if (copy >= 0)
			close(copy);
		return ret;
	}
	option = put_all(out, meta, tables);
	if (ferror(out) || fflush(out))
		ret = errno ? -errno : -EIO;
	if (fclose(out) && !ret)
		ret = -errno;
	if (ret || !meta->has_any)
		return ret;
	table = tables->at[SCOPE_ANY] - WORD_SIZE;
	return write_at(fd, &table, sizeof(table), option);
}
