# SPDX-License-Identifier: MIT
# ftopen. Only deps, demo and check install what they need, quietly; other targets say what is missing.

# `ftopen --version` names the commit: as git describes it, or by the commit alone where there is no tag.
RELEASE := 0.1
COMMIT := $(shell git rev-parse --short HEAD 2>/dev/null)
VERSION := $(or $(patsubst v%,%,$(shell git describe --tags --match 'v[0-9]*' 2>/dev/null)),$(RELEASE)$(COMMIT:%=-g%))

PREFIX  ?= /usr/local
BINDIR  ?= $(PREFIX)/bin
PKGLIBDIR ?= $(PREFIX)/lib/ftopen
MANDIR  ?= $(PREFIX)/share/man
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR  ?= $(PREFIX)/share/zsh/site-functions
FISHDIR ?= $(PREFIX)/share/fish/vendor_completions.d

B := build
PROGRAM := ftopen
CFLAGS ?= -O3 -g
# Decoding and correlating call each other for every record, across files.
LTO ?= -flto=auto
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
	    -Wformat=2 -Wundef
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer

LIBS := libtracefs libtraceevent libbpf libzstd zlib ncursesw
# Expanded at use, after `deps` had its chance to install them. The libraries' folders count as
# system headers, so that -Wpedantic speaks about our code only.
LIB_CFLAGS = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(LIBS)))
LIB_LDLIBS = $(shell pkg-config $(PKG_STATIC) --libs $(LIBS))
# Tests hold what was written and read against trace-cmd's own library.
TEST_CFLAGS = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags libtracecmd))
TEST_LDLIBS = $(LIB_LDLIBS) $(shell pkg-config --libs libtracecmd)

DEPS_BUILD := gcc make pkg-config libtracefs-dev libtraceevent-dev libbpf-dev libzstd-dev \
	      zlib1g-dev libncurses-dev
DEPS_UNIT  := libtracecmd-dev libcmocka-dev mandoc zsh
DEPS_CHECK := trace-cmd jq bindfs btrfs-progs dosfstools exfatprogs xfsprogs erofs-utils squashfs-tools \
	      strace stress-ng bash findutils gcc git nano perl python3 sqlite3 tar tmux \
	      python3-junitparser python3-prometheus-client
DEPS_ORACLE := python3 btrfs-progs xfsprogs f2fs-tools
DEPS_MATRIX := bindfs btrfs-progs diod dosfstools e2fsprogs erofs-utils exfatprogs f2fs-tools jq squashfs-tools \
	       unionfs-fuse xfsprogs
# Without them the spelling is not checked and fish's completions are not tried, and the tests say so.
DEPS_SPELLING := codespell aspell aspell-en
DEPS_FISH := fish
DEPS_BROWSER := chromium chromium-driver curl jq

# Files larger than 2 GiB and times after 2038 on machines of 32 bits as well.
FEATURES := -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
COMPILE = $(CC) -std=gnu11 $(FEATURES) -Iinclude -I$B/made $(LIB_CFLAGS) $(WARNINGS) -MMD -MP \
	  -DFTOPEN_PKGLIBDIR='"$(PKGLIBDIR)"' $(CPPFLAGS) $(CFLAGS)

SOURCES := $(wildcard src/*.c src/*/*.c) $(wildcard src/chain/expect/*.c)

# make STATIC=1: ftopen-static, for rescue systems, with objects of its own.
ifdef STATIC
B := build/static
PROGRAM := ftopen-static
PKG_STATIC := --static
# The C library warns of what it would load at run time: users' names from other sources than files.
LDFLAGS += -static -Wl,--no-warnings
DEPS_BUILD += libelf-dev
endif

# make ARCH=arm64: cross-built with Debian's compiler against its libraries for that machine, which
# tests/guest/sysroot unpacks; everything is below build/arm64.
ifneq ($(filter-out x86_64,$(ARCH)),)
TRIPLET := $(shell awk '$$1 == "$(ARCH)" { print $$3 }' tests/guest/arches.tab)
SYSROOT := $(CURDIR)/.cache/sysroot/$(ARCH)
B := build/$(ARCH)
PROGRAM := $B/ftopen
CC := $(TRIPLET)-gcc --sysroot=$(SYSROOT)
export PKG_CONFIG_SYSROOT_DIR := $(SYSROOT)
export PKG_CONFIG_LIBDIR := $(SYSROOT)/usr/lib/$(TRIPLET)/pkgconfig
# Of what Debian splits between /lib and /usr/lib.
LDFLAGS += -Wl,-rpath-link,$(SYSROOT)/lib/$(TRIPLET):$(SYSROOT)/usr/lib/$(TRIPLET)
DEPS_BUILD := gcc-$(TRIPLET) make pkg-config
NEEDS_SYSROOT := tests/guest/sysroot $(ARCH)
endif
STATIC_CC = $(CC)
# bookworm's linker for riscv64 dies of the static C library of trixie, which is the first that Debian has for it.
ifeq ($(ARCH),riscv64)
STATIC_CC = $(TRIPLET)-gcc
DEPS_BUILD += libc6-dev-riscv64-cross
endif
OBJECTS := $(SOURCES:src/%.c=$B/obj/%.o)
ASAN_OBJECTS := $(patsubst src/%.c,$B/asan/%.o,$(filter-out src/main.c,$(SOURCES)))
UNIT_TESTS := $(patsubst tests/unit/%.c,$B/asan/unit/%,$(wildcard tests/unit/test_*.c))
REPLAYS := $(patsubst tests/fuzz/%.c,$B/asan/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
GUEST_PROGRAMS := $(patsubst tests/guest/programs/%.c,$B/guest/%,\
		  $(wildcard tests/guest/programs/*.c)) $B/guest/oracle \
		  $(patsubst tests/guest/preload/%.c,$B/guest/%.so,$(wildcard tests/guest/preload/*.c))
SCENARIOS := $(patsubst scenarios/%.c,$B/scenarios/%,$(wildcard scenarios/*.c))

ifeq ($(filter deps deps-% demo check,$(MAKECMDGOALS)),)
DEPS ?= tell
endif
export DEPS

.PHONY: all asan bench check clean demo deps dist uninstall kernel-table install scenarios scenarios-build unit
.DELETE_ON_ERROR:

all: deps-build $(PROGRAM) scenarios-build

include tests/guest/guest.mk

# --- dependencies -------------------------------------------------------------------------------

deps: deps-build deps-unit deps-check deps-oracle deps-guest

.PHONY: deps-build deps-unit deps-check deps-browser deps-bench deps-matrix deps-oracle
deps-build:
	@tests/deps $(DEPS_BUILD)
	@$(NEEDS_SYSROOT)
deps-unit:
	@tests/deps $(DEPS_BUILD) $(DEPS_UNIT)
deps-check:
	@tests/deps $(DEPS_CHECK)
	@tests/deps $(DEPS_SPELLING) || true
	@tests/deps $(DEPS_FISH) || true
deps-oracle:
	@tests/deps $(DEPS_ORACLE)
deps-matrix:
	@tests/deps $(DEPS_MATRIX)
deps-bench:
	@tests/deps bpftrace valgrind time
# A browser is much to ask: without one its test is skipped, and says so.
deps-browser:
	@tests/deps $(DEPS_BROWSER) || true

# --- the program --------------------------------------------------------------------------------

$(PROGRAM): $(OBJECTS)
	$(CC) $(CFLAGS) $(LTO) $(LDFLAGS) -o $@ $^ $(LIB_LDLIBS)

$B/obj/%.o: src/%.c | deps-build
	@mkdir -p $(@D)
	$(COMPILE) $(LTO) -c -o $@ $<

# Static: the loader's opens would mix with the program's own.
$B/scenarios/%: scenarios/%.c | deps-build
	@mkdir -p $(@D)
	$(STATIC_CC) -std=gnu11 -D_GNU_SOURCE $(WARNINGS) $(CFLAGS) -static -o $@ $<

scenarios-build: $(SCENARIOS)

# Written only if it changes: what includes it is built anew then.
.PHONY: made-version
made-version: ;
$B/made/version.h: made-version
	@mkdir -p $(@D)
	@echo '#define FTOPEN_VERSION "$(VERSION)"' >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(foreach kind,obj asan cov plain fuzz/obj,$B/$(kind)/main.o $B/$(kind)/tracedat/write_sections.o): \
	$B/made/version.h

# The page of the HTML report with what it includes, as the numbers of its bytes.
HTML := src/render/html
$B/made/page.inc: $(HTML)/page.html $(wildcard $(HTML)/*.css $(HTML)/*.js)
	@mkdir -p $(@D)
	awk '$$1 == "@include" { while ((getline line <("$(HTML)/" $$2)) > 0) print line; next } { print }' $< | \
		od -An -v -tu1 | sed 's/[0-9][0-9]*/&,/g' >$@

$(foreach kind,obj asan cov plain fuzz/obj,$B/$(kind)/render/html.o): $B/made/page.inc

# --- tests --------------------------------------------------------------------------------------

$B/asan/%.o: src/%.c | deps-build
	@mkdir -p $(@D)
	$(COMPILE) -O1 $(SANITIZE) -c -o $@ $<

# Made anew: an archive keeps the objects of files that are gone.
$B/asan/libftopen.a: $(ASAN_OBJECTS)
	@rm -f $@
	$(AR) rcsP $@ $^

$B/asan/unit/%: tests/unit/%.c $B/asan/libftopen.a | deps-unit
	@mkdir -p $(@D)
	$(COMPILE) $(TEST_CFLAGS) -O1 $(SANITIZE) -Itests/unit -o $@ $< $B/asan/libftopen.a \
		$(TEST_LDLIBS) -lcmocka

# Tests whose allocators stand in front of the C library's.
NO_MEMORY_TESTS := test_no_memory test_gather test_dat_write_fails
$(foreach kind,asan cov plain,$(NO_MEMORY_TESTS:%=$B/$(kind)/unit/%)): private CFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup

# The fuzz targets on what is kept, without a fuzzer.
$B/asan/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c $B/asan/libftopen.a | deps-unit
	@mkdir -p $(@D)
	$(COMPILE) -O1 $(SANITIZE) -o $@ $< tests/fuzz/replay.c $B/asan/libftopen.a $(LIB_LDLIBS)

# Pages for the browser's test.
$B/asan/browser/%: tests/browser/%.c $B/asan/libftopen.a | deps-unit
	@mkdir -p $(@D)
	$(COMPILE) -O1 $(SANITIZE) -o $@ $< $B/asan/libftopen.a $(LIB_LDLIBS)

# What the guest's tests run; static, so that the loader opens nothing.
$B/guest/%: tests/guest/programs/%.c | deps-build
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -D_GNU_SOURCE $(WARNINGS) $(CFLAGS) -static -o $@ $< -lpthread

# What is loaded into ftopen there.
$B/guest/%.so: tests/guest/preload/%.c | deps-build
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(FEATURES) $(WARNINGS) $(CFLAGS) -shared -fPIC -o $@ $< -ldl

ORACLE := tests/guest/programs/oracle
$B/guest/oracle: $(wildcard $(ORACLE)/*.c $(ORACLE)/*.h) | deps-build
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -D_GNU_SOURCE $(WARNINGS) $(CFLAGS) -static -o $@ $(ORACLE)/*.c -lpthread

asan: $B/asan/libftopen.a $(UNIT_TESTS) $(REPLAYS) $B/asan/browser/pages

# Tests end with the make that runs them, whatever ends that.
RUN_TESTS := setpriv --pdeathsig TERM tests/run

unit: asan
	@$(RUN_TESTS) unit

# Built on all processors, once nothing is installed any more; if make was told -j, on so many.
check: deps-build deps-unit deps-check deps-oracle deps-browser deps-guest
	@$(MAKE) --no-print-directory $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc)) \
		all asan $(GUEST_PROGRAMS)
	@$(RUN_TESTS)

demo: all deps-guest
	@tests/demo

# What takes too long for make check: a million opens, a stopped reader, a hundred killed runs,
# processors that come and go for minutes.
.PHONY: proofs
proofs: all $(GUEST_PROGRAMS) deps-guest
	@tests/guest/guest -k '$(or $(KERNEL),6.12)' -t 9000 -w "$$(echo build/guest/*)" \
		-e tests/guest/inside \
		'sh /extra/proof million fifos stopped threads rotation && RUNS=100 sh /extra/check-kill && \
		 SIGNALS="1 2 3 4 5 6 7 8 10 11 12 14 15 16 24 26 27 29 30 31 34 64" sh /extra/check-program && \
		 DESCRIPTORS="$$(seq -s " " 4 24)" STACKS="16 24 32 48 64 128 256" sh /extra/check-surroundings && \
		 ALLOCATIONS=500 STEP=37 sh /extra/check-memory'
	@tests/guest/guest -k '$(or $(KERNEL),6.12)' -t 3600 -w "$$(echo build/guest/*)" \
		-e tests/guest/inside -n 4 -a maxcpus=2 'sh /extra/processors 200000'

# stress-ng's stressors of file systems on FS, ext4, overlay or btrfs: ten minutes and more.
.PHONY: stressors
stressors: all deps-check deps-guest
	@tests/guest/guest -k '$(or $(KERNEL),6.12)' -t 7200 -w 'stress-ng mkfs.btrfs' \
		-e tests/guest/inside 'sh /extra/stressors $(or $(FS),ext4) all'

# Seeded random programs, and what ftopen says of them compared with what they logged:
# make oracle [KERNEL=6.12] [FS='ext4 overlay tmpfs btrfs'] [SEEDS=n] [SEED=first] [OPS=n]
.PHONY: oracle
oracle: all $B/guest/oracle deps-guest deps-oracle
	@tests/oracle/run '$(or $(KERNEL),6.12)' '$(or $(FS),ext4 overlay tmpfs btrfs)' \
		'$(or $(SEEDS),1)' '$(or $(SEED),1)' '$(or $(OPS),60)'

# Which faults of the correlator the oracle would find: make mutants [SEEDS=20] [KERNEL=6.12] [FS=ext4]
# [RECORDINGS=DIR, of seeds that are there already].
.PHONY: mutants
mutants: all $B/guest/oracle deps-guest deps-oracle
	@RECORDINGS='$(RECORDINGS)' tests/mutants/mutants '$(or $(KERNEL),6.12)' '$(or $(FS),ext4)' '$(or $(SEEDS),20)'

scenarios: all deps-guest
	@GUEST_ARCH='$(ARCH)' tests/scenarios '$(KERNEL)' '$(OPTIONS)'

# --- coverage and valgrind ----------------------------------------------------------------------

COV_OBJECTS := $(patsubst src/%.c,$B/cov/%.o,$(filter-out src/main.c,$(SOURCES)))
PLAIN_OBJECTS := $(patsubst src/%.c,$B/plain/%.o,$(filter-out src/main.c,$(SOURCES)))
COV_TESTS := $(patsubst tests/%.c,$B/cov/%,$(wildcard tests/unit/test_*.c tests/fuzz/fuzz_*.c))
PLAIN_TESTS := $(patsubst tests/%.c,$B/plain/%,$(wildcard tests/unit/test_*.c))

$B/cov/%.o: src/%.c | deps-unit
	@mkdir -p $(@D)
	@$(COMPILE) -O0 --coverage -c -o $@ $<

$B/cov/libftopen.a: $(COV_OBJECTS)
	@rm -f $@
	@$(AR) rcsP $@ $^

$B/plain/%.o: src/%.c | deps-unit
	@mkdir -p $(@D)
	@$(COMPILE) -c -o $@ $<

$B/plain/libftopen.a: $(PLAIN_OBJECTS)
	@rm -f $@
	@$(AR) rcsP $@ $^

$B/cov/unit/%: tests/unit/%.c $B/cov/libftopen.a | deps-unit
	@mkdir -p $(@D)
	@$(COMPILE) $(TEST_CFLAGS) -O0 -Itests/unit -o $@ $< $B/cov/libftopen.a \
		$(TEST_LDLIBS) -lcmocka --coverage

$B/cov/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c $B/cov/libftopen.a | deps-unit
	@mkdir -p $(@D)
	@$(COMPILE) -O0 -o $@ $< tests/fuzz/replay.c $B/cov/libftopen.a $(LIB_LDLIBS) --coverage

$B/plain/unit/%: tests/unit/%.c $B/plain/libftopen.a | deps-unit
	@mkdir -p $(@D)
	@$(COMPILE) $(TEST_CFLAGS) -Itests/unit -o $@ $< $B/plain/libftopen.a $(TEST_LDLIBS) -lcmocka

# The same tests without sanitizers, for those who build packages.
.PHONY: unit-plain
unit-plain: $(PLAIN_TESTS)
	@UNIT_TESTS=$B/plain/unit $(RUN_TESTS) unit

# Lines of src/ that tests without a kernel run, folder by folder.
.PHONY: coverage valgrind deps-valgrind
coverage: $(COV_TESTS)
	@tests/coverage

deps-valgrind:
	@tests/deps valgrind
valgrind: $(PLAIN_TESTS) deps-valgrind
	@tests/valgrind

# --- fuzzing ------------------------------------------------------------------------------------

DEPS_FUZZ := clang libclang-rt-dev
FUZZ_TARGETS := $(patsubst tests/fuzz/%.c,$B/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_OBJECTS := $(patsubst src/%.c,$B/fuzz/obj/%.o,$(filter-out src/main.c,$(SOURCES)))
FUZZ_CC := clang -g -O1 -fsanitize=address,undefined

.PHONY: deps-fuzz fuzz
deps-fuzz:
	@tests/deps $(DEPS_BUILD) $(DEPS_FUZZ)

$B/fuzz/obj/%.o: src/%.c | deps-fuzz
	@mkdir -p $(@D)
	@$(FUZZ_CC) -fsanitize=fuzzer-no-link -std=gnu11 $(FEATURES) -Iinclude -I$B/made $(LIB_CFLAGS) -MMD -MP \
		-DFTOPEN_PKGLIBDIR='"$(PKGLIBDIR)"' -c -o $@ $<

$B/fuzz/libftopen.a: $(FUZZ_OBJECTS)
	@rm -f $@
	@$(AR) rcsP $@ $^

$B/fuzz/%: tests/fuzz/%.c tests/fuzz/fuzz.h $B/fuzz/libftopen.a
	@$(FUZZ_CC) -fsanitize=fuzzer -std=gnu11 $(FEATURES) -Iinclude $(LIB_CFLAGS) -o $@ $(filter-out %.h,$^) \
		$(LIB_LDLIBS)

# Each target for TIME seconds, from the corpus that is kept.
fuzz: $(FUZZ_TARGETS)
	@tests/fuzz/run '$(or $(TIME),60)' $(FUZZ_TARGETS)

$B/bench/%: tests/bench/%.c | deps-unit
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -D_GNU_SOURCE $(LIB_CFLAGS) $(TEST_CFLAGS) $(WARNINGS) $(CFLAGS) -o $@ $< $(TEST_LDLIBS)

# Prints the tables and keeps them as docs/bench.md; with ONLY=open, read or true, prints that one.
bench: all deps-check deps-bench deps-guest $B/bench/walk $(GUEST_PROGRAMS)
ifdef ONLY
	@ONLY='$(ONLY)' tests/bench/run
else
	@mkdir -p docs
	@tests/bench/run >docs/bench.md.new
	@mv docs/bench.md.new docs/bench.md
	@cat docs/bench.md
endif

# docs/pictures: a terminal and the HTML page, of real runs in the guest.
.PHONY: pictures
pictures: all deps-guest deps-check deps-browser
	@tests/pictures

kernel-table: all deps-guest
	@tests/kernel-table --update

# docs/kernels.md: doctor and the ten scenarios on each kernel that Debian has; and the table of docs/filesystems.md
.PHONY: matrix
matrix: all $(GUEST_PROGRAMS) deps-matrix deps-guest
	@tests/filesystem-matrix --update
	@$(MAKE) -s --no-print-directory ARCH=arm64
	@$(MAKE) -s --no-print-directory ARCH=s390x
	@$(MAKE) -s --no-print-directory ARCH=riscv64
	@$(MAKE) -s --no-print-directory ARCH=armhf
	@tests/kernel-matrix --update

# What tests/data/recordings holds, made anew: make recordings [KERNEL=SERIES]
recordings: all deps-guest
	@tests/record-scenarios $(KERNEL)

# --- installing ---------------------------------------------------------------------------------

PAGES := $(patsubst man/%.in,$B/man/%,$(wildcard man/*.in)) \
	 $(patsubst man/%,$B/man/%,$(wildcard man/*.[1-9]))

$B/man/%: man/%.in man/options.mdoc man/page
	@mkdir -p $(@D)
	@man/page $< >$@

$B/man/%: man/%
	@mkdir -p $(@D)
	@cp $< $@

.PHONY: man
man: $(PAGES)

install: all man
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(BINDIR)/ftopen
	install -D -m 644 packaging/completions/ftopen.bash $(DESTDIR)$(BASHDIR)/ftopen
	install -D -m 644 packaging/completions/_ftopen $(DESTDIR)$(ZSHDIR)/_ftopen
	install -D -m 644 packaging/completions/ftopen.fish $(DESTDIR)$(FISHDIR)/ftopen.fish
	for page in $(PAGES); do \
		install -D -m 644 $$page \
			$(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/} || exit 1; \
	done
	for program in $(SCENARIOS) scenarios/*.expect; do \
		mode=644; [ ! -x $$program ] || mode=755; \
		install -D -m $$mode $$program \
			$(DESTDIR)$(PKGLIBDIR)/scenarios/$${program##*/} || exit 1; \
	done

uninstall:
	rm -rf $(DESTDIR)$(BINDIR)/ftopen $(DESTDIR)$(PKGLIBDIR)
	rm -f $(DESTDIR)$(BASHDIR)/ftopen $(DESTDIR)$(ZSHDIR)/_ftopen \
		$(DESTDIR)$(FISHDIR)/ftopen.fish
	for page in $(PAGES); do \
		rm -f $(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}; \
	done

# A Debian source and binary package of what git has, in build/deb.
DEPS_DEB := build-essential debhelper dpkg-dev fakeroot
.PHONY: deb
deb: dist
	@tests/deps $(DEPS_UNIT) $(DEPS_DEB)
	rm -rf $B/deb
	mkdir -p $B/deb
	cp ftopen-$(RELEASE).tar.gz $B/deb/ftopen_$(RELEASE).orig.tar.gz
	tar -C $B/deb -xzf ftopen-$(RELEASE).tar.gz
	cp -r $B/deb/ftopen-$(RELEASE)/packaging/debian $B/deb/ftopen-$(RELEASE)/debian
	cd $B/deb/ftopen-$(RELEASE) && dpkg-buildpackage -us -uc

# What ftopen writes, read by speedscope, DuckDB and axe from npm, which are too large for make check.
.PHONY: readers
readers: all $B/asan/browser/pages deps-browser
	@tests/readers/run

# The package from the tarball, in clean chroots of a release of Debian: built, installed, purged. As root.
.PHONY: chroot
chroot:
	@tests/deps debootstrap
	@tests/clean-chroot '$(or $(SUITE),trixie)'

# What git has, so that nothing that was built comes along.
dist:
	git archive --format=tar --prefix=ftopen-$(RELEASE)/ HEAD | gzip -n9 >ftopen-$(RELEASE).tar.gz

clean:
	rm -rf $B ftopen

-include $(patsubst %.o,%.d,$(OBJECTS) $(ASAN_OBJECTS) $(COV_OBJECTS) $(PLAIN_OBJECTS) $(FUZZ_OBJECTS))
-include $(addsuffix .d,$(UNIT_TESTS) $(REPLAYS) $(COV_TESTS) $(PLAIN_TESTS))
