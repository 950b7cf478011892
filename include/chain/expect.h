/* SPDX-License-Identifier: MIT */
/*
 * Expectation files, ftopen-expect(5): claims about names, opens and lifetimes, and their verdicts.
 * Pure: text and chains in, results out; never prints, and never guesses what was not recorded.
 */
#ifndef FTOPEN_CHAIN_EXPECT_H
#define FTOPEN_CHAIN_EXPECT_H

#include "chain/chain.h"
#include "chain/open.h"
#include "chain/sink.h"

#define EXPECT_MAX_TERMS     8
#define EXPECT_MAX_OFFENDERS 100
#define EXPECT_MAX_OPENS     4
#define EXPECT_MAX_NEAR	     3

struct expect;
struct expect_run;

/**
 * struct expect_error - what is wrong with the text
 * @line, @column: from 1; a column is a character, also where a character has several bytes
 */
struct expect_error {
	unsigned int line;
	unsigned int column;
	char message[160];
};

/**
 * expect_parse - read the text of an expectation file
 * @data: may hold anything; not kept
 *
 * Return: 0, -EINVAL with *@error filled, or -ENOMEM. Ends with expect_free().
 */
int expect_parse(const char *data, size_t size, struct expect **expect, struct expect_error *error);

void expect_free(struct expect *expect);

/**
 * expect_is_about_calls - whether a claim is about path calls, which --calls=path records
 */
bool expect_is_about_calls(const struct expect *expect);

/**
 * expect_claims - whether there is a claim, not only things to show
 */
bool expect_claims(const struct expect *expect);

/**
 * struct expect_options - under which conditions the chains were made, as for the correlator
 * @armed: which probes exist
 * @sees_any: ends of lifetimes are traced from any task
 * @only_seen: verdicts are about what was seen, whatever was lost
 */
struct expect_options {
	bool armed[ROLE_NR][POINT_NR];
	bool sees_any;
	bool only_seen;
};

/**
 * expect_run_new - start to compare chains with @expect, which has to outlive the run
 *
 * Return: 0 or -ENOMEM; ends with expect_run_free().
 */
int expect_run_new(const struct expect *expect, const struct expect_options *options,
		   struct expect_run **run);

/**
 * expect_run_sink - the sink that takes the chains; it keeps results, not names, and of the opens
 * a bounded number
 */
struct chain_sink expect_run_sink(struct expect_run *run);

/**
 * expect_run_missed - the kernel says that a probe's hits were missed, see correlator_missed()
 *
 * For before expect_run_finish(): absence of its hops is not claimed any more.
 */
void expect_run_missed(struct expect_run *run, enum role role, enum point point, uint64_t count);

enum expect_value_kind {
	EXPECT_NOTHING,	   /* no such hop */
	EXPECT_ADDRESS,	   /* @left */
	EXPECT_NULL,	   /* a lookup that found nothing */
	EXPECT_UNREAD,	   /* a lookup that found something whose address is not known */
	EXPECT_ERRNO,	   /* @number, positive */
	EXPECT_NUMBER,	   /* @number, stands in the claim or was counted */
	EXPECT_LENGTH,	   /* @number, len(@text) */
	EXPECT_OFFSET,	   /* @number, offset of the inline name */
	EXPECT_DIFFERENCE, /* @left - @right = @number */
	EXPECT_WORD,	   /* @text */
};

/**
 * struct expect_value - what was seen for one term of a claim
 * @text: of EXPECT_WORD a word of the output, of EXPECT_LENGTH bytes of the file's string
 * @more: how many further hops the term stands for
 */
struct expect_value {
	enum expect_value_kind kind;
	uint64_t left;
	uint64_t right;
	int64_t number;
	struct bytes text;
	size_t more;
};

/**
 * expect_value_number - what @value counts as where numbers are compared: an error is the negative
 * number that the system call returned
 *
 * Return: false if it is no number.
 */
bool expect_value_number(const struct expect_value *value, int64_t *number);

/**
 * expect_value_equal - whether both are the same; what was not read is like nothing
 */
bool expect_value_equal(const struct expect_value *a, const struct expect_value *b);

/**
 * struct expect_open - an open or a path call that a result is about
 * @is_known: it was kept; else nothing but @id is known
 * @comm: empty if no record had it
 */
struct expect_open {
	uint64_t id;
	enum call call;
	bool is_known;
	bool has_result;
	int64_t result;
	int32_t tid;
	char comm[COMM_SIZE];
};

/**
 * struct expect_offender - one thing for which a claim fails or is unknown
 * @name: path (or component)
 * @why: NULL if the values tell it
 * @more_opens: how many there are besides @opens
 */
struct expect_offender {
	struct bytes name;
	const char *why;
	const struct expect_value *values;
	size_t value_count;
	struct expect_open opens[EXPECT_MAX_OPENS];
	size_t open_count;
	uint64_t more_opens;
};

/**
 * struct expect_result - the result of one line
 * @place: "last open" and the like, as written; NULL for all of the name
 * @claim: as written, without blanks and comment around it
 * @verdict: VERDICT_NONE for a "show" whose addresses were seen
 * @why: reason of UNKNOWN, or of a FAIL that the values do not explain, else NULL
 * @set: the name line above it, as written
 * @name: path (or component) of the name whose values these are; data NULL if no name matched
 * @offenders: of a FAIL those that fail, of an UNKNOWN those that are not known, in the order in
 *	which they came; @offenders_dropped: how many more there are
 * @near: of a name that is not there: those that come near, the nearest first
 * @checked: how often the claim was compared with something (names, opens, lifetimes)
 * @is_of_calls: it is about path calls: so are @opens of the offenders
 * @is_order: it says which of two numbers is the larger one
 * @reuse: the two addresses of a "show" are equal
 */
struct expect_result {
	unsigned int line;
	unsigned int column;
	const char *place;
	const char *claim;
	enum verdict verdict;
	const char *why;
	const char *set;
	struct bytes name;
	const struct expect_offender *offenders;
	size_t offender_count;
	uint64_t offenders_dropped;
	struct bytes near[EXPECT_MAX_NEAR];
	size_t near_count;
	uint64_t checked;
	bool is_show;
	bool is_of_calls;
	bool is_order;
	bool reuse;
	struct expect_value values[EXPECT_MAX_TERMS];
	size_t value_count;
};

/**
 * expect_run_finish - the verdicts, in the order of the lines, after the sink got everything
 * @results: valid until expect_run_free()
 *
 * Return: 0 or -ENOMEM.
 */
int expect_run_finish(struct expect_run *run, const struct expect_result **results, size_t *count);

/**
 * expect_run_restart - forget the names that came, and the verdicts
 * @come_again: the names come anew; else a claim that needs them is unknown from now on
 *
 * What is known of opens stays.
 */
void expect_run_restart(struct expect_run *run, bool come_again);

void expect_run_free(struct expect_run *run);

#endif
