/* SPDX-License-Identifier: MIT */
/*
 * The counts of a period. A dentry that was made negative counts for the task that made it, and for
 * the directory of its name.
 */
#include "top.h"
#include "negatives.h"
#include "render/path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct top *top_new(const struct user_filter *users)
{
	struct top *top = calloc(1, sizeof(*top));

	if (top)
		top->users = *users;
	return top;
}

void top_next(struct top *top)
{
	tallies_release(&top->programs);
	tallies_release(&top->directories);
	stage_table_release(&top->stages);
	memset(&top->programs, 0, sizeof(top->programs));
	memset(&top->directories, 0, sizeof(top->directories));
	memset(&top->stages, 0, sizeof(top->stages));
	memset(top->all, 0, sizeof(top->all));
	top->doubts = 0;
}

uint64_t top_doubts(const struct top *top)
{
	return top->doubts;
}

void top_free(struct top *top)
{
	if (top)
		top_next(top);
	free(top);
}

/*
 * The stage that took most of the open function's time, if no unknown part of that time is longer.
 */
static enum stage longest_stage(const struct open_call *open)
{
	enum stage longest = STAGE_NONE;
	uint64_t known = 0;

	for (int i = STAGE_WALK; i <= STAGE_OPENING; i++) {
		if (!has_stage(open, (enum stage)i))
			continue;
		known += open->stage_ns[i];
		if (longest == STAGE_NONE || open->stage_ns[i] > open->stage_ns[longest])
			longest = (enum stage)i;
	}
	if (longest == STAGE_NONE || known + open->stage_ns[longest] < open->latency_ns)
		return STAGE_NONE;
	return longest;
}

static void add_time(uint64_t *counts, const struct open_call *open)
{
	if (!open->has_latency)
		return;
	counts[TOP_TIME] += open->latency_ns;
	if (open->latency_ns <= counts[TOP_SLOWEST])
		return;
	counts[TOP_SLOWEST] = open->latency_ns;
	counts[TOP_STAGE] = longest_stage(open);
}

static void add_open(uint64_t *counts, const struct open_call *open)
{
	counts[TOP_OPENS]++;
	counts[TOP_FAILED] += open->has_result && open->result < 0;
	counts[TOP_MISSES] += open->cache == CACHE_MISS;
	counts[TOP_NEGATIVE] += open->cache == CACHE_NEGATIVE;
	add_time(counts, open);
}

/* The counts of @comm and of the directory of @path; "" if no directory is known. */
static int find_counts(struct top *top, const char *comm, const struct shown_path *path,
		       struct tally **program, struct tally **directory)
{
	const struct bytes name = { comm, strlen(comm) };
	const struct bytes whole = path_bytes(&top->scratch, path);
	const struct bytes dir = path_directory(&whole);

	*program = tallies_get(&top->programs, &name);
	*directory = tallies_get(&top->directories, &dir);
	return *program && *directory ? 0 : -ENOMEM;
}

int top_open(struct top *top, const struct open_call *open)
{
	const struct shown_path path = open_shown_path(open);
	struct tally *program, *directory;
	int ret;

	if (!user_filter_has(&top->users, open->has_uid, open->uid))
		return 0;
	ret = find_counts(top, open->comm, &path, &program, &directory);
	if (ret)
		return ret;
	top->doubts += user_filter_doubts(&top->users, open->has_uid);
	add_open(top->all, open);
	add_open(program->counts, open);
	add_open(directory->counts, open);
	return stage_table_add(&top->stages, open);
}

int top_negative(struct top *top, const struct name *name, const struct lifetime *lifetime)
{
	const struct shown_path path = name_shown_path(name);
	const struct hop *maker = negative_maker(lifetime);
	struct tally *program, *directory;
	int ret;

	if (!maker || !user_filter_has(&top->users, maker->has_uid, maker->uid))
		return 0;
	ret = find_counts(top, maker->comm, &path, &program, &directory);
	if (ret)
		return ret;
	top->doubts += user_filter_doubts(&top->users, maker->has_uid);
	top->all[TOP_MADE]++;
	program->counts[TOP_MADE]++;
	directory->counts[TOP_MADE]++;
	return 0;
}
