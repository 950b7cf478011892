/* SPDX-License-Identifier: MIT */
/*
 * Whom a recording is of. A file of ftopen says it. One of trace-cmd does not: which buffers have
 * the same events, and whether all tasks were recorded, is what its records prove.
 */
#include "recorded.h"

#include <errno.h>
#include <string.h>

#include "recording.h"
#include "recording_progress.h"
#include "tracedat/read.h"
#include "tracedat/write.h"
#include "util/map.h"
#include "util/message.h"

#define RECORDER "trace-cmd"

/* What is known of a task, as the bits of a value in a map. */
enum {
	TASK_SEEN = 1 << 0,
	TASK_IS_RECORDER = 1 << 1, /* it had the recorder's name */
	TASK_STARTS = 1 << 2,	   /* ... and opened what a recorder opens first */
	TASK_EXECS = 1 << 3,
	TASK_IS_MADE = 1 << 4, /* by a recorded task */
};

/* --- buffers ---------------------------------------------------------------------------------- */

/* A bit for each event of a role; what is recorded of path calls has the same ones. */
static uint64_t kind_bit(const struct record *record)
{
	int role = is_path_call_role((enum role)record->role) ? ROLE_PATH : record->role;

	return UINT64_C(1) << (role * POINT_NR + record->point);
}

_Static_assert((ROLE_PATH + 1) * POINT_NR <= 64, "there is a bit for each event");

struct kinds {
	const struct decoder *decoder;
	uint64_t bits;
};

static int see_kind(void *context, const struct raw_record *raw)
{
	struct kinds *kinds = context;
	struct record records[POINT_NR];
	int count = decode(kinds->decoder, raw, records);

	for (int i = 0; i < count; i++)
		kinds->bits |= kind_bit(&records[i]);
	return 0;
}

static int pass_loss(void *context, const struct loss *loss)
{
	(void)context;
	(void)loss;
	return 0;
}

static uint64_t end_bits(void)
{
	uint64_t bits = 0;

	for (int role = 0; role < ROLE_PATH; role++) {
		if (role_scope((enum role)role) == SCOPE_ANY)
			bits |= UINT64_C(3) << (role * POINT_NR);
	}
	return bits;
}

/* A buffer without a record of ours is left out, too; but that nothing ended is worth to know. */
static int choose_buffer(struct recording *recording, size_t buffer, uint64_t *taken)
{
	struct kinds kinds = { .decoder = recording->decoder };
	const struct record_sink sink = { see_kind, pass_loss, &kinds };
	const char *name = dat_buffer_name(recording->dat, buffer);
	int ret = dat_read_buffer(recording->dat, buffer, &sink);

	/* Opens by workers of rings are in the instance of any task alone. */
	if (!strcmp(name, DAT_BUFFER_ANY))
		kinds.bits &= end_bits();
	if (ret || (kinds.bits && !(kinds.bits & *taken))) {
		*taken |= kinds.bits;
		return ret;
	}
	if (!kinds.bits && !strcmp(name, DAT_BUFFER_ANY))
		return 0;
	if (kinds.bits)
		warning("'%s': buffer '%s' has events that another buffer has, too: it is not read",
			recording->path, name);
	recording->lacks_ends |= (kinds.bits & ~*taken & end_bits()) != 0;
	return dat_leave_out(recording->dat, buffer);
}

/* The main buffer first, then the others in their order. */
static int choose_buffers(struct recording *recording)
{
	size_t count = dat_info(recording->dat)->buffers;
	uint64_t taken = 0;
	int ret = 0;

	if (recording->extras.says_whose || count < 2)
		return 0;
	for (int has_name = 0; has_name < 2; has_name++) {
		for (size_t i = 0; i < count && !ret; i++) {
			if ((*dat_buffer_name(recording->dat, i) != '\0') == has_name)
				ret = choose_buffer(recording, i, &taken);
		}
	}
	return ret;
}

/* --- facts ------------------------------------------------------------------------------------ */

static bool is_text(const struct record *record, enum field field, const char *text)
{
	const char *found = field == FIELD_COMM ? record->comm : record->str;
	size_t len = field == FIELD_COMM ? record->comm_len : record->str_len;

	return has_field(record, field) && len == strlen(text) && !memcmp(found, text, len);
}

/* Each of its tasks begins with the header of pages, in whatever tracefs. */
static bool is_start(const struct record *record)
{
	static const char file[] = "/events/header_page";
	size_t len = sizeof(file) - 1;

	return record->role == ROLE_OPEN && has_field(record, FIELD_STRING) &&
	       record->str_len >= len && !memcmp(record->str + record->str_len - len, file, len);
}

static int note_task(struct map *tasks, int32_t tid, uintptr_t bits)
{
	uint64_t key = (uint64_t)(uint32_t)tid + 1;
	uintptr_t known = (uintptr_t)map_get(tasks, key);

	if ((known | bits) == known)
		return 0;
	return map_put(tasks, key, (void *)(known | bits));
}

static int note_tasks(struct facts *facts, const struct record *record)
{
	uintptr_t bits = TASK_SEEN;
	int ret = 0;

	if (is_text(record, FIELD_COMM, RECORDER))
		bits |= TASK_IS_RECORDER | (is_start(record) ? TASK_STARTS : 0);
	if (record->role == ROLE_EXEC)
		bits |= TASK_EXECS;
	if (record->role == ROLE_TASK && has_field(record, FIELD_PID))
		ret = note_task(&facts->tasks, (int32_t)record->value[FIELD_PID], TASK_IS_MADE);
	return ret ? ret : note_task(&facts->tasks, record->tid, bits);
}

static int look_at_record(void *context, const struct raw_record *raw)
{
	struct recording *recording = context;
	struct facts *facts = &recording->facts;
	struct record records[POINT_NR], *record = records;

	recording_progress(recording);
	/* What is looked for is in the first of them. */
	if (decode(recording->decoder, raw, records) < 0)
		return 0;
	if (record->role == ROLE_TASK || record->role == ROLE_EXEC) {
		facts->has_selection = true;
		if (has_field(record, FIELD_ROOT))
			facts->root = (int32_t)record->value[FIELD_ROOT];
		facts->group_only = has_field(record, FIELD_FOLLOW) && !record->value[FIELD_FOLLOW];
	}
	facts->has_ends |= role_scope((enum role)record->role) == SCOPE_ANY;
	if (recording->extras.says_whose)
		return facts->has_selection ? -ECANCELED : 0;
	return note_tasks(facts, record);
}

static int look_at_loss(void *context, const struct loss *loss)
{
	struct recording *recording = context;

	(void)loss;
	recording->facts.has_losses = true;
	return 0;
}

/*
 * The recorder itself was recorded, and so was another task, and none of the two was made by a
 * recorded one. With -F all records are of one task and its descendants. With -P the recorder is
 * not among the tasks: its own ones start when the list is complete, and the program that it runs,
 * which execs then, would not be recorded.
 */
static bool proves_any_task(const struct recording *recording)
{
	const struct facts *facts = &recording->facts;
	bool has_recorder = false, has_start = false;
	unsigned int others = 0;
	uintptr_t bits;
	size_t at = 0;

	if (!decoder_has(recording->decoder, ROLE_TASK, POINT_ENTRY, NULL) ||
	    !decoder_has(recording->decoder, ROLE_EXEC, POINT_ENTRY, NULL) || facts->has_losses ||
	    dat_info(recording->dat)->lost_count || dat_info(recording->dat)->has_any)
		return false;
	while ((bits = (uintptr_t)map_next(&facts->tasks, &at))) {
		if (!(bits & TASK_SEEN) || bits & TASK_IS_MADE)
			continue;
		others++;
		has_start |= bits & (TASK_EXECS | TASK_STARTS);
		has_recorder |= bits & TASK_IS_RECORDER && !(bits & TASK_EXECS);
	}
	return has_recorder && has_start && others > 1;
}

/*
 * A version 7 file that trace-cmd split made does not even name the buffers that it left out: that
 * there is a format for what ends names says nothing, a record does.
 */
static void find_ends(struct recording *recording)
{
	const char *path = recording->path;

	if (dat_info(recording->dat)->lacks_any)
		warning("'%s' has no records of evictions and renames: they were left out of the "
			"file",
			path);
	else if (!recording->extras.says_whose && !recording->facts.has_ends &&
		 !dat_info(recording->dat)->has_any)
		warning("'%s' has no records of evictions and renames: whether there were any is "
			"unknown",
			path);
	else if (!recording->lacks_ends)
		return;
	recording->lacks_ends = true;
	recording->sees_any = false;
}

static void find_counts(const struct recording *recording)
{
	if (dat_info(recording->dat)->lacks_counts)
		warning("'%s' does not say for every CPU how many records were lost: some may be "
			"missing",
			recording->path);
}

/* A part names them itself: the records that show them may be in the first part. */
static int find_facts(struct recording *recording)
{
	const struct record_sink sink = { look_at_record, look_at_loss, recording };
	const struct dat_part *part = &recording->extras.part;

	if (!part->number)
		return dat_read(recording->dat, &sink);
	recording->facts.root = part->root;
	recording->facts.group_only = part->group_only;
	if (part->number > 1 || part->until)
		note("'%s' is part %u of a recording: what came before it, or after it, is not "
		     "known",
		     recording->path, part->number);
	return 0;
}

int recorded_find(struct recording *recording)
{
	int ret = choose_buffers(recording);

	if (!ret)
		ret = find_facts(recording);
	if (ret && ret != -ECANCELED)
		return ret;
	recording->sees_any = recording->extras.says_whose ? recording->extras.sees_any
							   : proves_any_task(recording);
	map_release(&recording->facts.tasks);
	find_ends(recording);
	find_counts(recording);
	if (!recording->sees_any && !recording->lacks_ends && !recording->extras.says_whose)
		note("'%s' does not prove that every task was recorded: what other tasks did to "
		     "names is unknown",
		     recording->path);
	return 0;
}
