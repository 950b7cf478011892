/* SPDX-License-Identifier: MIT */
/*
 * Hidden addresses: what stays and what does not.
 */
#include "report.h"

#include "../../src/tracedat/hide.h"
#include "kernel/roles.h"
#include "kernel_data.h"

#define DENTRY UINT64_C(0xffff888003000000)
#define PATH   UINT64_C(0xffff888001000020)
#define USER   UINT64_C(0x00007ffc00001000)

static struct record record_of(enum role role, enum point point)
{
	return (struct record){ .role = (uint8_t)role, .point = (uint8_t)point, .tid = 7 };
}

static void set(struct record *record, enum field field, uint64_t value)
{
	record->present |= FIELD_BIT(field);
	record->value[field] = value;
}

static uint64_t hidden(struct hider *hider, enum field field, uint64_t value)
{
	struct record record = record_of(ROLE_EVICT, POINT_ENTRY);

	set(&record, field, value);
	assert_int_equal(hide_addresses(hider, &record), 0);
	return record.value[field];
}

static struct hider *new_hider(void)
{
	struct hider *hider;

	assert_int_equal(hider_new(NULL, &hider), 0);
	return hider;
}

static void equal_addresses_stay_equal_and_others_different(void **state)
{
	struct hider *hider = new_hider();

	(void)state;
	assert_true(hidden(hider, FIELD_DENTRY, DENTRY) == hidden(hider, FIELD_PARENT, DENTRY));
	assert_true(hidden(hider, FIELD_DENTRY, DENTRY) != hidden(hider, FIELD_DENTRY, DENTRY + 8));
	assert_true(hidden(hider, FIELD_DENTRY, DENTRY) != DENTRY);
	hider_free(hider);
}

static void each_run_has_a_key_of_its_own(void **state)
{
	struct hider *a = new_hider(), *b = new_hider();

	(void)state;
	assert_true(hidden(a, FIELD_DENTRY, DENTRY) != hidden(b, FIELD_DENTRY, DENTRY));
	hider_free(a);
	hider_free(b);
}

static void the_place_of_an_inline_name_stays(void **state)
{
	struct hider *hider = new_hider();
	struct record record = record_of(ROLE_ALLOC, POINT_RETURN);

	(void)state;
	set(&record, FIELD_DENTRY, DENTRY);
	set(&record, FIELD_NAME, DENTRY + 56);
	assert_int_equal(hide_addresses(hider, &record), 0);
	assert_true(record.value[FIELD_NAME] - record.value[FIELD_DENTRY] == 56);
	assert_true(record.value[FIELD_DENTRY] == hidden(hider, FIELD_DENTRY, DENTRY));
	hider_free(hider);
}

static void the_distance_of_an_external_name_does_not(void **state)
{
	struct hider *hider = new_hider();
	struct record record = record_of(ROLE_ALLOC, POINT_RETURN);

	(void)state;
	set(&record, FIELD_DENTRY, DENTRY);
	set(&record, FIELD_NAME, DENTRY + 4096);
	assert_int_equal(hide_addresses(hider, &record), 0);
	assert_true(record.value[FIELD_NAME] - record.value[FIELD_DENTRY] != 4096);
	hider_free(hider);
}

/* A component is read from the copy of the path that its task is opening. */
static uint64_t component_at(struct hider *hider, uint64_t address)
{
	struct record record = record_of(ROLE_ALLOC, POINT_ENTRY);

	set(&record, FIELD_NAME, address);
	assert_int_equal(hide_addresses(hider, &record), 0);
	return record.value[FIELD_NAME];
}

static void the_place_of_a_component_in_its_path_stays(void **state)
{
	struct hider *hider = new_hider();
	struct record record = record_of(ROLE_OPEN, POINT_ENTRY);

	(void)state;
	set(&record, FIELD_KNAME, PATH);
	assert_int_equal(hide_addresses(hider, &record), 0);
	assert_true(component_at(hider, PATH + 5) - record.value[FIELD_KNAME] == 5);
	record = record_of(ROLE_OPEN, POINT_RETURN);
	assert_int_equal(hide_addresses(hider, &record), 0);
	assert_true(component_at(hider, PATH + 5) - hidden(hider, FIELD_KNAME, PATH) != 5);
	hider_free(hider);
}

static void null_and_errors_stay_what_they_are(void **state)
{
	struct hider *hider = new_hider();

	(void)state;
	assert_true(hidden(hider, FIELD_DENTRY, 0) == 0);
	assert_true(hidden(hider, FIELD_FILE, (uint64_t)-2) == (uint64_t)-2);
	hider_free(hider);
}

static void each_half_keeps_its_pointers(void **state)
{
	struct hider *hider = new_hider();

	(void)state;
	assert_true(hidden(hider, FIELD_UPTR, USER) < UINT64_C(1) << 63);
	assert_true(hidden(hider, FIELD_DENTRY, DENTRY) >= UINT64_C(1) << 63);
	hider_free(hider);
}

static void numbers_that_are_no_addresses_stay(void **state)
{
	struct hider *hider = new_hider();

	(void)state;
	assert_true(hidden(hider, FIELD_DIR_INO, DENTRY) == DENTRY);
	assert_true(hidden(hider, FIELD_LEN, 5) == 5);
	hider_free(hider);
}

/* What is fetched without a type is a pointer; of a member the kernel says what it is. */
static bool is_pointer(const struct layout *layout, const struct fetch *fetch)
{
	struct member member;

	if (fetch->kind == FETCH_ARG || fetch->kind == FETCH_RETVAL)
		return !fetch->type;
	return (fetch->kind == FETCH_MEMBER || fetch->kind == FETCH_OUTER) &&
	       !layout_member(layout, fetch->path, &member) && member.is_pointer;
}

static void every_pointer_that_a_probe_fetches_is_hidden(void **state)
{
	struct hider *hider = new_hider();
	struct layout *layout = kernel_layout(KERNEL_NR - 1);
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < role_probes_count; i++) {
		const struct fetch *fetch = role_probes[i].fetches;

		for (; fetch->kind != FETCH_END; fetch++) {
			if (!is_pointer(layout, fetch))
				continue;
			count++;
			if (hidden(hider, fetch->field, DENTRY) == DENTRY)
				fail_msg("'%s' is not hidden", field_name(fetch->field));
		}
	}
	assert_true(count > 100);
	layout_free(layout);
	hider_free(hider);
}

/* That of a root is compared with the mounts of which another one was mounted in. */
static void the_place_of_a_vfsmount_in_its_mount_stays(void **state)
{
	static const enum field parts[] = { FIELD_VFSMOUNT, FIELD_ROOT_MOUNT };
	struct hider *hider = new_hider();
	struct record record = record_of(ROLE_CWD, POINT_ENTRY);

	(void)state;
	set(&record, FIELD_VFSMOUNT_AT, 32);
	set(&record, FIELD_ABOVE, DENTRY);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		set(&record, parts[i], DENTRY + 32);
	assert_int_equal(hide_addresses(hider, &record), 0);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		assert_true(record.value[parts[i]] == record.value[FIELD_ABOVE] + 32);
	hider_free(hider);
}

static void the_salted_hash_is_left_out(void **state)
{
	struct hider *hider = new_hider();
	struct record record = record_of(ROLE_LOOKUP_FAST, POINT_ENTRY);

	(void)state;
	set(&record, FIELD_HASH, 12345);
	assert_int_equal(hide_addresses(hider, &record), 0);
	assert_false(has_field(&record, FIELD_HASH));
	hider_free(hider);
}

/* No kernel address of the recording is in the output, and every claim holds all the same. */
static void a_report_without_addresses_proves_the_same(void **state)
{
	char *args[] = { (char *)"tests/data/recordings/6.12/te_miss.dat", NULL };
	char path[] = "/tmp/ftopen-unit-XXXXXX", *text;
	const struct options options = {
		.format = "json",
		.results = path,
		.expect = "scenarios/te_miss.expect",
		.hash_addresses = true,
		.args = args,
		.arg_count = 1,
	};
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(cmd_report(&options), 0);
	assert_int_equal(read_file(path, &text, NULL), 0);
	assert_null(strstr(text, "0xffff"));
	assert_non_null(strstr(text, "\"value\":56"));
	free(text);
	close(fd);
	unlink(path);
}

/* Where x86-64 has objects, and where it has text and modules. */
static bool is_kernel_address(uint64_t word)
{
	return word >> 47 == 0x1ffff &&
	       (word < UINT64_C(0xffffff0000000000) || word >> 31 == UINT64_C(0x1ffffffff)) &&
	       word < (uint64_t)-65536;
}

/* Every word of @size bytes at @data that looks like a kernel address; fields are aligned. */
static size_t kernel_words(const char *data, size_t size, uint64_t *words)
{
	size_t count = 0;

	for (size_t at = 0; at + sizeof(*words) <= size; at += 4) {
		uint64_t word;

		memcpy(&word, data + at, sizeof(word));
		if (is_kernel_address(word))
			words[count++] = word;
	}
	return count;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;

	return *left < *right ? -1 : *left > *right;
}

/* Bytes of both files in which the same kernel address stands. */
static size_t shared_words(const char *path, const char *other)
{
	char *texts[2];
	size_t sizes[2], counts[2], shared = 0;
	uint64_t *words[2];

	assert_int_equal(read_file(path, &texts[0], &sizes[0]), 0);
	assert_int_equal(read_file(other, &texts[1], &sizes[1]), 0);
	for (int i = 0; i < 2; i++) {
		words[i] = calloc(sizes[i], sizeof(*words[i]));
		assert_non_null(words[i]);
		counts[i] = kernel_words(texts[i], sizes[i], words[i]);
		free(texts[i]);
	}
	assert_true(counts[0] > 100);
	qsort(words[0], counts[0], sizeof(**words), by_value);
	for (size_t i = 0; i < counts[1]; i++)
		shared += bsearch(&words[1][i], words[0], counts[0], sizeof(**words), by_value) !=
			  NULL;
	free(words[0]);
	free(words[1]);
	return shared;
}

static void copy_file(const char *from, const char *to)
{
	char *text;
	size_t size;
	FILE *out = fopen(to, "w");

	assert_non_null(out);
	assert_int_equal(read_file(from, &text, &size), 0);
	assert_int_equal(fwrite(text, 1, size, out), size);
	assert_int_equal(fclose(out), 0);
	free(text);
}

/* Neither in a field nor in what is left of older bytes; and every claim holds all the same. */
static void a_file_without_addresses_has_none_and_proves_the_same(void **state)
{
	static const char recording[] = "tests/data/recordings/6.12/te_miss.dat";
	char path[] = "/tmp/ftopen-unit-XXXXXX";
	char *args[] = { path, NULL };
	const struct options options = {
		.format = "summary",
		.results = "/dev/null",
		.expect = "scenarios/te_miss.expect",
		.args = args,
		.arg_count = 1,
	};
	struct hider *hider = new_hider();
	int fd = mkstemp(path);

	(void)state;
	copy_file(recording, path);
	assert_true(shared_words(recording, path) > 100);
	assert_int_equal(hide_file(path, hider), 0);
	assert_int_equal(shared_words(recording, path), 0);
	assert_int_equal(cmd_report(&options), 0);
	hider_free(hider);
	close(fd);
	unlink(path);
}

/* What the kernel lost is lost in the hidden file, too: it has the marks of the other. */
static void what_was_lost_is_lost_in_the_hidden_file(void **state)
{
	char path[] = "/tmp/ftopen-unit-XXXXXX", *data, *json;
	struct hider *hider = new_hider();
	size_t size, page;
	int fd = mkstemp(path), status;

	(void)state;
	assert_int_equal(read_file("tests/data/recordings/6.12/te_miss.dat", &data, &size), 0);
	page = size / 4096 * 4096 - 4096;
	data[page + 11] |= (char)0x80; /* the mark of lost records in the last page */
	assert_int_equal(write_all(fd, data, size), 0);
	assert_int_equal(hide_file(path, hider), 0);
	json = reported(path, "json", &status);
	assert_int_equal(status, STATUS_UNKNOWN);
	assert_non_null(strstr(json, "\"type\":\"loss\""));
	hider_free(hider);
	free(json);
	free(data);
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_addresses_stay_equal_and_others_different),
		cmocka_unit_test(each_run_has_a_key_of_its_own),
		cmocka_unit_test(the_place_of_an_inline_name_stays),
		cmocka_unit_test(the_distance_of_an_external_name_does_not),
		cmocka_unit_test(the_place_of_a_component_in_its_path_stays),
		cmocka_unit_test(null_and_errors_stay_what_they_are),
		cmocka_unit_test(each_half_keeps_its_pointers),
		cmocka_unit_test(numbers_that_are_no_addresses_stay),
		cmocka_unit_test(every_pointer_that_a_probe_fetches_is_hidden),
		cmocka_unit_test(the_place_of_a_vfsmount_in_its_mount_stays),
		cmocka_unit_test(the_salted_hash_is_left_out),
		cmocka_unit_test(a_report_without_addresses_proves_the_same),
		cmocka_unit_test(a_file_without_addresses_has_none_and_proves_the_same),
		cmocka_unit_test(what_was_lost_is_lost_in_the_hidden_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
