# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The tables of reading a recording, which a guest makes: seconds on this machine, in turn.

records() {
	./ftopen report --format summary "$1" | sed -n 's/^\([0-9]*\) records, .*/\1/p'
}

measure_reading() {
	for ((round = 0; round <= rounds; round++)); do
		progress "reading, round $round of $rounds"
		measure trace_cmd trace-cmd report -i "$made/x16.dat"
		measure walk build/bench/walk "$made/x16.dat"
		measure json ./ftopen report --format json --results "$tmp/r" "$made/x16.dat"
		measure tree ./ftopen report --format tree --results "$tmp/r" "$made/x16.dat"
		for size in 1 4 16; do
			measure x$size ./ftopen report --format summary "$made/x$size.dat"
		done
		measure html ./ftopen report --format html --results "$tmp/r" "$made/names.dat"
	done
}

table_read() {
	in_guest read "OPENS=$opens RECORDED=$recorded sh /extra/record"
	local file size memory made=$tmp/read
	measure_reading
	cat <<EOS

## Reading a recording

It has $(records "$made/x16.dat") records of $((recorded * 16)) opens by two threads. Seconds of the wall clock,
$rounds rounds.

| measure | ftopen | against | ratio | goal |
|---|---|---|---|---|
EOS
	row 'report --format summary : trace-cmd report' s "$tmp/x16" "$tmp/trace_cmd" 0.10
	row 'report --format summary : libtracecmd alone' s "$tmp/x16" "$tmp/walk" 1.5
	row 'report --format json : trace-cmd report' s "$tmp/json" "$tmp/trace_cmd" 0.25
	row 'report --format tree : trace-cmd report' s "$tmp/tree" "$tmp/trace_cmd" 0.25

	cat <<'EOS'

| recording | records | ns per record | peak memory |
|---|---|---|---|
EOS
	for size in 1 4 16; do
		file=$made/x$size.dat
		memory=$( { /usr/bin/time -f %M ./ftopen report --format summary "$file" >/dev/null; } 2>&1)
		echo "$size $(records "$file") $(figures "$tmp/x$size") $memory" | awk '{
			printf "| x%d | %d | %.0f | %.1f MiB |\n", $1, $2, $3 * 1e9 / $2, $6 / 1024 }'
	done

	figures "$tmp/html" | awk -v size="$(stat -c %s "$tmp/r")" '{
		printf "\n`--format html` of 100,000 names: %.2f (%.2f–%.2f) s, %.0f MiB; goal: under 10 s.\n", $1, $2, $3,
			size / 1048576 }'

	# Instructions do not depend on what else the machine does.
	valgrind --tool=callgrind --callgrind-out-file=/dev/null ./ftopen report --format summary \
		"$made/x1.dat" >/dev/null 2>"$tmp/err"
	sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$tmp/err" |
		awk -v records="$(records "$made/x1.dat")" '{
			printf "\n%.0f instructions per record, by\n`valgrind --tool=callgrind ./ftopen report --format summary FILE`.\n", $1 / records }'
}
