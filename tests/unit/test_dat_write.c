/* SPDX-License-Identifier: MIT */
/*
 * The trace.dat writer: what it wrote is read back through libtracecmd, and what goes wrong leaves
 * either the target as it was or a file that can be read.
 */
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
#include "no_memory.h"
#include "tracedat/gather.h"
#include "tracedat/write.h"
#include "util/io.h"
#include "util/message.h"

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
static char said[1024];

static void take_message(enum message_level level, const char *text)
{
	(void)level;
	snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s\n", text);
}

static void set_text(struct dat_text *text, const char *from)
{
	text->data = strdup(from);
	text->size = strlen(from);
}

static struct dat_meta make_meta(void)
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
static void make_page(char *page, uint64_t ts, int32_t pid)
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

static struct dat_writer *new_writer(void)
{
	struct dat_writer *writer;

	assert_int_equal(dat_writer_new(target, false, &writer), 0);
	return writer;
}

static void give_pages(struct dat_writer *writer, enum scope scope, int cpu, int count, int32_t pid)
{
	char page[PAGE];

	for (int i = 0; i < count; i++) {
		make_page(page, 1000000U * (uint64_t)(i + 1), pid + i * PER_PAGE);
		dat_writer_page(writer, scope, cpu, page, PAGE);
	}
}

static int finish(struct dat_writer *writer)
{
	struct dat_meta meta = make_meta();
	int ret = dat_writer_finish(writer, &meta);

	dat_meta_release(&meta);
	return ret;
}

static struct tracecmd_input *open_target(void)
{
	struct tracecmd_input *input = tracecmd_open(target, TRACECMD_FL_LOAD_NO_PLUGINS);

	assert_non_null(input);
	return input;
}

/* Every record of @cpu: tasks go on from @pid, times by microseconds within a page. */
static int count_records(struct tracecmd_input *input, int cpu, int32_t pid)
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

static int count_in_file(enum scope scope, int cpu, int32_t pid)
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
static unsigned long last_commit(void)
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

static int file_count(void)
{
	char command[128];
	FILE *out;
	int count = -1;

	snprintf(command, sizeof(command), "ls -A %s | wc -l", dir);
	out = popen(command, "r");
	assert_non_null(out);
	assert_int_equal(fscanf(out, "%d", &count), 1);
	pclose(out);
	return count;
}

static void set_limit(rlim_t size)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = size;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void assert_said(const char *text)
{
	if (!strstr(said, text))
		fail_msg("no '%s' in '%s'", text, said);
}

static void assert_target_is(const char *text)
{
	char *data;

	assert_int_equal(read_file(target, &data, NULL), 0);
	assert_string_equal(data, text);
	free(data);
}

/* --- the rules ------------------------------------------------------------------------------- */

static void every_record_of_every_cpu_and_buffer_is_read_back(void **state)
{
	struct dat_writer *writer = new_writer();

	(void)state;
	give_pages(writer, SCOPE_TASK, 0, 1, FIRST_PID);
	give_pages(writer, SCOPE_TASK, 1, 5, 2000);
	give_pages(writer, SCOPE_ANY, 1, 2, 3000);
	assert_int_equal(finish(writer), 0);
	assert_int_equal(count_in_file(SCOPE_TASK, 0, FIRST_PID), PER_PAGE);
	assert_int_equal(count_in_file(SCOPE_TASK, 1, 2000), 5 * PER_PAGE);
	assert_int_equal(count_in_file(SCOPE_ANY, 0, 0), 0);
	assert_int_equal(count_in_file(SCOPE_ANY, 1, 3000), 2 * PER_PAGE);
}

static void the_format_group_and_command_lines_are_in_the_file(void **state)
{
	struct dat_writer *writer = new_writer();
	struct tracecmd_input *input;
	struct tep_event *event;

	(void)state;
	assert_int_equal(finish(writer), 0);
	input = open_target();
	event = tep_find_event_by_name(tracecmd_get_tep(input), "ftopen_1_2", "open");
	assert_non_null(event);
	assert_non_null(tep_find_field(event, "filename"));
	assert_string_equal(tep_data_comm_from_pid(tracecmd_get_tep(input), FIRST_PID),
			    "some task");
	tracecmd_close(input);
}

static void pages_that_were_moved_to_the_spool_are_stored(void **state)
{
	struct dat_writer *writer = new_writer();
	char page[PAGE];

	(void)state;
	make_page(page, 1000000, FIRST_PID);
	assert_int_equal(write_all(dat_writer_spool(writer, SCOPE_TASK, 0), page, PAGE), 0);
	make_page(page, 2000000, FIRST_PID + PER_PAGE);
	dat_writer_page(writer, SCOPE_TASK, 0, page, PAGE);
	assert_int_equal(finish(writer), 0);
	assert_int_equal(count_in_file(SCOPE_TASK, 0, FIRST_PID), 2 * PER_PAGE);
}

static void the_file_can_be_read_by_its_owner_only(void **state)
{
	struct stat stat_buf;

	(void)state;
	umask(0);
	assert_int_equal(finish(new_writer()), 0);
	assert_int_equal(stat(target, &stat_buf), 0);
	assert_int_equal(stat_buf.st_mode & 07777, 0600);
}

static void the_file_belongs_to_the_user_behind_sudo(void **state)
{
	struct stat stat_buf;

	(void)state;
	if (geteuid())
		skip();
	setenv("SUDO_UID", "1234", 1);
	setenv("SUDO_GID", "5678", 1);
	assert_int_equal(finish(new_writer()), 0);
	unsetenv("SUDO_UID");
	unsetenv("SUDO_GID");
	assert_int_equal(stat(target, &stat_buf), 0);
	assert_int_equal(stat_buf.st_uid, 1234);
	assert_int_equal(stat_buf.st_gid, 5678);
}

static void the_target_is_as_it_was_until_the_end(void **state)
{
	struct dat_writer *writer;

	(void)state;
	assert_int_equal(write_file(target, "old", O_CREAT), 0);
	writer = new_writer();
	give_pages(writer, SCOPE_TASK, 0, 5, FIRST_PID);
	assert_target_is("old");
	assert_int_equal(finish(writer), 0);
	assert_int_equal(count_in_file(SCOPE_TASK, 0, FIRST_PID), 5 * PER_PAGE);
}

static void giving_up_leaves_the_target_and_nothing_else(void **state)
{
	struct dat_writer *writer;

	(void)state;
	assert_int_equal(write_file(target, "old", O_CREAT), 0);
	writer = new_writer();
	give_pages(writer, SCOPE_TASK, 0, 5, FIRST_PID);
	assert_int_equal(file_count(), 1);
	dat_writer_abort(writer);
	assert_target_is("old");
	assert_int_equal(file_count(), 1);
}

static void a_full_spool_keeps_what_was_whole_and_marks_the_rest_as_lost(void **state)
{
	struct dat_writer *writer = new_writer();

	(void)state;
	set_limit(2 * PAGE + PAGE / 2);
	give_pages(writer, SCOPE_ANY, 1, 5, FIRST_PID);
	set_limit(RLIM_INFINITY);
	assert_int_equal(finish(writer), -EFBIG);
	assert_said("cannot write '");
	assert_said("what was stored before is kept");
	assert_int_equal(count_in_file(SCOPE_ANY, 1, FIRST_PID), 2 * PER_PAGE);
	assert_true(last_commit() == MISSED);
}

static void an_incomplete_trace_is_marked_on_every_cpu_and_keeps_its_records(void **state)
{
	struct dat_writer *writer = new_writer();
	struct dat_meta meta = make_meta();
	struct stat stat_buf;

	(void)state;
	give_pages(writer, SCOPE_TASK, 0, 2, FIRST_PID);
	meta.is_incomplete = true;
	assert_int_equal(dat_writer_finish(writer, &meta), 0);
	dat_meta_release(&meta);
	assert_int_equal(count_in_file(SCOPE_TASK, 0, FIRST_PID), 2 * PER_PAGE);
	assert_true(last_commit() == MISSED);
	assert_int_equal(stat(target, &stat_buf), 0);
	/* One page of sections, two of records, and a mark for each CPU of each buffer. */
	assert_int_equal(stat_buf.st_size, (1 + 2 + 4) * PAGE);
}

static void no_room_to_assemble_keeps_what_was_whole_and_marks_the_rest_as_lost(void **state)
{
	struct dat_writer *writer = new_writer();
	int count;

	(void)state;
	give_pages(writer, SCOPE_TASK, 0, 1024, FIRST_PID);
	set_limit(3 * 1024 * 1024);
	assert_int_equal(finish(writer), -EFBIG);
	set_limit(RLIM_INFINITY);
	count = count_in_file(SCOPE_TASK, 0, FIRST_PID);
	assert_in_range(count, 512 * PER_PAGE, 1023 * PER_PAGE);
	assert_true(last_commit() == MISSED);
	assert_int_equal(file_count(), 1);
}

static void no_room_for_the_sections_leaves_the_target_as_it_was(void **state)
{
	struct dat_writer *writer;

	(void)state;
	assert_int_equal(write_file(target, "old", O_CREAT), 0);
	writer = new_writer();
	set_limit(100);
	assert_int_equal(finish(writer), -EFBIG);
	set_limit(RLIM_INFINITY);
	assert_target_is("old");
	assert_int_equal(file_count(), 1);
}

static void pages_come_through_the_sink(void **state)
{
	struct dat_writer *writer = new_writer();
	const struct page_sink sink = dat_writer_sink(writer);
	char page[PAGE];

	(void)state;
	make_page(page, 1000000, FIRST_PID);
	sink.page(sink.context, SCOPE_TASK, 0, page, PAGE);
	make_page(page, 2000000, FIRST_PID + PER_PAGE);
	assert_int_equal(write_all(sink.spool(sink.context, SCOPE_TASK, 0), page, PAGE), 0);
	sink.failed(sink.context, SCOPE_TASK, 1, -EIO);
	assert_int_equal(finish(writer), -EIO);
	assert_int_equal(count_in_file(SCOPE_TASK, 0, FIRST_PID), 2 * PER_PAGE);
	assert_true(last_commit() & MISSED);
}

static void a_cpu_that_no_machine_has_is_refused(void **state)
{
	struct dat_writer *writer = new_writer();
	char page[PAGE];

	(void)state;
	make_page(page, 1000000, FIRST_PID);
	dat_writer_page(writer, SCOPE_TASK, 1 << 20, page, PAGE);
	assert_true(finish(writer) < 0);
}

static void with_a_hider_the_file_has_hashes(void **state)
{
	const uint64_t address = 0xffff888000000000 + FIRST_PID;
	struct dat_writer *writer = new_writer();
	struct dat_meta meta = make_meta();
	char *data;
	size_t size;

	(void)state;
	assert_int_equal(hider_new(NULL, &meta.hider), 0);
	give_pages(writer, SCOPE_TASK, 0, 1, FIRST_PID);
	assert_int_equal(dat_writer_finish(writer, &meta), 0);
	hider_free(meta.hider);
	dat_meta_release(&meta);
	assert_int_equal(count_in_file(SCOPE_TASK, 0, FIRST_PID), PER_PAGE);
	assert_int_equal(read_file(target, &data, &size), 0);
	assert_null(memmem(data, size, &address, sizeof(address)));
	free(data);
}

/* One allocation after another: the target is as it was, or has all that it was given. */
static void without_memory_it_fails_and_says_so(void **state)
{
	long failed = 0;
	int ret;

	(void)state;
	do {
		struct dat_meta meta = make_meta();
		struct dat_writer *writer;
		char page[PAGE];

		assert_int_equal(hider_new(NULL, &meta.hider), 0);
		make_page(page, 1000000, FIRST_PID);
		said[0] = '\0';
		has_failed = false;
		countdown = failed++;
		ret = dat_writer_new(target, false, &writer);
		if (!ret) {
			dat_writer_page(writer, SCOPE_TASK, 1, page, PAGE);
			ret = dat_writer_finish(writer, &meta);
		}
		countdown = -1;
		if (ret)
			assert_true(said[0]);
		else
			assert_int_equal(count_in_file(SCOPE_TASK, 1, FIRST_PID), PER_PAGE);
		hider_free(meta.hider);
		dat_meta_release(&meta);
		assert_true(file_count() <= 1);
	} while (has_failed);
	assert_int_equal(ret, 0);
	assert_true(failed > 20);
}

/* It has no nameless files either. */
static void a_folder_that_takes_no_files_is_reported(void **state)
{
	struct dat_writer *writer;

	(void)state;
	assert_true(dat_writer_new("/proc/trace.dat", false, &writer) < 0);
	assert_said("cannot create '/proc/trace.dat'");
}

static void a_folder_is_refused(void **state)
{
	struct dat_writer *writer;

	(void)state;
	assert_int_equal(dat_writer_new(dir, false, &writer), -EISDIR);
	assert_said("Is a directory");
}

static void a_device_is_refused(void **state)
{
	struct dat_writer *writer;

	(void)state;
	assert_int_equal(dat_writer_new("/dev/null", false, &writer), -ENOTSUP);
	assert_said("cannot write '/dev/null': it is not a regular file");
}

static void a_folder_that_is_not_there_is_reported_before_anything_else(void **state)
{
	struct dat_writer *writer;

	(void)state;
	assert_int_equal(dat_writer_new("/tmp/ftopen-no-such/t.dat", false, &writer), -ENOENT);
	assert_said("cannot create '/tmp/ftopen-no-such/t.dat': No such file or directory");
}

static void a_symbolic_link_stays_and_its_target_is_written(void **state)
{
	struct dat_writer *writer;
	struct stat stat_buf;
	char link[80];

	(void)state;
	snprintf(link, sizeof(link), "%s/link", dir);
	assert_int_equal(write_file(target, "old", O_CREAT), 0);
	assert_int_equal(symlink(target, link), 0);
	assert_int_equal(dat_writer_new(link, false, &writer), 0);
	assert_int_equal(finish(writer), 0);
	assert_int_equal(lstat(link, &stat_buf), 0);
	assert_true(S_ISLNK(stat_buf.st_mode));
	tracecmd_close(open_target());
	unlink(link);
}

static void kallsyms_holds_what_is_needed_and_where_it_ends(void **state)
{
	static const char kallsyms[] = "ffffffff81000000 T before\n"
				       "ffffffff81000100 T do_filp_open\n"
				       "ffffffff81000100 T alias\n"
				       "ffffffff81000300 t behind\n"
				       "ffffffff81000400 D do_filp_open\n"
				       "ffffffff81000500 T do_filp_open_not\n";
	static const char wanted[] = "ffffffff81000100 T do_filp_open\n"
				     "ffffffff81000300 t not_stored\n";
	struct planned planned = { .state = PROBE_EXACT,
				   .symbol = "do_filp_open",
				   .definition = "p:g/open do_filp_open" };
	const struct plan plan = { .probes = &planned, .count = 1 };
	FILE *in = fmemopen((void *)(uintptr_t)kallsyms, strlen(kallsyms), "r");
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(dat_symbols(in, &plan, out), 0);
	fclose(in);
	fclose(out);
	assert_string_equal(text, wanted);
	free(text);
}

static int set_up(void **state)
{
	(void)state;
	said[0] = '\0';
	unlink(target);
	return 0;
}

static int start(void **state)
{
	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	message_set_hook(take_message);
	tracecmd_set_loglevel(TEP_LOG_NONE);
	if (!mkdtemp(dir))
		return -1;
	snprintf(target, sizeof(target), "%s/t.dat", dir);
	return 0;
}

static int end(void **state)
{
	(void)state;
	unlink(target);
	return rmdir(dir);
}

#define RULE(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULE(every_record_of_every_cpu_and_buffer_is_read_back),
		RULE(the_format_group_and_command_lines_are_in_the_file),
		RULE(pages_that_were_moved_to_the_spool_are_stored),
		RULE(the_file_can_be_read_by_its_owner_only),
		RULE(the_file_belongs_to_the_user_behind_sudo),
		RULE(the_target_is_as_it_was_until_the_end),
		RULE(giving_up_leaves_the_target_and_nothing_else),
		RULE(a_full_spool_keeps_what_was_whole_and_marks_the_rest_as_lost),
		RULE(an_incomplete_trace_is_marked_on_every_cpu_and_keeps_its_records),
		RULE(no_room_to_assemble_keeps_what_was_whole_and_marks_the_rest_as_lost),
		RULE(no_room_for_the_sections_leaves_the_target_as_it_was),
		RULE(pages_come_through_the_sink),
		RULE(a_cpu_that_no_machine_has_is_refused),
		RULE(with_a_hider_the_file_has_hashes),
		RULE(without_memory_it_fails_and_says_so),
		RULE(a_folder_that_takes_no_files_is_reported),
		RULE(a_folder_is_refused),
		RULE(a_device_is_refused),
		RULE(a_folder_that_is_not_there_is_reported_before_anything_else),
		RULE(a_symbolic_link_stays_and_its_target_is_written),
		RULE(kallsyms_holds_what_is_needed_and_where_it_ends),
	};

	return cmocka_run_group_tests(tests, start, end);
}
