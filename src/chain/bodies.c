/* SPDX-License-Identifier: MIT */
/*
 * What is left of the texts that a walk goes by: of the path, and of the bodies of links.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dots.h"

int body_set(struct body *body, const struct record *record, size_t component)
{
	if (record->str_len > body->room) {
		char *grown = realloc(body->text, record->str_len);

		if (!grown)
			return -ENOMEM;
		body->text = grown;
		body->room = record->str_len;
	}
	memcpy(body->text, record->str, record->str_len);
	body->len = record->str_len;
	body->component = component;
	return 0;
}

int body_push(struct frame *frame, const struct record *record, size_t component)
{
	if (frame->body_count == FRAME_MAX_BODIES) {
		struct body outermost = frame->bodies[0];

		memmove(frame->bodies, frame->bodies + 1,
			(FRAME_MAX_BODIES - 1) * sizeof(frame->bodies[0]));
		frame->bodies[--frame->body_count] = outermost;
	}
	return body_set(&frame->bodies[frame->body_count++], record, component);
}

struct body *body_next(struct frame *frame, const struct record *record)
{
	for (size_t i = frame->body_count; i > 0; i--) {
		struct body *body = &frame->bodies[i - 1];

		if (!is_rest(body->text, body->len,
			     skip_dots(body->text, body->len, body->component, 2), record))
			continue;
		frame->body_count = i;
		return body;
	}
	return NULL;
}

bool are_bodies_done(const struct frame *frame)
{
	for (size_t i = 0; i < frame->body_count; i++) {
		const struct body *body = &frame->bodies[i];

		if (!is_adjacent(body->text, body->component, body->len))
			return false;
	}
	return true;
}

bool is_walked_out(const struct frame *frame)
{
	return is_adjacent(frame->path, frame->walked, frame->call.path.len) &&
	       are_bodies_done(frame);
}
