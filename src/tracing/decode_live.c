/* SPDX-License-Identifier: MIT */
/*
 * A tep handle for a session: this machine's byte order and word size, and the formats of the
 * events that were defined.
 */
#include "tracing/decode_live.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event-parse.h>

#include "session_internal.h"
#include "util/io.h"
#include "util/message.h"

int tep_add_event(struct tep_handle *tep, const struct session *session, const char *event)
{
	char path[4096], subject[EVENT_PATH_SIZE], *text;
	size_t size;
	int ret;

	event_path(session, event, subject);
	snprintf(path, sizeof(path), "%s/events/%s/format", session->dir, subject);
	ret = read_file(path, &text, &size);
	if (!ret) {
		if (tep_parse_event(tep, text, (unsigned long)size, session->name))
			ret = -EBADMSG;
		free(text);
	}
	if (ret)
		error("cannot read '%s': %s", path, strerror(-ret));
	return ret;
}

struct tep_handle *tep_live(void)
{
	struct tep_handle *made = tep_alloc();

	if (!made)
		return NULL;
	tep_set_long_size(made, sizeof(long));
	tep_set_page_size(made, (int)sysconf(_SC_PAGESIZE));
	tep_set_file_bigendian(made, tep_is_bigendian() ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	return made;
}

/* A handle that knows the page header and the format of every armed probe. */
static int tep_for_session(const struct session *session, const struct plan *plan,
			   struct tep_handle **tep)
{
	struct tep_handle *made = tep_live();
	char event[EVENT_NAME_SIZE];
	int ret = 0;

	if (!made)
		return -ENOMEM;
	for (size_t i = 0; i < plan->count && !ret; i++) {
		if (!has_own_event(&plan->probes[i]))
			continue;
		planned_event(&plan->probes[i], event);
		ret = tep_add_event(made, session, event);
	}
	if (ret) {
		tep_free(made);
		return ret;
	}
	*tep = made;
	return 0;
}

int decoder_for_session(const struct session *session, const struct plan *plan,
			struct tep_handle **tep, struct decoder **decoder)
{
	int ret = tep_for_session(session, plan, tep);

	return ret ? ret : decoder_new(*tep, session_name(session), decoder);
}

void decoder_forget(struct tep_handle **tep, struct decoder **decoder)
{
	decoder_free(*decoder);
	if (*tep)
		tep_free(*tep);
	*decoder = NULL;
	*tep = NULL;
}
