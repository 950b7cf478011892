/* SPDX-License-Identifier: MIT */
/*
 * The numbers of options in a trace.dat: trace-cmd's, as its files have them; the man page of
 * version 6 tells none.
 */
#ifndef FTOPEN_TRACEDAT_OPTIONS_H
#define FTOPEN_TRACEDAT_OPTIONS_H

enum dat_option {
	OPTION_END = 0,
	OPTION_DATE = 1,
	OPTION_CPU_STATS = 2,
	OPTION_BUFFER = 3,
	OPTION_CLOCK = 4,
	OPTION_UNAME = 5,
	OPTION_OFFSET = 7,
	OPTION_CPU_COUNT = 8,
	OPTION_VERSION = 9,
	OPTION_TSC2NSEC = 14,
	/* Version 7: where a section is. */
	OPTION_HEADERS = 16,
	OPTION_FTRACE_FORMATS = 17,
	OPTION_FORMATS = 18,
};

#endif
