/* SPDX-License-Identifier: MIT */
/*
 * Made-up chains, with names of up to 64 KiB, into every format and against an expectation file:
 * its text is the input up to the first NUL. No output holds what steers a terminal.
 */
#include "fuzz.h"

#include <stdbool.h>
#include <string.h>

#include "chain/expect.h"
#include "render/expect_results.h"
#include "render/render.h"

#define LONG_NAME     (64 * 1024)
#define MAX_LIFETIMES 3
#define MAX_HOPS      12
#define MAX_RELATIONS 6
#define MAX_STEPS     8

static const struct render_format *const formats[] = { &render_tree,	 &render_json,
						       &render_html,	 &render_summary,
						       &render_live,	 &render_csv,
						       &render_perfetto, &render_openmetrics };

#define FORMAT_NR (sizeof(formats) / sizeof(formats[0]))

/* What is left of the input; zeros follow. */
static const uint8_t *input;
static size_t input_size;

static uint64_t next(unsigned int size)
{
	uint64_t value = 0;

	while (size--) {
		value = value << 8 | (input_size ? *input : 0);
		input += input_size > 0;
		input_size -= input_size > 0;
	}
	return value;
}

/* One of a few names that the expectations of the seeds know, or a long one of three bytes in turn.
 */
static struct bytes next_name(void)
{
	static const char *const known[] = {
		"/tmp/t_e.txt", "/tmp/nope.txt", "t_e.txt", "a", "", "/"
	};
	static char names[64][LONG_NAME + 1];
	static size_t used;
	char *name = names[used++ % 64];
	uint8_t pattern[3];

	if (next(1) % 16) {
		const char *text = known[next(1) % (sizeof(known) / sizeof(known[0]))];

		return (struct bytes){ text, strlen(text) };
	}
	for (int i = 0; i < 3; i++) {
		pattern[i] = (uint8_t)next(1);
		pattern[i] += !pattern[i];
	}
	for (size_t i = 0; i < LONG_NAME; i++)
		name[i] = (char)pattern[i % 3];
	return (struct bytes){ name, next(1) % 2 ? LONG_NAME : next(2) };
}

static uint64_t next_address(void)
{
	return next(1) % 4 ? UINT64_C(0xffff888000001000) + next(1) * 8 : next(8);
}

static void next_comm(char *comm)
{
	for (int i = 0; i < COMM_SIZE - 1; i++)
		comm[i] = (char)next(1);
	comm[COMM_SIZE - 1] = '\0';
}

static struct hop next_hop(void)
{
	static const char *const symbols[] = { NULL, "", "d_lookup", "\033[31m" };
	struct hop hop = {
		.symbol = symbols[next(1) % 4],
		.ts = next(4),
		.addr = next_address(),
		.dentry = next_address(),
		.open = next(1) % 4,
		.epoch = { next(1) % 2, next(1) % 2 },
		.hash = (uint32_t)next(4),
		.len = (uint32_t)next(2),
		.cpu = (int32_t)next(1),
		.tid = (int32_t)next(1) % 3,
		.err = (int32_t)next(1) % 2 * (int32_t)next(1),
		.has_addr = next(1) % 2,
		.has_hash = next(1) % 2,
		.kind = (uint8_t)(next(1) % HOP_NR),
		.role = (uint8_t)(next(1) % ROLE_NR),
		.point = (uint8_t)(next(1) % POINT_NR),
		.walk = (uint8_t)(next(1) % 3),
		.negative = (uint8_t)(next(1) % 3),
	};

	next_comm(hop.comm);
	return hop;
}

static struct relation next_relation(void)
{
	return (struct relation){
		.left = { next(1) % 3, next(1) % HOP_NR, next(1) % 2, next_address() },
		.right = { next(1) % 3, next(1) % HOP_NR, next(1) % 2, next_address() },
		.op = next(1) % 3,
		.verdict = next(1) % VERDICT_NR,
		.lifetime = (uint32_t)next(1) % 4,
		.open = next(1) % 4,
		.value = (int64_t)next(8),
		.expected = (int64_t)next(2),
		.has_value = next(1) % 2,
		.reuse = next(1) % 2,
		.is_across = next(1) % 2,
		.means = next(1) % (MEANS_LIFETIMES + 1),
		.prefix = next_name(),
		.why = next(1) % 2 ? "made up" : NULL,
	};
}

static struct open_call next_open(uint64_t id)
{
	struct open_call open = {
		.id = id,
		.path = next_name(),
		.user = next_address(),
		.filename = next_address(),
		.flags = next(4),
		.ts = next(5),
		.call_ts = next(5),
		.latency_ns = next(8),
		.result = (int64_t)next(8),
		.dfd = (int32_t)next(4),
		.tid = (int32_t)next(1),
		.tgid = (int32_t)next(1),
		.has_user = next(1) % 2,
		.has_dfd = next(1) % 2,
		.has_flags = next(1) % 2,
		.has_result = next(1) % 2,
		.has_latency = next(1) % 2,
		.complete = next(1) % 2,
		.stages = (uint8_t)next(1),
		.walk = next(1) % 3,
		.cache = next(1) % CACHE_NR,
		.cache_why = next(1) % 2 ? "made up" : NULL,
		.resolved = next_name(),
		.dir = next_name(),
		.resolved_why = next(1) % 2 ? "made up" : NULL,
		.dir_why = next(1) % 2 ? "made up" : NULL,
	};

	next_comm(open.comm);
	return open;
}

/* A name and what belongs to it. */
struct story {
	struct name name;
	struct bytes paths[2];
	struct lifetime lifetimes[MAX_LIFETIMES], *list[MAX_LIFETIMES];
	struct hop hops[MAX_LIFETIMES][MAX_HOPS];
	struct relation relations[MAX_RELATIONS];
};

static void next_lifetime(struct story *story, size_t i)
{
	struct lifetime *life = &story->lifetimes[i];

	*life = (struct lifetime){
		.name = &story->name,
		.dentry = next_address(),
		.name_ptr = next_address(),
		.born = next(1) % BORN_NR,
		.storage = next(1) % 3,
		.end = next(1) % (END_UNKNOWN + 1),
		.negative = next(1) % 3,
		.index = (uint32_t)i,
		.born_tid = (int32_t)next(1),
		.end_tid = (int32_t)next(1),
		.hops = { story->hops[i], next(1) % (MAX_HOPS + 1), MAX_HOPS, next(1) % 2 },
	};
	next_comm(life->born_comm);
	next_comm(life->end_comm);
	for (size_t hop = 0; hop < life->hops.count; hop++)
		story->hops[i][hop] = next_hop();
	story->list[i] = life;
}

static void next_story(struct story *story)
{
	struct name *name = &story->name;

	for (size_t i = 0; i < 2; i++)
		story->paths[i] = next_name();
	*name = (struct name){
		.path = story->paths[0],
		.paths = story->paths,
		.path_count = 1 + next(1) % 2,
		.paths_dropped = next(1) % 2,
		.resolved = next_name(),
		.component = next_name(),
		.has_dir = next(1) % 2,
		.has_gen = next(1) % 2,
		.dev = (uint32_t)next(4),
		.dir_gen = (uint32_t)next(4),
		.dir_ino = next(8),
		.is_requested = next(1) % 2,
		.lifetimes = story->list,
		.lifetime_count = next(1) % (MAX_LIFETIMES + 1),
		.relations = story->relations,
		.relation_count = next(1) % (MAX_RELATIONS + 1),
		.relations_dropped = next(1) % 2,
	};
	for (size_t i = 0; i < name->lifetime_count; i++)
		next_lifetime(story, i);
	for (size_t i = 0; i < name->relation_count; i++) {
		story->relations[i] = next_relation();
		name->verdicts[story->relations[i].verdict]++;
	}
}

static void hold(bool condition)
{
	if (!condition)
		abort();
}

/* The page of the HTML report has tabs of its own, and lines of CSV end with a carriage return. */
static char further_control(const struct render_format *format)
{
	return format == &render_html ? '\t' : format == &render_csv ? '\r' : '\n';
}

static void check_output(const char *text, size_t size, char further)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char byte = (unsigned char)text[i];

		hold((byte >= 0x20 && byte != 0x7f) || byte == '\n' || byte == further);
	}
}

static void give(const struct chain_sink *sink)
{
	static const struct chain_summary end;
	static struct story story;

	for (uint64_t step = 1; input_size && step <= MAX_STEPS; step++) {
		struct open_call open;

		switch (next(1) % 3) {
		case 0:
			open = next_open(step);
			hold(!sink->open(sink->context, &open));
			break;
		case 1:
			next_story(&story);
			hold(!sink->name(sink->context, &story.name));
			break;
		default:
			hold(!sink->loss(sink->context, &(struct loss){ .scope = next(1) % SCOPE_NR,
									.cpu = (int)next(1) - 1,
									.from = next(4),
									.to = next(4),
									.count = next(1) }));
		}
	}
	hold(!sink->summary(sink->context, &end));
}

static void render(const struct render_format *format)
{
	const struct render_options options = {
		.filters.components = next(1) % 2,
		.explain = next(1) % 2,
	};
	struct renderer renderer;
	struct chain_sink sink;
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	hold(out && !renderer_init(&renderer, format, out, &options));
	sink = renderer_sink(&renderer);
	give(&sink);
	renderer_release(&renderer);
	fclose(out);
	check_output(text, size, further_control(format));
	free(text);
}

static void expect(const struct expect *expected)
{
	struct expect_options options = { .sees_any = next(1) % 2 };
	struct expect_results results = { .file = "made up" };
	struct expect_run *run;
	struct chain_sink sink;
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	memset(options.armed, next(1) % 4 ? 1 : 0, sizeof(options.armed));
	hold(out && !expect_run_new(expected, &options, &run));
	sink = expect_run_sink(run);
	give(&sink);
	hold(!expect_run_finish(run, &results.items, &results.count));
	hold(!render_expect_results(out, &results));
	expect_run_free(run);
	fclose(out);
	check_output(text, size, '\t');
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\0', size);
	size_t text_size = end ? (size_t)(end - data) : 0;
	const uint8_t *rest = data + text_size;
	struct expect_error error;
	struct expect *expected;

	for (size_t i = 0; i < FORMAT_NR; i++) {
		input = rest;
		input_size = size - text_size;
		render(formats[i]);
	}
	input = rest;
	input_size = size - text_size;
	if (expect_parse((const char *)data, text_size, &expected, &error))
		return 0;
	expect(expected);
	expect_free(expected);
	return 0;
}
