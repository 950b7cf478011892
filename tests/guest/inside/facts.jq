# SPDX-License-Identifier: MIT
# JSON Lines of ftopen as rows of words, for awk: what check-truth-* ask for (truth.sh reads it).
# Under emulation that costs a second for 5,000 rows: $no_hops leaves out most of them.

def word: if . == null then "-" elif type == "string" then
	if . == "" then "''" else split(" ") | join("_") end else tojson end;
def row: map(word) | join(" ");

if .type == "open" then
	["open", .id, .name, .result, .cache, .path, .dir, .comm, .tid, .complete,
		.flags, .cache_why] | row
elif .type == "name" then
	. as $name
	| ([.paths[] | word] + [.component | word] | unique | "|" + join("|") + "|") as $key
	| (["name", $key, .component, .name, .dev, .dir_ino, (.paths | length), .paths_dropped] | row),
	(.lifetimes[] | . as $life
		| (["life", $key, .index, .dentry, .born, .born_comm, .born_tid, .end, .end_comm,
			.end_tid, .negative, .storage] | row),
		(if $no_hops then empty else .hops[] end | ["hop", $key, $life.index, .hop, .addr, .ts, .comm, .tid, .open,
			$life.dentry] | row)),
	(.relations[] | ["relation", $key, .lifetime, "\(.left)\(.op)\(.right)", .value, .expected,
		.verdict, .means, .open, .why] | row)
elif .type == "summary" then
	["summary", .verdicts.PASS, .verdicts.FAIL, .verdicts.UNKNOWN, .allocs, .evictions, .lost,
		.opens] | row
else
	["loss", .scope, .count] | row
end
