/* SPDX-License-Identifier: MIT */
/*
 * The findings of ftopen doctor, for people and for programs.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command/doctor.h"
#include "util/escape.h"

static const char *const chain_words[] = {
	[CHAIN_FULL] = "full",
	[CHAIN_PARTLY] = "partly",
	[CHAIN_IMPOSSIBLE] = "none",
};

static const char *const chain_texts[] = {
	[CHAIN_FULL] = "a full chain is possible",
	[CHAIN_PARTLY] = "chains are possible, but not every hop of them (see above)",
	[CHAIN_IMPOSSIBLE] = "no chain is possible here",
};

static const char *const states[] = {
	[PROBE_EXACT] = "exact",
	[PROBE_SUBSTITUTE] = "substitute",
	[PROBE_REFUSED] = "refused",
	[PROBE_SILENT] = "silent",
};

/* --- for people ------------------------------------------------------------------------------- */

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

/* What belongs to the row above it, a line each. */
static void remark(FILE *out, const char *subject, const char *between, const char *reason)
{
	char *text, *line, *rest;

	if (asprintf(&text, "%s%s%s", subject, between, reason) < 0)
		return;
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		fprintf(out, "%-21s %s\n", "", line);
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
	fprintf(out, "%-12s %-8s %-18s %s%s\n", role_name(planned->probe->role),
		edge_name(planned->probe->edge), planned->symbol ? planned->symbol : "-",
		states[planned->state],
		!is_armed(planned)   ? ""
		: planned->is_proved ? ", proved"
				     : ", not tested");
	for (int i = 0; i < planned->tried_count; i++)
		print_tried(&planned->tried[i], out);
	if (planned->state == PROBE_SUBSTITUTE)
		remark(out, planned->symbol, " ",
		       planned->probe->candidates[planned->choice].substitutes);
	if (planned->left_out)
		remark(out, "without", " ", planned->left_out);
}

static const char *selftest_text(const struct doctor *doctor, char *text, size_t size)
{
	const char *on = doctor->selftest.directory_kind;

	if (!on)
		return "not done";
	snprintf(text, size, "on %s%s", on,
		 doctor->selftest.is_whole
			 ? ", everything could be tried"
			 : ", not everything could be tried: what did not fire is not tested");
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
	row(out, "tracefs", doctor->tracefs ? doctor->tracefs : "cannot be used");
	row(out, "BTF", doctor->btf ? doctor->btf : "none");
	row(out, "layout", doctor->layout ? layout_source(doctor->layout) : "none");
	row(out, "functions",
	    doctor->functions ? "available_filter_functions" : "no list of what can be probed");
	row(out, "self-test", selftest_text(doctor, text, sizeof(text)));
	count_row(out, "missed hits", doctor->missed, "in the self-test");
	count_row(out, "leftovers", doctor->leftovers,
		  doctor->leftovers ? "of dead runs: 'ftopen clean' removes them" : "of dead runs");
	fputc('\n', out);
	for (size_t i = 0; doctor->plan && i < doctor->plan->count; i++)
		print_probe(&doctor->plan->probes[i], out);
	if (doctor->plan)
		fputc('\n', out);
	doctor_layout_text(doctor, out);
	if (doctor->layout)
		fputc('\n', out);
	for (int i = 0; i < doctor->problem_count; i++)
		fprintf(out, "%s\n", doctor->problems[i] ? doctor->problems[i] : "");
	fprintf(out, "%s\n", chain_texts[doctor->chain]);
	return fflush(out) ? -errno : 0;
}

/* --- for programs ----------------------------------------------------------------------------- */

static void json_string(struct text *text, const char *key, const char *value)
{
	text_format(text, "\"%s\":", key);
	if (value)
		escape_json(text, value, strlen(value));
	else
		TEXT(text, "null");
}

static void json_count(struct text *text, const char *key, uint64_t count)
{
	text_format(text, "\"%s\":", key);
	if (count == LOSS_UNKNOWN)
		TEXT(text, "null");
	else
		text_u64(text, count);
}

static void json_bool(struct text *text, const char *key, bool value)
{
	text_format(text, "\"%s\":%s", key, value ? "true" : "false");
}

static void json_tried(struct text *text, const struct planned *planned)
{
	TEXT(text, "\"tried\":[");
	for (int i = 0; i < planned->tried_count; i++) {
		text_str(text, i ? ",{" : "{");
		json_string(text, "symbol", planned->tried[i].symbol);
		TEXT(text, ",");
		json_string(text, "why", planned->tried[i].why);
		TEXT(text, "}");
	}
	TEXT(text, "]");
}

static void json_probe(struct text *text, const struct planned *planned)
{
	TEXT(text, "{");
	json_string(text, "role", role_name(planned->probe->role));
	TEXT(text, ",");
	json_string(text, "edge", edge_name(planned->probe->edge));
	TEXT(text, ",");
	json_string(text, "symbol", planned->symbol);
	TEXT(text, ",");
	json_string(text, "state", states[planned->state]);
	TEXT(text, ",");
	json_bool(text, "proved", planned->is_proved);
	TEXT(text, ",");
	json_string(text, "substitutes",
		    planned->choice < 0 ? NULL
					: planned->probe->candidates[planned->choice].substitutes);
	TEXT(text, ",");
	json_string(text, "why", planned->why);
	TEXT(text, ",");
	json_string(text, "left_out", planned->left_out);
	TEXT(text, ",");
	json_tried(text, planned);
	TEXT(text, "}");
}

static void json_processors(struct text *text, const struct doctor *doctor)
{
	TEXT(text, "\"processors\":{");
	json_string(text, "online", doctor->cpus_online);
	TEXT(text, ",");
	json_string(text, "possible", doctor->cpus_possible);
	TEXT(text, "},");
}

static void json_facts(struct text *text, const struct doctor *doctor)
{
	const struct {
		const char *key, *value;
	} facts[] = {
		{ "kernel", doctor->kernel },
		{ "arch", doctor->arch },
		{ "lockdown", doctor->lockdown },
		{ "module_signing", doctor->signing },
		{ "kprobes", doctor->kprobes },
		{ "ftrace", doctor->ftrace },
		{ "tracefs", doctor->tracefs },
		{ "btf", doctor->btf },
		{ "layout", doctor->layout ? layout_source(doctor->layout) : NULL },
	};

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		json_string(text, facts[i].key, facts[i].value);
		TEXT(text, ",");
	}
	json_processors(text, doctor);
	json_bool(text, "functions", doctor->functions);
	TEXT(text, ",\"selftest\":{");
	json_string(text, "on", doctor->selftest.directory_kind);
	TEXT(text, ",");
	json_bool(text, "whole", doctor->selftest.is_whole);
	TEXT(text, "},");
	json_count(text, "missed_probes", doctor->missed);
	TEXT(text, ",");
	json_count(text, "leftovers", doctor->leftovers);
}

int doctor_json(const struct doctor *doctor, FILE *out)
{
	struct text *text = malloc(sizeof(*text));
	int ret;

	if (!text)
		return -ENOMEM;
	text_init(text, out);
	TEXT(text, "{\"v\":1,\"type\":\"doctor\",");
	json_facts(text, doctor);
	TEXT(text, ",\"probes\":[");
	for (size_t i = 0; doctor->plan && i < doctor->plan->count; i++) {
		text_str(text, i ? "," : "");
		json_probe(text, &doctor->plan->probes[i]);
	}
	TEXT(text, "],");
	doctor_layout_json(doctor, text);
	TEXT(text, ",\"problems\":[");
	for (int i = 0; i < doctor->problem_count; i++) {
		const char *problem = doctor->problems[i] ? doctor->problems[i] : "";

		text_str(text, i ? "," : "");
		escape_json(text, problem, strlen(problem));
	}
	TEXT(text, "],");
	json_string(text, "chain", chain_words[doctor->chain]);
	TEXT(text, "}\n");
	ret = text_flush(text);
	free(text);
	if (!ret && fflush(out))
		ret = -errno;
	return ret;
}
