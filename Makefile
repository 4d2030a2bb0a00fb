# Parley on this machine. `make` alone lists what there is to do; `make run` is the one to begin with.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PLUGINS := $(wildcard plugins/*/)
BUILT := platform/parley/web/static/build/manifest.json

.PHONY: help run test reset bench lint types check format lock install install-test clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS=$$'\t' read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

run: install ## Start everything and say where to go; Ctrl-C stops it
	@exec $(BIN)/parley run

test: install-test ## Run every check and every test
	@scripts/run_suites.sh

reset: install ## Stop Parley and delete its data, to begin afresh (asks first; FORCE=1 does not)
	@exec $(BIN)/parley reset $(if $(FORCE),--yes)

bench: install-test ## Measure speed; ONLY="pages walls" takes parts of it, COUNCILS= and CASES= make it smaller
	@exec $(BIN)/python tests/bench/run.py $(ONLY) $(if $(COUNCILS),--councils $(COUNCILS)) $(if $(CASES),--cases $(CASES))

lint: install-test ## Check style and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: install-test ## Check types, of the plugins too
	@$(BIN)/mypy

check: lint types ## Check style, imports and types, and run the quick tests
	@$(BIN)/pytest tests/unit tests/architecture -q -n 2

format: install-test ## Put the code into house format
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

lock: install-test ## Lock the newest versions that requirements/*.in and package.json allow, with hashes
	@for name in base test; do $(BIN)/uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --no-header --quiet requirements/$$name.in --output-file requirements/$$name.txt; done
	@npm install --package-lock-only --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null

clean: ## Remove what was built and installed here (not the data: that is reset)
	@rm -rf $(VENV) node_modules $(dir $(BUILT)) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

install: $(VENV)/base.stamp $(VENV)/parley.stamp $(BUILT)
	@$(BIN)/python scripts/debian_packages.py run

install-test: install $(VENV)/test.stamp
	@$(BIN)/python scripts/debian_packages.py test

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is not here. Install it: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; this is $$($(PYTHON) -V). Name another: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv is not here. Install it: apt-get install python3-venv"; exit 1; }
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv $(VENV)

# Stamps lie inside what they vouch for, so that removing .venv or node_modules removes them too.
$(VENV)/base.stamp: requirements/base.txt | $(VENV)/bin/python
	@echo "Installing Python packages (about a minute the first time)"
	@$(PIP) install --require-hashes -r requirements/base.txt
	@touch $@

$(VENV)/parley.stamp: $(VENV)/base.stamp setup.cfg pyproject.toml $(wildcard plugins/*/setup.cfg) $(wildcard plugins/*/pyproject.toml)
	@echo "Installing Parley and its plugins, in place"
	@$(PIP) install --no-deps --no-build-isolation -e . $(foreach plugin,$(PLUGINS),-e $(plugin))
	@touch $@

$(VENV)/test.stamp: requirements/test.txt $(VENV)/base.stamp
	@echo "Installing what the tests need"
	@$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@

node_modules/.parley-stamp: package-lock.json package.json
	@command -v npm >/dev/null || { echo "Node.js and npm are not here. Install Node.js 20 or later."; exit 1; }
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || { echo "Node.js 20 or later is needed; this is $$(node --version)."; exit 1; }
	@echo "Installing npm packages"
	@npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null
	@touch $@

$(BUILT): node_modules/.parley-stamp $(shell find platform/parley/web/assets -type f 2>/dev/null)
	@echo "Building the style sheet and scripts"
	@npm run --silent build
	@touch $@
