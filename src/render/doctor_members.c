/* SPDX-License-Identifier: MIT */
/*
 * What doctor knows of the layout: each member with its source, and both answers where the kernel
 * has BTF and the layout was measured all the same.
 */
#include "doctor_members.h"

#include <string.h>

#include "kernel/measure.h"

#define DENTRY_SIZE "sizeof(dentry)"

/* A text's room does not show in the text: 0. */
bool finding_differs(const struct finding *finding)
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
		finding->why = "the allocator does not say";
}

bool finding_nth(const struct doctor *doctor, size_t i, struct finding *finding)
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

const char *finding_source(const struct finding *finding)
{
	if (!finding->has)
		return "unknown";
	return finding->member.is_measured ? "measured" : "btf";
}
