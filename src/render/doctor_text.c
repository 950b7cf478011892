/* SPDX-License-Identifier: MIT */
/*
 * The findings of ftopen doctor, for people and for programs.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"

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
		remark(out, "spared", ": ", "what it is made of tells all of it");
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
static const char *cost_text(const struct doctor *doctor, char *text, size_t size)
{
	const struct cost *cost = &doctor->selftest.cost;

	if (!cost->lookups)
		return NULL;
	snprintf(text, size,
		 "%" PRIu64 " records, %" PRIu64 " bytes, %" PRIu64
		 " reads through pointers, with %" PRIu64 " components, all cached",
		 cost->records, cost->bytes, cost->reads, cost->lookups);
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
	row(out, "layout",
	    doctor->layout ? layout_source_name(layout_source(doctor->layout)) : "none");
	row(out, "functions",
	    doctor->functions ? "available_filter_functions" : "no list of what can be probed");
	row(out, "self-test", selftest_text(doctor, text, sizeof(text)));
	row(out, "an open costs", cost_text(doctor, text, sizeof(text)));
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

static void write_tried(struct json *json, const struct planned *planned)
{
	JSON_KEY(json, "tried");
	json_array(json);
	for (int i = 0; i < planned->tried_count; i++) {
		json_object(json);
		JSON_KEY(json, "symbol");
		json_string(json, planned->tried[i].symbol);
		JSON_KEY(json, "why");
		json_string(json, planned->tried[i].why);
		json_object_end(json);
	}
	json_array_end(json);
}

static void write_probe(struct json *json, const struct planned *planned)
{
	const struct role_probe *probe = planned->probe;

	json_object(json);
	JSON_KEY(json, "role");
	json_word(json, role_name(probe->role));
	JSON_KEY(json, "edge");
	json_word(json, edge_name(probe->edge));
	JSON_KEY(json, "symbol");
	json_string(json, planned->symbol);
	JSON_KEY(json, "state");
	json_word(json, probe_state_name(planned->state));
	JSON_KEY(json, "proved");
	json_bool(json, planned->is_proved);
	JSON_KEY(json, "spared");
	json_bool(json, planned->is_spared);
	JSON_KEY(json, "substitutes");
	json_word(json,
		  planned->choice < 0 ? NULL : probe->candidates[planned->choice].substitutes);
	JSON_KEY(json, "why");
	json_string(json, planned->why);
	JSON_KEY(json, "left_out");
	json_string(json, planned->left_out);
	write_tried(json, planned);
	json_object_end(json);
}

static void write_facts(struct json *json, const struct doctor *doctor)
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
		{ "layout",
		  doctor->layout ? layout_source_name(layout_source(doctor->layout)) : NULL },
	};

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		json_key(json, facts[i].key);
		json_string(json, facts[i].value);
	}
}

/* Without such an open nothing is known of it. */
static void write_cost(struct json *json, const struct cost *cost)
{
	const bool is_known = cost->lookups;

	JSON_KEY(json, "open_cost");
	json_object(json);
	JSON_KEY(json, "components");
	json_known_u64(json, is_known, cost->lookups);
	JSON_KEY(json, "records");
	json_known_u64(json, is_known, cost->records);
	JSON_KEY(json, "bytes");
	json_known_u64(json, is_known, cost->bytes);
	JSON_KEY(json, "reads");
	json_known_u64(json, is_known, cost->reads);
	json_object_end(json);
}

static void write_findings(struct json *json, const struct doctor *doctor)
{
	JSON_KEY(json, "processors");
	json_object(json);
	JSON_KEY(json, "online");
	json_string(json, doctor->cpus_online);
	JSON_KEY(json, "possible");
	json_string(json, doctor->cpus_possible);
	json_object_end(json);
	JSON_KEY(json, "functions");
	json_bool(json, doctor->functions);
	JSON_KEY(json, "selftest");
	json_object(json);
	JSON_KEY(json, "on");
	json_string(json, doctor->selftest.directory_kind);
	JSON_KEY(json, "whole");
	json_bool(json, doctor->selftest.is_whole);
	json_object_end(json);
	write_cost(json, &doctor->selftest.cost);
	JSON_KEY(json, "missed_probes");
	json_known_u64(json, doctor->missed != LOSS_UNKNOWN, doctor->missed);
	JSON_KEY(json, "leftovers");
	json_known_u64(json, doctor->leftovers != LOSS_UNKNOWN, doctor->leftovers);
	JSON_KEY(json, "probes");
	json_array(json);
	for (size_t i = 0; doctor->plan && i < doctor->plan->count; i++)
		write_probe(json, &doctor->plan->probes[i]);
	json_array_end(json);
}

static void write_problems(struct json *json, const struct doctor *doctor)
{
	JSON_KEY(json, "problems");
	json_array(json);
	for (int i = 0; i < doctor->problem_count; i++)
		json_string(json, doctor->problems[i] ? doctor->problems[i] : "");
	json_array_end(json);
}

int doctor_json(const struct doctor *doctor, FILE *out)
{
	struct json *json = malloc(sizeof(*json));
	int ret;

	if (!json)
		return -ENOMEM;
	json_init(json, out);
	json_object(json);
	JSON_KEY(json, "v");
	json_u64(json, 1);
	JSON_KEY(json, "type");
	json_word(json, "doctor");
	write_facts(json, doctor);
	write_findings(json, doctor);
	doctor_layout_json(doctor, json);
	write_problems(json, doctor);
	JSON_KEY(json, "chain");
	json_word(json, chain_words[doctor->chain]);
	json_object_end(json);
	ret = json_end_line(json);
	free(json);
	if (!ret && fflush(out))
		ret = -errno;
	return ret;
}
