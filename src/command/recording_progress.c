/* SPDX-License-Identifier: MIT */
/*
 * How much of a recording was read. Its records are read twice if the file does not say whose they
 * are.
 */
#include "recording_progress.h"

#include "recording.h"
#include "tracedat/read.h"
#include "util/message.h"

/* The clock is read after so many records. */
#define RECORDS 256

void recording_progress(struct recording *recording)
{
	if (++recording->taken % RECORDS || !progress_is_due(&recording->progress))
		return;
	message_progress("ftopen: %u %% of '%s'", dat_percent(recording->dat), recording->path);
}
