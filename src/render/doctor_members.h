/* SPDX-License-Identifier: MIT */
/*
 * What doctor knows of the structures' members, as both of its formats say it.
 */
#ifndef FTOPEN_RENDER_DOCTOR_MEMBERS_H
#define FTOPEN_RENDER_DOCTOR_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>

#include "render/doctor.h"

/**
 * struct finding - one member, or the size of a structure
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

/**
 * finding_nth - the finding @i, counted from 0
 *
 * Return: false after the last one.
 */
bool finding_nth(const struct doctor *doctor, size_t i, struct finding *finding);

/**
 * finding_source - where it comes from
 */
const char *finding_source(const struct finding *finding);

/**
 * finding_differs - whether the two sources have two answers
 */
bool finding_differs(const struct finding *finding);

#endif
