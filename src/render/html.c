/* SPDX-License-Identifier: MIT */
/*
 * The HTML report: the page of html/page.html around lines of JSON, which its script reads. Writes
 * each open and each name as it comes and keeps nothing.
 */
#include "render/render.h"
#include "render/common.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/escape.h"
#include "util/text.h"

#define MARKER "@DATA@"

/* Linux: the major number's place in the kernel's own dev_t. */
#define DEV_MINOR_BITS 20

/* What a name can be filtered by, before it is parsed; page.html knows them as FLAGS. */
enum flag {
	FLAG_FAILED = 1,
	FLAG_MISS = 2,
	FLAG_NEGATIVE = 4,
	FLAG_EVICTED = 8,
	FLAG_SEVERAL = 16,
	FLAG_FAIL = 32,
	FLAG_UNKNOWN = 64,
};

/* The page is part of the program. */
__asm__(".pushsection .rodata\n"
	".global html_page\n"
	"html_page:\n"
	".incbin \"src/render/html/page.html\"\n"
	".byte 0\n"
	".popsection\n");
extern const char html_page[];

struct html {
	struct text text;
	struct text scratch; /* never flushed */
	bool has_times;
};

/* --- JSON whose strings cannot end the element that they stand in ----------------------------- */

/* escape_json() leaves '<' as it is; here it would begin "</script>" or "<!--". */
static void write_string(struct html *html, const char *data, size_t len)
{
	const size_t piece = TEXT_SIZE / 8;

	text_char(&html->text, '"');
	while (len) {
		size_t size = len < piece ? len : piece;

		/* Not within a character. */
		while (size < len && size > piece - 4 && ((unsigned char)data[size] & 0xc0) == 0x80)
			size--;
		html->scratch.len = 0;
		escape_json_inside(&html->scratch, data, size);
		for (size_t i = 0; i < html->scratch.len; i++) {
			if (html->scratch.data[i] == '<')
				TEXT(&html->text, "\\u003c");
			else
				text_char(&html->text, html->scratch.data[i]);
		}
		data += size;
		len -= size;
	}
	text_char(&html->text, '"');
}

static void write_bytes(struct html *html, const struct bytes *bytes)
{
	struct text *text = &html->text;

	if (!bytes->data) {
		TEXT(text, "null");
	} else if (is_utf8(bytes->data, bytes->len)) {
		write_string(html, bytes->data, bytes->len);
	} else {
		TEXT(text, "{\"bytes\":\"");
		escape_hex(text, bytes->data, bytes->len);
		TEXT(text, "\"}");
	}
}

static void write_comm(struct html *html, const char *comm)
{
	const struct bytes bytes = { comm, strlen(comm) };

	write_bytes(html, &bytes);
}

static void write_word(struct html *html, const char *word)
{
	if (word)
		write_string(html, word, strlen(word));
	else
		TEXT(&html->text, "null");
}

/* Numbers that the script's own cannot hold. */
static void write_addr(struct html *html, bool is_known, uint64_t addr)
{
	if (is_known)
		text_format(&html->text, "\"%016llx\"", (unsigned long long)addr);
	else
		text_char(&html->text, '0');
}

static void write_count(struct html *html, bool is_known, uint64_t value)
{
	if (is_known)
		text_u64(&html->text, value);
	else
		TEXT(&html->text, "null");
}

static void comma(struct html *html)
{
	text_char(&html->text, ',');
}

static int end_line(struct html *html)
{
	TEXT(&html->text, "]\n");
	return text_flush(&html->text);
}

/* --- words ------------------------------------------------------------------------------------ */

/* A list of words by value, as wide as the enum. */
#define WORDS(key, function, type, count)                        \
	do {                                                     \
		TEXT(&html->text, "\"" key "\":[");              \
		for (int value = 0; value < (count); value++) {  \
			if (value)                               \
				comma(html);                     \
			write_word(html, function((type)value)); \
		}                                                \
		text_char(&html->text, ']');                     \
	} while (0)

static int write_words(struct html *html)
{
	TEXT(&html->text, "[4,{");
	WORDS("HOPS", hop_name, enum hop_kind, HOP_NR);
	comma(html);
	WORDS("CACHES", cache_name, enum cache, CACHE_NR);
	comma(html);
	WORDS("ENDS", end_name, enum lifetime_end, END_UNKNOWN + 1);
	comma(html);
	WORDS("STORAGES", storage_name, enum storage, STORAGE_EXTERNAL + 1);
	comma(html);
	WORDS("BORN", born_name, enum born, BORN_NR);
	comma(html);
	WORDS("VERDICTS", verdict_name, enum verdict, VERDICT_NR);
	comma(html);
	WORDS("OPS", op_name, enum relation_op, OP_OUTSIDE + 1);
	comma(html);
	WORDS("EDGES", edge_name, enum edge, EDGE_NR);
	comma(html);
	WORDS("ROLES", role_name, enum role, ROLE_NR);
	TEXT(&html->text, ",\"TIMES\":");
	text_u64(&html->text, html->has_times);
	text_char(&html->text, '}');
	return end_line(html);
}

/* --- lines ------------------------------------------------------------------------------------ */

static int html_open(struct renderer *renderer, const struct open_call *open)
{
	struct html *html = renderer->state;
	const struct bytes path = { open->path.len ? open->path.data : NULL, open->path.len };

	TEXT(&html->text, "[0,");
	text_u64(&html->text, open->id);
	comma(html);
	write_bytes(html, &path);
	comma(html);
	if (open->has_result)
		text_s64(&html->text, open->result);
	else
		TEXT(&html->text, "null");
	comma(html);
	text_s64(&html->text, open->tid);
	comma(html);
	write_comm(html, open->comm);
	comma(html);
	write_count(html, html->has_times, open->ts);
	comma(html);
	write_count(html, open->has_latency, open->latency_ns);
	comma(html);
	text_u64(&html->text, open->walk);
	comma(html);
	text_u64(&html->text, open->cache);
	comma(html);
	text_u64(&html->text, open->complete);
	return end_line(html);
}

static unsigned int hop_flags(const struct hop *hop)
{
	if (hop->kind == HOP_FILE)
		return hop->err ? FLAG_FAILED : 0;
	if (hop->kind == HOP_ALLOC)
		return FLAG_MISS;
	return 0;
}

static unsigned int name_flags(const struct name *name)
{
	unsigned int flags = name->lifetime_count > 1 ? FLAG_SEVERAL : 0;

	for (size_t i = 0; i < name->lifetime_count; i++) {
		const struct lifetime *life = name->lifetimes[i];

		flags |= life->negative == IS_TRUE ? FLAG_NEGATIVE : 0;
		flags |= life->end == END_EVICTED ? FLAG_EVICTED : 0;
		for (size_t j = 0; j < life->hops.count; j++)
			flags |= hop_flags(&life->hops.items[j]);
	}
	flags |= name->verdicts[VERDICT_FAIL] ? FLAG_FAIL : 0;
	flags |= name->verdicts[VERDICT_UNKNOWN] ? FLAG_UNKNOWN : 0;
	return flags;
}

/* Of a lookup whether it found something negative, of a file the errno. */
static int hop_extra(const struct hop *hop)
{
	if (hop->kind == HOP_FILE)
		return hop->err;
	return hop->kind == HOP_LOOKUP && hop->has_addr && hop->negative == IS_TRUE;
}

/**
 * struct before - what a hop need not say again: it goes on from the hop before it
 */
struct before {
	uint64_t ts;
	const char *comm;
};

static void write_hop(struct html *html, const struct hop *hop, struct before *before)
{
	bool is_new = !before->comm || strcmp(before->comm, hop->comm) != 0;

	text_format(&html->text, "[%u,%u,", hop->kind, 2U * hop->role + hop->edge);
	write_addr(html, hop->has_addr, hop->addr);
	comma(html);
	text_s64(&html->text, (int64_t)(hop->ts - before->ts));
	text_format(&html->text, ",%d,%d,", hop->cpu, hop->tid);
	text_u64(&html->text, hop->open);
	comma(html);
	write_comm(html, is_new ? hop->comm : "");
	text_format(&html->text, ",%d]", hop_extra(hop));
	before->ts = hop->ts;
	before->comm = hop->comm;
}

static void write_lifetime(struct html *html, const struct lifetime *life, struct before *before)
{
	text_format(&html->text, "[%u,", life->index);
	write_addr(html, life->dentry != 0, life->dentry);
	text_format(&html->text, ",%d,%d,%d,", life->born, life->storage, life->end);
	write_comm(html, life->end_comm);
	text_format(&html->text, ",%d,%d,[", life->end_tid, life->negative == IS_TRUE);
	for (size_t i = 0; i < life->hops.count; i++) {
		if (i)
			comma(html);
		write_hop(html, &life->hops.items[i], before);
	}
	TEXT(&html->text, "],");
	text_u64(&html->text, life->hops.dropped);
	text_char(&html->text, ']');
}

static const char *operand_word(const struct operand_ref *operand)
{
	static const char *const words[] = {
		[OPERAND_DENTRY] = "dentry",
		[OPERAND_LIFETIME] = "lifetime",
	};

	return operand->what == OPERAND_HOP ? hop_name(operand->hop) : words[operand->what];
}

static void write_means(struct html *html, const struct relation *relation)
{
	static const char *const words[] = {
		[MEANS_INLINE] = "offset of the inline name",
		[MEANS_SIZE] = "size of the dentry",
		[MEANS_LIFETIMES] = "difference of lifetimes",
		[MEANS_SHARED] = "name shared by rename",
		[MEANS_MOVED] = "name moved by exchange",
	};

	if (relation->means == MEANS_PREFIX)
		write_bytes(html, &relation->prefix);
	else if (relation->reuse)
		write_word(html, "address reused");
	else
		write_word(html, relation->means == MEANS_NOTHING ? NULL : words[relation->means]);
}

static void write_relation(struct html *html, const struct relation *relation)
{
	text_char(&html->text, '[');
	write_word(html, operand_word(&relation->left));
	text_format(&html->text, ",%d,", relation->op);
	write_word(html, operand_word(&relation->right));
	comma(html);
	write_addr(html, relation->left.has_addr, relation->left.addr);
	comma(html);
	write_addr(html, relation->right.has_addr, relation->right.addr);
	text_format(&html->text, ",%u,", relation->lifetime);
	text_u64(&html->text, relation->open);
	comma(html);
	/* A string: it can be any difference of two addresses. */
	if (relation->op == OP_DIFFERENCE && relation->has_value)
		text_format(&html->text, "\"%lld\"", (long long)relation->value);
	else
		TEXT(&html->text, "null");
	text_format(&html->text, ",%d,", relation->means == MEANS_PREFIX);
	write_means(html, relation);
	text_format(&html->text, ",%d,", relation->verdict);
	write_word(html, relation->why);
	text_char(&html->text, ']');
}

static void write_relations(struct html *html, const struct name *name)
{
	TEXT(&html->text, ",[");
	for (size_t i = 0; i < name->relation_count; i++) {
		if (i)
			comma(html);
		write_relation(html, &name->relations[i]);
	}
	text_char(&html->text, ']');
}

static void write_paths(struct html *html, const struct name *name)
{
	TEXT(&html->text, ",[");
	for (size_t i = 0; i < name->path_count; i++) {
		if (i)
			comma(html);
		write_bytes(html, &name->paths[i]);
	}
	text_char(&html->text, ']');
}

static int html_name(struct renderer *renderer, const struct name *name)
{
	struct html *html = renderer->state;
	struct before before = { 0 };

	text_format(&html->text, "[1,%u,", name_flags(name));
	write_bytes(html, name->path.data ? &name->path : &name->component);
	comma(html);
	write_bytes(html, &name->component);
	if (name->has_dir)
		text_format(&html->text, ",\"%u:%u\",%llu,[", name->dev >> DEV_MINOR_BITS,
			    name->dev & ((1U << DEV_MINOR_BITS) - 1),
			    (unsigned long long)name->dir_ino);
	else
		TEXT(&html->text, ",null,null,[");
	for (size_t i = 0; i < name->lifetime_count; i++) {
		if (i)
			comma(html);
		write_lifetime(html, name->lifetimes[i], &before);
	}
	text_char(&html->text, ']');
	write_relations(html, name);
	write_paths(html, name);
	return end_line(html);
}

static int html_loss(struct renderer *renderer, const struct loss *loss)
{
	struct html *html = renderer->state;

	text_format(&html->text, "[2,%d,%d,", loss->scope, loss->cpu);
	text_u64(&html->text, loss->from);
	comma(html);
	text_u64(&html->text, loss->to);
	comma(html);
	write_count(html, loss->count != LOSS_UNKNOWN, loss->count);
	return end_line(html);
}

static void write_totals(struct html *html, const struct chain_totals *totals)
{
	const struct {
		const char *key;
		uint64_t count;
	} counts[] = {
		{ ",\"opens\":", totals->opens },
		{ ",\"hits\":", totals->caches[CACHE_HIT] },
		{ ",\"negative_hits\":", totals->caches[CACHE_NEGATIVE] },
		{ ",\"misses\":", totals->caches[CACHE_MISS] },
		{ ",\"created\":", totals->caches[CACHE_CREATED] },
		{ ",\"allocs\":", totals->allocs },
		{ ",\"evictions\":", totals->evictions },
		{ ",\"records\":", totals->records },
		{ ",\"verdicts\":{\"PASS\":", totals->verdicts[VERDICT_PASS] },
		{ ",\"FAIL\":", totals->verdicts[VERDICT_FAIL] },
		{ ",\"UNKNOWN\":", totals->verdicts[VERDICT_UNKNOWN] },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		text_str(&html->text, counts[i].key);
		write_count(html, counts[i].count != COUNT_UNKNOWN, counts[i].count);
	}
	TEXT(&html->text, "},\"lost\":");
	write_count(html, totals->lost_is_known, totals->lost);
}

/* By role and edge, as hops refer to them. */
static void write_symbols(struct html *html, const struct chain_summary *summary)
{
	bool has_some = false;

	TEXT(&html->text, ",\"symbols\":{");
	for (size_t i = 0; i < summary->plan_count; i++) {
		const struct plan_entry *entry = &summary->plan[i];

		if (!entry->symbol)
			continue;
		text_format(&html->text, "%s\"%u\":", has_some ? "," : "",
			    2U * entry->role + entry->edge);
		write_word(html, entry->symbol);
		has_some = true;
	}
	text_char(&html->text, '}');
}

static int html_summary(struct renderer *renderer, const struct chain_summary *summary)
{
	struct html *html = renderer->state;

	TEXT(&html->text, "[3,{\"kernel\":");
	write_word(html, summary->kernel);
	TEXT(&html->text, ",\"arch\":");
	write_word(html, summary->arch);
	TEXT(&html->text, ",\"layout\":");
	write_word(html, summary->layout);
	write_totals(html, &summary->totals);
	write_symbols(html, summary);
	text_char(&html->text, '}');
	end_line(html);
	text_str(&html->text, strstr(html_page, MARKER) + strlen(MARKER));
	return text_flush(&html->text);
}

static int html_start(struct renderer *renderer)
{
	struct html *html = malloc(sizeof(*html));

	if (!html)
		return -ENOMEM;
	text_init(&html->text, renderer->out);
	text_init(&html->scratch, NULL);
	html->has_times = !renderer->options.clock.only_orders;
	renderer->state = html;
	text_bytes(&html->text, html_page, (size_t)(strstr(html_page, MARKER) - html_page));
	text_char(&html->text, '\n');
	return write_words(html);
}

static void html_release(struct renderer *renderer)
{
	free(renderer->state);
}

const struct render_format render_html = {
	.name = "html",
	.start = html_start,
	.open = html_open,
	.name_done = html_name,
	.loss = html_loss,
	.summary = html_summary,
	.release = html_release,
};
