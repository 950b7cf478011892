/* SPDX-License-Identifier: MIT */
/*
 * The findings of ftopen doctor, for people.
 */
#include "render/doctor.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "doctor_members.h"

static const char *const chain_texts[] = {
	[CHAIN_FULL] = "a full chain is possible",
	[CHAIN_PARTLY] = "chains are possible, but not every hop of them (see above)",
	[CHAIN_IMPOSSIBLE] = "no chain is possible here",
};

static void row(FILE *out, const char *what, const char *found)
{
	fprintf(out, "%-15s %s\n", what, found ? found : "unknown");
}

static void count_row(FILE *out, const char *what, uint64_t count, const char *text)
{
	if (count == LOSS_UNKNOWN)
		fprintf(out, "%-15s unknown\n", what);
	else
		fprintf(out, "%-15s %" PRIu64 " %s\n", what, count, text);
}

/* Details of the row above, one on each line. */
static void remark(FILE *out, const char *subject, const char *between, const char *reason)
{
	char *text, *line, *rest;

	if (asprintf(&text, "%s%s%s", subject, between, reason) < 0)
		return;
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		fprintf(out, "%-24s%s\n", "", line);
	free(text);
}

static void print_tried(const struct tried *tried, FILE *out)
{
	char not_this[80];

	if (!tried->why)
		return;
	snprintf(not_this, sizeof(not_this), "not %s", tried->symbol);
	remark(out, not_this, ": ", tried->why);
}

static void print_probe(const struct planned *planned, FILE *out)
{
	fprintf(out, "%-14s %-8s %-20s %s%s\n", role_name(planned->probe->role),
		point_name(planned->probe->point), planned->symbol ? planned->symbol : "-",
		probe_state_name(planned->state),
		!is_armed(planned)   ? ""
		: planned->is_proved ? ", proved"
				     : ", not tested");
	for (int i = 0; i < planned->tried_count; i++)
		print_tried(&planned->tried[i], out);
	if (planned->state == PROBE_SUBSTITUTE)
		remark(out, planned->symbol, " ",
		       planned->probe->candidates[planned->choice].substitutes);
	if (planned->is_spared)
		remark(out, "not probed", ": ", "the functions that it calls show all of it");
	if (planned->left_out)
		remark(out, "without", " ", planned->left_out);
}

static const char *selftest_text(const struct doctor *doctor, char *text, size_t size)
{
	const char *on = doctor->selftest_on;

	if (!on)
		return "not done";
	snprintf(text, size, "on %s%s", on,
		 doctor->selftest_is_whole ? ", every probe could be tested"
					   : ", not every probe could be tested");
	return text;
}

/* Return: NULL if it is not known. */
static const char *cost_text(const struct doctor *doctor, char *text, size_t size)
{
	if (!doctor->cost.components)
		return NULL;
	snprintf(text, size,
		 "%" PRIu64 " records, %" PRIu64 " bytes, %" PRIu64
		 " reads through pointers, with %" PRIu64 " components, all cached",
		 doctor->cost.records, doctor->cost.bytes, doctor->cost.reads,
		 doctor->cost.components);
	return text;
}

/* Return: NULL if it is not known. */
static const char *processors_text(const struct doctor *doctor, char *text, size_t size)
{
	const char *online = doctor->cpus_online, *possible = doctor->cpus_possible;

	if (!online || !possible)
		return NULL;
	if (!strcmp(online, possible))
		snprintf(text, size, "%s, all online", online);
	else
		snprintf(text, size,
			 "%s online, %s possible: those that come online are traced, too", online,
			 possible);
	return text;
}

/* What the other source says. */
static const char *comparison(const struct doctor *doctor, const struct finding *finding)
{
	if (!doctor->told)
		return "";
	return finding_differs(finding) ? ", differs from BTF" : ", as in BTF";
}

static void print_members(const struct doctor *doctor, FILE *out)
{
	struct finding finding;

	for (size_t i = 0; finding_nth(doctor, i, &finding); i++) {
		fprintf(out, "%-32s ", finding.name);
		if (finding.has)
			fprintf(out, "offset %4u size %3u  ", finding.member.offset,
				finding.member.size);
		fprintf(out, "%s%s%s%s", finding_source(&finding), finding.why ? ": " : "",
			finding.why ? finding.why : "", comparison(doctor, &finding));
		if (finding.has_told && finding_differs(&finding))
			fprintf(out, ": offset %u size %u", finding.told.offset, finding.told.size);
		else if (doctor->told && finding_differs(&finding))
			fputs(": it has none", out);
		fputc('\n', out);
	}
}

int doctor_text(const struct doctor *doctor, FILE *out)
{
	char text[256];

	fprintf(out, "%-15s %s %s\n", "kernel", doctor->kernel ? doctor->kernel : "unknown",
		doctor->arch ? doctor->arch : "");
	row(out, "processors", processors_text(doctor, text, sizeof(text)));
	row(out, "lockdown", doctor->lockdown);
	row(out, "module signing", doctor->signing);
	row(out, "kprobes", doctor->kprobes);
	row(out, "ftrace", doctor->ftrace);
	row(out, "io_uring", doctor->rings);
	row(out, "tracefs", doctor->tracefs ? doctor->tracefs : "cannot be used");
	row(out, "BTF", doctor->btf ? doctor->btf : "none");
	row(out, "layout",
	    doctor->layout ? layout_source_name(layout_source(doctor->layout)) : "none");
	row(out, "functions",
	    doctor->functions ? "available_filter_functions" : "no list of what can be probed");
	row(out, "self-test", selftest_text(doctor, text, sizeof(text)));
	row(out, "an open costs", cost_text(doctor, text, sizeof(text)));
	count_row(out, "missed hits", doctor->missed, "in the self-test");
	count_row(out, "leftovers", doctor->leftovers,
		  doctor->leftovers ? "of killed runs: 'ftopen clean' removes them"
				    : "of killed runs");
	fputc('\n', out);
	for (size_t i = 0; doctor->plan && i < doctor->plan->count; i++)
		print_probe(&doctor->plan->probes[i], out);
	if (doctor->plan)
		fputc('\n', out);
	print_members(doctor, out);
	if (doctor->layout)
		fputc('\n', out);
	for (int i = 0; i < doctor->problem_count; i++)
		fprintf(out, "%s\n", doctor->problems[i] ? doctor->problems[i] : "");
	fprintf(out, "%s\n", chain_texts[doctor->chain]);
	return fflush(out) ? -errno : 0;
}
