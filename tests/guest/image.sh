# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# Building the guest's disk, $tmp/disk: a folder with everything in it, made into an ext4 by
# mke2fs -d, which needs no root. It is built anew for each run (see README.md for how long that
# takes), so nothing in it can be old.

guest_home=usr/libexec/guest # init knows this name too
free_kb=4194304

# Where programs for the guest's machine come from: this system, or the build and the packages of
# another machine.
build_image() {
	built=$top
	sysroot=
	busybox=$(command -v busybox)
	if [ "$arch" != x86_64 ]; then
		built=$top/build/$arch
		sysroot=$top/.cache/sysroot/$arch
		busybox=$sysroot/bin/busybox
		[ -d "$sysroot" ] || die 125 "no packages for $arch here: make ARCH=$arch gets them"
	fi
	stage=$tmp/stage
	build_disk >"$tmp/image.log" 2>&1 || {
		cat "$tmp/image.log" >&2
		die 125 "the guest's disk cannot be built"
	}
	rm -rf "$stage"
}

# Kernels that have their disk's driver and file system as modules need a first stage to load them.
build_initramfs() {
	initramfs=
	[ -n "$(find "$kernel_dir/" -name ext4.ko)" ] || return 0
	stage=$tmp/initramfs-stage
	# /sbin/modprobe is what the kernel itself calls, for the checksums of ext4.
	mkdir -p "$stage/dev" "$stage/root" "$stage/bin" "$stage/sbin" "$stage/lib" \
		"$stage/proc" &&
		cp -L "$busybox" "$stage/bin/busybox" &&
		ln -s ../bin/busybox "$stage/sbin/modprobe" &&
		cp -r "$kernel_dir/lib/modules" "$stage/lib/" &&
		install -m 755 "$here/init-disk" "$stage/init" &&
		(cd "$stage" && find . | busybox cpio -o -H newc >"$tmp/initramfs") 2>"$tmp/image.log" || {
		cat "$tmp/image.log" >&2
		die 125 "the guest's initramfs cannot be built"
	}
	rm -rf "$stage"
	initramfs=$tmp/initramfs
}

build_disk() {
	mkdir "$stage" &&
		(cd "$stage" && stage_skeleton) &&
		stage_busybox &&
		stage_ftopen &&
		stage_with &&
		stage_libraries &&
		stage_modules &&
		stage_command &&
		stage_extra &&
		make_disk
}

stage_skeleton() {
	mkdir -p usr/bin usr/lib usr/lib64 usr/local/bin usr/local/lib/ftopen usr/share \
		"$guest_home" etc dev proc sys run tmp out extra mnt/loopfs root home/user \
		var/log var/tmp &&
		ln -s bin usr/sbin &&
		ln -s usr/bin bin && ln -s usr/bin sbin &&
		ln -s usr/lib lib && ln -s usr/lib64 lib64 &&
		chmod 700 root && chmod 1777 tmp var/tmp &&
		printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' \
			'user:x:1000:1000:user:/home/user:/bin/sh' \
			'nobody:x:65534:65534:nobody:/nonexistent:/bin/false' >etc/passwd &&
		printf '%s\n' 'root:x:0:' 'tty:x:5:' 'user:x:1000:' 'nogroup:x:65534:' >etc/group &&
		printf '127.0.0.1\tlocalhost guest\n' >etc/hosts &&
		ln -s /proc/self/mounts etc/mtab &&
		: >etc/fstab &&
		mke2fs -q -F -t ext4 -m 0 "$guest_home/loopfs.img" 256M
}

# The relays of init need a name that no `killall cat` in the command hits, and busybox answers to
# everything that begins with its own.
stage_busybox() {
	busybox --install -s "$stage/usr/bin" &&
		cp -L --remove-destination "$busybox" "$stage/usr/bin/busybox" &&
		ln -s /usr/bin/busybox "$stage/$guest_home/busybox-relay"
}

# ftopen and its scenarios lie where `make install` puts them; the scenarios are in PATH as well.
stage_ftopen() {
	lib=$stage/usr/local/lib/ftopen
	ln -s ../local/lib/ftopen "$stage/usr/lib/ftopen" && mkdir "$lib/scenarios" || return
	[ ! -f "$built/ftopen" ] || stage_program "$built/ftopen" /usr/local/bin || return
	scenarios=$top/build/scenarios
	[ "$built" = "$top" ] || scenarios=$built/scenarios
	for scenario in "$scenarios"/*; do
		[ -f "$scenario" ] && [ -x "$scenario" ] || continue
		stage_program "$scenario" /usr/local/bin &&
			cp "$scenario" "$lib/scenarios/" || return
	done
	for expectation in "$top"/scenarios/*.expect; do
		[ ! -f "$expectation" ] || cp "$expectation" "$lib/scenarios/" || return
	done
}

# Programs of this system, or of the other machine's packages, by name or path.
stage_with() {
	for program in $with; do
		path=$(PATH=${sysroot:+$sysroot/usr/bin:$sysroot/bin:}$PATH command -v "$program") || {
			echo "WITH: there is no $program here"
			return 1
		}
		stage_program "$path" /usr/local/bin || return
	done
}

# stage_program FILE FOLDER: copies a program and notes which libraries it needs.
stage_program() {
	cp -L "$1" "$stage$2/" || return
	needs=$(ldd "$1" 2>/dev/null) || return 0 # static, or a script
	case $needs in
	*'not found'*)
		printf '%s: %s\n' "$1" "$needs"
		return 1
		;;
	esac
	printf '%s\n' "$needs" >>"$tmp/libraries"
}

# The libraries that the programs named, the loader among them, and what libraries open on their
# own: the plugins of traceevent and trace-cmd, and libgcc for pthread_cancel. The C library comes
# in any case, for programs from EXTRA.
stage_libraries() {
	if [ "$arch" = x86_64 ]; then
		stage_system_libraries
	else
		stage_sysroot_libraries
	fi
}

# ldd cannot look at another machine's programs: they get every library that there is.
stage_sysroot_libraries() {
	mkdir -p "$stage/usr/lib/$arch_triplet" &&
		cp -a "$sysroot/lib/$arch_triplet"/*.so* "$sysroot/usr/lib/$arch_triplet"/*.so* \
			"$stage/usr/lib/$arch_triplet/" &&
		cp -a "$sysroot"/lib/ld*.so.* "$stage/usr/lib/"
}

stage_system_libraries() {
	ldd "$(command -v xz)" >>"$tmp/libraries"
	libraries=$(sed -n -e 's/.* => \(\/[^ ]*\) (.*/\1/p' \
		-e 's/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p' "$tmp/libraries" | sort -u)
	for library in $libraries; do
		folder=${library%/*}
		mkdir -p "$stage$folder" && cp -L "$library" "$stage$folder/" || return
		case $library in
		*/libc.so.*) add_on=libgcc_s.so.1 ;;
		*/libtraceevent.so.*) add_on=traceevent/plugins ;;
		*/libtracecmd.so.*) add_on=trace-cmd/plugins ;;
		*) continue ;;
		esac
		[ -e "$folder/$add_on" ] || continue
		add_to=$(dirname "$stage$folder/$add_on")
		mkdir -p "$add_to" && cp -rL "$folder/$add_on" "$add_to/" || return
	done
	[ ! -f /etc/ld.so.cache ] || cp /etc/ld.so.cache "$stage/etc/"
	! grep -q libtinfo "$tmp/libraries" || stage_terminal
}

# What programs for a terminal want to know of it and of its letters.
stage_terminal() {
	mkdir -p "$stage/usr/lib/terminfo/s" "$stage/usr/lib/locale" &&
		cp /lib/terminfo/s/screen "$stage/usr/lib/terminfo/s/" &&
		cp -rL /usr/lib/locale/C.[uU]* "$stage/usr/lib/locale/"
}

stage_modules() {
	[ ! -d "$kernel_dir/lib/modules" ] ||
		cp -r "$kernel_dir/lib/modules" "$stage/usr/lib/"
}

stage_command() {
	install -m 755 "$here/init" "$stage/$guest_home/init" &&
		printf '%s' "$command" >"$stage/$guest_home/command" || return
	[ -z "$out" ] || : >"$stage/$guest_home/want-out"
	# Without root the files of the disk belong to whoever built it; init puts that right.
	[ "$(id -u)" -eq 0 ] || : >"$stage/$guest_home/chown"
}

stage_extra() {
	[ -z "$extra" ] || cp -a --reflink=auto "$extra/." "$stage/extra/"
}

# No inode table is left for the kernel to initialise in the background while something is traced:
# a sparse file reads as zeros, and the mounts say noinit_itable.
make_disk() {
	used_kb=$(du -sk "$stage" | cut -f 1)
	mke2fs -q -F -t ext4 -m 0 -L guest -d "$stage" "$tmp/disk" \
		"$((free_kb + used_kb + used_kb / 8))k"
}
