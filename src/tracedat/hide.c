/* SPDX-License-Identifier: MIT */
/*
 * Hiding the addresses of a file that is whole and not yet renamed: its records are decoded, hidden
 * and written back in the order of time, and nothing that is no record is left in its pages.
 */
#include "hide.h"

#include <errno.h>

#include <event-parse.h>

#include "tracedat/read.h"
#include "pages/decode.h"
#include "util/message.h"

struct hiding {
	struct decoder *decoder;
	struct hider *hider;
};

static int hide_record(void *context, const struct raw_record *raw)
{
	const struct hiding *hiding = context;
	struct record records[POINT_NR];
	int count = decode(hiding->decoder, raw, records), ret = 0;

	for (int i = 0; i < count && !ret; i++)
		ret = hide_addresses(hiding->hider, &records[i]);
	/* dat_rewrite() lends its own bytes. */
	return ret ? ret : encode(hiding->decoder, raw, records, count, (void *)raw->data);
}

static int pass_loss(void *context, const struct loss *loss)
{
	(void)context;
	(void)loss;
	return 0;
}

static int hide_records(struct dat *dat, struct hider *hider)
{
	struct hiding hiding = { .hider = hider };
	const struct record_sink sink = { hide_record, pass_loss, &hiding };
	int ret;

	if (tep_get_long_size(dat_tep(dat)) != 8) {
		error("cannot hide addresses of 32 bits: different ones could get the same hash");
		return -EOPNOTSUPP;
	}
	ret = decoder_new(dat_tep(dat), NULL, &hiding.decoder);
	if (!ret)
		ret = dat_rewrite(dat, &sink);
	decoder_free(hiding.decoder);
	return ret;
}

int hide_file(const char *path, struct hider *hider)
{
	struct dat *dat;
	int ret = dat_open(path, &dat);

	if (ret)
		return ret;
	ret = hide_records(dat, hider);
	dat_close(dat);
	return ret;
}
