/* SPDX-License-Identifier: MIT */
/*
 * Conditions: the grammar after "where", and which opens of a name they choose. An open about which
 * too little is known is neither chosen nor left out.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- the grammar --- */

static const struct {
	const char *word;
	const char *text; /* what has to follow in quotes, NULL for nothing */
} words[] = {
	[WHERE_FAILED] = { "failed", NULL },
	[WHERE_MISSING] = { "missing", NULL },
	[WHERE_UNDER] = { "path", "a directory in quotes, from '/' on" },
	[WHERE_BY] = { "by", "the name of a task in quotes" },
};

#define WORDS (sizeof(words) / sizeof(words[0]))

/* "/etc" of "/etc//", and nothing of "/". */
static struct bytes without_slashes(struct bytes path)
{
	while (path.len && path.data[path.len - 1] == '/')
		path.len--;
	return path;
}

/* Whether no path of a file, with links followed, begins like that. */
static bool is_no_path(const struct bytes *path)
{
	size_t from = 1;

	for (size_t i = 1; i <= path->len; i++) {
		size_t len = i - from;

		if (i < path->len && path->data[i] != '/')
			continue;
		if (!len || (len <= 2 && !memcmp(path->data + from, "..", len)))
			return true;
		from = i + 1;
	}
	return false;
}

static int take_under(struct parser *parser, struct condition *condition)
{
	struct expect *expect = parser->lexer.expect;
	const struct token *token = &parser->token;
	struct bytes directory;

	if (!parse_at_word(parser, "under"))
		return parse_expected(parser, "'under'");
	if (parse_advance(parser))
		return -EINVAL;
	if (token->kind == TOKEN_STRING && (!token->text.len || token->text.data[0] != '/'))
		return parse_expected(parser, words[WHERE_UNDER].text);
	directory = without_slashes(token->text);
	if (token->kind == TOKEN_STRING && directory.len && is_no_path(&directory))
		return lex_fail(&parser->lexer, token->start,
				"'.', '..' and '//' are in no path with links followed");
	if (expect->under_count == MAX_UNDERS)
		return lex_fail(&parser->lexer, token->start, "no more than %d directories",
				MAX_UNDERS);
	condition->under = (unsigned int)expect->under_count;
	expect->unders[expect->under_count++] = directory;
	return 0;
}

static int take_condition(struct parser *parser, struct condition *condition)
{
	size_t kind = 0;

	while (kind < WORDS && !parse_at_word(parser, words[kind].word))
		kind++;
	if (kind == WORDS)
		return parse_expected(parser, "'failed', 'missing', 'path' or 'by'");
	*condition = (struct condition){ .kind = (enum condition_kind)kind };
	if (parse_advance(parser))
		return -EINVAL;
	if (kind == WHERE_UNDER && take_under(parser, condition))
		return -EINVAL;
	if (!words[kind].text)
		return 0;
	condition->text = parser->token.text;
	return parse_token(parser, TOKEN_STRING, words[kind].text);
}

int parse_where(struct parser *parser, struct name_spec *spec)
{
	if (!parse_at_word(parser, "where"))
		return 0;
	do {
		if (spec->condition_count == MAX_CONDITIONS)
			return lex_fail(&parser->lexer, parser->token.start,
					"no more than %d conditions", MAX_CONDITIONS);
		if (parse_advance(parser) ||
		    take_condition(parser, &spec->conditions[spec->condition_count++]))
			return -EINVAL;
	} while (parse_at_word(parser, "and"));
	return 0;
}

/* --- what they choose --- */

uint64_t unders_of(const struct expect *expect, const struct bytes *path)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < expect->under_count; i++) {
		const struct bytes *under = &expect->unders[i];

		if (path->len > under->len + 1 && path->data[under->len] == '/' &&
		    !memcmp(path->data, under->data, under->len))
			bits |= UINT64_C(1) << i;
	}
	return bits;
}

/* Whether the directory is @link, or below it. */
static bool is_behind(const struct bytes *under, const char *link, size_t len)
{
	return under->len >= len && !memcmp(under->data, link, len) &&
	       (under->len == len || under->data[len] == '/');
}

uint64_t unders_behind(const struct expect *expect, const struct bytes *links)
{
	uint64_t bits = 0;

	for (size_t at = 0; at < links->len;) {
		const char *link = links->data + at, *body = link + strlen(link) + 1;

		for (size_t i = 0; i < expect->under_count; i++) {
			if (is_behind(&expect->unders[i], link, strlen(link)))
				bits |= UINT64_C(1) << i;
		}
		at = (size_t)(body + strlen(body) + 1 - links->data);
	}
	return bits;
}

static enum tristate is_so(bool holds)
{
	return holds ? IS_TRUE : IS_FALSE;
}

/* Why it may not be known whether an open meets a condition, or whether a path call does. */
static const struct {
	const char *open, *call;
} unknowns[] = {
	[WHERE_FAILED] = { "the result of an open is not known",
			   "the result of a call is not known" },
	[WHERE_MISSING] = { "the result of an open is not known",
			    "the result of a call is not known" },
	[WHERE_UNDER] = { "the path of an open is not known", "the path of a call is not known" },
	[WHERE_BY] = { "the task of an open is not known", "the task of a call is not known" },
};

static enum tristate is_under(const struct open_info *open, unsigned int under, const char **why)
{
	if (open->unders >> under & 1)
		return IS_TRUE;
	if (open->behind >> under & 1) {
		*why = "the directory of the condition is behind a link";
		return IS_UNKNOWN;
	}
	return open->has_path ? IS_FALSE : IS_UNKNOWN;
}

/* @why is set where it is not known. */
static enum tristate meets(const struct open_info *open, const struct condition *condition,
			   const char **why)
{
	*why = is_path_call(open->call) ? unknowns[condition->kind].call
					: unknowns[condition->kind].open;
	if (condition->kind == WHERE_BY)
		return *open->comm ? is_so(is_comm(open->comm, &condition->text)) : IS_UNKNOWN;
	if (condition->kind == WHERE_UNDER)
		return is_under(open, condition->under, why);
	if (!open->has_result)
		return IS_UNKNOWN;
	return is_so(condition->kind == WHERE_FAILED ? open->result < 0 : open->result == -ENOENT);
}

/* One condition that an open does not meet leaves it out, whatever the others are. */
enum tristate is_chosen(const struct open_info *open, const struct name_spec *spec,
			const char **why)
{
	enum tristate chosen = IS_TRUE;
	const char *reason = NULL, *unknown = NULL;

	if (!open) {
		*why = "too many opens: some were not kept";
		return IS_UNKNOWN;
	}
	for (size_t i = 0; i < spec->condition_count; i++) {
		enum tristate one = meets(open, &spec->conditions[i], &reason);

		if (one == IS_FALSE)
			return IS_FALSE;
		if (one == IS_UNKNOWN) {
			chosen = IS_UNKNOWN;
			unknown = reason;
		}
	}
	if (chosen == IS_UNKNOWN)
		*why = unknown;
	return chosen;
}

static bool has_hop_of_choice(const struct name_view *view, const struct lifetime *life)
{
	for (size_t i = 0; i < life->hops.count; i++) {
		if (view_has_open(view, life->hops.items[i].open))
			return true;
	}
	return false;
}

static void select_lives(struct name_view *view, const struct name_view *all)
{
	view->life_count = 0;
	for (size_t i = 0; i < all->life_count; i++) {
		if (has_hop_of_choice(view, all->lives[i]))
			view->lives[view->life_count++] = all->lives[i];
	}
}

int view_select(struct name_view *view, const struct name_view *all, const struct name_spec *spec)
{
	*view = *all;
	view->is_selected = true;
	view->open_count = 0;
	view->opens = calloc(all->open_count + 1, sizeof(*view->opens));
	view->touched = calloc(all->open_count + 1, sizeof(*view->touched));
	view->lives = calloc(all->life_count + 1, sizeof(struct lifetime *));
	if (!view->opens || !view->touched || !view->lives)
		return -ENOMEM;
	view->vague = view->is_cut ? WHY_CUT : NULL;
	for (size_t i = 0; i < all->open_count; i++) {
		const struct open_info *open = run_open(all->run, all->opens[i]);

		if (is_chosen(open, spec, &view->vague) == IS_TRUE)
			view->opens[view->open_count++] = all->opens[i];
	}
	memcpy(view->touched, view->opens, view->open_count * sizeof(*view->opens));
	view->touched_count = view->open_count;
	select_lives(view, all);
	return 0;
}
