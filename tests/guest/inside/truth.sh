# SPDX-License-Identifier: MIT
# What check-truth-* share: a trace of acts (tests/guest/programs), its results as rows of words
# (facts.jq), and questions to these rows. Sourced after lib.sh.

place=/tmp/truth
jq=$(dirname "$0")/facts.jq

no_hops=false

rows_of_result() {
	jq -r --argjson no_hops $no_hops -f "$jq" result >facts
}

# trace ARGUMENT...: of ftopen; what it said goes to the files result and facts
trace() {
	ftopen trace -q --format json --results result "$@" >said_by_it 2>noted
	status=$?
	rows_of_result
	if [ $status -ne 0 ] || grep -qE '^[a-z]+ .*: [A-Z]' said_by_it; then
		is "the program of this trace does what it is told" "" \
			"$(cat said_by_it noted | tail -n 3)"
	fi
}

# afresh: an empty folder, which is $place
afresh() {
	rm -rf $place
	mkdir $place
}

# done_by ACT...: in a trace
done_by() {
	trace --components -- acts "$@"
}

# of KIND NAME FIELD: that column of the rows of names with this component or spelling, in a line
of() {
	awk -v kind="$1" -v name="|$2|" -v field="$3" '
		$1 == kind && index($2, name) { printf "%s%s", between, $field; between = " " }
	' facts
}

names() {
	awk -v name="|$1|" '$1 == "name" && index($2, name)' facts | wc -l
}
born() {
	of life "$1" 5
}
born_comm() {
	of life "$1" 6
}
born_tid() {
	of life "$1" 7
}
ends() {
	of life "$1" 8
}
ended_by() {
	of life "$1" 9
}
hops() {
	of hop "$1" 4
}

# opens FIELD: of all opens below $place, in order
opens() {
	awk -v field="$1" -v place="$place" '
		$1 == "open" && index($3, place) == 1 { printf "%s%s", between, $field; between = " " }
	' facts
}

# verdicts NAME RELATION: value and verdict of each, such as "5=PASS 5=PASS"
verdicts() {
	awk -v name="|$1|" -v relation="$2" '
		$1 == "relation" && index($2, name) && $4 == relation {
			printf "%s%s=%s", between, $5, $7
			between = " "
		}' facts
}

no_fail() {
	is "$1: nothing FAILs" "" "$(awk '$1 == "relation" && $7 == "FAIL" { print $2, $4, $5 }' facts |
		head -n 5 | tr '\n' ';')"
}

no_unknown() {
	is "$1: nothing is UNKNOWN" "" "$(awk '
		$1 == "relation" && $7 == "UNKNOWN" { print $2, $4, $10 }' facts |
		head -n 5 | tr '\n' ';')"
}

# Errors by their names, and every descriptor as "fd".
result_word='function word(result) {
	split("-2 ENOENT -13 EACCES -17 EEXIST -20 ENOTDIR -21 EISDIR -36 ENAMETOOLONG -40 ELOOP -116 ESTALE",
		pairs, " ")
	for (i = 1; i in pairs; i += 2)
		if (pairs[i] == result)
			return pairs[i + 1]
	return result >= 0 ? "fd" : result
}'

# opens_are WHAT: rows "NAME RESULT CACHE [PATH]" on stdin are all opens of the acts, in order. One
# line for each, and one for each path. "miss|stale" is either, a path that is
# not known is "-".
opens_are() {
	awk "$result_word"'
		$1 == "open" && $3 !~ /(\/bin\/acts|drop_caches)$/ { print $3, word($4), $5, $6 }
	' facts >opened
	row=0
	exec 3<opened
	while read -r name wanted cache path; do
		row=$((row + 1))
		read -r opened result answer way <&3 || opened=- result=- answer=- way=-
		case "|$cache|" in *"|$answer|"*) cache=$answer ;; esac
		is "$1: open $row, $name" "$name $wanted $cache" "$opened $result $answer"
		case "|$path|" in *"|$way|"*) path=${path:+$way} ;; esac
		[ -z "$path" ] || is "$1: open $row, $name: its path" "$path" "$way"
	done
	exec 3<&-
	is "$1: no other open" $row "$(wc -l <opened)"
}
