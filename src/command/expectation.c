/* SPDX-License-Identifier: MIT */
/*
 * The expectation file of a run.
 */
#include "command/expectation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command/output.h"
#include "util/io.h"
#include "util/message.h"

int expectation_parse(const char *subject, const char *text, size_t size, struct expect **expect)
{
	struct expect_error where;
	int ret = expect_parse(text, size, expect, &where);

	if (ret == -EINVAL)
		error("%s:%u:%u: %s", subject, where.line, where.column, where.message);
	else if (ret)
		error("cannot read '%s': %s", subject, strerror(-ret));
	if (ret == -EINVAL)
		hint("the grammar is in ftopen-expect(5)");
	return ret;
}

int expectation_open(struct expectation *expectation, const char *path)
{
	char *text;
	size_t size;
	int ret;

	memset(expectation, 0, sizeof(*expectation));
	if (!path)
		return 0;
	expectation->path = path;
	ret = read_file(path, &text, &size);
	if (ret) {
		error("cannot read '%s': %s", path, strerror(-ret));
		return ret;
	}
	ret = expectation_parse(path, text, size, &expectation->expect);
	free(text);
	return ret;
}

static int tee_open(void *context, const struct open_call *open)
{
	struct expectation *e = context;
	int ret = e->mine.open(e->mine.context, open);

	return ret ? ret : e->next.open(e->next.context, open);
}

static int tee_name(void *context, const struct name *name)
{
	struct expectation *e = context;
	int ret = e->mine.name(e->mine.context, name);

	return ret ? ret : e->next.name(e->next.context, name);
}

static int tee_path_call(void *context, const struct open_call *call)
{
	struct expectation *e = context;
	int ret = e->mine.path_call(e->mine.context, call);

	if (ret || !e->next.path_call)
		return ret;
	return e->next.path_call(e->next.context, call);
}

static int tee_loss(void *context, const struct loss *loss)
{
	struct expectation *e = context;
	int ret = e->mine.loss(e->mine.context, loss);

	return ret ? ret : e->next.loss(e->next.context, loss);
}

static int status_of(const struct expect_results *results)
{
	int status = 0;

	for (size_t i = 0; i < results->count; i++) {
		if (results->items[i].verdict == VERDICT_FAIL)
			return STATUS_FAIL;
		if (results->items[i].verdict == VERDICT_UNKNOWN)
			status = STATUS_UNKNOWN;
	}
	return status;
}

/* Everything has come by, and what was lost and missed is known. */
static int conclude(struct expectation *e)
{
	struct expect_results results = { .file = e->path };
	int ret = expect_run_finish(e->run, &results.items, &results.count);

	if (ret)
		return ret;
	e->status = status_of(&results);
	return e->show(e->shown, &results);
}

static int tee_summary(void *context, const struct chain_summary *summary)
{
	struct expectation *e = context;
	int ret = e->mine.summary(e->mine.context, summary);

	if (!ret)
		ret = conclude(e);
	return ret ? ret : e->next.summary(e->next.context, summary);
}

int expectation_start(struct expectation *expectation, const struct expect_options *options,
		      const struct chain_sink *next, struct chain_sink *sink)
{
	int ret;

	*sink = *next;
	if (!expectation->expect)
		return 0;
	ret = expect_run_new(expectation->expect, options, &expectation->run);
	if (ret)
		return ret;
	expectation->mine = expect_run_sink(expectation->run);
	expectation->next = *next;
	*sink = (struct chain_sink){
		.open = tee_open,
		.path_call = tee_path_call,
		.name = tee_name,
		.loss = tee_loss,
		.summary = tee_summary,
		.context = expectation,
	};
	return 0;
}

void expectation_missed(struct expectation *expectation, enum role role, enum point point,
			uint64_t count)
{
	if (expectation->run)
		expect_run_missed(expectation->run, role, point, count);
}

void expectation_close(struct expectation *expectation)
{
	if (expectation->run)
		expect_run_free(expectation->run);
	if (expectation->expect)
		expect_free(expectation->expect);
	memset(expectation, 0, sizeof(*expectation));
}
