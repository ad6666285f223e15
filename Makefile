# SPDX-License-Identifier: GPL-3.0-or-later
# Coley's front door. CMake and Ninja do the work; `make help` lists what there is.
BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
JOBS    ?= $(shell nproc)
SECONDS_PER_FUZZER ?= 20

PRESET  = cmake --preset $(1) >/dev/null && cmake --build --preset $(1) -j $(JOBS)
EXAMPLE = examples/02-nsclc-real-scans/scenario.yaml

all: configure ## build everything into build/ (the command is build/coley)
	@cmake --build $(BUILD) -j $(JOBS)

configure:
	@tools/install-deps --check build
	@cmake -S . -B $(BUILD) -G Ninja -DCMAKE_INSTALL_PREFIX=$(PREFIX) >$(BUILD).log 2>&1 || (cat $(BUILD).log; exit 1); rm -f $(BUILD).log

run: ## on a fresh Debian 12: install what is missing, build, forecast a patient from real scans
	@tools/install-deps build
	@$(MAKE) --no-print-directory configure
	@cmake --build $(BUILD) -j $(JOBS) --target coley-command
	@tools/run-example $(BUILD)/coley $(EXAMPLE) $(BUILD)/run

test: ## install what the tests need, build, run them all
	@tools/install-deps build test
	@$(MAKE) --no-print-directory all
	@tools/run-tests $(BUILD) 2

bench: ## every benchmark: a table on the screen, figures in build/bench/NAME.json
	@tools/run-programs bench bench $(BUILD)
bench-%: ## one of them
	@tools/run-programs bench bench $(BUILD) $*

validate: all ## every comparison with real data: figures in build/validate/NAME.json
	@tools/validate $(BUILD)
validate-%: all ## one of them
	@tools/validate $(BUILD) $*

docs: all ## write the pages of docs/ that come from the source and from models/patient, with their figures
	@tools/write-docs $(BUILD) docs --figures && echo "wrote docs/cli.md and docs/models/mechanisms"

studio-pictures: all ## pictures of the page for docs/, at the width of a desk and of a phone
	@node tests/studio/pictures.mjs $(BUILD) docs

install: all ## to PREFIX (/usr/local), below DESTDIR if given
	@DESTDIR=$(DESTDIR) cmake --install $(BUILD) --prefix $(PREFIX)

check-compilers: ## gcc and clang, warnings are errors, all tests
	@tools/install-deps build test clang
	@$(call PRESET,gcc-werror) && tools/run-tests $(BUILD)/gcc-werror 2
	@$(call PRESET,clang) && tools/run-tests $(BUILD)/clang 2
check-asan: ## all tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@tools/install-deps build test clang
	@$(call PRESET,asan) && tools/run-tests $(BUILD)/asan 2
check-tsan: ## the tests that start threads, under ThreadSanitizer (clang and its OpenMP, which it can see into)
	@tools/install-deps build test clang
	@$(call PRESET,tsan) && tools/run-tests $(BUILD)/tsan 1 tsan
fuzz: ## every fuzz target for SECONDS_PER_FUZZER (20) with libFuzzer
	@tools/install-deps build test clang
	@$(call PRESET,fuzz) && tools/run-fuzzers $(BUILD)/fuzz $(SECONDS_PER_FUZZER)
fuzz-%: ## one of them
	@tools/install-deps build test clang
	@$(call PRESET,fuzz) && tools/run-fuzzers $(BUILD)/fuzz $(SECONDS_PER_FUZZER) $*

clean: ## remove build/
	rm -rf $(BUILD)

help: ## this list
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: all configure run test bench validate docs install check-compilers check-asan check-tsan fuzz clean help
