# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# Finding a kernel: from a series or a path to a folder with vmlinuz, config and lib/modules/REL.
# Debian's packages are fetched (apt.sh) and unpacked, never installed.
#
# Sets kernel_dir and kernel_release. Reads kernel, flavour, cache, tmp and the row of arches.tab.

# The modules that guests get, with what these depend on. A kernel has the rest built in or not at
# all: what is not found is left out. The first three are the guest's disk. crc32c and its like are what
# file systems ask for by name.
guest_modules='nvme virtio_blk ext4 virtio_pci virtio_console loop overlay xfs btrfs squashfs fuse vfat exfat f2fs
erofs nfsd nfsv4 9p 9pnet_fd autofs4 utf8data nls_cp437 nls_ascii nls_utf8 nls_iso8859-1 crc32_generic
crc32c_generic crc32c-intel xxhash_generic blake2b_generic sha256_generic crc32c-cryptoapi'

# One line, and the status that says that there is no such kernel.
no_kernel() {
	die 77 "kernel '$kernel' cannot be had: $*"
}

find_kernel() {
	case $kernel in
	'') kernel=$(default_series) ||
		no_kernel "apt does not know a linux-image-$flavour-$arch_image; name a series" ;;
	esac
	case $kernel in
	*/*) find_kernel_file ;;
	*[!0-9.]* | .* | *. | *.*.* | '') find_kernel_file ;;
	*.*) find_kernel_series ;;
	*) no_kernel 'neither a series such as 6.1 nor a path to a vmlinuz' ;;
	esac
}

# The newest kernel of the system's own suite, as its meta package has it.
default_series() {
	series=$(apt-cache depends "linux-image-${flavour:+$flavour-}$arch_image" 2>/dev/null |
		sed -n 's/.*Depends: linux-image-\([0-9]*\.[0-9]*\).*/\1/p' | sort -V | tail -n 1)
	if [ -z "$series" ]; then
		suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release 2>/dev/null)
		series=$(awk -v suite="$suite" '!/^#/ && $2 == suite { print $1; exit }' \
			"$here/kernels.tab")
	fi
	[ -n "$series" ] && printf '%s\n' "$series"
}

# --- a vmlinuz by its path ----------------------------------------------------------------------

find_kernel_file() {
	[ -f "$kernel" ] && [ -r "$kernel" ] ||
		no_kernel 'neither a series such as 6.1 nor a file that can be read'
	kernel_release=$(image_release "$kernel")
	[ -n "$kernel_release" ] || no_kernel "it is not a kernel's image (vmlinuz) for $arch"

	kernel_dir=$tmp/kernel
	mkdir "$kernel_dir"
	ln -s "$(realpath "$kernel")" "$kernel_dir/vmlinuz"
	folder=$(dirname "$(realpath "$kernel")")
	# Beside it (our cache, a build's output), below the same root (/boot, an unpacked
	# package), or in the folder of the modules itself.
	for modules in "$folder/lib/modules/$kernel_release" \
		"$folder/../lib/modules/$kernel_release" \
		"$folder/../usr/lib/modules/$kernel_release" "$folder"; do
		if [ -d "$modules/kernel" ]; then
			pick_modules "$modules" "$kernel_dir/lib/modules/$kernel_release"
			break
		fi
	done
}

# A kernel says in its image what it is: x86's in a place of its own, others in their banner, if they
# are not compressed or gzipped as a whole.
image_release() {
	if [ "$arch" = x86_64 ]; then
		bzimage_release "$1"
	else
		{ gzip -dc "$1" 2>/dev/null || cat "$1"; } |
			grep -a -o -m 1 'Linux version [0-9][^ ]*' | sed -n '1s/.* //p'
	fi
}

# The boot protocol's kernel_version: two bytes at 0x20e say where the string is, less 0x200.
bzimage_release() {
	offset=$(od -A n -t u2 -j 526 -N 2 "$1" 2>/dev/null | tr -d ' ')
	[ "$(od -A n -t x1 -j 514 -N 4 "$1" 2>/dev/null | tr -d ' ')" = 48647253 ] || return 0
	tail -c "+$((offset + 512 + 1))" "$1" | head -c 128 | tr '\0' '\n' | sed -n '1s/ .*//p'
}

# --- modules ------------------------------------------------------------------------------------

# pick_modules FROM TO: copies guest_modules and what they need, unpacked, with their indices.
pick_modules() {
	mkdir -p "$2"
	find "$1/kernel" -type f -name '*.ko*' >"$tmp/modules.all"
	wanted=$guest_modules
	seen=' '
	while [ -n "$wanted" ]; do
		next=
		for module in $wanted; do
			module=$(printf '%s' "$module" | tr - _)
			case $seen in *" $module "*) continue ;; esac
			seen="$seen$module "
			pick_module "$module" "$1" "$2"
			next="$next $depends"
		done
		wanted=${next# }
		[ -z "$(printf '%s' "$wanted" | tr -d ' ')" ] && break
	done
	for list in modules.builtin modules.builtin.modinfo modules.order; do
		[ -f "$1/$list" ] && cp "$1/$list" "$2/$list"
	done
	root=${2%/lib/modules/*}
	busybox depmod -b "$root" "${2##*/}" >/dev/null 2>&1 ||
		die 125 "busybox depmod failed in '$root'"
}

# Copies one module, if it exists, and sets depends to the names of those that it needs.
pick_module() {
	depends=
	file=$(awk -v name="$1" '{
		base = $0; sub(/.*\//, "", base); sub(/\.ko.*/, "", base); gsub(/-/, "_", base)
		if (base == name) { print; exit }
	}' "$tmp/modules.all")
	[ -n "$file" ] || return 0
	target=$3/${file#"$2"/}
	target=${target%.ko*}.ko
	mkdir -p "${target%/*}"
	case $file in
	*.ko) cp "$file" "$target" ;;
	*.xz) xz -dc "$file" >"$target" ;;
	*.gz) gzip -dc "$file" >"$target" ;;
	*.zst) zstd -qdc "$file" >"$target" ;;
	*) false ;;
	esac || die 125 "cannot unpack '$file'"
	depends=$(tr '\0' '\n' <"$target" | sed -n 's/^depends=//p' | tr ',\n' '  ')
}

# --- the cache ----------------------------------------------------------------------------------

find_kernel_series() {
	kernel_dir=$cache/$kernel-${flavour:+$flavour-}$arch
	is_kept || fetch_kernel
	kernel_release=$(ls "$kernel_dir/lib/modules")
}

# Another list of modules fetches it anew.
is_kept() {
	[ -f "$kernel_dir/vmlinuz" ] && [ "$(cat "$kernel_dir/modules" 2>/dev/null)" = "$guest_modules" ]
}

fetch_kernel() {
	mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ] ||
		no_kernel "the cache folder '$cache' cannot be written"
	# Whoever comes second waits here, and finds it done.
	exec 9>"$cache/.lock-${kernel_dir##*/}"
	if ! flock -n 9; then
		progress "waiting for another guest that fetches kernel $kernel"
		flock 9
	fi
	is_kept || fetch_again
	exec 9>&-
}

# A kernel that the mirror has no more is used with the modules that it was fetched with.
fetch_again() {
	[ -f "$kernel_dir/vmlinuz" ] || {
		fetch_series
		return
	}
	(fetch_series) 2>"$tmp/refused" ||
		printf '%s; the one that was kept is used\n' "$(cat "$tmp/refused")" >&2
}

fetch_series() {
	rows=$(awk -v series="$kernel" '
		!/^#/ && NF { line = $0; sub(/^[^ \t]*[ \t]*/, "", line); gsub(/[ \t]+/, ",", line) }
		!/^#/ && NF && $1 == series { print line; own = 1 }
		!/^#/ && NF && $1 == "*" { rest[++n] = line }
		END { if (!own) for (i = 1; i <= n; i++) print rest[i] }' "$here/kernels.tab")
	why=
	# shellcheck disable=SC2086
	for row in $rows; do
		suites=$(printf '%s' "$row" | tr , ' ')
		fetch_lists $suites || continue
		choose_package && break
	done
	[ -n "${package-}" ] || no_kernel "$why"
	fetch_packages
	keep_kernel
}

# Sets package to NAME=VERSION of the newest image of the series. After the series comes something
# (6.1 is not 6.12, and linux-image-6.1-cloud-amd64 is a meta package), but no other flavour.
choose_package() {
	end="${flavour:+-$flavour}-$arch_image"
	series=$(printf '%s' "$kernel" | sed 's/\./\\./g')
	names=$(private_apt apt-cache search --names-only "^linux-image-$series[-.+].*$end\$" |
		sed 's/ .*//' |
		grep -E "^linux-image-$series(\.[0-9]+)?([-+]([0-9]|deb)[0-9a-z.]*)*$end\$" |
		grep -vx "linux-image-$series$end")
	# shellcheck disable=SC2086
	package=$(private_apt apt-cache madison ${names:-none} 2>/dev/null |
		awk -F ' *[|] *' '{ sub(/^ */, "", $1); print $2 "=" $1 }' | sort -V | tail -n 1 |
		sed 's/\(.*\)=\(.*\)/\2=\1/')
	[ -n "$package" ] || why="no linux-image-$kernel*$end in $suites"
	[ -n "$package" ]
}

# Downloads and unpacks the image and its companions: since 6.19 the kernel is in linux-binary-*, the
# modules in linux-modules-* and the config in linux-base-*. A mirror drops some of them earlier than
# others.
fetch_packages() {
	version=${package#*=}
	name=${package%%=*}
	name=${name#linux-image-}
	wanted=$(private_apt apt-cache madison "linux-image-$name" "linux-binary-$name" \
		"linux-modules-$name" "linux-base-$name" 2>/dev/null |
		awk -F ' *[|] *' -v version="$version" \
		'$2 == version { sub(/^ */, "", $1); print $1 "=" $2 }' | sort -u)
	progress "fetching $package"
	mkdir "$tmp/debs" "$tmp/unpacked"
	# shellcheck disable=SC2086
	(cd "$tmp/debs" && private_apt apt-get download $wanted) >"$tmp/apt/log" 2>&1 ||
		no_kernel "$package cannot be downloaded"
	for deb in "$tmp"/debs/*.deb; do
		dpkg-deb -x "$deb" "$tmp/unpacked" || no_kernel "${deb##*/} cannot be unpacked"
	done
	rm -rf "$tmp/debs" "$tmp/apt"
}

# Of Debian's kernels the cloud ones have the guest's disk and ext4 built in.
do_without_modules() {
	[ "$flavour" = cloud ] || no_kernel "the mirror has no linux-modules of $package"
	kernel_release=$(image_release "$vmlinuz")
	[ -n "$kernel_release" ] || no_kernel "the image in $package does not say its release"
	printf 'guest: the mirror has no linux-modules of %s: only what is built in\n' "$package" >&2
	modules=$tmp/unpacked/lib/modules/$kernel_release
	mkdir -p "$modules/kernel"
}

# Puts what a guest needs of $tmp/unpacked into the cache, under its name in one step.
keep_kernel() {
	vmlinuz=$(find "$tmp/unpacked" -name 'vmlinu[xz]*' -type f | head -n 1)
	[ -n "$vmlinuz" ] || no_kernel "there is no vmlinuz in $package"
	modules=$(find "$tmp/unpacked" -path '*/lib/modules/*/kernel' -type d | head -n 1)
	modules=${modules%/kernel}
	[ -n "$modules" ] || do_without_modules
	new=$cache/.new.$$
	rm -rf "$new"
	mkdir "$new" || no_kernel "the cache folder '$cache' cannot be written"
	cp "$vmlinuz" "$new/vmlinuz"
	config=$(find "$tmp/unpacked" -name config -o -name 'config-*' | head -n 1)
	[ -z "$config" ] || cp "$config" "$new/config"
	pick_modules "$modules" "$new/lib/modules/${modules##*/}"
	printf '%s\n' "$package" >"$new/package"
	printf '%s\n' "$guest_modules" >"$new/modules"
	rm -rf "$tmp/unpacked" "$kernel_dir"
	mv "$new" "$kernel_dir"
}
