# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# Debian's packages for any machine, fetched and never installed. Reads tmp and arch_debian; says why
# it could not in why.

# apt, on package lists of our own: the system's sources, pins and lists are neither used nor
# changed, what it knows of proxies and mirrors is.
private_apt() {
	tool=$1
	shift
	"$tool" -o Dir::Etc::SourceList="$tmp/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
		-o Dir::State="$tmp/apt/state" -o Dir::State::status="$tmp/apt/status" \
		-o Dir::Cache="$tmp/apt/cache" -o APT::Architecture="$arch_debian" \
		-o APT::Architectures="$arch_debian" -o APT::Sandbox::User=root \
		-o APT::Update::Post-Invoke::= -o APT::Update::Post-Invoke-Success::= \
		-o Acquire::Languages=none -o Acquire::Retries=3 \
		-o Acquire::Check-Valid-Until=false -o Dpkg::Use-Pty=0 -qq "$@" 9>&-
}

# The base address of the mirror for packages labelled $1, as this system has it configured.
mirror() {
	apt-get indextargets --format "\$(LABEL)|\$(ORIGIN)|\$(REPO_URI)" \
		'Created-By: Packages' 2>/dev/null |
		sed -n "s/^$1|Debian|//p" | head -n 1
}

# Reads the lists of the suites "$@".
fetch_lists() {
	main=$(mirror Debian)
	security=$(mirror Debian-Security)
	if [ -z "$main" ]; then
		why="apt is not configured with a Debian mirror"
		return 1
	fi
	rm -rf "$tmp/apt"
	mkdir -p "$tmp/apt/state/lists/partial" "$tmp/apt/cache/archives/partial"
	: >"$tmp/apt/status"
	keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -r "$keyring" ] && signed="[signed-by=$keyring] " || signed=
	for suite; do
		case $suite in
		*-security) site=$security ;;
		*) site=$main ;;
		esac
		[ -n "$site" ] && printf 'deb %s%s %s main\n' "$signed" "$site" "$suite"
	done >"$tmp/apt/sources.list"
	progress "reading the package lists of $*"
	private_apt apt-get update >"$tmp/apt/log" 2>&1
	# apt-get ends with 0 when a suite cannot be reached: ask what it has.
	if [ -z "$(private_apt apt-get indextargets --format '$(FILENAME)' \
		'Created-By: Packages' 2>/dev/null | while read -r list; do
		[ -e "$list" ] && echo yes
	done)" ]; then
		why="the package lists of $* cannot be read"
		return 1
	fi
}
