/* SPDX-License-Identifier: MIT */
/*
 * The pipeline from raw pages to the renderer, the same for a live trace and a file:
 *
 *	page source → merge → decode → hide → correlator → expectations → sink
 *
 * What differs is what struct pipeline_source says.
 */
#ifndef FTOPEN_COMMAND_PIPELINE_H
#define FTOPEN_COMMAND_PIPELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "chain/correlator.h"
#include "chain/expect.h"
#include "command/expectation.h"
#include "pages/clock.h"
#include "pages/decode.h"
#include "pages/merge.h"

struct hider;
struct pipeline;
struct stop;

/**
 * struct pipeline_source - where the pipeline begins; all of it has to outlive the pipeline
 * @clock: what the time stamps of @pages are
 * @armed: which probes there are, and what they see
 * @root, @group_only, @by_comm, @cwd: see struct correlator_options
 * @known, @known_count: likewise; they need not outlive pipeline_start()
 * @from, @until: records of these times of @pages count, both included, and no others; @until 0:
 *	all to the end
 * @is_one_buffer: the ends of names stand among the rest, for they have no buffer of their own
 * @is_known: whether the event of this number, which is none of ours, is one that may be there;
 *	NULL: all of them may
 * @passed: called for every record; NULL for nobody
 * @account: at the end: pipeline_missed(), pipeline_lost() and pipeline_overrun() with what the
 *	kernel counted, and what the summary says of the machine
 */
struct pipeline_source {
	struct page_source *pages;
	const struct decoder *decoder;
	struct trace_clock clock;
	struct expect_options armed;
	int32_t root;
	bool group_only;
	bool by_comm;
	struct start_place cwd;
	const struct known_task *known;
	size_t known_count;
	uint64_t from, until;
	bool is_one_buffer;
	bool (*is_known)(void *context, int id);
	void (*passed)(void *context);
	int (*account)(void *context, struct pipeline *pipeline);
	void *context;
};

/**
 * struct pipeline_goal - where the pipeline ends
 * @sink: where chains, losses and the summary go
 * @expectation: what they are compared with first; NULL for nothing
 * @stop: what pipeline_look() looks for; NULL for nothing
 * @hides: with hashes instead of addresses
 * @max_kept: see struct correlator_options
 */
struct pipeline_goal {
	struct chain_sink sink;
	struct expectation *expectation;
	struct stop *stop;
	bool hides;
	size_t max_kept;
};

/**
 * struct pipeline - all zero is none
 * @losses: so far, by what pages tell: the kernel's counts come at the end
 * @summary: complete after pipeline_finish()
 */
struct pipeline {
	struct pipeline_source source;
	struct record_sink records;
	struct hider *hider; /* NULL: addresses are shown */
	struct correlator *correlator;
	struct expectation *expectation;
	struct stop *stop;
	struct chain_sink sink;
	struct chain_sink goal;
	uint64_t losses;
	uint64_t twins; /* losses that were reported for both scopes */
	struct chain_summary summary;
};

/**
 * pipeline_start - join everything between @source and @goal
 *
 * Return: 0 or a negative errno. Ends with pipeline_release() in any case.
 */
int pipeline_start(struct pipeline *pipeline, const struct pipeline_source *source,
		   const struct pipeline_goal *goal);

void pipeline_release(struct pipeline *pipeline);

/**
 * pipeline_pump - pass on records that are known to be in order, and older than @until
 *
 * Return: as merge_until().
 */
int pipeline_pump(struct pipeline *pipeline, uint64_t until);

/**
 * pipeline_look - look, from time to time, whether the trace is to end
 *
 * Return: 1 if it is, 0, or a negative errno.
 */
int pipeline_look(struct pipeline *pipeline);

/**
 * pipeline_negatives - see correlator_negatives()
 */
int pipeline_negatives(struct pipeline *pipeline, uint64_t before);

/**
 * pipeline_finish - pass on everything to the source's end, the kernel's counts, and the summary
 *
 * Return: 0, what the sink returned, or a negative errno.
 */
int pipeline_finish(struct pipeline *pipeline);

/**
 * pipeline_loss - records are missing that no page reports; see correlator_loss()
 */
int pipeline_loss(struct pipeline *pipeline, const struct loss *loss);

/**
 * pipeline_unselected - see correlator_unselected()
 */
int pipeline_unselected(struct pipeline *pipeline, uint64_t from, uint64_t to);

/**
 * pipeline_missed - the kernel counted so many hits that a probe missed; LOSS_UNKNOWN if it does
 * not say
 */
void pipeline_missed(struct pipeline *pipeline, enum role role, enum point point, uint64_t count);

/**
 * pipeline_lost - it counted records as lost that no page reports; see correlator_lost()
 */
int pipeline_lost(struct pipeline *pipeline, enum scope scope, int cpu, uint64_t count);

/**
 * pipeline_overrun - so many the ring buffers overwrote in all; LOSS_UNKNOWN if that is not known
 */
void pipeline_overrun(struct pipeline *pipeline, uint64_t total);

#endif
