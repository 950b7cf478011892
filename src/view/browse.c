/* SPDX-License-Identifier: MIT */
/*
 * The loop: a key, what it does, what is drawn. A long filter works between two keys.
 */
#include "browse.h"

#include <errno.h>
#include <stdlib.h>

#include "screen.h"
#include "util/message.h"

#define WORK_ROWS 65536 /* some milliseconds */

/* Messages while the screen is ours; one at a time. */
static struct browse *hearing;

static void hear(enum message_level level, const char *text)
{
	if (level <= MESSAGE_WARNING)
		browse_say(hearing, "%s", text);
}

static void take_key(struct browse *browse, int key)
{
	if (key == VIEW_KEY_NONE || key == VIEW_KEY_RESIZED)
		return;
	browse->said[0] = '\0';
	if (key == VIEW_KEY_SIGNAL)
		browse->is_over = true;
	else if (browse->prompt)
		browse_type(browse, key);
	else
		browse_press(browse, key);
}

static void loop(struct browse *browse)
{
	while (!browse->is_over) {
		bool has_work = view_table_work(browse_table(browse), WORK_ROWS);

		browse_draw(browse);
		take_key(browse, view_screen_key(!has_work));
	}
}

int viewer_browse(struct viewer *view, const struct view_source *source)
{
	struct browse *browse = calloc(1, sizeof(*browse));
	int ret = browse ? view_screen_start() : -ENOMEM;

	if (!ret) {
		browse->view = view;
		browse->source = source;
		text_init(&browse->text, NULL);
		hearing = browse;
		message_set_hook(hear);
		loop(browse);
		message_set_hook(NULL);
		view_screen_end();
		ret = view_screen_signal();
		view_lines_release(&browse->lines);
		view_filter_release(&browse->search);
	}
	free(browse);
	return ret;
}
