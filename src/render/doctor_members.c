/* SPDX-License-Identifier: MIT */
/*
 * What doctor knows of the layout: each member with its source, and both answers where the kernel
 * has BTF and the layout was measured all the same.
 */
#include <string.h>

#include "doctor.h"
#include "kernel/measure.h"

#define DENTRY_SIZE "sizeof(dentry)"

/**
 * struct finding - one member, or the size of a structure
 * @offset: -1 for a size
 * @has: it is known
 * @told: what the BTF says of it, if @has_told
 * @why: it is not known because of this
 */
struct finding {
	const char *name;
	bool has, has_told;
	struct member member, told;
	const char *why;
};

/* Whether there are two answers. A text's room does not show in the text: 0. */
static bool differs(const struct finding *finding)
{
	const struct member *a = &finding->member, *b = &finding->told;

	if (!finding->has || !finding->has_told)
		return finding->has != finding->has_told;
	return a->offset != b->offset || (a->size && a->size != b->size) ||
	       a->is_pointer != b->is_pointer || a->is_signed != b->is_signed;
}

static void find_member(const struct doctor *doctor, size_t i, struct finding *finding)
{
	const struct measures *measures = layout_measures(doctor->layout);

	finding->name = measure_path(i);
	finding->has = !layout_member(doctor->layout, finding->name, &finding->member);
	finding->has_told =
		doctor->told && !layout_member(doctor->told, finding->name, &finding->told);
	if (finding->has)
		return;
	if (measures)
		finding->why = measure_state_text(measures->members[i].state);
	else
		finding->why = layout_source(doctor->layout) == LAYOUT_BTF ? "not in the BTF"
									   : "not measured";
}

static void find_size(const struct doctor *doctor, struct finding *finding)
{
	finding->name = DENTRY_SIZE;
	finding->has = !layout_size(doctor->layout, "dentry", &finding->member.size);
	finding->has_told =
		doctor->told && !layout_size(doctor->told, "dentry", &finding->told.size);
	finding->member.is_measured = layout_source(doctor->layout) == LAYOUT_MEASURED;
	if (!finding->has)
		finding->why = "the allocator does not tell";
}

/* Return: false behind the last one. */
static bool find(const struct doctor *doctor, size_t i, struct finding *finding)
{
	memset(finding, 0, sizeof(*finding));
	if (!doctor->layout || i > MEASURE_NR)
		return false;
	if (i < MEASURE_NR)
		find_member(doctor, i, finding);
	else
		find_size(doctor, finding);
	return true;
}

static const char *source_of(const struct finding *finding)
{
	if (!finding->has)
		return "unknown";
	return finding->member.is_measured ? "measured" : "btf";
}

/* What the other source says. */
static const char *comparison(const struct doctor *doctor, const struct finding *finding)
{
	if (!doctor->told)
		return "";
	return differs(finding) ? ", differs from BTF" : ", as in BTF";
}

void doctor_layout_text(const struct doctor *doctor, FILE *out)
{
	struct finding finding;

	for (size_t i = 0; find(doctor, i, &finding); i++) {
		fprintf(out, "%-32s ", finding.name);
		if (finding.has)
			fprintf(out, "offset %4u size %3u  ", finding.member.offset,
				finding.member.size);
		fprintf(out, "%s%s%s%s", source_of(&finding), finding.why ? ": " : "",
			finding.why ? finding.why : "", comparison(doctor, &finding));
		if (finding.has_told && differs(&finding))
			fprintf(out, ": offset %u size %u", finding.told.offset, finding.told.size);
		else if (doctor->told && differs(&finding))
			fputs(": it has none", out);
		fputc('\n', out);
	}
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
	json_word(json, source_of(finding));
	write_place(json, keys, finding->has, &finding->member);
	write_place(json, btf_keys, finding->has_told, &finding->told);
	JSON_KEY(json, "differs");
	if (doctor->told)
		json_bool(json, differs(finding));
	else
		json_null(json);
	JSON_KEY(json, "why");
	json_word(json, finding->why);
	json_object_end(json);
}

void doctor_layout_json(const struct doctor *doctor, struct json *json)
{
	struct finding finding;

	JSON_KEY(json, "members");
	json_array(json);
	for (size_t i = 0; find(doctor, i, &finding); i++)
		write_finding(json, doctor, &finding);
	json_array_end(json);
}
