/* SPDX-License-Identifier: MIT */
/*
 * What an entry tells of the component of a lookup or an allocation, kept until its return.
 */
#include "internal.h"

static bool ends_string(const struct record *record)
{
	for (uint64_t i = record->value[FIELD_LEN]; i < record->str_len; i++) {
		if (record->str[i] != '/')
			return false;
	}
	return true;
}

/*
 * A record of a whole call was made at its end: it began after the task's record before it, which
 * may be that of a call that it made.
 */
static uint64_t begin_of(const struct task *task, const struct record *record)
{
	return record->is_call ? task->last_ts : record->ts;
}

void pending_set(const struct correlator *c, const struct task *task, struct pending *pending,
		 const struct record *record)
{
	pending->is_valid = identity_from(record, &pending->identity);
	if (!pending->is_valid)
		return;
	pending->is_final = ends_string(record);
	pending->epoch = task_epoch(c, task);
	pending->ts = begin_of(task, record);
	pending->parent_sb = has_field(record, FIELD_SB) ? record->value[FIELD_SB] : 0;
	pending->parent = has_field(record, FIELD_PARENT) ? record->value[FIELD_PARENT] : 0;
	pending->qname = has_field(record, FIELD_NAME) ? record->value[FIELD_NAME] : 0;
	pending->has_hash = has_field(record, FIELD_HASH);
	pending->hash = pending->has_hash ? (uint32_t)record->value[FIELD_HASH] : 0;
}

void pending_set_unread(const struct correlator *c, const struct task *task,
			struct pending *pending, const struct record *record)
{
	pending->is_valid = has_field(record, FIELD_NAME) && has_field(record, FIELD_LEN);
	if (!pending->is_valid)
		return;
	pending->epoch = task_epoch(c, task);
	pending->qname = record->value[FIELD_NAME];
	pending->identity.len = (uint32_t)record->value[FIELD_LEN];
	*pending->identity.component = '\0';
}

bool pending_take(const struct correlator *c, const struct task *task, struct pending *pending)
{
	bool is_valid = pending->is_valid && pending->epoch == task_epoch(c, task);

	pending->is_valid = false;
	return is_valid;
}
