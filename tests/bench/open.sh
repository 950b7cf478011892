# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The tables of what an open costs: in a guest whose clock counts instructions, 2 ns each.

# instructions FILE [BARE]: each round's figure of FILE, in instructions; BARE's of the same round taken off
instructions() {
	paste "$tmp/open/$1" "${2:+$tmp/open/}${2:-/dev/null}" | awk '{ print ($1 - $2) / 2 }'
}

# open_row WHAT FILE AGAINST GOAL [BARE]: of whole opens, or of what is added to bare ones
open_row() {
	instructions "$2" "${5-}" >"$tmp/a"
	instructions "$3" "${5-}" >"$tmp/b"
	row "$1" '' "$tmp/a" "$tmp/b" "$4"
}

# ledger_row WHAT FILE WITHOUT: what FILE has more than WITHOUT, and as a share of all that record adds
ledger_row() {
	instructions "$2" "$3" >"$tmp/a"
	instructions files.record files.bare >"$tmp/b"
	echo "$(figures "$tmp/a") $(figures "$tmp/b")" | awk -v what="$1" '
		{ printf "| %s | %.0f (%.0f–%.0f) | %.0f %% |\n", what, $1, $2, $3, 100 * $1 / $4 }'
}

table_ledger() {
	cat <<'EOS'

| added to an open of /tmp/op_N, hits | instructions | share |
|---|---|---|
EOS
	ledger_row 'the probes, which tell only that they were hit' ledger.hooks files.bare
	ledger_row 'numbers' ledger.numbers ledger.hooks
	ledger_row 'strings' ledger.all ledger.numbers
	ledger_row "the list of tasks (\`set_event_pid\`)" ledger.listed ledger.all
	ledger_row 'ftopen record, which reads them' files.record ledger.listed
	ledger_row 'in its place: ftopen trace' files.trace ledger.listed
}

table_open() {
	in_guest open -i "OPENS=$opens ROUNDS=$repeats sh /extra/open"
	cat <<EOS

## What an open costs

Instructions for an open and its close: this guest's clock counts instructions, so the figures are absolute. $opens
opens, $repeats rounds. *Before* is commit $before, a *bystander* is a task that is not traced, a *goal* is the highest
ratio that is wanted.

| added to a bare open of /tmp/op_N, a hit, if not said otherwise | ftopen | against | ratio | goal |
|---|---|---|---|---|
EOS
	open_row 'record : before' files.record files.before 0.42 files.bare
	open_row 'record : trace-cmd record of the definitions of before' files.record files.trace_cmd 0.43 \
		files.bare
	open_row 'record : bpftrace, the same work' files.record files.same_work 0.37 files.bare
	open_row 'six components, 60 bytes of path, record : before' deep.record deep.before 0.38 deep.bare
	open_row 'a miss (create, unlink), record : before' reuse.record reuse.before 0.55 reuse.bare
	open_row 'a bystander, record --evictions=own : trace-cmd record' beside.own beside.trace_cmd '< 1' \
		files.bare
	open_row 'a bystander, record : trace-cmd record' beside.any beside.trace_cmd – files.bare

	cat <<'EOS'

| whole open of /tmp/op_N | ftopen | against | ratio | goal |
|---|---|---|---|---|
EOS
	open_row 'record : nothing traced' files.record files.bare –
	open_row 'record : bpftrace opensnoop' files.record files.opensnoop 0.90
	open_row 'trace : bpftrace opensnoop' files.trace files.opensnoop 1.00
	open_row 'a bystander, record --evictions=own : nothing traced' beside.own files.bare –
	open_row 'an open, record --calls=path : record' path.record files.record –
	open_row 'an open, record --uid : record' files.users files.record –
	open_row 'a miss (create, unlink), record --uid : record' reuse.users reuse.record –
	open_row 'a stat, record --calls=path : nothing traced' stats.path stats.bare –
	open_row 'a stat, record : nothing traced' stats.record stats.bare –
	row 'bytes of trace.dat, record : before' '' "$tmp/open/bytes.record" "$tmp/open/bytes.before" 0.50
	table_ledger
	# What was counted by hand is kept beside this script.
	echo
	cat tests/bench/open.md
}
