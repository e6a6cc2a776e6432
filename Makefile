# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
# The verbs. Each is a line that a person could type; `make run` and `make test` need nothing before them.

PYTHON ?= python3
BIN := .venv/bin
CONFIG ?=
ARGS ?=
export PATH := $(CURDIR)/$(BIN):$(PATH):$(HOME)/.cargo/bin
export PYO3_PYTHON := $(CURDIR)/$(BIN)/python

.PHONY: help setup gen fix check test test-slow night bench docs run clean

help:            ## this list
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 18

setup:           ## a virtual environment, the tools and the built core; quick when nothing changed
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: install Python 3.11 or newer (on Debian: sudo apt install python3 python3-venv)." >&2; exit 1; }
	@$(PYTHON) tools/setup.py

gen: setup       ## code and reference pages from schema/ and from the source
	$(BIN)/python tools/gen.py
	$(BIN)/python tools/reference.py
	$(BIN)/python tools/wire_classes.py

fix: setup       ## format and repair what can be repaired, in both languages
	$(BIN)/ruff check --fix . && $(BIN)/ruff format . && cargo fmt

check: setup     ## made files, house rules, lints, types, layers
	$(BIN)/python tools/gen.py --check && $(BIN)/python tools/reference.py --check
	$(BIN)/python tools/wire_classes.py --check
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/pytest tests/tidy
	$(BIN)/mypy && $(BIN)/mypy --follow-imports=silent tools/*.py
	$(BIN)/python -m mypy.stubtest onetape._native
	$(BIN)/lint-imports
	cargo fmt --check
	cargo clippy --workspace --all-targets -q -- -D warnings

test: setup      ## everything that is quick
	cargo test --workspace -q
	$(BIN)/pytest -m "not slow" $(ARGS)

test-slow: setup ## end to end, long differential runs, a crash and a failover at every entry
	ONETAPE_EVERY_ENTRY=1 cargo test -q -p onetape-io --test crash --test failover -- --nocapture
	$(BIN)/pytest -m slow $(ARGS)

night: setup     ## as test-slow, with more examples and a seed that is printed
	ONETAPE_EVERY_ENTRY=1 cargo test -q -p onetape-io --test crash --test failover -- --nocapture
	HYPOTHESIS_PROFILE=night ONETAPE_LIVE_SEEDS=200 ONETAPE_LIVE_SECONDS=12 $(BIN)/pytest --timeout=3600 $(ARGS)
	$(BIN)/python tools/fuzz.py --seconds 600

bench: setup     ## what benchmarks/README.md lists
	$(BIN)/python -m benchmarks $(ARGS)

docs: gen        ## the reference pages
run: setup       ## a market, a crowd and a strategy on it for a minute, live; CONFIG=… instead: a run of that
	$(BIN)/onetape $(if $(CONFIG),run $(CONFIG),demo) $(ARGS)

clean:           ## remove what was built
	rm -rf .venv target build dist python/onetape/_native*.so
