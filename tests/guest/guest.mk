# SPDX-License-Identifier: MIT
# make guest: boot a Debian kernel under QEMU and run CMD in it. See tests/guest/README.md.

QEMU_x86_64 := qemu-system-x86
QEMU_arm64 := qemu-system-arm
QEMU_armhf := qemu-system-arm
QEMU_s390x := qemu-system-misc
QEMU_riscv64 := qemu-system-misc opensbi
DEPS_GUEST := $(QEMU_$(or $(ARCH),x86_64)) busybox-static e2fsprogs util-linux xz-utils

.PHONY: deps-guest guest

deps-guest:
	@tests/deps $(DEPS_GUEST)

# What was typed reaches the script untouched: $(value) keeps make from expanding it, and the
# typed names themselves are not exported, because make would expand them for that.
unexport CMD KERNEL ARCH FLAVOUR EXTRA OUT APPEND MEM CPUS LIMIT ACCEL KERNEL_CACHE CONSOLE VERBOSE WITH ICOUNT
guest: export GUEST_CMD = $(value CMD)
guest: export GUEST_KERNEL = $(value KERNEL)
guest: export GUEST_ARCH = $(value ARCH)
guest: export GUEST_FLAVOUR = $(value FLAVOUR)
guest: export GUEST_EXTRA = $(value EXTRA)
guest: export GUEST_OUT = $(value OUT)
guest: export GUEST_APPEND = $(value APPEND)
guest: export GUEST_MEM = $(value MEM)
guest: export GUEST_CPUS = $(value CPUS)
guest: export GUEST_LIMIT = $(value LIMIT)
guest: export GUEST_ACCEL = $(value ACCEL)
guest: export GUEST_CACHE = $(value KERNEL_CACHE)
guest: export GUEST_CONSOLE = $(value CONSOLE)
guest: export GUEST_VERBOSE = $(value VERBOSE)
guest: export GUEST_WITH = $(value WITH)
guest: export GUEST_ICOUNT = $(value ICOUNT)

# The build speaks on stderr and only if it has something to say: stdout belongs to CMD. The lock is
# for two guests that are started at once in a tree that is not built yet.
guest:
	@mkdir -p .cache
	@flock .cache/build.lock $(MAKE) -s --no-print-directory deps-guest all >&2
	@setpriv --pdeathsig TERM tests/guest/guest
