/* SPDX-License-Identifier: MIT */
/*
 * Chains made by hand for the renderers' tests, in the shapes of the scenarios, and an output that
 * is kept in memory. Holds no expectation.
 */
#ifndef FTOPEN_TESTS_CHAINS_H
#define FTOPEN_TESTS_CHAINS_H

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/render.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#define TEXT_OF(literal) ((struct bytes){ literal, sizeof(literal) - 1 })

#define KNAME	 UINT64_C(0xffff8f29465fd020)
#define DENTRY	 UINT64_C(0xffff8f2940639480)
#define NAME_PTR UINT64_C(0xffff8f29406394b8)
#define TASK	 .tid = 101, .comm = "te_miss", .cpu = 1, .open = 1

#define HOP(which, at, r, e, fn, where)                                              \
	.kind = (which), .role = (r), .point = (e), .symbol = (fn), .addr = (where), \
	.has_addr = (where) != 0, .ts = UINT64_C(5000000000) + (at), .negative = IS_UNKNOWN

/* Aggregates that a test alters before it hands the name over. */
struct chain {
	struct name name;
	struct lifetime lifetimes[2];
	struct lifetime *lifetime_refs[2];
	struct hop hops[2][24];
	struct relation relations[12];
	struct bytes paths[2];
};

static inline struct operand_ref operand_hop(enum hop_kind kind, uint64_t addr)
{
	return (struct operand_ref){ OPERAND_HOP, kind, addr != 0, addr };
}

static inline void chain_add_hop(struct chain *chain, int lifetime, struct hop hop)
{
	struct hop_list *hops = &chain->lifetimes[lifetime].hops;

	chain->hops[lifetime][hops->count++] = hop;
}

static inline struct relation *chain_add_relation(struct chain *chain, struct relation relation)
{
	chain->relations[chain->name.relation_count] = relation;
	chain->name.verdicts[relation.verdict]++;
	return &chain->relations[chain->name.relation_count++];
}

static inline void chain_init(struct chain *chain, struct bytes path, struct bytes component,
			      int lifetimes)
{
	memset(chain, 0, sizeof(*chain));
	chain->paths[0] = path;
	chain->name = (struct name){
		.path = path,
		.paths = chain->paths,
		.path_count = 1,
		.component = component,
		.has_dir = true,
		.dev = 259u << 20 | 1,
		.dir_ino = 131073,
		.is_requested = true,
		.lifetimes = chain->lifetime_refs,
		.lifetime_count = (size_t)lifetimes,
		.relations = chain->relations,
	};
	for (int i = 0; i < 2; i++) {
		chain->lifetime_refs[i] = &chain->lifetimes[i];
		chain->lifetimes[i] = (struct lifetime){
			.name = &chain->name,
			.dentry = DENTRY,
			.name_ptr = NAME_PTR,
			.born = BORN_TRACED,
			.storage = STORAGE_INLINE,
			.end = END_ALIVE,
			.index = (uint32_t)i,
			.negative = IS_FALSE,
			.hops = { .items = chain->hops[i] },
		};
	}
}

/* "/tmp/t_e.txt", not cached, opened once; as 6.12 does it. */
static inline void chain_te_miss(struct chain *chain)
{
	static const struct hop hops[] = {
		{ HOP(HOP_USER, 1, ROLE_SYSCALL, POINT_ENTRY, "do_sys_openat2", 0x55d0c8a7b004),
		  TASK },
		{ HOP(HOP_FILENAME, 2, ROLE_OPEN, POINT_ENTRY, "do_filp_open", KNAME), TASK },
		{ HOP(HOP_LOOKUP, 3, ROLE_LOOKUP_SLOW, POINT_RETURN, "d_lookup", 0), TASK,
		  .has_hash = true, .hash = 1730118631, .len = 7, .walk = WALK_REF },
		{ HOP(HOP_SOURCE, 4, ROLE_ALLOC, POINT_ENTRY, "__d_alloc", KNAME + 5), TASK },
		{ HOP(HOP_ALLOC, 5, ROLE_ALLOC, POINT_RETURN, "__d_alloc", NAME_PTR), TASK },
		{ HOP(HOP_LOOKUP, 6, ROLE_LOOKUP_FAST, POINT_RETURN, "__d_lookup_rcu", 0), TASK,
		  .has_hash = true, .hash = 1730118631, .len = 7, .walk = WALK_RCU },
		{ HOP(HOP_INSERT, 7, ROLE_INSERT, POINT_ENTRY, "__d_rehash", NAME_PTR), TASK },
		{ HOP(HOP_FILE, 8, ROLE_OPEN, POINT_RETURN, "do_filp_open", NAME_PTR), TASK },
	};

	chain_init(chain, TEXT_OF("/tmp/t_e.txt"), TEXT_OF("t_e.txt"), 1);
	for (size_t i = 0; i < sizeof(hops) / sizeof(hops[0]); i++)
		chain_add_hop(chain, 0, hops[i]);
	chain_add_relation(chain, (struct relation){
					  .left = operand_hop(HOP_SOURCE, KNAME + 5),
					  .right = operand_hop(HOP_FILENAME, KNAME),
					  .op = OP_DIFFERENCE,
					  .verdict = VERDICT_PASS,
					  .open = 1,
					  .value = 5,
					  .expected = 5,
					  .has_value = true,
					  .means = MEANS_PREFIX,
					  .prefix = TEXT_OF("/tmp/"),
				  });
	chain_add_relation(chain, (struct relation){
					  .left = operand_hop(HOP_ALLOC, NAME_PTR),
					  .right = { OPERAND_DENTRY, 0, true, DENTRY },
					  .op = OP_DIFFERENCE,
					  .verdict = VERDICT_PASS,
					  .open = 1,
					  .value = 56,
					  .expected = 56,
					  .has_value = true,
					  .means = MEANS_INLINE,
				  });
	chain_add_relation(chain, (struct relation){
					  .left = operand_hop(HOP_ALLOC, NAME_PTR),
					  .right = operand_hop(HOP_INSERT, NAME_PTR),
					  .op = OP_EQUAL,
					  .verdict = VERDICT_PASS,
					  .open = 1,
				  });
	chain_add_relation(chain, (struct relation){
					  .left = operand_hop(HOP_INSERT, NAME_PTR),
					  .right = operand_hop(HOP_FILE, NAME_PTR),
					  .op = OP_EQUAL,
					  .verdict = VERDICT_PASS,
					  .open = 1,
				  });
}

/* "/tmp/t_m.txt", which does not exist, opened twice: the second time by a negative hit. */
static inline void chain_tm_miss(struct chain *chain)
{
	static const struct hop second[] = {
		{ HOP(HOP_FILENAME, 12, ROLE_OPEN, POINT_ENTRY, "do_filp_open", KNAME), .tid = 101,
		  .comm = "te_miss", .open = 2 },
		{ HOP(HOP_LOOKUP, 13, ROLE_LOOKUP_FAST, POINT_RETURN, "__d_lookup_rcu", NAME_PTR),
		  .tid = 101, .comm = "te_miss", .open = 2, .has_hash = true, .hash = 1429044786,
		  .len = 7, .walk = WALK_RCU },
		{ HOP(HOP_FILE, 14, ROLE_OPEN, POINT_RETURN, "do_filp_open", 0), .tid = 101,
		  .comm = "te_miss", .open = 2, .err = 2 },
	};

	chain_te_miss(chain);
	chain->name.path = chain->paths[0] = TEXT_OF("/tmp/t_m.txt");
	chain->name.component = TEXT_OF("t_m.txt");
	chain->lifetimes[0].negative = IS_TRUE;
	chain->hops[0][7].has_addr = false;
	chain->hops[0][7].addr = 0;
	chain->hops[0][7].err = 2;
	for (size_t i = 0; i < sizeof(second) / sizeof(second[0]); i++)
		chain_add_hop(chain, 0, second[i]);
	chain->hops[0][9].negative = IS_TRUE;
	chain->relations[3] = (struct relation){
		.left = operand_hop(HOP_LOOKUP, NAME_PTR),
		.right = operand_hop(HOP_INSERT, NAME_PTR),
		.op = OP_EQUAL,
		.verdict = VERDICT_PASS,
		.open = 2,
	};
}

/* Two lifetimes of "t_e.txt"; the second has its name pointer at @second. */
static inline void chain_rebuild(struct chain *chain, uint64_t second)
{
	chain_te_miss(chain);
	chain->name.lifetime_count = 2;
	chain->lifetimes[0].end = END_EVICTED;
	chain->lifetimes[0].end_tid = 12;
	strcpy(chain->lifetimes[0].end_comm, "sh");
	chain_add_hop(
		chain, 0,
		(struct hop){ HOP(HOP_EVICT, 9, ROLE_EVICT, POINT_ENTRY, "__dentry_kill", NAME_PTR),
			      .tid = 12, .comm = "sh" });
	chain->lifetimes[1].dentry = second - 56;
	chain->lifetimes[1].name_ptr = second;
	chain_add_hop(
		chain, 1,
		(struct hop){ HOP(HOP_ALLOC, 20, ROLE_ALLOC, POINT_RETURN, "__d_alloc", second),
			      .tid = 101, .comm = "te_miss", .open = 2 });
	chain_add_relation(chain, (struct relation){
					  .left = { OPERAND_LIFETIME, HOP_ALLOC, true, NAME_PTR },
					  .right = { OPERAND_LIFETIME, HOP_ALLOC, true, second },
					  .op = OP_DIFFERENCE,
					  .verdict = VERDICT_NONE,
					  .lifetime = 1,
					  .value = (int64_t)(NAME_PTR - second),
					  .has_value = true,
					  .reuse = NAME_PTR == second,
					  .means = MEANS_LIFETIMES,
				  });
}

static const struct plan_entry plan_rehash[] = {
	{ ROLE_INSERT, POINT_ENTRY, "__d_rehash", PROBE_SUBSTITUTE,
	  "inserts for __d_add, which this kernel does not let us probe" },
};

/* One renderer that writes to memory. */
struct output {
	struct renderer renderer;
	struct chain_sink sink;
	FILE *file;
	char *text;
	size_t size;
};

static inline void output_start(struct output *output, const struct render_format *format,
				const struct render_options *options)
{
	output->file = open_memstream(&output->text, &output->size);
	assert_non_null(output->file);
	assert_int_equal(renderer_init(&output->renderer, format, output->file, options), 0);
	output->sink = renderer_sink(&output->renderer);
}

/* What was written; to be freed. */
static inline char *output_end(struct output *output)
{
	renderer_release(&output->renderer);
	fclose(output->file);
	return output->text;
}

/* A name, or NULL for none, and then a summary, or NULL for none, in one format. */
static inline char *render_text(const struct render_format *format,
				const struct render_options *options, const struct name *name,
				const struct chain_summary *summary)
{
	static const struct render_options plain;
	struct output output;

	output_start(&output, format, options ? options : &plain);
	if (name)
		assert_int_equal(output.sink.name(output.sink.context, name), 0);
	if (summary)
		assert_int_equal(output.sink.summary(output.sink.context, summary), 0);
	return output_end(&output);
}

static inline void assert_has(char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" is missing in:\n%s", part, text);
	free(text);
}

static inline void assert_lacks(char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("\"%s\" should not be in:\n%s", part, text);
	free(text);
}

static struct chain chain;

static inline char *tree(const struct render_options *options)
{
	return render_text(&render_tree, options, &chain.name, NULL);
}

static const struct render_options with_plan __attribute__((unused)) = {
	.plan = plan_rehash,
	.plan_count = 1,
};

#endif
