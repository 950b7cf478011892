/* SPDX-License-Identifier: MIT */
/*
 * The relations that a name keeps: of very many some verdicts alone, and of those that rest on what
 * was lost none.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"

static const char WHY_LOST_SOMETIME[] = "records were lost, and it is not known when";
static const char WHY_MISSED_EVICT[] = "the kernel missed hits of the evict probe";

static enum trust trust_of(const struct relation *relation)
{
	if (relation->right.what == OPERAND_DENTRY)
		return TRUST_RECORD;
	return relation->is_across ? TRUST_ENDS : TRUST_OPEN;
}

/* From here on only its verdict is there. */
static void count_dropped(struct tracked_name *name, const struct relation *relation)
{
	name->dropped[trust_of(relation)][relation->verdict]++;
}

/* Where the next relation goes in a full list. */
static struct relation *drop_oldest_relation(struct tracked_name *name)
{
	struct name *pub = &name->pub;
	struct relation *oldest =
		&pub->relations[list_oldest(NAME_MAX_RELATIONS, pub->relations_dropped++)];

	count_dropped(name, oldest);
	*name->kept -= sizeof(*oldest) + oldest->prefix.len;
	free((char *)oldest->prefix.data);
	return oldest;
}

static struct relation *relation_slot(struct tracked_name *name)
{
	struct name *pub = &name->pub;
	struct relation *relations;

	if (pub->relation_count == NAME_MAX_RELATIONS)
		return drop_oldest_relation(name);
	relations = array_grow(pub->relations, pub->relation_count, &name->relation_room,
			       sizeof(*relations));
	if (!relations)
		return NULL;
	pub->relations = relations;
	return &relations[pub->relation_count++];
}

/* Return: 0 or -ENOMEM; then @relation has no prefix. */
static int own_prefix(struct tracked_name *name, struct relation *relation)
{
	struct bytes *prefix = &relation->prefix;
	char *copy;

	if (!prefix->data)
		return 0;
	copy = malloc(prefix->len + 1);
	if (copy) {
		memcpy(copy, prefix->data, prefix->len);
		copy[prefix->len] = '\0';
	}
	*prefix = (struct bytes){ copy, copy ? prefix->len : 0 };
	*name->kept += prefix->len;
	return copy ? 0 : -ENOMEM;
}

static bool keeps_relation(const struct tracked_name *name, const struct relation *relation)
{
	return !name->ignores_relations &&
	       (!name->only_open || !relation->open || relation->open == name->only_open);
}

int relation_keep(struct tracked_name *name, const struct relation *relation)
{
	struct name *pub = &name->pub;
	struct relation *slot;

	pub->verdicts[relation->verdict]++;
	if (!keeps_relation(name, relation)) {
		count_dropped(name, relation);
		return 0;
	}
	slot = relation_slot(name);
	if (!slot)
		return -ENOMEM;
	*slot = *relation;
	*name->kept += sizeof(*slot);
	return own_prefix(name, slot);
}

/* Why no verdict that rests on @trust can stay, or NULL. */
static const char *why_distrusted(const struct correlator *c, enum trust trust)
{
	if (trust == TRUST_RECORD)
		return NULL;
	if (c->lost_sometime[SCOPE_TASK])
		return WHY_LOST_SOMETIME;
	if (trust == TRUST_OPEN)
		return NULL;
	if (c->lost_sometime[SCOPE_ANY])
		return WHY_LOST_SOMETIME;
	return c->missed[ROLE_EVICT][POINT_ENTRY] ? WHY_MISSED_EVICT : NULL;
}

static void distrust(struct name *name, enum verdict verdict, uint64_t count)
{
	name->verdicts[verdict] -= count;
	name->verdicts[VERDICT_UNKNOWN] += count;
}

void relations_distrust(const struct correlator *c, struct tracked_name *name)
{
	for (size_t i = 0; i < name->pub.relation_count; i++) {
		struct relation *relation = &name->pub.relations[i];
		const char *why = why_distrusted(c, trust_of(relation));

		if (!why || relation->verdict == VERDICT_UNKNOWN ||
		    relation->verdict == VERDICT_NONE)
			continue;
		distrust(&name->pub, relation->verdict, 1);
		relation->verdict = VERDICT_UNKNOWN;
		relation->why = why;
	}
	for (int trust = 0; trust < TRUST_NR; trust++) {
		if (!why_distrusted(c, (enum trust)trust))
			continue;
		distrust(&name->pub, VERDICT_PASS, name->dropped[trust][VERDICT_PASS]);
		distrust(&name->pub, VERDICT_FAIL, name->dropped[trust][VERDICT_FAIL]);
	}
}
