/* SPDX-License-Identifier: MIT */
/*
 * The lines of hops: symbol, probe point, address, and in parentheses what the address is of; with
 * --explain a sentence below. Says only what the hop itself says.
 */
#include "tree.h"
#include "common.h"
#include "latency.h"

#include "util/escape.h"

/* What stands in the parentheses, and the sentence. */
static const struct {
	const char *what;
	const char *sentence;
} words[HOP_NR] = {
	[HOP_USER] = { "const char * : the program's own pointer",
		       "The program passes this pointer. The string is in the program's memory, "
		       "where it can change at any moment, so the kernel copies it before it uses "
		       "it." },
	[HOP_COPY] = { "filename * -> name : const char *",
		       "The kernel's copy of the string. From here on only the copy counts." },
	[HOP_FILENAME] = { "filename * -> name : const char *",
			   "The walk along the path begins. It reads the kernel's copy." },
	[HOP_LOOKUP] = { "dentry * -> d_name.name",
			 "The cache has a dentry of this name. It is the one that was inserted "
			 "before, so its name pointer must be the same." },
	[HOP_SOURCE] = { "qstr * -> name : const unsigned char *",
			 "A new dentry is made. Its name is copied from here: the place in the "
			 "path where the component begins. The distance from the start of the "
			 "path is the length of what stands before the component." },
	[HOP_ALLOC] = { "dentry * -> d_name.name",
			"The dentry's own copy of the component: inside the dentry if it is short, "
			"else in memory of its own." },
	[HOP_INSERT] = { "dentry * -> d_name.name",
			 "The dentry enters the hash: lookups find it from now on. It is the "
			 "dentry that was allocated, so its name pointer must be the same." },
	[HOP_INSTANTIATE] = { "dentry * -> d_name.name, now positive",
			      "The file exists now: the negative dentry gets its inode and keeps "
			      "its name." },
	[HOP_FILE] = { "file * -> f_path.dentry->d_name.name",
		       "The open returns a file that holds the dentry, and so the same name "
		       "pointer." },
	[HOP_DELETE] = { "dentry * -> d_name.name",
			 "The name is unlinked. It is the dentry that lookups returned before, so "
			 "its name pointer must be the same." },
	[HOP_RENAME] = { "dentry * -> d_name.name",
			 "The dentry takes another name or directory: the lifetime of this name "
			 "ends or begins." },
	[HOP_EVICT] = { "dentry * -> d_name.name",
			"The dentry is freed. From here on the address means nothing: another "
			"dentry may get it." },
};

#define SENTENCE_ENTRY                                                                     \
	"The walk asks the cache for the component: its length, and a hash of it and its " \
	"directory."
#define SENTENCE_NO_RETURN "No return of this lookup was seen: what it found is not known."
#define SENTENCE_MISS	   "The cache has no dentry of this name."
#define SENTENCE_RECHECK   "The cache is asked again: no other task has inserted the name meanwhile."
#define SENTENCE_NEGATIVE                                                                       \
	"The cache has a dentry that says that the name does not exist, so the file system is " \
	"not asked again."
#define SENTENCE_FAILED "The open fails with this error: there is no file, and so no address."

/* The lines on the way from the root to a node: which of the nodes above have a younger sibling. */
struct trunk {
	bool has_next[TREE_MAX_DEPTH];
	int depth;
};

static void write_trunk(struct tree *tree, const struct trunk *trunk, int depth)
{
	for (int i = 0; i < depth; i++) {
		if (trunk->has_next[i])
			TEXT(&tree->text, "│  ");
		else
			TEXT(&tree->text, "   ");
	}
}

static void write_branch(struct tree *tree, const struct trunk *trunk)
{
	tree_style(tree, STYLE_DIM);
	write_trunk(tree, trunk, trunk->depth - 1);
	if (trunk->has_next[trunk->depth - 1])
		TEXT(&tree->text, "├─ ");
	else
		TEXT(&tree->text, "└─ ");
	tree_plain(tree);
}

/* Begin a further line that belongs to @node. */
static void write_below(struct tree *tree, const struct trunk *trunk, const struct node *node)
{
	tree_style(tree, STYLE_DIM);
	write_trunk(tree, trunk, trunk->depth);
	if (node->first >= 0)
		TEXT(&tree->text, "│  ");
	else
		TEXT(&tree->text, "   ");
}

/* How much of @sentence goes on a line of @room columns: up to a space, one word at least. */
static size_t line_length(const char *sentence, size_t room)
{
	size_t fits = 0;

	for (size_t i = 0;; i++) {
		bool is_end = sentence[i] == '\0';

		if (is_end || sentence[i] == ' ') {
			if (fits && i > room)
				return fits;
			fits = i;
		}
		if (is_end)
			return fits;
	}
}

/* A sentence below the node's line, broken at spaces. */
static void write_sentence(struct tree *tree, const struct trunk *trunk, const struct node *node,
			   const char *sentence)
{
	size_t room = TREE_COLUMNS - 3 * ((size_t)trunk->depth + 1);

	while (*sentence) {
		size_t len = line_length(sentence, room);

		write_below(tree, trunk, node);
		text_bytes(&tree->text, sentence, len);
		tree_plain(tree);
		text_char(&tree->text, '\n');
		sentence += len + (sentence[len] == ' ');
	}
}

static const char *sentence_of(const struct node *node)
{
	const struct hop *hop = node->hop;

	if (node->is_lookup_entry)
		return hop->point == POINT_ENTRY ? SENTENCE_NO_RETURN : SENTENCE_ENTRY;
	if (hop->kind == HOP_LOOKUP && !hop->has_addr)
		return node->is_recheck ? SENTENCE_RECHECK : SENTENCE_MISS;
	if (hop->kind == HOP_LOOKUP && hop->negative == IS_TRUE)
		return SENTENCE_NEGATIVE;
	if (hop->kind == HOP_FILE && hop->err)
		return SENTENCE_FAILED;
	return words[hop->kind].sentence;
}

/* What a substitute stands in for, NULL if the probe is the role's own. */
static const char *substitute_note(const struct tree *tree, const struct hop *hop)
{
	for (size_t i = 0; i < tree->options->plan_count; i++) {
		const struct plan_entry *entry = &tree->options->plan[i];

		if (entry->role != hop->role || entry->point != hop->point || !entry->note)
			continue;
		if (entry->symbol && hop->symbol && strcmp(entry->symbol, hop->symbol) != 0)
			continue;
		return entry->state == PROBE_SUBSTITUTE ? entry->note : NULL;
	}
	return NULL;
}

static bool is_ending(const struct hop *hop)
{
	return hop->kind == HOP_DELETE || hop->kind == HOP_RENAME || hop->kind == HOP_EVICT;
}

static const char *storage_words(const struct lifetime *lifetime)
{
	switch (lifetime->storage) {
	case STORAGE_INLINE:
		return ", inline";
	case STORAGE_EXTERNAL:
		return ", external";
	case STORAGE_UNKNOWN:
		break;
	}
	return "";
}

/* Since the open's entry. */
static void write_since(const struct tree *tree, struct text *text, const struct hop *hop,
			const char *before)
{
	char since[NS_SIZE];

	if (!tree->options->shows_since || !hop->open)
		return;
	format_ns(since, hop->since < 0 ? -(uint64_t)hop->since : (uint64_t)hop->since);
	text_str(text, before);
	text_char(text, hop->since < 0 ? '-' : '+');
	text_str(text, since);
}

/* Compose what stands in the parentheses; its width decides whether a note fits after it. */
static void compose_what(struct tree *tree, const struct lifetime *lifetime,
			 const struct hop_group *group, const struct hop *hop)
{
	struct text *text = &tree->scratch;

	text->len = 0;
	if (hop->kind == HOP_LOOKUP && !hop->has_addr) {
		TEXT(text, "dentry * return = NULL");
		write_since(tree, text, hop, ", ");
		return;
	}
	text_str(text, words[hop->kind].what);
	if (hop->kind == HOP_LOOKUP && hop->negative == IS_TRUE)
		TEXT(text, ", negative");
	if (hop->kind == HOP_ALLOC)
		text_str(text, storage_words(lifetime));
	if (is_ending(hop) || hop->tid != group->start->tid) {
		TEXT(text, ", by ");
		tree_task(text, hop->comm, hop->tid);
	}
	write_since(tree, text, hop, ", ");
}

/* The function and its probe point; return their width. */
static size_t write_symbol(struct tree *tree, const struct hop *hop, enum point point)
{
	const char *symbol = hop->symbol;
	size_t before = tree->text.len;

	/* A file need not say which function an event probed. */
	if (symbol && *symbol) {
		escape_c(&tree->text, symbol, strlen(symbol));
	} else {
		text_char(&tree->text, '[');
		text_str(&tree->text, role_name(hop->role));
		text_char(&tree->text, ']');
	}
	text_char(&tree->text, ' ');
	text_str(&tree->text, point_name(point));
	text_char(&tree->text, ' ');
	return tree->text.len > before ? tree->text.len - before : 0;
}

static void write_what(struct tree *tree, const struct trunk *trunk, const struct node *node,
		       size_t column)
{
	const char *note = substitute_note(tree, node->hop);
	struct text *text = &tree->text;

	tree_style(tree, STYLE_DIM);
	TEXT(text, " (");
	text_bytes(text, tree->scratch.data, tree->scratch.len);
	column += 2 + tree->scratch.len;
	if (note && column + 2 + strlen(note) + 1 <= TREE_COLUMNS) {
		TEXT(text, "; ");
	} else if (note) {
		TEXT(text, ";");
		tree_plain(tree);
		text_char(text, '\n');
		write_below(tree, trunk, node);
	}
	if (note)
		escape_c(text, note, strlen(note));
	TEXT(text, ")");
	tree_plain(tree);
	text_char(text, '\n');
}

static void write_lookup_entry(struct tree *tree, const struct hop *hop)
{
	struct text *text = &tree->text;

	write_symbol(tree, hop, POINT_ENTRY);
	if (hop->has_hash) {
		TEXT(text, "hash=");
		text_u64(text, hop->hash);
		text_char(text, ' ');
	}
	TEXT(text, "len=");
	if (hop->len)
		text_u64(text, hop->len);
	else
		TEXT(text, "unknown");
	tree_style(tree, STYLE_DIM);
	TEXT(text, " (qstr { name, len, hash }");
	if (hop->point == POINT_ENTRY)
		TEXT(text, "; no return seen");
	TEXT(text, ")");
	tree_plain(tree);
	text_char(text, '\n');
}

static void write_failure(struct tree *tree, const struct hop *hop)
{
	const char *name = errno_name(hop->err);

	write_symbol(tree, hop, POINT_RETURN);
	tree_style(tree, STYLE_ABSENT);
	text_str(&tree->text, name ? name : "error");
	TEXT(&tree->text, " (-");
	text_s64(&tree->text, hop->err);
	TEXT(&tree->text, ")");
	tree_plain(tree);
	write_since(tree, &tree->text, hop, " ");
	text_char(&tree->text, '\n');
}

/* "0x…", or a word of the same meaning to the reader; return its width. */
static size_t write_address(struct tree *tree, const struct hop *hop)
{
	const char *word = hop->kind == HOP_LOOKUP ? "NULL" : "unknown";

	if (hop->has_addr) {
		text_addr(&tree->text, hop->addr);
		return 18;
	}
	tree_style(tree, STYLE_ABSENT);
	text_str(&tree->text, word);
	tree_plain(tree);
	return strlen(word);
}

static void write_node(struct tree *tree, const struct lifetime *lifetime,
		       const struct hop_group *group, const struct trunk *trunk,
		       const struct node *node)
{
	const struct hop *hop = node->hop;

	write_branch(tree, trunk);
	if (node->is_lookup_entry) {
		write_lookup_entry(tree, hop);
	} else if (hop->kind == HOP_FILE && hop->err) {
		write_failure(tree, hop);
	} else {
		size_t column = 3 * (size_t)trunk->depth;

		column += write_symbol(tree, hop, hop->point);
		column += write_address(tree, hop);
		compose_what(tree, lifetime, group, hop);
		write_what(tree, trunk, node, column);
	}
	if (tree->options->explain)
		write_sentence(tree, trunk, node, sentence_of(node));
}

/* The nodes from @index on, and all below them. No hop hangs deeper than the table of parents. */
static void write_nodes(struct tree *tree, const struct lifetime *lifetime,
			const struct hop_group *group, struct trunk *trunk, int index)
{
	trunk->depth++;
	while (index >= 0 && trunk->depth < TREE_MAX_DEPTH) {
		const struct node *node = &tree->shape.nodes[index];

		trunk->has_next[trunk->depth - 1] = node->next >= 0;
		write_node(tree, lifetime, group, trunk, node);
		write_nodes(tree, lifetime, group, trunk, node->first);
		index = node->next;
	}
	trunk->depth--;
}

void tree_group(struct tree *tree, const struct lifetime *lifetime, const struct hop_group *group)
{
	struct trunk trunk = { .depth = 0 };

	write_nodes(tree, lifetime, group, &trunk, group->first);
}
