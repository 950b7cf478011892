/* SPDX-License-Identifier: MIT */
/*
 * What the table of roles says of the values that a probe fetches.
 */
#include "kernel/roles.h"

bool fetch_has_base(const struct fetch *fetch)
{
	return fetch->kind == FETCH_MEMBER || fetch->kind == FETCH_PAIR ||
	       fetch->kind == FETCH_OUTER || fetch->kind == FETCH_TEXT;
}

const struct fetch *fetch_carrier(const struct role_probe *probe)
{
	for (const struct fetch *fetch = probe->fetches; fetch->kind != FETCH_END; fetch++) {
		if ((fetch->kind == FETCH_ARG || fetch->kind == FETCH_RETVAL) && !fetch->is_sure &&
		    !fetch->is_old && !fetch->only)
			return fetch;
	}
	return NULL;
}

static bool has_fetch(const struct role_probe *probe, enum field field)
{
	for (const struct fetch *fetch = probe->fetches; fetch->kind != FETCH_END; fetch++) {
		if (fetch->field == field)
			return true;
	}
	return false;
}

const char *field_prefix(const struct role_probe *part, enum point point, enum field field)
{
	if (point != POINT_CALL || part->point != POINT_RETURN)
		return "";
	return has_fetch(role_probe_find(part->role, POINT_ENTRY), field) ? "ret_" : "";
}
