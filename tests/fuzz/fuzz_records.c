/* SPDX-License-Identifier: MIT */
/*
 * Records and losses in any order into the correlator, with what must hold of every chain: hops in
 * the order of time, no hop after its lifetime's eviction, verdicts that add up, caps that are
 * kept.
 */
#include "fuzz.h"

#include <string.h>

#include "chain/correlator.h"

#define MAX_NAMES 16
#define MAX_HOPS  32

#define HOLDS(condition)          \
	do {                      \
		if (!(condition)) \
			abort();  \
	} while (0)

/* One step: six bytes of the input. */
struct step {
	uint8_t what;
	uint8_t tid;
	uint8_t dentry;
	uint8_t name;
	uint8_t bits;
	uint8_t more;
};

static const char *const names[] = { "a",   "b", "tmp/a",
				     "a/b", "",	 "a_name_that_is_long_enough_to_be_outside" };

static uint64_t verdicts[VERDICT_NR];

/* An open that fails after its dentry died says so there, without an address. */
static void check_lifetime(const struct lifetime *life)
{
	uint64_t evicted = UINT64_MAX;

	HOLDS(life->hops.count <= MAX_HOPS);
	for (size_t i = 0; i < life->hops.count; i++) {
		const struct hop *hop = &life->hops.items[i];

		HOLDS(!hop->has_addr || hop->ts <= evicted);
		if (hop->kind == HOP_EVICT)
			evicted = hop->ts;
	}
}

static int take_name(void *context, const struct name *name)
{
	uint64_t seen = 0;

	(void)context;
	for (size_t i = 0; i < name->lifetime_count; i++)
		check_lifetime(name->lifetimes[i]);
	for (int i = 0; i < VERDICT_NR; i++) {
		verdicts[i] += name->verdicts[i];
		seen += name->verdicts[i];
	}
	HOLDS(seen >= name->relation_count || name->relation_count <= seen + name->lifetime_count);
	return 0;
}

static int take_open(void *context, const struct open_call *open)
{
	uint64_t *last = context;

	HOLDS(open->id != *last);
	*last = open->id;
	return 0;
}

static void set(struct record *record, enum field field, uint64_t value)
{
	record->present |= FIELD_BIT(field);
	record->value[field] = value;
}

static void fill(struct record *record, const struct step *step)
{
	const char *name = names[step->name % (sizeof(names) / sizeof(names[0]))];
	uint64_t dentry =
		step->dentry & 7 ? UINT64_C(0xffff888000000000) + (step->dentry & 7) * 4096 : 0;

	for (int field = 0; field < FIELD_NR; field++) {
		if (!is_string_field((enum field)field) && (step->bits >> (field % 8) & 1))
			set(record, (enum field)field, step->more);
	}
	set(record, FIELD_DENTRY, dentry);
	set(record, FIELD_NAME, dentry ? dentry + 56 : 0);
	set(record, FIELD_LEN, strcspn(name, "/"));
	set(record, FIELD_DIR_INO, 2);
	set(record, FIELD_DEV, 1);
	set(record, FIELD_PARENT, UINT64_C(0xffff888000100000));
	if (step->bits & 1) {
		record->present |= FIELD_BIT(FIELD_STRING);
		record->str = name;
		record->str_len = (uint32_t)strlen(name);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t last = 0, total = 0;
	struct correlator_options options = {
		.root = size && data[0] & 1 ? 1 : 0,
		.group_only = size && data[0] & 2,
		.sees_any = size && data[0] & 4,
		.max_names = MAX_NAMES,
		.max_hops = MAX_HOPS,
		.max_lifetimes = 4,
		.sink = { .open = take_open, .name = take_name, .context = &last },
	};
	struct chain_totals totals;
	struct correlator *c;

	memset(verdicts, 0, sizeof(verdicts));
	memset(options.armed, size && data[0] & 8 ? 0 : 1, sizeof(options.armed));
	HOLDS(!correlator_new(&options, &c));
	for (size_t at = 1; at + sizeof(struct step) <= size; at += sizeof(struct step)) {
		struct record record = { .ts = at * 10 };
		struct step step;

		memcpy(&step, data + at, sizeof(step));
		if (step.what >= 2 * ROLE_NR) {
			const struct loss loss = { .scope = step.tid % SCOPE_NR,
						   .from = at * 10,
						   .to = at * 10 + step.more,
						   .count = step.bits };

			HOLDS(!correlator_loss(c, &loss));
			continue;
		}
		record.role = step.what / 2;
		record.point = step.what % 2;
		record.tid = step.tid % 4 + 1;
		record.scope = (uint8_t)role_scope((enum role)record.role);
		fill(&record, &step);
		HOLDS(!correlator_record(c, &record));
	}
	HOLDS(!correlator_finish(c, &totals));
	for (int i = 0; i < VERDICT_NR; i++) {
		HOLDS(verdicts[i] == totals.verdicts[i]);
		total += verdicts[i];
	}
	correlator_free(c);
	return 0;
}
