/* SPDX-License-Identifier: MIT */
/*
 * The correlator: records in, chains out, in bounded memory. Pure: no file descriptor, no clock,
 * no tracing library; the same records give the same chains, live or from a file.
 */
#ifndef FTOPEN_CHAIN_CORRELATOR_H
#define FTOPEN_CHAIN_CORRELATOR_H

#include "chain/sink.h"

struct correlator;

/**
 * struct double_place - a directory that is mounted, and to which another way led as well
 * @dev, @ino: its numbers, @dev in the kernel's encoding
 * @is_mounted_twice: that is another mount of the same directory; else its own name led there
 */
struct double_place {
	uint32_t dev;
	bool is_mounted_twice;
	uint64_t ino;
};

/**
 * struct start_place - where a traced program began, as ftopen saw it before
 * @path: the working directory, from the root; NULL if not known; has to outlive the correlator
 * @dev, @ino: its numbers, @dev in the kernel's encoding
 * @root_dev, @root_ino: those of the root
 * @doubles, @double_count: directories that the task could see in two places; likewise
 */
struct start_place {
	const char *path;
	uint32_t dev, root_dev;
	uint64_t ino, root_ino;
	const struct double_place *doubles;
	size_t double_count;
};

/**
 * struct known_task - a task that started before the first record, but after the trace began: an
 * earlier part of the recording has the record of its start
 * @tgid: 0 if it is not known
 * @owner: of a worker of a ring, the task that made it; else 0
 */
struct known_task {
	int32_t tid;
	int32_t tgid;
	int32_t owner;
};

/**
 * struct correlator_options - how the records have to be understood
 * @armed: which probes exist, by role and probe point; what is not armed is never claimed or denied
 * @root: pid of the traced program, 0 for none; what it does before its exec is not reported
 *(attach)
 * @group_only: leave out processes that were started while records came: with @root all thread
 *	groups but its own
 * @by_comm: records are only those of one name, but for those that tell a new name: what a task
 *	does under another one is hidden, whatever it is in the middle of
 * @sees_any: the SCOPE_ANY roles come from any task (not --evictions=own)
 * @cwd: where the traced program began
 * @known, @known_count: tasks that started in an earlier part of a recording; read by
 *	correlator_new() alone. With @root among them its exec is done
 * @sink: where results go
 * @max_names, @max_hops, @max_lifetimes: caps; 0 for the defaults
 * @max_kept: bytes that names may take with their hops and relations; 0 for the default
 */
struct correlator_options {
	bool armed[ROLE_NR][POINT_NR];
	int32_t root;
	bool group_only;
	bool by_comm;
	bool sees_any;
	struct start_place cwd;
	const struct known_task *known;
	size_t known_count;
	struct chain_sink sink;
	size_t max_names;
	size_t max_hops;
	size_t max_lifetimes;
	size_t max_kept;
};

/**
 * correlator_new - Return: 0 or -ENOMEM; ends with correlator_free()
 */
int correlator_new(const struct correlator_options *options, struct correlator **correlator);

/**
 * correlator_free - forget everything; what was not finished is not reported
 */
void correlator_free(struct correlator *correlator);

/**
 * correlator_record - take one record; records come in the order of time
 *
 * Return: 0, -ENOMEM, or what a sink returned.
 */
int correlator_record(struct correlator *correlator, const struct record *record);

/**
 * correlator_loss - records are missing from here; comes before the first record after loss->from
 */
int correlator_loss(struct correlator *correlator, const struct loss *loss);

/**
 * correlator_unselected - tasks that belong to the trace were not selected between these times
 *
 * What they opened is missing, like records that were lost. No record is missing.
 * Return: 0 or -ENOMEM.
 */
int correlator_unselected(struct correlator *correlator, uint64_t from, uint64_t to);

/**
 * correlator_missed - the kernel says that a probe's hits were missed, times unknown
 *
 * For before correlator_finish(): what relied on that probe turns UNKNOWN.
 */
void correlator_missed(struct correlator *correlator, enum role role, enum point point,
		       uint64_t count);

/**
 * correlator_lost - the kernel counted records as lost that nothing else tells of, times unknown
 *
 * For before correlator_finish(): relations that they could have changed turn UNKNOWN. Handed out
 * as a loss between the first record and the last one. Return: 0 or -ENOMEM.
 */
int correlator_lost(struct correlator *correlator, enum scope scope, int cpu, uint64_t count);

/**
 * correlator_overrun - how many records the ring buffers overwrote in all, by the kernel's counters
 *
 * For before correlator_finish(): then the sum of what was lost is known, although a page without
 * room for a number says only that there was a loss.
 */
void correlator_overrun(struct correlator *correlator, uint64_t total);

/**
 * correlator_negatives - hand out every lifetime that is negative and was not handed out as such
 * @before: those that are negative since then; one that was just made may be about to become a
 *	file's
 *
 * Return: 0 or what the sink returned.
 */
int correlator_negatives(struct correlator *correlator, uint64_t before);

/**
 * correlator_peek - give every name that is remembered to @show, as far as it is known by now
 *
 * It is not handed out by that.
 *
 * Return: 0 or what @show returned.
 */
int correlator_peek(const struct correlator *correlator,
		    int (*show)(void *context, const struct name *name), void *context);

/**
 * correlator_finish - no more records: hand out what is left, losses and all
 * @totals: filled with what the summary needs; the caller hands the summary to the sink
 */
int correlator_finish(struct correlator *correlator, struct chain_totals *totals);

#endif
