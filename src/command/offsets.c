/* SPDX-License-Identifier: MIT */
/*
 * The choice between BTF and measuring.
 */
#include "offsets.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "tracing/measure_run.h"
#include "util/message.h"

#define KERNEL_BTF "/sys/kernel/btf/vmlinux"

/**
 * struct choice - one value of --layout
 * @needs_btf: without BTF there is no layout
 */
struct choice {
	bool reads_btf, needs_btf, measures;
};

static const struct choice choices[OFFSETS_NR] = {
	[OFFSETS_AUTO] = { true, false, true },
	[OFFSETS_BTF] = { true, true, false },
	[OFFSETS_MEASURED] = { false, false, true },
};

static const struct choice *choice_of(const struct options *options)
{
	return &choices[options->layout ? options->layout : OFFSETS_AUTO];
}

const char *offsets_btf(const struct options *options)
{
	const char *file = options->btf ? options->btf : KERNEL_BTF;

	return access(file, R_OK) ? NULL : file;
}

/* A file that was named has to be there; "" names none. */
static bool is_btf_needed(const struct options *options, const struct choice *choice)
{
	return choice->needs_btf || (options->btf && *options->btf);
}

int offsets_read(const struct options *options, struct layout **layout)
{
	const struct choice *choice = choice_of(options);
	int ret;

	if (!choice->reads_btf)
		return layout_without_btf(layout);
	if (is_btf_needed(options, choice))
		return layout_from_btf(options->btf, layout);
	ret = layout_try_btf(options->btf, layout);
	if (!ret || ret == -ENOMEM)
		return ret;
	note("no BTF of this kernel (%s): the layout of its structures is measured",
	     ret == -EBADMSG ? "there is none in the file" : strerror(-ret));
	return layout_without_btf(layout);
}

bool offsets_need_measuring(const struct options *options, const struct layout *layout)
{
	return choice_of(options)->measures && layout_lacks_members(layout);
}

int offsets_measure(const struct options *options, struct layout *layout, struct session *session,
		    const struct symbols *symbols)
{
	struct measures measures;
	int ret;

	if (!offsets_need_measuring(options, layout))
		return 0;
	ret = measure_run(session, symbols, &measures);
	return ret ? ret : layout_add_measures(layout, &measures);
}
