/* SPDX-License-Identifier: MIT */
/*
 * From a record to the parts of a chain. A value is read only after its presence bit.
 */
#include "internal.h"

#include <string.h>

void copy_comm(char *to, const char *comm, size_t len)
{
	if (len >= COMM_SIZE)
		len = COMM_SIZE - 1;
	memcpy(to, comm, len);
	to[len] = '\0';
}

/* Read twice, which another task may have come between. */
static enum tristate negative_of(const struct record *record)
{
	bool is_negative = !record->value[FIELD_INODE];

	if (!has_field(record, FIELD_INODE) || (has_field(record, FIELD_INODE_FIRST) &&
						!record->value[FIELD_INODE_FIRST] != is_negative))
		return IS_UNKNOWN;
	return is_negative ? IS_TRUE : IS_FALSE;
}

void hop_set(struct hop *hop, const struct correlator *c, const struct task *task,
	     const struct record *record, enum hop_kind kind)
{
	*hop = (struct hop){
		.kind = (uint8_t)kind,
		.role = record->role,
		.point = record->point,
		.symbol = record->symbol,
		.ts = record->ts,
		.cpu = record->cpu,
		.tid = record->tid,
		.negative = (uint8_t)negative_of(record),
		.scope = task ? (uint8_t)task->scope : SCOPE_TASK,
	};
	memcpy(hop->epoch, c->epoch, sizeof(hop->epoch));
	user_of_hop(c, task, hop);
	if (has_field(record, FIELD_COMM))
		copy_comm(hop->comm, record->comm, record->comm_len);
	else if (task)
		memcpy(hop->comm, task->comm, COMM_SIZE);
	if (is_in_open(task))
		hop->since = (int64_t)(record->ts - task->frame->call.ts);
	if (has_field(record, FIELD_NAME)) {
		hop->has_addr = true;
		hop->addr = record->value[FIELD_NAME];
	}
	if (has_field(record, FIELD_DENTRY))
		hop->dentry = record->value[FIELD_DENTRY];
	if (has_field(record, FIELD_HASH)) {
		hop->has_hash = true;
		hop->hash = (uint32_t)record->value[FIELD_HASH];
	}
	if (has_field(record, FIELD_LEN))
		hop->len = (uint32_t)record->value[FIELD_LEN];
}

bool identity_spell(struct identity *identity, const struct record *record)
{
	uint64_t len = record->value[FIELD_LEN];

	/* qstr.name points into the path: its text runs on, the component ends after len bytes. */
	if (!has_field(record, FIELD_STRING) || !has_field(record, FIELD_LEN) || !len ||
	    len >= COMPONENT_SIZE || len > record->str_len)
		return false;
	identity->len = (uint32_t)len;
	memcpy(identity->component, record->str, len);
	identity->component[len] = '\0';
	return true;
}

bool has_dentry(const struct record *record)
{
	return has_field(record, FIELD_DENTRY) && is_address(record->value[FIELD_DENTRY]);
}

static void facts_from(const struct record *record, struct dir_facts *facts)
{
	facts->sb = has_field(record, FIELD_SB) ? record->value[FIELD_SB] : 0;
	facts->has_place = has_field(record, FIELD_DIR_INO) && has_field(record, FIELD_DEV);
	if (!facts->has_place)
		return;
	facts->ino = record->value[FIELD_DIR_INO];
	facts->dev = (uint32_t)record->value[FIELD_DEV];
	facts->has_gen = has_field(record, FIELD_DIR_GEN);
	if (facts->has_gen)
		facts->gen = (uint32_t)record->value[FIELD_DIR_GEN];
}

/* The root of a file system is its own parent, and in no directory. */
static bool is_root(const struct record *record)
{
	return has_field(record, FIELD_DENTRY) &&
	       record->value[FIELD_DENTRY] == record->value[FIELD_PARENT];
}

bool identity_from(const struct record *record, struct identity *identity)
{
	memset(identity, 0, offsetof(struct identity, component));
	if (!identity_spell(identity, record))
		return false;
	facts_from(record, &identity->facts);
	if (has_field(record, FIELD_PARENT) && !is_root(record))
		identity->parent = record->value[FIELD_PARENT];
	return true;
}

bool is_component(const struct identity *a, const struct identity *b)
{
	return a->len == b->len && !memcmp(a->component, b->component, a->len);
}

void identity_copy(struct identity *to, const struct identity *from)
{
	memcpy(to, from, offsetof(struct identity, component) + from->len + 1);
}
