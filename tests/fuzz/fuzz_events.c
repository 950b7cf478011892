/* SPDX-License-Identifier: MIT */
/*
 * The format text of an event, and after its NUL a ring buffer page: the page is walked, its
 * records are decoded, encoded in their place, and the rest is wiped.
 */
#include "fuzz.h"

#include <string.h>

#include <event-parse.h>

#include "../../src/tracedat/format.h"
#include "pages/decode.h"
#include "pages/page_cursor.h"

#define PAGE_SIZE 4096

static int take_record(void *context, const struct raw_record *raw)
{
	struct record records[POINT_NR];
	int count = decode(context, raw, records);

	return encode(context, raw, records, count, (void *)raw->data);
}

static int take_loss(void *context, const struct loss *loss)
{
	(void)context;
	if (loss->from > loss->to)
		abort();
	return 0;
}

static void walk(const struct decoder *decoder, uint8_t *page)
{
	const struct record_sink sink = { take_record, take_loss, (void *)decoder };
	struct page_cursor cursor;

	page_cursor_init(&cursor, 0, SCOPE_TASK, 8, false);
	page_cursor_load(&cursor, page, PAGE_SIZE, 0);
	page_cursor_wipe(&cursor, page, PAGE_SIZE);
	while (!page_cursor_is_done(&cursor)) {
		if (page_cursor_pass_on(&cursor, &sink))
			abort();
	}
}

static void decode_page(const char *format, uint8_t *page)
{
	struct tep_handle *tep = tep_alloc();
	struct decoder *decoder;

	tep_set_long_size(tep, 8);
	if (!tep_parse_event(tep, format, strlen(format), "ftopen") &&
	    !decoder_new(tep, NULL, &decoder)) {
		walk(decoder, page);
		decoder_free(decoder);
	}
	tep_free(tep);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\0', size);
	uint8_t page[PAGE_SIZE] = { 0 };
	char *text, *safe;
	size_t rest;

	if (!end)
		return 0;
	rest = size - (size_t)(end + 1 - data);
	memcpy(page, end + 1, rest < PAGE_SIZE ? rest : PAGE_SIZE);
	text = strdup((const char *)data);
	if (!format_make_safe(text, &safe)) {
		decode_page(safe, page);
		free(safe);
	}
	free(text);
	return 0;
}
