# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# Running the guest and telling how it ended. Its ports (see init) are files of $tmp: console, 1, 2
# and back. What appears in 1 and 2 is passed on at once by tail.
#
# Why files, and not pipes: QEMU drops what it holds back for a full pipe when the guest switches
# off, and a file is never full. With ioeventfd=off the emulator stores what a guest writes before
# the guest goes on, so that nothing is under way when it ends. Why virtio: 150 MB/s against 0.5
# for a serial line, both under emulation; where a machine has serial lines enough, they are there for
# kernels without virtio, and go to the same files.

run_guest() {
	progress "booting $kernel_release"
	rm -f "$tmp"/1 "$tmp"/2 "$tmp"/back
	: >"$tmp/1"
	: >"$tmp/2"
	start_qemu
	followers=
	follow 1 &
	followers=$!
	follow 2 >&2 &
	followers="$followers $!"
	wait "$qemu_pid"
	qemu_status=$?
	qemu_pid=
	# shellcheck disable=SC2086
	wait $followers
	followers=
	[ -z "$console_log" ] || cp "$tmp/console" "$console_log"
	[ ! -e "$tmp/reader-gone" ] || exit 141 # as if SIGPIPE had ended us
	finish
}

# thread=single: with one emulator thread per processor the guest dies of "Oops: int3" when the
# kernel patches its own code, as it does whenever an event is switched.
# cryptomgr.notests: the kernel's tests of its ciphers take every other time slice of the first
# seconds, from what is measured as well.
# watchdog_thresh: one of two processors is not let run for long where the host is busy, which the kernel takes
# for a lockup after twice so many seconds.
start_qemu() {
	case $accel in
	kvm) set -- -accel kvm -cpu host ;;
	*) set -- -accel tcg,thread=single ;;
	esac
	# 2 ns an instruction; a processor that waits lets the clock jump to the next timer.
	[ -z "$icount" ] || set -- "$@" -icount shift=1,sleep=off
	set -- "$@" -chardev file,id=console,path=console -serial chardev:console
	for port in 1 2 back; do
		set -- "$@" -chardev "file,id=virtio-$port,path=$port,append=on"
		case $arch_console in
		ttyS0)
			set -- "$@" -chardev "file,id=serial-$port,path=$port,append=on" \
				-serial "chardev:serial-$port"
			;;
		esac
	done
	set -- "$@" \
		-device "$arch_ports,ioeventfd=off" \
		-device virtserialport,nr=1,chardev=virtio-1 \
		-device virtserialport,nr=2,chardev=virtio-2 \
		-device virtserialport,nr=3,chardev=virtio-back
	[ -z "$initramfs" ] || set -- "$@" -initrd "$initramfs"
	# shellcheck disable=SC2086
	set -- $arch_machine "$@" -m "$memory" -smp "$cpus" \
		-display none -nodefaults -no-user-config -no-reboot \
		-kernel "$(realpath "$kernel_dir/vmlinuz")" \
		-drive file=disk,if=none,id=disk,format=raw,cache=unsafe \
		-device "$arch_disk,drive=disk" \
		-append "console=$arch_console quiet panic=-1 oops=panic cryptomgr.notests watchdog_thresh=60 \
root=/dev/$arch_root rootfstype=ext4 rootflags=noinit_itable rw init=/usr/libexec/guest/init \
${arch_append#-} $append"
	(
		cd "$tmp" || exit 125
		exec setpriv --pdeathsig TERM timeout -k 5 "$limit" "$arch_qemu" "$@"
	) </dev/null >"$tmp/qemu.log" 2>&1 &
	qemu_pid=$!
}

# Passes on a growing file until QEMU is gone. When nobody reads any more, the guest ends as well.
follow() {
	tail -c +1 -f -s 0.1 --pid="$qemu_pid" "$tmp/$1" 2>/dev/null && return
	: >"$tmp/reader-gone"
	kill "$qemu_pid" 2>/dev/null
}

# --- how it ended -------------------------------------------------------------------------------

# What the kernel says, at the beginning of a console line, when it is broken.
oops='^\[ *[0-9]+\.[0-9]+\].* *(BUG: |Oops: |Kernel panic|int3: |general protection fault)'

finish() {
	status=$(tar -xOf "$tmp/back" status 2>/dev/null)
	case $status in
	'' | *[!0-9]*) status= ;;
	*) [ -z "$out" ] || bring_back ;;
	esac
	fault=$(tr -d '\r' <"$tmp/console" | grep -E "$oops" | head -n 1 |
		sed 's/^\[[^]]*\] *//')
	if [ -n "$fault" ]; then
		broken "its kernel says: $fault"
	elif tar -xOf "$tmp/back" lost >/dev/null 2>&1; then
		broken 'the command killed what carries its output (kill -1?)'
	elif [ -n "$status" ]; then
		[ -z "$verbose" ] || report_warning
		exit "$status"
	elif [ "$qemu_status" -eq 124 ] || [ "$qemu_status" -eq 137 ]; then
		broken "it was still running after $limit s (LIMIT)"
	elif [ "$qemu_status" -ne 0 ]; then
		cat "$tmp/qemu.log" >&2
		die 125 "QEMU ended with $qemu_status"
	else
		broken 'it ended before the command did'
	fi
}

# The folder may exist and hold files: they stay, with their modes, unless /out has the same name.
bring_back() {
	tar -xpf "$tmp/back" -C "$out" --no-same-owner --no-overwrite-dir --strip-components=1 out \
		2>"$tmp/tar.log" && return
	cat "$tmp/tar.log" >&2
	die 125 "what the command left in /out cannot be put into '$out'"
}

# broken WHY: the message, and the end of what the console said.
broken() {
	{
		printf 'guest: %s (kernel %s)\n' "$1" "$kernel_release"
		printf 'guest: the last lines of its console:\n'
		tr -d '\r' <"$tmp/console" | sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g; s/\x1bc//g' |
			grep -v '^ *$' | tail -n 40 | sed 's/^/    /'
	} >&2
	exit 125
}

report_warning() {
	tar -xOf "$tmp/back" warning 2>/dev/null | tr -d '\r' >"$tmp/warning"
	if [ -s "$tmp/warning" ]; then
		echo 'guest: its kernel warned while the command ran:'
		sed 's/^/    /' "$tmp/warning"
	fi >&2
}
