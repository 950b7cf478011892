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
# does is another check's failure. A new instance has tracing_on at first, and no events.
is_tracing() {
	grep -q '[1X]' $tracefs/instances/ftopen_*_any/events/enable &&
		grep -q 1 $tracefs/instances/ftopen_*_any/tracing_on
}
await_tracing() {
	await is_tracing
}

# Until a trace with -p records what its threads do: they are selected when it records already.
await_attached() {
	await_tracing
	await grep -q '^[0-9]' $tracefs/instances/ftopen_*/set_event_pid
}

# rounds FOLDER: how often this process or thread of /proc has slept
rounds() {
	sed -n 's/^voluntary_ctxt_switches:[[:space:]]*//p' "$1/status"
}
has_rounds() {
	[ "$(rounds "/proc/$1")" -ge "$2" ]
}
# await_rounds PID: until it has slept ten times more, after which it has seen all that was there
await_rounds() {
	await has_rounds "$1" $(($(rounds "/proc/$1") + 10))
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

# is_quiet PID: each of its threads sleeps, and wakes seldom. The time for which it had a processor says
# nothing: it pays for that in which the machine does not let the guest run.
is_quiet() {
	for thread in /proc/"$1"/task/*; do
		asleep=0
		before=$(rounds "$thread")
		for sample in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
			usleep 50000
			! grep -q '^State:[[:space:]]*S' "$thread/status" || asleep=$((asleep + 1))
		done
		woken=$(($(rounds "$thread") - before))
		[ $asleep -ge 3 -a $woken -lt 100 ] || {
			echo "$thread is asleep in $asleep of 20 moments, and was woken $woken times"
			return 1
		}
	done
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

# Which roles are not tested, as doctor says in the file doctor.
untested() {
	echo $(awk '/not tested/ { print $1 }' doctor | sort)
}
