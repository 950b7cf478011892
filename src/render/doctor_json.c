/* SPDX-License-Identifier: MIT */
/*
 * The findings of ftopen doctor, for programs.
 */
#include "render/doctor.h"

#include <errno.h>
#include <stdlib.h>

#include "doctor_members.h"
#include "util/json.h"

static const char *const chain_words[] = {
	[CHAIN_FULL] = "full",
	[CHAIN_PARTLY] = "partly",
	[CHAIN_IMPOSSIBLE] = "none",
};

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
	json_word(json, point_name(probe->point));
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
		{ "io_uring", doctor->rings },
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

/* Nothing is known of it without such an open. */
static void write_cost(struct json *json, const struct doctor *doctor)
{
	const bool is_known = doctor->cost.components;

	JSON_KEY(json, "open_cost");
	json_object(json);
	JSON_KEY(json, "components");
	json_known_u64(json, is_known, doctor->cost.components);
	JSON_KEY(json, "records");
	json_known_u64(json, is_known, doctor->cost.records);
	JSON_KEY(json, "bytes");
	json_known_u64(json, is_known, doctor->cost.bytes);
	JSON_KEY(json, "reads");
	json_known_u64(json, is_known, doctor->cost.reads);
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
	json_string(json, doctor->selftest_on);
	JSON_KEY(json, "whole");
	json_bool(json, doctor->selftest_is_whole);
	json_object_end(json);
	write_cost(json, doctor);
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

static void write_place(struct json *json, const char *const keys[2], bool has,
			const struct member *member)
{
	json_key(json, keys[0]);
	json_known_u64(json, has, member->offset);
	json_key(json, keys[1]);
	json_known_u64(json, has, member->size);
}

static void write_finding(struct json *json, const struct doctor *doctor,
			  const struct finding *finding)
{
	static const char *const keys[] = { "offset", "size" };
	static const char *const btf_keys[] = { "btf_offset", "btf_size" };

	json_object(json);
	JSON_KEY(json, "member");
	json_word(json, finding->name);
	JSON_KEY(json, "source");
	json_word(json, finding_source(finding));
	write_place(json, keys, finding->has, &finding->member);
	write_place(json, btf_keys, finding->has_told, &finding->told);
	JSON_KEY(json, "differs");
	if (doctor->told)
		json_bool(json, finding_differs(finding));
	else
		json_null(json);
	JSON_KEY(json, "why");
	json_word(json, finding->why);
	json_object_end(json);
}

static void write_members(struct json *json, const struct doctor *doctor)
{
	struct finding finding;

	JSON_KEY(json, "members");
	json_array(json);
	for (size_t i = 0; finding_nth(doctor, i, &finding); i++)
		write_finding(json, doctor, &finding);
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
	write_members(json, doctor);
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
