/* SPDX-License-Identifier: MIT */
/*
 * The tasks of a recording, from part to part.
 */
#include "carry.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pages/decode.h"
#include "tracedat/read.h"
#include "util/message.h"

struct taking {
	struct carry *carry;
	const struct dat_part *part;
	const struct decoder *decoder;
};

static uint64_t key_of(int32_t tid)
{
	return (uint64_t)(uint32_t)tid + 1;
}

static int know(struct carry *carry, const struct known_task *task)
{
	struct known_task *known = map_get(&carry->tasks, key_of(task->tid));

	if (!known) {
		known = malloc(sizeof(*known));
		if (!known)
			return -ENOMEM;
		if (map_put(&carry->tasks, key_of(task->tid), known)) {
			free(known);
			return -ENOMEM;
		}
	}
	*known = *task;
	return 0;
}

static int take_start(struct carry *carry, const struct record *record)
{
	struct known_task task = { 0 };

	if (!has_field(record, FIELD_PID))
		return 0;
	task.tid = (int32_t)record->value[FIELD_PID];
	if (has_field(record, FIELD_TGID))
		task.tgid = (int32_t)record->value[FIELD_TGID];
	if (starts_worker(record))
		task.owner = record->tid;
	return know(carry, &task);
}

static int take_record(void *context, const struct raw_record *raw)
{
	const struct taking *taking = context;
	const struct dat_part *part = taking->part;
	struct record records[POINT_NR];

	/* Records after the end of the part are in the next part, too. */
	if (raw->ts > part->until || (!decoder_is(taking->decoder, raw, ROLE_TASK) &&
				      !decoder_is(taking->decoder, raw, ROLE_EXEC)))
		return 0;
	if (decode(taking->decoder, raw, records) < 1)
		return 0;
	if (records->role == ROLE_TASK)
		return take_start(taking->carry, records);
	if (records->tid != part->root)
		return 0;
	return know(taking->carry, &(struct known_task){ part->root, part->root, 0 });
}

static int pass_loss(void *context, const struct loss *loss)
{
	(void)context;
	(void)loss;
	return 0;
}

int carry_take(struct carry *carry, const char *path, const struct dat_part *part)
{
	struct taking taking = { .carry = carry, .part = part };
	const struct record_sink sink = { take_record, pass_loss, &taking };
	struct decoder *decoder = NULL;
	struct dat *dat;
	int ret = dat_open(path, &dat);

	if (ret)
		return ret;
	ret = decoder_new(dat_tep(dat), NULL, &decoder);
	taking.decoder = decoder;
	if (!ret)
		ret = dat_read(dat, &sink);
	if (ret)
		error("cannot read '%s': %s", path, strerror(-ret));
	decoder_free(decoder);
	dat_close(dat);
	return ret;
}

char *carry_print(const struct carry *carry)
{
	const struct known_task *task;
	char *text = NULL;
	size_t size, at = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	while ((task = map_next(&carry->tasks, &at)))
		fprintf(out, "task: %" PRId32 " %" PRId32 " %" PRId32 "\n", task->tid, task->tgid,
			task->owner);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

static bool has_ended(const struct known_task *task)
{
	return kill(task->tid, 0) < 0 && errno == ESRCH;
}

void carry_forget_ended(struct carry *carry)
{
	struct map left = { 0 };
	struct known_task *task;
	size_t at = 0;

	while ((task = map_next(&carry->tasks, &at))) {
		/* If there is no memory, it stays; that does no harm. */
		if (!has_ended(task) && map_put(&left, key_of(task->tid), task)) {
			map_release(&left);
			return;
		}
	}
	at = 0;
	while ((task = map_next(&carry->tasks, &at))) {
		if (map_get(&left, key_of(task->tid)) != task)
			free(task);
	}
	map_release(&carry->tasks);
	carry->tasks = left;
}

void carry_release(struct carry *carry)
{
	struct known_task *task;
	size_t at = 0;

	while ((task = map_next(&carry->tasks, &at)))
		free(task);
	map_release(&carry->tasks);
}
