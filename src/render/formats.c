/* SPDX-License-Identifier: MIT */
/*
 * The table of formats.
 */
#include "render/render.h"

#include <string.h>

static const struct render_format *const formats[] = {
	&render_tree, &render_list, &render_json,     &render_html,	   &render_summary,
	&render_live, &render_csv,  &render_perfetto, &render_openmetrics, &render_junit,
};

#define FORMAT_COUNT (sizeof(formats) / sizeof(formats[0]))

const struct render_format *render_format_find(const char *name)
{
	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	}
	return NULL;
}
