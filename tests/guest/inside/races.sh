# SPDX-License-Identifier: MIT
# Threads that look the same names up at the same time (tests/guest/programs/races.c), and what ftopen
# has to say of them. Sourced after truth.sh; $rounds, $where and $found are the caller's.

# caches NAME PATTERN: rounds whose three opens of that name have other words than the pattern
caches() {
	awk -v name="/$1\$" -v wanted="$2" '
		$1 == "open" && $3 ~ name { said[$3] = said[$3] " " $5 }
		END { for (path in said) if (said[path] !~ "^( (" wanted ")){3}$") print path said[path] }
	' facts | sort | head -n 3 | tr '\n' ';'
}
# Each path that three threads opened in a folder of its own.
own_names() {
	is "$1: every open of the program is seen" $((rounds * $2)) \
		"$(awk -v place="$place/" '$1 == "open" && index($3, place) == 1' facts | wc -l)"
	is "$1: with its result" "$(sort said_by_it | tr '\n' ' ')" "$(awk -v place="$place/" '
		$1 == "open" && index($3, place) == 1 { print $3, ($4 > 0 ? 0 : $4) }' facts | sort |
		tr '\n' ' ')"
	is "$1: no name has the spelling of another folder's" "" "$(awk -v place="$place/q" '
		$1 == "name" {
			number = split($2, spelling, "|"); first = ""
			for (i = 2; i < number; i++) {
				if (index(spelling[i], place) != 1) continue
				split(substr(spelling[i], length(place) + 1), part, "/")
				if (first != "" && part[1] != first) print $2
				first = part[1]
			}
		}' facts | head -n 2 | tr '\n' ';')"
	is "$1: each open has the path that it has" "" "$(awk -v place="$place/" '
		$1 == "open" && index($3, place) == 1 && $4 >= 0 {
			path = $3
			sub("/link/x$", "/x/x", path)
			sub("/final$", "/x/x", path)
			if ($6 != path) print $3, $6
		}' facts | head -n 2 | tr '\n' ';')"
	is "$1: source - filename is the length of the prefix" "" "$(awk '
		$1 == "relation" && $4 == "source-filename" && $7 != "PASS" { print $2, $5, $7 }' facts |
		head -n 2 | tr '\n' ';')"
	no_fail "$1"
	no_unknown "$1"
}

# raced KIND OPENS NAME: on a cold $place
raced() {
	trace --components -- races "$1" "$rounds" $place
	own_names "$1 on $where" "$2"
}
links() {
	raced links 6
	is "links on $where: the last component of each path was a miss, or is a hit" "" \
		"$(caches x "$found")$(caches final "$found")"
}
colds() {
	raced colds 6
	is "colds on $where: hit or miss" "" "$(caches cold "$found")"
	is "colds on $where: what does not exist" "" "$(caches none 'miss|negative|stale')"
}
creates() {
	raced creates 3
	is "creates on $where: one thread creates, the others find" "" "$(awk '
		$1 == "open" && $3 ~ /\/new$/ && $5 == "created" { created[$3]++ }
		$1 == "open" && $3 ~ /\/new$/ { opened[$3]++ }
		END { for (path in opened) if (created[path] != 1) print path, created[path] + 0 }' facts |
		head -n 3 | tr '\n' ';')"
}
