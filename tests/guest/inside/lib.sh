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

# await COMMAND...: until its status is 0, for minutes at most, because the machine may be busy
await() {
	turns=6000
	until "$@" 2>/dev/null; do
		turns=$((turns - 1))
		[ $turns -gt 0 ] || return 1
		usleep 50000
	done
}

# Until a trace records: its self-test is over, and its program about to be let go. One that never
# does is another check's failure.
is_tracing() {
	cat $tracefs/instances/ftopen_*_any/tracing_on | grep -q 1
}
await_tracing() {
	await is_tracing
}

# await_rounds PID: until its main thread has slept and woken ten times, after which it has seen all
# that was there
rounds() {
	sed -n 's/^voluntary_ctxt_switches:[[:space:]]*//p' "/proc/$1/status"
}
has_rounds() {
	[ "$(rounds "$1")" -ge "$2" ]
}
await_rounds() {
	await has_rounds "$1" $(($(rounds "$1") + 10))
}

# until_opened NAMES COMMAND...: a trace that is attached, until tasks that loop (tests/guest/programs/tasks.c)
# have opened each of these files
until_opened() {
	names=$1
	shift
	"$@" &
	attached=$!
	await_tracing
	: >go
	for name in $names; do
		rm -f "/tmp/tk_$name"
	done
	for name in $names; do
		await [ -e "/tmp/tk_$name" ]
	done
	kill -TERM $attached
	wait $attached
}

# ticks PID: hundredths of a second that it had a processor
ticks() {
	cut -d ' ' -f 14,15 "/proc/$1/stat" | tr ' ' + | { read -r sum; echo $((sum)); }
}

# is_quiet PID: there is a second in which it hardly works. Of ten: it pays for the time in which the
# machine does not let the guest run.
is_quiet() {
	for second in 1 2 3 4 5 6 7 8 9 10; do
		before=$(ticks "$1")
		sleep 1
		spent=$(($(ticks "$1") - before))
		[ $spent -ge 30 ] || return 0
	done
	echo "$spent hundredths of a second"
	return 1
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
