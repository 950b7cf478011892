/* SPDX-License-Identifier: MIT */
/*
 * Temporary probes for the measured layout: which function carries which object where is a table.
 * Bytes that could not be fetched are older ones of the ring buffer: the search sees to it that
 * what it believes differs from round to round.
 */
#include "measure_taps.h"

#include <errno.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event-parse.h>

#include "chain/record.h"
#include "tracing/decode_live.h"
#include "tracing/instance.h"
#include "tracing/stream.h"
#include "util/clock.h"
#include "util/message.h"

#define TAP_SYMBOLS  3
#define TAP_WINDOWS  2
#define PIECE_WORDS  64 /* the kernel's MAX_ARRAY_LEN */
#define PIECE_SIZE   (8 * PIECE_WORDS)
#define TAP_PIECES   4
#define MAX_ACTIVE   128
#define TASK_PART    (TAP_PIECES * PIECE_SIZE)
#define TASK_PARTS   5
#define SMALL_WINDOW 256
#define LINE_SIZE    1024
#define FLAGS_WINDOW 24
#define QSTR_WINDOW  16 /* hash and length, then the pointer of 4 or 8 bytes */

/**
 * struct tap_window - what one probe shows of one object
 * @arg: which argument is the object's address, 0: what is returned
 * @offset, @size: which bytes of it
 */
struct tap_window {
	enum view view;
	int arg;
	size_t offset, size; /* a size of 0 ends the list */
};

/**
 * struct tap - one probe
 * @symbols: by preference
 */
struct tap {
	const char *event;
	bool at_return;
	const char *symbols[TAP_SYMBOLS];
	struct tap_window windows[TAP_WINDOWS];
};

#define TASK(part)                                                        \
	{                                                                 \
		"measure_task_" #part, false, { "wake_up_new_task" },     \
		{                                                         \
			{                                                 \
				VIEW_TASK, 1, (part)*TASK_PART, TASK_PART \
			}                                                 \
		}                                                         \
	}

/* Windows reach beyond the end of most kernels' structures, but not far. */
/* clang-format off */
static const struct tap table[] = {
	{ "measure_syscall", false, { "do_sys_openat2" },
	  { { VIEW_HOW, 3, 0, sizeof(struct open_how) } } },
	{ "measure_open", false, { "do_filp_open", "do_file_open" },
	  { { VIEW_FILENAME, 2, 0, SMALL_WINDOW },
	    { VIEW_OPEN_FLAGS, 3, 0, FLAGS_WINDOW } } },
	{ "measure_open_ret", true, { "do_filp_open", "do_file_open" },
	  { { VIEW_FILE, 0, 0, SMALL_WINDOW } } },
	{ "measure_alloc", false, { "__d_alloc" },
	  { { VIEW_SUPER_BLOCK, 1, 0, 3 * PIECE_SIZE },
	    { VIEW_QSTR, 2, 0, QSTR_WINDOW } } },
	{ "measure_alloc_ret", true, { "__d_alloc" },
	  { { VIEW_NEW_DENTRY, 0, 0, SMALL_WINDOW } } },
	{ "measure_instantiate", false, { "__d_instantiate" },
	  { { VIEW_INODE, 2, 0, 2 * PIECE_SIZE } } },
	{ "measure_delete", false, { "d_delete", "dentry_unlink_inode" },
	  { { VIEW_DENTRY, 1, 0, SMALL_WINDOW } } },
	TASK(0), TASK(1), TASK(2), TASK(3), TASK(4),
};
/* clang-format on */

#define TAP_NR (sizeof(table) / sizeof(table[0]))

/* How many bytes of an object there are at most. */
static const size_t view_sizes[VIEW_NR] = {
	[VIEW_HOW] = sizeof(struct open_how),
	[VIEW_FILENAME] = SMALL_WINDOW,
	[VIEW_OPEN_FLAGS] = FLAGS_WINDOW,
	[VIEW_SUPER_BLOCK] = 3 * PIECE_SIZE,
	[VIEW_QSTR] = QSTR_WINDOW,
	[VIEW_NEW_DENTRY] = SMALL_WINDOW,
	[VIEW_DENTRY] = SMALL_WINDOW,
	[VIEW_INODE] = 2 * PIECE_SIZE,
	[VIEW_FILE] = SMALL_WINDOW,
	[VIEW_TASK] = TASK_PARTS * TASK_PART,
};

/**
 * struct armed - a probe that the kernel took
 * @event: NULL if it took none
 * @addresses: field with each object's address
 * @pieces: fields with its bytes
 */
struct armed {
	struct tep_event *event;
	struct tep_format_field *addresses[TAP_WINDOWS];
	struct tep_format_field *pieces[TAP_WINDOWS][TAP_PIECES];
};

struct block {
	struct block *next;
	unsigned char bytes[];
};

/**
 * struct taps - the probes, and what is being watched
 * @blocks: all the bytes that windows point to
 * @seen: how often each probe fired in this act
 * @until: end of the act by the trace clock: to switch tracing off takes an open, too
 * @named: instead of a round
 */
struct taps {
	struct session *session;
	struct instance *instance;
	struct tep_handle *tep;
	struct stream *stream;
	struct armed armed[TAP_NR];
	struct block *blocks;
	struct round *round;
	unsigned int seen[TAP_NR];
	uint64_t until;
	struct window *named;
	size_t named_count, named_room;
};

/* --- definitions ------------------------------------------------------------------------------ */

static size_t piece_size(const struct tap_window *window, size_t piece)
{
	size_t left = window->size - piece * PIECE_SIZE;

	return left < PIECE_SIZE ? left : PIECE_SIZE;
}

static size_t piece_count(const struct tap_window *window)
{
	return (window->size + PIECE_SIZE - 1) / PIECE_SIZE;
}

static void print_window(FILE *out, const struct tap_window *window, size_t number,
			 const char *from)
{
	fprintf(out, " a%zu=%s:x64", number, from);
	for (size_t i = 0; i < piece_count(window); i++)
		fprintf(out, " w%zu_%zu=+%zu(%s):x64[%zu]", number, i,
			window->offset + i * PIECE_SIZE, from, piece_size(window, i) / 8);
}

static int print_definition(const struct session *session, const struct tap *tap,
			    const char *symbol, char *line)
{
	FILE *out = fmemopen(line, LINE_SIZE, "w");

	if (!out)
		return -ENOMEM;
	fprintf(out, tap->at_return ? "r%d" : "p", MAX_ACTIVE);
	fprintf(out, ":%s/%s %s", session_name(session), tap->event, symbol);
	for (size_t i = 0; i < TAP_WINDOWS && tap->windows[i].size; i++) {
		char from[ARGUMENT_SIZE] = "$retval";

		if (tap->windows[i].arg)
			argument_fetch(session_registers(session), tap->windows[i].arg, from);
		print_window(out, &tap->windows[i], i, from);
	}
	return fclose(out) ? -E2BIG : 0;
}

/* Return: 0 if the kernel took it, 1 if not, or a negative errno. */
static int define(struct taps *taps, const struct tap *tap, const char *symbol)
{
	char line[LINE_SIZE], *why = NULL;
	int ret = print_definition(taps->session, tap, symbol, line);

	if (ret)
		return ret;
	ret = session_define_event(taps->session, tap->event, line, &why);
	if (ret)
		debug("measuring without '%s': %s", line, why ? why : strerror(-ret));
	free(why);
	return ret == -ENOMEM ? ret : ret != 0;
}

static void find_fields(struct armed *armed, const struct tap *tap)
{
	char name[32];

	for (size_t i = 0; i < TAP_WINDOWS; i++) {
		snprintf(name, sizeof(name), "a%zu", i);
		armed->addresses[i] = tep_find_field(armed->event, name);
		for (size_t piece = 0; piece < piece_count(&tap->windows[i]); piece++) {
			snprintf(name, sizeof(name), "w%zu_%zu", i, piece);
			armed->pieces[i][piece] = tep_find_field(armed->event, name);
		}
	}
}

static int arm_tap(struct taps *taps, const struct symbols *symbols, size_t number)
{
	const struct tap *tap = &table[number];
	struct armed *armed = &taps->armed[number];
	int ret = 1;

	for (size_t i = 0; i < TAP_SYMBOLS && tap->symbols[i] && ret > 0; i++) {
		struct symbol symbol;

		symbols_find(symbols, tap->symbols[i], &symbol);
		if (symbol.count == 1 && symbol.probeable)
			ret = define(taps, tap, tap->symbols[i]);
	}
	if (ret)
		return ret < 0 ? ret : 0;
	ret = tep_add_event(taps->tep, taps->session, tap->event);
	if (ret)
		return ret;
	armed->event = tep_find_event_by_name(taps->tep, session_name(taps->session), tap->event);
	if (armed->event)
		find_fields(armed, tap);
	return instance_enable_event(taps->instance, tap->event);
}

/* --- records ---------------------------------------------------------------------------------- */

static unsigned char *new_block(struct taps *taps, size_t size)
{
	struct block *block = calloc(1, sizeof(*block) + size);

	if (!block)
		return NULL;
	block->next = taps->blocks;
	taps->blocks = block;
	return block->bytes;
}

/* Return: @size bytes of the record's field, NULL if they are not there. */
static const void *field_bytes(const struct raw_record *raw, const struct tep_format_field *field,
			       size_t size)
{
	if (!field || field->offset < 0 || field->size < 0 || (size_t)field->size != size ||
	    (size_t)field->offset > raw->size || size > raw->size - (size_t)field->offset)
		return NULL;
	return (const char *)raw->data + field->offset;
}

static bool copy_pieces(const struct armed *armed, const struct tap_window *shown, size_t number,
			const struct raw_record *raw, unsigned char *to)
{
	for (size_t i = 0; i < piece_count(shown); i++) {
		size_t size = piece_size(shown, i);
		const void *bytes = field_bytes(raw, armed->pieces[number][i], size);

		if (!bytes)
			return false;
		memcpy(to + i * PIECE_SIZE, bytes, size);
	}
	return true;
}

/* An object may be shown in parts, by several probes of one function. */
static int add_window(struct taps *taps, size_t tap, size_t number, const struct raw_record *raw,
		      struct window *window)
{
	const struct tap_window *shown = &table[tap].windows[number];
	const struct armed *armed = &taps->armed[tap];
	const void *address = field_bytes(raw, armed->addresses[number], 8);
	uint64_t at;

	if (!address)
		return 0;
	memcpy(&at, address, 8);
	at = widen_pointer(at, (size_t)tep_get_long_size(taps->tep));
	if (!is_address(at) || (window->address && window->address != at))
		return 0;
	if (!window->bytes)
		window->bytes = new_block(taps, view_sizes[shown->view]);
	if (!window->bytes)
		return -ENOMEM;
	window->address = at;
	/* The block is ours: the window's reader alone has no business in changing it. */
	if (copy_pieces(armed, shown, number, raw,
			(unsigned char *)window->bytes + shown->offset) &&
	    window->size < shown->offset + shown->size)
		window->size = shown->offset + shown->size;
	return 0;
}

static int add_named(struct taps *taps, size_t tap, const struct raw_record *raw)
{
	struct window *window = &taps->named[taps->named_count];
	int ret;

	if (table[tap].windows[0].view != VIEW_NEW_DENTRY || taps->named_count == taps->named_room)
		return 0;
	*window = (struct window){ 0 };
	ret = add_window(taps, tap, 0, raw, window);
	taps->named_count += window->size > 0;
	return ret;
}

static int take_record(void *context, const struct raw_record *raw)
{
	struct taps *taps = context;
	struct tep_record record = { .data = (void *)raw->data, .size = (int)raw->size };
	const struct tep_event *event = tep_find_event_by_record(taps->tep, &record);
	size_t tap = 0;
	int ret = 0;

	if (raw->ts > taps->until)
		return 0;
	while (tap < TAP_NR && (!event || taps->armed[tap].event != event))
		tap++;
	if (tap == TAP_NR)
		return 0;
	if (taps->named)
		return add_named(taps, tap, raw);
	taps->seen[tap]++;
	for (size_t i = 0; i < TAP_WINDOWS && table[tap].windows[i].size && !ret; i++)
		ret = add_window(taps, tap, i, raw,
				 &taps->round->windows[table[tap].windows[i].view]);
	return ret;
}

/* What is missing was not seen; nothing else depends on it. */
static int take_loss(void *context, const struct loss *loss)
{
	(void)context;
	(void)loss;
	return 0;
}

/* Which of two objects is the one that we know of cannot be said. */
static void drop_ambiguous(struct taps *taps)
{
	for (size_t tap = 0; tap < TAP_NR; tap++) {
		for (size_t i = 0; i < TAP_WINDOWS && taps->seen[tap] > 1; i++) {
			if (table[tap].windows[i].size)
				taps->round->windows[table[tap].windows[i].view] =
					(struct window){ 0 };
		}
	}
}

static int watch(struct taps *taps, int (*act)(void *context), void *context)
{
	const struct record_sink sink = { take_record, take_loss, taps };
	int done, ret = instance_tracing(taps->instance, true);

	if (ret)
		return ret;
	done = act(context);
	taps->until = trace_clock_now();
	ret = instance_tracing(taps->instance, false);
	if (!ret)
		ret = merge_rest(stream_pages(taps->stream), &sink);
	return ret ? ret : done;
}

int taps_watch(struct taps *taps, int (*act)(void *context), void *context, struct round *round)
{
	int ret;

	taps->round = round;
	memset(taps->seen, 0, sizeof(taps->seen));
	ret = watch(taps, act, context);
	drop_ambiguous(taps);
	return ret;
}

int taps_watch_named(struct taps *taps, int (*act)(void *context), void *context,
		     struct window *named, size_t *count)
{
	int ret;

	taps->named = named;
	taps->named_room = *count;
	taps->named_count = 0;
	ret = watch(taps, act, context);
	*count = taps->named_count;
	taps->named = NULL;
	return ret;
}

/* --- from the first to the last --------------------------------------------------------------- */

int taps_new(struct session *session, const struct symbols *symbols, struct taps **taps)
{
	pid_t ours = getpid();
	const struct task_filter selection = { .pids = &(struct tid_list){ &ours, .count = 1 } };
	struct taps *made = calloc(1, sizeof(*made));
	int ret;

	if (!made)
		return -ENOMEM;
	made->session = session;
	made->tep = tep_live();
	ret = made->tep ? session_instance(session, "_measure", SCOPE_TASK, &made->instance)
			: -ENOMEM;
	if (!ret)
		ret = instance_set_up(made->instance, 0);
	if (!ret)
		ret = instance_select(made->instance, &selection);
	for (size_t i = 0; i < TAP_NR && !ret; i++)
		ret = arm_tap(made, symbols, i);
	if (!ret)
		ret = stream_new(&made->instance, 1, false, &made->stream);
	if (ret) {
		taps_free(made);
		return ret;
	}
	*taps = made;
	return 0;
}

static int undo(struct taps *taps)
{
	int ret = 0;

	if (taps->instance)
		ret = session_drop_instance(taps->session, taps->instance);
	for (size_t i = 0; i < TAP_NR; i++) {
		int undone = session_undefine_event(taps->session, table[i].event);

		if (!ret)
			ret = undone;
	}
	return ret;
}

int taps_free(struct taps *taps)
{
	int ret;

	stream_free(taps->stream);
	ret = undo(taps);
	if (taps->tep)
		tep_free(taps->tep);
	while (taps->blocks) {
		struct block *next = taps->blocks->next;

		free(taps->blocks);
		taps->blocks = next;
	}
	free(taps);
	return ret;
}
