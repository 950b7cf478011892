/* SPDX-License-Identifier: MIT */
/*
 * A trace.dat that is written page by page into a folder of the test's own, and read back by
 * libtracecmd.
 */
#ifndef TESTS_DAT_SCRIPT_H
#define TESTS_DAT_SCRIPT_H

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <trace-cmd.h>

#include "chain/hide.h"
#include "said.h"
#include "tracedat/gather.h"
#include "tracedat/write.h"
#include "util/io.h"

#define PAGE	  4096
#define EVENT_ID  77
#define PER_PAGE  3
#define MISSED	  (1UL << 31)
#define FIRST_PID 1000

static const char header_page[] = "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
				  "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
				  "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
				  "\tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;\n";

static const char header_event[] = "# compressed entry header\n"
				   "\ttype_len    :    5 bits\n"
				   "\ttime_delta  :   27 bits\n"
				   "\tarray       :   32 bits\n\n"
				   "\tpadding     : type == 29\n"
				   "\ttime_extend : type == 30\n"
				   "\ttime_stamp : type == 31\n"
				   "\tdata max type_len  == 28\n";

static const char format[] =
	"name: open\nID: 77\nformat:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
	"\tfield:u64 filename;\toffset:8;\tsize:8;\tsigned:0;\n\n"
	"print fmt: \"filename=0x%Lx\", REC->filename\n";

struct event {
	uint32_t header; /* type_len in words, time delta in the upper 27 bits */
	uint16_t type;
	uint8_t flags, preempt_count;
	int32_t pid;
	uint64_t filename;
} __attribute__((packed));

/* libtracecmd 3.1.6 forgets the name of a clock that it reads twice; its stack is scanf's only. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:vsscanf\n";
}

static char dir[] = "/tmp/ftopen-dat-XXXXXX";
static char target[64];

static inline void set_text(struct dat_text *text, const char *from)
{
	text->data = strdup(from);
	text->size = strlen(from);
}

static inline struct dat_meta make_meta(void)
{
	struct dat_meta meta = { .page_size = PAGE, .cpus = 2, .has_any = true };

	set_text(&meta.header_page, header_page);
	set_text(&meta.header_event, header_event);
	set_text(&meta.cmdlines, "1000 some task\n");
	meta.group = strdup("ftopen_1_2");
	meta.formats = calloc(1, sizeof(*meta.formats));
	set_text(meta.formats, format);
	meta.format_count = 1;
	meta.clock = strdup("[mono]");
	meta.uname = strdup("Linux node 6.12 x86_64");
	meta.stats = calloc(1, sizeof(*meta.stats));
	meta.stats[0] = strdup("CPU: 0\nentries: 0\n");
	meta.stat_count = 1;
	return meta;
}

/* Three events, one microsecond apart, by tasks whose numbers go on from @pid. */
static inline void make_page(char *page, uint64_t ts, int32_t pid)
{
	unsigned long commit = PER_PAGE * sizeof(struct event);

	memset(page, 0, PAGE);
	memcpy(page, &ts, sizeof(ts));
	memcpy(page + 8, &commit, sizeof(commit));
	for (int i = 0; i < PER_PAGE; i++) {
		struct event event = {
			.header = (sizeof(event) - 4) / 4 | (uint32_t)(i ? 1000 : 0) << 5,
			.type = EVENT_ID,
			.pid = pid + i,
			.filename = 0xffff888000000000 + (uint64_t)pid,
		};

		memcpy(page + 16 + (size_t)i * sizeof(event), &event, sizeof(event));
	}
}

static inline struct dat_writer *new_writer(void)
{
	struct dat_writer *writer;

	assert_int_equal(dat_writer_new(target, false, &writer), 0);
	return writer;
}

static inline void give_pages(struct dat_writer *writer, enum scope scope, int cpu, int count,
			      int32_t pid)
{
	char page[PAGE];

	for (int i = 0; i < count; i++) {
		make_page(page, 1000000U * (uint64_t)(i + 1), pid + i * PER_PAGE);
		dat_writer_page(writer, scope, cpu, page, PAGE);
	}
}

static inline int finish(struct dat_writer *writer)
{
	struct dat_meta meta = make_meta();
	int ret = dat_writer_finish(writer, &meta);

	dat_meta_release(&meta);
	return ret;
}

static inline struct tracecmd_input *open_target(void)
{
	struct tracecmd_input *input = tracecmd_open(target, TRACECMD_FL_LOAD_NO_PLUGINS);

	assert_non_null(input);
	return input;
}

/* Every record of @cpu: tasks go on from @pid, times by microseconds within a page. */
static inline int count_records(struct tracecmd_input *input, int cpu, int32_t pid)
{
	struct tep_handle *tep = tracecmd_get_tep(input);
	struct tep_record *record;
	int count = 0;

	while ((record = tracecmd_read_data(input, cpu))) {
		uint64_t ts = 1000000U * (uint64_t)(count / PER_PAGE + 1) +
			      1000U * (uint64_t)(count % PER_PAGE);

		assert_int_equal(tep_data_pid(tep, record), pid + count);
		assert_int_equal(tep_data_type(tep, record), EVENT_ID);
		assert_int_equal(record->ts, ts);
		tracecmd_free_record(record);
		count++;
	}
	return count;
}

static inline int count_in_file(enum scope scope, int cpu, int32_t pid)
{
	struct tracecmd_input *input = open_target(), *buffer = NULL;
	int count;

	if (scope == SCOPE_ANY) {
		assert_int_equal(tracecmd_buffer_instances(input), 1);
		assert_string_equal(tracecmd_buffer_instance_name(input, 0), DAT_BUFFER_ANY);
		buffer = tracecmd_buffer_instance_handle(input, 0);
		assert_non_null(buffer);
	}
	count = count_records(buffer ? buffer : input, cpu, pid);
	if (buffer)
		tracecmd_close(buffer);
	tracecmd_close(input);
	return count;
}

/* The page that stands last in the file. */
static inline unsigned long last_commit(void)
{
	unsigned long commit;
	char *data;
	size_t size;

	assert_int_equal(read_file(target, &data, &size), 0);
	assert_int_equal(size % PAGE, 0);
	memcpy(&commit, data + size - PAGE + 8, sizeof(commit));
	free(data);
	return commit;
}

static inline void assert_target_is(const char *text)
{
	char *data;

	assert_int_equal(read_file(target, &data, NULL), 0);
	assert_string_equal(data, text);
	free(data);
}

static inline int set_up(void **state)
{
	unlink(target);
	return listen_to_messages(state);
}

static inline int start(void **state)
{
	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	tracecmd_set_loglevel(TEP_LOG_NONE);
	if (!mkdtemp(dir))
		return -1;
	snprintf(target, sizeof(target), "%s/t.dat", dir);
	return 0;
}

static inline int end(void **state)
{
	(void)state;
	unlink(target);
	return rmdir(dir);
}

#define RULE(name) cmocka_unit_test_setup(name, set_up)

#endif
