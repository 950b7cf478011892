/* SPDX-License-Identifier: MIT */
/*
 * Version 7 (trace-cmd.dat.v7(5)): a chain of options that point to sections, which may be
 * compressed.
 */
#include "read_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compress.h"

#define SECTION_COMPRESSED 1
#define SECTION_HEAD	   16

/* A section that is larger, decompressed, is a broken number; the longest are 3 MB of formats. */
#define MAX_SECTION (256 * 1024 * 1024)

/* More sections of options than this are a loop. */
#define MAX_CHAIN 64

struct section {
	uint16_t id;
	uint16_t flags;
	uint64_t size;
};

/* Leaves @cursor, which is before the header of a section that has to be @id, after it. */
static int open_section(struct cursor *cursor, uint16_t id, struct section *section)
{
	uint32_t description;
	int ret = cursor_u16(cursor, &section->id);

	if (!ret)
		ret = cursor_u16(cursor, &section->flags);
	if (!ret)
		ret = cursor_u32(cursor, &description);
	if (!ret)
		ret = cursor_u64(cursor, &section->size);
	if (!ret && section->id != id)
		ret = cursor_bad(cursor, "another section");
	return ret;
}

/* The section's bytes: @cursor reads them from the file, or from *@unpacked, the caller's. */
static int enter_section(const struct dat *dat, struct cursor *cursor,
			 const struct section *section, uint8_t **unpacked)
{
	struct unpacker *unpacker;
	uint32_t packed, size;
	int ret;

	*unpacked = NULL;
	if (section->size > cursor->end - cursor->at)
		return cursor_skip(cursor, section->size);
	cursor->end = cursor->at + section->size;
	if (!(section->flags & SECTION_COMPRESSED))
		return 0;
	ret = cursor_u32(cursor, &packed);
	if (!ret)
		ret = cursor_u32(cursor, &size);
	if (ret)
		return ret;
	if (packed > cursor->end - cursor->at)
		return cursor_skip(cursor, packed);
	if (!size || size > MAX_SECTION)
		return cursor_bad(cursor, "an impossible size");
	*unpacked = malloc(size);
	if (!*unpacked)
		return -ENOMEM;
	ret = unpacker_new(dat, &unpacker);
	if (ret)
		return ret;
	ret = unpack(unpacker, cursor->at, packed, *unpacked, size);
	if (ret == -EBADMSG)
		ret = cursor_bad(cursor, "bytes that cannot be decompressed");
	unpacker_free(unpacker);
	cursor->memory = *unpacked;
	cursor->base = cursor->at;
	cursor->at = 0;
	cursor->end = size;
	return ret;
}

static int parse_section(struct dat *dat, uint64_t at, uint16_t id)
{
	static const struct {
		uint16_t id;
		const char *name;
		int (*parse)(struct dat *dat, struct cursor *cursor);
	} kinds[] = {
		{ OPTION_HEADERS, "the header of pages and events", parse_headers },
		{ OPTION_FTRACE_FORMATS, "ftrace's own formats", parse_ftrace_formats },
		{ OPTION_FORMATS, "the event formats", parse_formats },
	};
	struct cursor cursor;
	struct section section;
	uint8_t *unpacked = NULL;
	size_t kind = 0;
	int ret;

	while (kinds[kind].id != id)
		kind++;
	dat_cursor(dat, &cursor, kinds[kind].name, at, dat->file_size);
	ret = open_section(&cursor, id, &section);
	if (!ret)
		ret = enter_section(dat, &cursor, &section, &unpacked);
	if (!ret)
		ret = kinds[kind].parse(dat, &cursor);
	free(unpacked);
	return ret;
}

static int take_cpus(struct dat *dat, struct cursor *cursor, bool is_compressed)
{
	struct dat_cpu cpu = { .buffer = dat->buffer_nr - 1, .is_compressed = is_compressed };
	uint32_t count, number;
	int ret = cursor_u32(cursor, &count);

	for (uint32_t i = 0; i < count && !ret; i++) {
		ret = cursor_u32(cursor, &number);
		if (ret)
			break;
		cpu.cpu = (int)number;
		ret = add_cpu(dat, cursor, &cpu);
	}
	return ret;
}

static int parse_buffer(struct dat *dat, struct cursor *cursor)
{
	struct section section = { 0 };
	struct cursor pages;
	uint64_t at;
	char *name, *clock;
	int ret = cursor_u64(cursor, &at);

	if (!ret)
		ret = cursor_string(cursor, &name);
	if (!ret)
		ret = add_buffer(dat, name, at);
	if (!ret)
		ret = cursor_string(cursor, &clock);
	if (ret)
		return ret;
	free(dat->clock);
	dat->clock = clock;
	ret = cursor_u32(cursor, &dat->page_size);
	if (ret)
		return ret;
	dat_cursor(dat, &pages, "the records", at, dat->file_size);
	/* If it was cut off, so are its CPUs' pages. */
	if (at < dat->file_size)
		ret = open_section(&pages, OPTION_BUFFER, &section);
	return ret ? ret : take_cpus(dat, cursor, section.flags & SECTION_COMPRESSED);
}

/* What is left of it may have been a CPU with its pages. */
static int take_buffer(struct dat *dat, struct cursor *cursor, uint32_t size)
{
	uint64_t end = cursor->at + size;
	int ret = parse_buffer(dat, cursor);

	if (!ret && cursor->at != end)
		ret = cursor_bad(cursor, "a buffer option of another size");
	return ret;
}

/* Of the whole machine, and of each buffer that has another number. */
static int take_cpu_count(struct dat *dat, struct cursor *cursor, uint32_t size)
{
	uint32_t count;
	int ret;

	if (size != sizeof(count))
		return cursor_skip(cursor, size);
	ret = cursor_u32(cursor, &count);
	if (!ret && count <= MAX_CPUS && count > dat->cpu_count)
		dat->cpu_count = count;
	return ret;
}

static int take_v7_option(struct dat *dat, struct cursor *cursor, uint16_t id, uint32_t size)
{
	uint64_t at;
	int ret;

	if (id == OPTION_BUFFER)
		return take_buffer(dat, cursor, size);
	if (id == OPTION_CPU_COUNT)
		return take_cpu_count(dat, cursor, size);
	if (id < OPTION_HEADERS || id > OPTION_FORMATS)
		return take_option(dat, cursor, id, size);
	ret = cursor_u64(cursor, &at);
	return ret ? ret : parse_section(dat, at, id);
}

/* One section of options. @next is where the following one is, 0 for none. */
static int parse_options(struct dat *dat, struct cursor *cursor, uint64_t *next)
{
	uint16_t id;
	uint32_t size;
	int ret;

	while (!(ret = cursor_u16(cursor, &id))) {
		uint64_t end;

		ret = cursor_u32(cursor, &size);
		if (ret)
			return ret;
		if (id == OPTION_END)
			return cursor_u64(cursor, next);
		end = cursor->at + size;
		ret = take_v7_option(dat, cursor, id, size);
		if (ret)
			return ret;
		if (cursor->at > end)
			return cursor_bad(cursor, "an option that is longer than its size");
		ret = cursor_skip(cursor, end - cursor->at);
		if (ret)
			return ret;
	}
	return ret;
}

static int parse_chain(struct dat *dat, uint64_t at)
{
	int ret = 0;

	for (int links = 0; at && !ret; links++) {
		struct cursor cursor;
		struct section section;
		uint8_t *unpacked = NULL;

		dat_cursor(dat, &cursor, "the options", at, dat->file_size);
		ret = open_section(&cursor, OPTION_END, &section);
		if (!ret && links == MAX_CHAIN)
			ret = cursor_bad(&cursor, "options that do not end");
		if (!ret)
			ret = enter_section(dat, &cursor, &section, &unpacked);
		if (!ret)
			ret = parse_options(dat, &cursor, &at);
		free(unpacked);
	}
	return ret;
}

static bool is_buffer(const struct dat *dat, uint64_t at)
{
	for (size_t i = 0; i < dat->buffer_nr; i++) {
		if (dat->buffers[i].start == at)
			return true;
	}
	return false;
}

/*
 * Sections stand one after the other, as far as is known: a file that ends within one was cut,
 * even if nothing of it is needed here. Records that no option describes would be missed.
 */
static int check_sections(struct dat *dat, uint64_t at)
{
	while (at < dat->file_size) {
		struct cursor cursor;
		uint16_t id, flags;
		uint32_t description;
		uint64_t size;

		dat_cursor(dat, &cursor, "a section", at, dat->file_size);
		dat->info.is_cut |= dat->file_size - at < SECTION_HEAD;
		if (dat->info.is_cut || cursor_u16(&cursor, &id) || cursor_u16(&cursor, &flags) ||
		    cursor_u32(&cursor, &description) || cursor_u64(&cursor, &size))
			return 0;
		if (id == OPTION_BUFFER && !is_buffer(dat, at))
			return cursor_bad(&cursor, "records that no option describes");
		dat->info.is_cut |= size > dat->file_size - cursor.at;
		at = cursor.at + size;
	}
	return 0;
}

int parse_v7(struct dat *dat, struct cursor *cursor)
{
	uint64_t at;
	int ret;

	cursor->section = "the name of its compression";
	ret = cursor_string(cursor, &dat->compression);
	if (!ret)
		ret = cursor_string(cursor, &dat->compression_version);
	cursor->section = "the place of its options";
	if (!ret)
		ret = cursor_u64(cursor, &at);
	if (!ret && (!at || at >= dat->file_size))
		ret = cursor_bad(cursor, "an offset beyond its end");
	if (!ret)
		ret = parse_chain(dat, at);
	if (!ret && !dat->long_size)
		ret = cursor_bad(cursor, "no header of pages");
	return ret ? ret : check_sections(dat, cursor->at);
}
