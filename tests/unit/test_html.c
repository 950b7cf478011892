/* SPDX-License-Identifier: MIT */
/*
 * The HTML report as text: its data is JSON, out of which nothing can break. What a browser makes
 * of it, tests/scripts/browser shows.
 */
#include "chains.h"
#include "json_check.h"

/* The data: between the element's start and its end. */
static char *data_of(char *page)
{
	static const char start[] = "<script type=\"application/json\" id=\"data\">\n\n";
	char *data = strstr(page, start), *end;

	assert_non_null(data);
	data += sizeof(start) - 1;
	end = strstr(data, "</script>");
	assert_non_null(end);
	*end = '\0';
	return data;
}

static bool is_json(const char *line)
{
	struct json_check check = { line, NULL };

	return check_array(&check, "?") && !*check.at;
}

/* Return: how many lines there are of @kind, all of which are JSON. */
static int count_lines(char *data, char kind)
{
	char *rest = NULL;
	int count = 0;

	for (char *line = strtok_r(data, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		assert_true(is_json(line));
		count += line[1] == kind;
	}
	return count;
}

static char *page_of(struct chain *made)
{
	const struct chain_summary summary = { .kernel = "6.12" };
	const struct render_options options = { 0 };
	const struct open_call open = {
		.id = 1,
		.path = made->name.path,
		.comm = "te_miss",
		.stage_ns = { [STAGE_WALK] = 500, [STAGE_FILE_SYSTEM] = 50000000 },
		.stages = 1 << STAGE_WALK | 1 << STAGE_FILE_SYSTEM,
		.has_uid = true,
		.uid = 1000,
	};
	const struct open_call call = {
		.id = 2,
		.call = CALL_STAT,
		.path = { "/etc/none", 9 },
		.comm = "git",
		.result = -2,
		.has_result = true,
		.complete = true,
		.cache = CACHE_NEGATIVE,
	};
	struct renderer renderer;
	struct chain_sink sink;
	char *page;
	size_t size;
	FILE *out = open_memstream(&page, &size);

	assert_int_equal(renderer_init(&renderer, &render_html, out, &options), 0);
	sink = renderer_sink(&renderer);
	assert_int_equal(sink.open(sink.context, &open), 0);
	assert_int_equal(sink.path_call(sink.context, &call), 0);
	assert_int_equal(sink.name(sink.context, &made->name), 0);
	assert_int_equal(sink.summary(sink.context, &summary), 0);
	renderer_release(&renderer);
	fclose(out);
	return page;
}

static void every_line_of_the_data_is_json(void **state)
{
	char *page, *copy;

	(void)state;
	chain_rebuild(&chain, 0);
	page = page_of(&chain);
	for (char kind = '0'; kind <= '4'; kind++) {
		copy = strdup(page);
		assert_int_equal(count_lines(data_of(copy), kind), kind != '2');
		free(copy);
	}
	free(page);
}

static void the_page_asks_for_nothing_else(void **state)
{
	char *page, *at;

	(void)state;
	chain_te_miss(&chain);
	page = page_of(&chain);
	assert_non_null(strstr(page, "default-src 'none'"));
	/* The name space of SVG is a name. */
	at = strstr(page, "http://");
	assert_non_null(at);
	assert_int_equal(strncmp(at, "http://www.w3.org/2000/svg'", 27), 0);
	assert_null(strstr(at + 1, "http://"));
	assert_null(strstr(page, "https://"));
	free(page);
}

static void the_summary_has_the_stages(void **state)
{
	char *page;

	(void)state;
	chain_te_miss(&chain);
	page = page_of(&chain);
	assert_non_null(strstr(page, "\"stages\":[[\"walk to the last part\",1,500,500,500,500,"
				     "\"/tmp/t_e.txt\"],[\"file system's own work\",1,50000000,"));
	free(page);
}

static void an_open_has_its_stages(void **state)
{
	char *page;

	(void)state;
	chain_te_miss(&chain);
	page = page_of(&chain);
	assert_non_null(strstr(page, "\"STAGES\":[\"copy\",\"walk\",\"lookup\",\"alloc\","));
	assert_non_null(strstr(page, ",[null,500,null,null,50000000,null,null],1000]\n"));
	free(page);
}

static void a_path_call_is_a_line_of_its_own(void **state)
{
	char *page;

	(void)state;
	chain_te_miss(&chain);
	page = page_of(&chain);
	assert_non_null(strstr(page, "\n[6,2,\""));
	assert_non_null(strstr(page, "/etc/none\",-2,0,\"git\",null,2,1,7,"
				     "null,null,null,null]\n"));
	free(page);
}

static void the_words_have_the_names_of_errors(void **state)
{
	char *page;

	(void)state;
	chain_te_miss(&chain);
	page = page_of(&chain);
	assert_non_null(strstr(page, "\"ERRNOS\":[\"0\",\"EPERM\",\"ENOENT\","));
	free(page);
}

static void a_name_cannot_end_the_data(void **state)
{
	static const char hostile[] = "/tmp/</script><!--\"\\\n";
	char *page, *data;

	(void)state;
	chain_tm_miss(&chain);
	chain.name.is_requested = true;
	chain.name.path = (struct bytes){ hostile, sizeof(hostile) - 1 };
	page = page_of(&chain);
	data = data_of(page);
	assert_null(strchr(data, '<'));
	assert_non_null(strstr(data, "\"/tmp/\\u003c/script>\\u003c!--\\\"\\\\\\n\""));
	assert_int_equal(count_lines(data, '1'), 1);
	free(page);
}

static void a_name_that_is_not_utf8_comes_as_bytes(void **state)
{
	char *page;

	(void)state;
	chain_tm_miss(&chain);
	chain.name.is_requested = true;
	chain.name.path = (struct bytes){ "a\xff<", 3 };
	page = page_of(&chain);
	assert_non_null(strstr(page, ",{\"bytes\":\"e280a62f61ff3c\"},"));
	free(page);
}

/* Of a hop that says none, the page takes that of the hop before it. */
static void a_task_without_a_name_has_none(void **state)
{
	struct hop *hops = chain.hops[0];
	char *page;

	(void)state;
	chain_te_miss(&chain);
	chain.name.is_requested = true;
	hops[1].comm[0] = '\0';
	hops[2].comm[0] = '\0';
	page = page_of(&chain);
	assert_non_null(strstr(page, ",101,1,\"te_miss\",0],["));
	assert_non_null(strstr(page, ",101,1,null,0],["));
	assert_null(strstr(strstr(page, ",101,1,null,0]") + 1, ",101,1,null,0]"));
	free(page);
}

/* Beyond 2^53 the numbers of a browser are not exact: only differences are small. */
static void the_times_of_hops_count_from_the_first_one(void **state)
{
	struct hop_list *list = &chain.lifetimes[0].hops;
	char *page;

	(void)state;
	chain_te_miss(&chain);
	chain.name.is_requested = true;
	for (size_t i = 0; i < list->count; i++)
		list->items[i].ts = (UINT64_C(1) << 60) + i;
	page = page_of(&chain);
	assert_null(strstr(page, "1152921504606846976"));
	assert_non_null(strstr(page, ",0,1,101,1,\"te_miss\",0],["));
	free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_of_the_data_is_json),
		cmocka_unit_test(the_page_asks_for_nothing_else),
		cmocka_unit_test(the_summary_has_the_stages),
		cmocka_unit_test(an_open_has_its_stages),
		cmocka_unit_test(a_path_call_is_a_line_of_its_own),
		cmocka_unit_test(the_words_have_the_names_of_errors),
		cmocka_unit_test(a_name_cannot_end_the_data),
		cmocka_unit_test(a_name_that_is_not_utf8_comes_as_bytes),
		cmocka_unit_test(a_task_without_a_name_has_none),
		cmocka_unit_test(the_times_of_hops_count_from_the_first_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
