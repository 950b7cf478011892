/* SPDX-License-Identifier: MIT */
/*
 * ftopen probes: the definitions that would be written here, or for a kernel given in files.
 * Changes nothing and needs no root, but to measure a layout.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/commands.h"
#include "offsets.h"
#include "command/output.h"
#include "watch.h"
#include "kernel/plan.h"
#include "tracing/ask.h"
#include "tracing/process.h"
#include "tracing/session.h"
#include "tracing/tracefs.h"
#include "util/message.h"

/* The list of this kernel counts only for this kernel's symbols. Return: the caller's, or NULL. */
static char *functions_file(const struct options *options, const char *tracefs)
{
	char *path;

	if (options->functions || options->kallsyms)
		return options->functions ? strdup(options->functions) : NULL;
	if (!tracefs || asprintf(&path, "%s/available_filter_functions", tracefs) < 0)
		return NULL;
	if (!access(path, R_OK))
		return path;
	free(path);
	return NULL;
}

/* Another kernel's structures cannot be looked at. */
static bool is_elsewhere(const struct options *options)
{
	return (options->btf && *options->btf) || options->kallsyms || options->functions;
}

static int measure(const struct options *options, struct layout *layout,
		   const struct symbols *symbols)
{
	struct session *session;
	const char *tracefs;
	int ret, undone;

	ret = tracefs_find(&tracefs);
	if (!ret)
		ret = session_new(tracefs, &session);
	if (ret)
		return ret;
	ret = offsets_measure(options, layout, session, symbols);
	undone = session_end(session);
	return ret ? ret : undone;
}

static int measure_here(const struct options *options, struct layout *layout,
			const struct symbols *symbols)
{
	struct watch watch = { .child = NULL };
	int ret;

	if (is_elsewhere(options)) {
		error("cannot measure the layout of a kernel that is given in files");
		hint("give its BTF: --btf FILE");
		return -EINVAL;
	}
	if (!has_initial_pids()) {
		error("cannot measure the layout from within a pid namespace: records have the "
		      "pids of the initial one");
		hint("run ftopen on the host, outside of the container");
		return -EPERM;
	}
	/* Signals come when all is undone. */
	ret = watch_signals(&watch);
	if (ret)
		return ret;
	ret = measure(options, layout, symbols);
	watch_end(&watch);
	return ret;
}

static int ask_here(const char *tracefs, struct plan_options *wanted)
{
	wanted->fetches_at_return = kernel_fetches_at_return(tracefs);
	return tracefs_registers(tracefs, &wanted->registers);
}

int cmd_probes(const struct options *options)
{
	struct plan_options wanted = { .group = "ftopen",
				       .reject = options->rejects,
				       .path_calls = options->calls == CALLS_PATH,
				       .users = options->filters.users.is_set };
	struct symbols *symbols = NULL;
	struct layout *layout = NULL;
	struct plan *plan = NULL;
	const char *tracefs = tracefs_shown();
	char *functions = functions_file(options, tracefs);
	int ret;

	ret = offsets_read(options, &layout);
	if (!ret && tracefs && !is_elsewhere(options))
		ret = ask_here(tracefs, &wanted);
	if (!ret)
		ret = symbols_load(options->kallsyms, functions, &symbols);
	if (!ret && offsets_need_measuring(options, layout))
		ret = measure_here(options, layout, symbols);
	if (!ret) {
		const struct plan_source source = { layout, symbols, &wanted };

		ret = plan_make(&source, &plan);
		if (ret)
			error("cannot make a plan: %s", strerror(-ret));
	}
	/* Written into kprobe_events, a definition in two parts is none. */
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	if (!ret)
		plan_print(plan, stdout);
	if (!ret && fflush(stdout) && errno != EPIPE) {
		ret = -errno;
		error("cannot write 'standard output': %s", strerror(-ret));
	}
	free(functions);
	plan_free(plan);
	symbols_free(symbols);
	layout_free(layout);
	if (!ret)
		return 0;
	error_unless_said(ret);
	return STATUS_FTOPEN;
}
