/* SPDX-License-Identifier: MIT */
/*
 * Each line of each scenario's expectation file is seen failing on the real recording of it, in
 * which one address of one record was altered.
 */
#include "expectations.h"

#include "tracedat/read.h"
#include "pages/decode.h"

#define MAX_CLAIMS    32
#define MAX_RECORDS   4096
#define MAX_ADDRESSES 16
#define WAYS	      3 /* besides the addresses */

static const enum field altered[] = { FIELD_UPTR, FIELD_KNAME, FIELD_FILE, FIELD_DENTRY,
				      FIELD_NAME, FIELD_INODE, FIELD_DIR };

#define ALTERED (sizeof(altered) / sizeof(altered[0]))

/* The decoded recording, with its texts. */
static struct record *recorded;
static size_t recorded_count;
static uint64_t elsewhere[MAX_ADDRESSES]; /* dentries of the program, and their inline names */
static size_t elsewhere_count;
static int32_t program;

static char *copy(const char *text, uint32_t len)
{
	char *made = malloc(len + 1);

	assert_non_null(made);
	memcpy(made, text, len);
	made[len] = '\0';
	return made;
}

static int keep_record(void *context, const struct raw_record *raw)
{
	struct record *record = &recorded[recorded_count];
	int count;

	assert_true(recorded_count + POINT_NR <= MAX_RECORDS);
	for (count = decode(context, raw, record); count > 0; count--, record++) {
		if (has_field(record, FIELD_STRING))
			record->str = copy(record->str, record->str_len);
		if (has_field(record, FIELD_COMM))
			record->comm = copy(record->comm, record->comm_len);
		if (has_field(record, FIELD_ROOT))
			program = (int32_t)record->value[FIELD_ROOT];
		recorded_count++;
	}
	return 0;
}

static int no_loss(void *context, const struct loss *loss)
{
	(void)context;
	(void)loss;
	fail_msg("the recording has a loss");
	return 0;
}

static void note_address(uint64_t address)
{
	for (size_t i = 0; i < elsewhere_count; i++) {
		if (elsewhere[i] == address)
			return;
	}
	if (elsewhere_count < MAX_ADDRESSES)
		elsewhere[elsewhere_count++] = address;
}

static void load(const char *scenario, struct dat **dat, struct decoder **decoder)
{
	struct record_sink sink = { keep_record, no_loss, NULL };
	char path[128];

	snprintf(path, sizeof(path), "tests/data/recordings/6.12/%s.dat", scenario);
	recorded = calloc(MAX_RECORDS, sizeof(*recorded));
	recorded_count = elsewhere_count = 0;
	assert_int_equal(dat_open(path, dat), 0);
	assert_int_equal(decoder_new(dat_tep(*dat), NULL, decoder), 0);
	sink.context = *decoder;
	assert_int_equal(dat_read(*dat, &sink), 0);
	for (size_t i = 0; i < recorded_count; i++) {
		const struct record *record = &recorded[i];

		if (record->tid != program || record->role != ROLE_ALLOC ||
		    record->point != POINT_RETURN || !has_field(record, FIELD_DENTRY))
			continue;
		note_address(record->value[FIELD_DENTRY]);
		note_address(record->value[FIELD_DENTRY] + record->value[FIELD_INLINE]);
	}
}

static void unload(struct dat *dat, struct decoder *decoder)
{
	for (size_t i = 0; i < recorded_count; i++) {
		if (has_field(&recorded[i], FIELD_STRING))
			free((char *)recorded[i].str);
		if (has_field(&recorded[i], FIELD_COMM))
			free((char *)recorded[i].comm);
	}
	free(recorded);
	decoder_free(decoder);
	dat_close(dat);
}

static void play_recording(struct script *s)
{
	for (size_t i = 0; i < recorded_count; i++)
		play(s, &recorded[i]);
}

static size_t unaltered(const char *text, int64_t *shown)
{
	struct expectations e;
	size_t count;

	expectations_of(&e, play_recording, text);
	count = e.count;
	assert_in_range(count, 1, MAX_CLAIMS);
	for (size_t i = 0; i < count; i++) {
		shown[i] = e.results[i].values[0].number;
		if (e.results[i].verdict == VERDICT_FAIL || e.results[i].verdict == VERDICT_UNKNOWN)
			fail_msg("line %u does not hold: %s", e.results[i].line,
				 e.results[i].claim);
	}
	expectations_end(&e);
	return count;
}

/* A claim about absence hangs on no address: it is tried where something is there. */
static size_t note_failing(const char *text, const int64_t *shown, bool *is_seen)
{
	struct expectations e;
	size_t seen = 0;

	expectations_of(&e, play_recording, text);
	for (size_t i = 0; i < e.count; i++) {
		const struct expect_result *result = &e.results[i];

		is_seen[i] |=
			result->verdict == VERDICT_FAIL ||
			(result->verdict == VERDICT_NONE && result->values[0].number != shown[i]) ||
			strstr(result->claim, "is absent");
		seen += is_seen[i];
	}
	expectations_end(&e);
	return seen;
}

/* What is tried: an offset, two values, and each address that is elsewhere. */
static void alter(size_t number, enum field field, size_t way)
{
	static const uint64_t values[WAYS] = { 8, 1, 0 };

	alteration = (struct alteration){ number, field, way == 0,
					  way < WAYS ? values[way] : elsewhere[way - WAYS] };
}

/* Until every line was seen failing, which most do of an offset: the number of lines that were. */
static size_t alter_all(const char *text, size_t count, const int64_t *shown, bool *is_seen)
{
	size_t places = recorded_count * ALTERED, seen = 0;

	for (size_t i = 0; i < places * (elsewhere_count + WAYS) && seen < count; i++) {
		size_t number = i % places / ALTERED;
		const struct record *record = &recorded[number];
		enum field field = altered[i % ALTERED];

		if (record->tid != program || !has_field(record, field))
			continue;
		alter(number + 1, field, i / places);
		seen = note_failing(text, shown, is_seen);
	}
	alteration = (struct alteration){ 0 };
	return seen;
}

static void every_line_fails_on_an_altered_address(void **state)
{
	const char *scenario = *state;
	bool is_seen[MAX_CLAIMS] = { false };
	int64_t shown[MAX_CLAIMS];
	struct decoder *decoder;
	struct dat *dat;
	char path[128], *text;
	size_t count;

	forget_conditions(state);
	snprintf(path, sizeof(path), "scenarios/%s.expect", scenario);
	assert_int_equal(read_file(path, &text, NULL), 0);
	load(scenario, &dat, &decoder);
	count = unaltered(text, shown);
	if (alter_all(text, count, shown, is_seen) < count) {
		for (size_t i = 0; i < count; i++) {
			if (!is_seen[i])
				print_error("claim %zu was never seen failing\n", i + 1);
		}
		fail();
	}
	unload(dat, decoder);
	free(text);
}

#define SPOIL(scenario)                                                 \
	{                                                               \
		.name = scenario "_lines_fail_on_an_altered_recording", \
		.test_func = every_line_fails_on_an_altered_address,    \
		.initial_state = (void *)(scenario),                    \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SPOIL("minimal_open"), SPOIL("te_miss"), SPOIL("tm_miss"), SPOIL("lm_miss"),
		SPOIL("a_miss"),       SPOIL("hits"),	 SPOIL("delete"),  SPOIL("evict"),
		SPOIL("rebuild"),      SPOIL("post"),
	};

	return _cmocka_run_group_tests("spoil_recordings", tests, sizeof(tests) / sizeof(tests[0]),
				       NULL, NULL);
}
