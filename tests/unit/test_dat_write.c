/* SPDX-License-Identifier: MIT */
/*
 * The trace.dat writer: what it wrote is read back through libtracecmd.
 */
#include "dat_script.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULE(every_record_of_every_cpu_and_buffer_is_read_back),
		RULE(the_format_group_and_command_lines_are_in_the_file),
		RULE(pages_that_were_moved_to_the_spool_are_stored),
		RULE(the_file_can_be_read_by_its_owner_only),
		RULE(the_file_belongs_to_the_user_behind_sudo),
		RULE(the_target_is_as_it_was_until_the_end),
		RULE(an_incomplete_trace_is_marked_on_every_cpu_and_keeps_its_records),
		RULE(pages_come_through_the_sink),
		RULE(with_a_hider_the_file_has_hashes),
		RULE(a_symbolic_link_stays_and_its_target_is_written),
		RULE(kallsyms_holds_what_is_needed_and_where_it_ends),
	};

	return cmocka_run_group_tests(tests, start, end);
}
