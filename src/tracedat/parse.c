/* SPDX-License-Identifier: MIT */
/*
 * The sections that both versions share, and version 6, in which everything stands in one row
 * (trace-cmd.dat.v6(5)). Finds the pages and reads none.
 */
#include "read_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event-parse.h>

#include "format.h"
#include "tracedat/write.h"

/* More is a broken number, not a file. */
#define MAX_FORMATS 100000

#define WORD_SIZE 10 /* "options  ", "flyrecord", "latency  " and their NUL */

/* --- headers and formats ---------------------------------------------------------------------- */

static int read_sized_text(struct cursor *cursor, char **text, uint64_t *size)
{
	int ret = cursor_u64(cursor, size);

	return ret ? ret : cursor_text(cursor, *size, text);
}

int parse_headers(struct dat *dat, struct cursor *cursor)
{
	char *text;
	uint64_t size;
	int ret = cursor_expect(cursor, "header_page", sizeof("header_page"));

	if (!ret)
		ret = read_sized_text(cursor, &text, &size);
	if (ret)
		return ret;
	dat->long_size = format_long_size(text);
	free(text);
	if (!dat->long_size)
		return cursor_bad(cursor, "a header_page whose commit is no long");
	tep_set_long_size(dat->tep, (int)dat->long_size);
	ret = cursor_expect(cursor, "header_event", sizeof("header_event"));
	if (!ret)
		ret = cursor_u64(cursor, &size);
	return ret ? ret : cursor_skip(cursor, size);
}

static int read_count(struct cursor *cursor, uint32_t *count)
{
	int ret = cursor_u32(cursor, count);

	if (!ret && *count > MAX_FORMATS)
		return cursor_bad(cursor, "a count that is too large");
	return ret;
}

/* Every format has a line "ID: N". */
static void note_id(struct dat *dat, const char *text)
{
	const char *line = strstr(text, "\nID: ");
	unsigned long id = line ? strtoul(line + strlen("\nID: "), NULL, 10) : MAX_EVENT_ID;

	if (id < MAX_EVENT_ID)
		dat->ids[id / 8] |= (uint8_t)(1U << (id % 8));
}

/* Ours alone: the library need not see what others wrote into their formats. */
static bool is_ours(const char *system)
{
	return !strncmp(system, "ftopen", strlen("ftopen"));
}

static int add_format(struct dat *dat, char *text, const char *system)
{
	char *safe;
	int ret = format_make_safe(text, &safe);

	if (ret)
		return ret;
	if (tep_parse_event(dat->tep, safe, strlen(safe), system))
		ret = -EBADMSG;
	free(safe);
	return ret;
}

static int take_format(struct dat *dat, struct cursor *cursor, const char *system)
{
	uint64_t size;
	char *text;
	int ret = read_sized_text(cursor, &text, &size);

	if (ret)
		return ret;
	note_id(dat, text);
	if (is_ours(system))
		ret = add_format(dat, text, system);
	if (ret && ret != -ENOMEM)
		ret = cursor_bad(cursor, "an event format that cannot be understood");
	free(text);
	return ret;
}

int parse_ftrace_formats(struct dat *dat, struct cursor *cursor)
{
	uint32_t count;
	int ret = read_count(cursor, &count);

	for (uint32_t i = 0; i < count && !ret; i++)
		ret = take_format(dat, cursor, "ftrace");
	return ret;
}

int parse_formats(struct dat *dat, struct cursor *cursor)
{
	uint32_t systems, count;
	int ret = read_count(cursor, &systems);

	for (uint32_t i = 0; i < systems && !ret; i++) {
		char *system;

		ret = cursor_string(cursor, &system);
		if (ret)
			break;
		ret = read_count(cursor, &count);
		for (uint32_t j = 0; j < count && !ret; j++)
			ret = take_format(dat, cursor, system);
		free(system);
	}
	return ret;
}

/* --- options ---------------------------------------------------------------------------------- */

/* The limit for times, in either unit: 200 years in nanoseconds. */
#define MAX_OFFSET (INT64_C(200) * 366 * 24 * 3600 * 1000000000)

/* Microseconds to the wall clock, as 0x… (record --date), or nanoseconds (--ts-offset). */
static int take_offset(struct dat *dat, struct cursor *cursor, uint16_t id, uint32_t size)
{
	struct trace_clock *clock = &dat->info.clock;
	int64_t offset;
	char *text, *end;
	int ret = cursor_text(cursor, size, &text);

	if (ret)
		return ret;
	errno = 0;
	offset = strtoll(text, &end, 0);
	if (errno || end == text || *end || offset > MAX_OFFSET || offset < -MAX_OFFSET) {
		ret = cursor_bad(cursor, "an invalid offset of times");
	} else if (id == OPTION_OFFSET) {
		clock->offset = offset;
	} else {
		clock->has_wall = clock->is_wall =
			!__builtin_mul_overflow(offset, INT64_C(1000), &clock->wall);
	}
	free(text);
	return ret;
}

/* How cycles become nanoseconds; the offset after it is 0, and nobody uses it. */
static int take_conversion(struct dat *dat, struct cursor *cursor, uint32_t size)
{
	struct trace_clock *clock = &dat->info.clock;
	uint32_t used = 2 * sizeof(uint32_t);
	int ret;

	if (size < used)
		return cursor_skip(cursor, size);
	ret = cursor_u32(cursor, &clock->mult);
	if (!ret)
		ret = cursor_u32(cursor, &clock->shift);
	if (!ret && clock->shift > 63)
		ret = cursor_bad(cursor, "an invalid conversion of cycles");
	return ret ? ret : cursor_skip(cursor, size - used);
}

int take_option(struct dat *dat, struct cursor *cursor, uint16_t id, uint32_t size)
{
	char *text;
	int ret;

	if (id == OPTION_CPU_STATS)
		return take_stats(dat, cursor, size);
	if (id == OPTION_DATE || id == OPTION_OFFSET)
		return take_offset(dat, cursor, id, size);
	if (id == OPTION_TSC2NSEC)
		return take_conversion(dat, cursor, size);
	if (id != OPTION_CLOCK && id != OPTION_UNAME)
		return cursor_skip(cursor, size);
	ret = cursor_text(cursor, size, &text);
	if (!ret)
		keep(id == OPTION_CLOCK ? &dat->clock : &dat->uname, text);
	return ret;
}

/* --- buffers ---------------------------------------------------------------------------------- */

int add_buffer(struct dat *dat, char *name, uint64_t start)
{
	struct dat_buffer *grown;

	grown = name ? realloc(dat->buffers, (dat->buffer_nr + 1) * sizeof(*grown)) : NULL;
	if (!grown) {
		free(name);
		return -ENOMEM;
	}
	dat->buffers = grown;
	grown[dat->buffer_nr++] = (struct dat_buffer){ name, start, false };
	return 0;
}

/* One of two such numbers is broken: the other CPU has its records twice. */
static bool is_another_ones(const struct dat *dat, uint64_t offset, uint64_t size)
{
	for (size_t i = 0; i < dat->cpu_nr; i++) {
		if (offset < dat->cpus[i].offset + dat->cpus[i].size &&
		    dat->cpus[i].offset < offset + size)
			return true;
	}
	return false;
}

int add_cpu(struct dat *dat, struct cursor *cursor, const struct dat_cpu *cpu)
{
	uint64_t offset = 0, size = 0;
	struct dat_cpu *grown, *new;
	int ret = cursor_u64(cursor, &offset);

	if (!ret)
		ret = cursor_u64(cursor, &size);
	if (ret)
		return ret;
	if ((uint32_t)cpu->cpu >= MAX_CPUS)
		return cursor_bad(cursor, "a CPU number that is too large");
	if (offset > INT64_MAX || size >= INT64_MAX - offset)
		return cursor_bad(cursor, "an impossible offset of pages");
	if (!size)
		return 0;
	/* The size of chunks leaves out the word before them, which has their number. */
	if (cpu->is_compressed)
		size += sizeof(uint32_t);
	if (is_another_ones(dat, offset, size))
		return cursor_bad(cursor, "pages that belong to another CPU");
	grown = realloc(dat->cpus, (dat->cpu_nr + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	dat->cpus = grown;
	new = &grown[dat->cpu_nr++];
	*new = *cpu;
	new->offset = offset;
	new->size = size;
	if (offset + size > dat->file_size) {
		new->is_cut = dat->info.is_cut = true;
		new->size = offset < dat->file_size ? dat->file_size - offset : 0;
	}
	return 0;
}

/* --- version 6 -------------------------------------------------------------------------------- */

static int skip_sized32(struct dat *dat, struct cursor *cursor)
{
	uint32_t size;
	int ret = cursor_u32(cursor, &size);

	(void)dat;
	return ret ? ret : cursor_skip(cursor, size);
}

static int skip_sized64(struct dat *dat, struct cursor *cursor)
{
	uint64_t size;
	int ret = cursor_u64(cursor, &size);

	(void)dat;
	return ret ? ret : cursor_skip(cursor, size);
}

static int read_cpu_count(struct dat *dat, struct cursor *cursor)
{
	int ret = cursor_u32(cursor, &dat->cpu_count);

	if (!ret && (!dat->cpu_count || dat->cpu_count > MAX_CPUS))
		return cursor_bad(cursor, "an impossible number of CPUs");
	return ret;
}

static int take_buffer_option(struct dat *dat, struct cursor *cursor, uint32_t size)
{
	uint64_t table;
	char *name;
	int ret;

	if (size <= sizeof(table))
		return cursor_bad(cursor, "a buffer option that is too short");
	ret = cursor_u64(cursor, &table);
	if (!ret)
		ret = cursor_text(cursor, size - sizeof(table), &name);
	if (ret)
		return ret;
	if (table)
		return add_buffer(dat, name, table);
	dat->info.lacks_any |= buffer_scope(name) == SCOPE_ANY;
	free(name);
	return 0;
}

static int parse_options(struct dat *dat, struct cursor *cursor)
{
	uint16_t id;
	uint32_t size;
	int ret;

	cursor->section = "the options";
	while (!(ret = cursor_u16(cursor, &id)) && id != OPTION_END) {
		ret = cursor_u32(cursor, &size);
		if (!ret)
			ret = id == OPTION_BUFFER ? take_buffer_option(dat, cursor, size)
						  : take_option(dat, cursor, id, size);
		if (ret)
			break;
	}
	return ret;
}

static int parse_table(struct dat *dat, struct cursor *cursor, size_t buffer)
{
	int ret = 0;

	for (uint32_t i = 0; i < dat->cpu_count && !ret; i++) {
		const struct dat_cpu cpu = { .cpu = (int)i, .buffer = buffer };

		ret = add_cpu(dat, cursor, &cpu);
	}
	return ret;
}

/* The options come before the table of the main buffer, and say where those of the others are. */
static int parse_tables(struct dat *dat, struct cursor *cursor)
{
	size_t named = dat->buffer_nr;
	int ret;

	cursor->section = "the table of pages";
	ret = add_buffer(dat, strdup(""), 0);
	if (!ret)
		ret = parse_table(dat, cursor, named);
	for (size_t i = 0; i < named && !ret; i++) {
		cursor->section = "the table of another buffer's pages";
		cursor->at = dat->buffers[i].start;
		ret = cursor_expect(cursor, "flyrecord", WORD_SIZE);
		if (!ret)
			ret = parse_table(dat, cursor, i);
	}
	return ret;
}

static int parse_records(struct dat *dat, struct cursor *cursor)
{
	char word[WORD_SIZE];
	int ret;

	cursor->section = "the kind of its records";
	while (!(ret = cursor_bytes(cursor, word, sizeof(word)))) {
		if (!memcmp(word, "options  ", sizeof(word)))
			ret = parse_options(dat, cursor);
		else if (!memcmp(word, "flyrecord", sizeof(word)))
			return parse_tables(dat, cursor);
		else
			return cursor_bad(cursor,
					  memcmp(word, "latency  ", sizeof(word))
						  ? "an unknown word"
						  : "a latency trace, which has no records,");
		if (ret)
			break;
		cursor->section = "the kind of its records";
	}
	return ret;
}

int parse_v6(struct dat *dat, struct cursor *cursor)
{
	static const struct {
		const char *name;
		int (*parse)(struct dat *dat, struct cursor *cursor);
	} sections[] = {
		{ "the header of pages and events", parse_headers },
		{ "ftrace's own formats", parse_ftrace_formats },
		{ "the event formats", parse_formats },
		{ "the kernel symbols", skip_sized32 },
		{ "the printk formats", skip_sized32 },
		{ "the command lines", skip_sized64 },
		{ "the number of CPUs", read_cpu_count },
	};
	int ret = 0;

	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]) && !ret; i++) {
		cursor->section = sections[i].name;
		ret = sections[i].parse(dat, cursor);
	}
	return ret ? ret : parse_records(dat, cursor);
}
