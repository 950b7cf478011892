# SPDX-License-Identifier: MIT
# What the checks share. Busybox is all there is.

tracefs=/sys/kernel/tracing
expects=/usr/lib/ftopen/scenarios
failures=0
work=$(mktemp -d /root/check.XXXXXX)
cd "$work" || exit 1

# ok NAME COMMAND...: the command's status decides
ok() {
	name=$1
	shift
	if "$@" >"$work/said" 2>&1; then
		echo "ok $name"
	else
		echo "not ok $name"
		sed 's/^/    /' "$work/said"
		failures=$((failures + 1))
	fi
}

# is NAME WANTED GOT
is() {
	if [ "$2" = "$3" ]; then
		echo "ok $1"
	else
		echo "not ok $1: wanted '$2', got '$3'"
		failures=$((failures + 1))
	fi
}

# has FILE TEXT, lacks FILE TEXT: fixed strings
has() {
	grep -qF -- "$2" "$1" || {
		echo "no '$2' in:"
		cut -c 1-300 "$1"
		return 1
	}
}

lacks() {
	! grep -F -- "$2" "$1"
}

# The first event that is enabled anywhere, by whatever tool, makes older kernels give the top-level
# buffer its full size: for comparisons of the state that has to be over.
expand_buffers() {
	mkdir $tracefs/instances/expand
	echo 1 >$tracefs/instances/expand/events/sched/sched_switch/enable
	echo 0 >$tracefs/instances/expand/events/sched/sched_switch/enable
	rmdir $tracefs/instances/expand
}

# Until a trace records: its self-test is over, and its program about to be let go. One that never
# does is another check's failure.
await_tracing() {
	tries=0
	until cat $tracefs/instances/ftopen_*_any/tracing_on 2>/dev/null | grep -q 1 ||
		[ $tries -eq 600 ]; do
		usleep 50000
		tries=$((tries + 1))
	done
}

# ticks PID: hundredths of a second that it had a processor
ticks() {
	cut -d ' ' -f 14,15 "/proc/$1/stat" | tr ' ' + | { read -r sum; echo $((sum)); }
}

# is_quiet PID: for a second it hardly works
is_quiet() {
	before=$(ticks "$1")
	sleep 1
	spent=$(($(ticks "$1") - before))
	[ $spent -lt 30 ] || { echo "$spent hundredths of a second"; return 1; }
}

# The first of our processes.
our_pid() {
	pidof ftopen | tr ' ' '\n' | sort -n | head -n 1
}

# All of tracefs that a trace might change.
state() {
	for file in kprobe_events tracing_on set_event current_tracer trace_clock set_event_pid \
		buffer_size_kb trace_options kprobe_profile; do
		echo "== $file"
		cat $tracefs/$file
	done
	for folder in $tracefs/instances/*/; do
		[ -d "$folder" ] || continue
		echo "== $folder"
		cat "$folder/tracing_on" "$folder/set_event" "$folder/trace_clock"
	done
	find $tracefs/events -maxdepth 1 -name 'ftopen*'
}

# same_state: as it was when state_before was written
same_state() {
	state >"$work/state_after"
	cmp "$work/state_before" "$work/state_after" || diff "$work/state_before" "$work/state_after"
}

finish() {
	cd /
	rm -rf "$work"
	exit $((failures > 0))
}
