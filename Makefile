# make run          start Zixly (the first run sets everything up)
# make run DEMO=0   start without the demo: print a link to set up your organisation, or how to remove the demo
# make setup        create the environment in .venv
# make test         run all tests except the nightly ones, including those in a browser
# make test-all     run all tests and print the coverage of zixly_data and zixly_ui
# make check        check formatting, style, types, SQL and layers
# make bench        run the measurements in bench/
# make screenshots  renew the pictures in docs/screenshots/
# make sbom         write a list of all shipped packages, with versions and hashes, to dist/
# make pins         renew requirements*.txt from requirements*.in
# make pins RENEW=  pin new requirements only and leave pinned versions unchanged
# make help         list the targets

PYTHON ?= python3
BIN := .venv/bin
APP_READY := .venv/.ready
DEV_READY := .venv/.ready-dev
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
# One resolution for each platform and every Python from 3.11 on, with the hashes of all their files.
PIN := $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 \
  --fork-strategy fewest --generate-hashes --custom-compile-command "make pins"
RENEW ?= --upgrade
# Without compiled files, every test process would compile all modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run setup test test-all check bench screenshots sbom pins help browser
.DEFAULT_GOAL := run

run: $(APP_READY)
	@$(BIN)/python -m zixly_data prepare
	@exec $(BIN)/python app.py

setup: $(APP_READY) $(DEV_READY)

test: setup browser
	@$(BIN)/python -m pytest -n 3 -m "not nightly"

test-all: setup browser
	@$(BIN)/coverage erase
	@failed=0; $(BIN)/python -m pytest -n 3 --cov --cov-report= || failed=1; \
	  $(BIN)/coverage report --include "zixly_data/*" --fail-under 95 || failed=1; \
	  $(BIN)/coverage report --include "zixly_ui/*" --fail-under 90 || failed=1; \
	  exit $$failed

check: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --disable-progress-bar sql
	@$(BIN)/python -m pytest -q tests/house/test_layers.py

bench: setup
	@set -e; for measurement in bench/[a-z]*.py; do echo "$$measurement"; \
	  PYTHONPATH=. $(BIN)/python "$$measurement"; done

screenshots: setup browser
	@$(BIN)/python -m tests.support.documents.screenshots

sbom: setup
	@$(BIN)/python -m tests.support.documents.sbom

# A stamp records that the requirements are installed. An environment without a working Python is
# created again.
ifeq ($(shell $(BIN)/python -V 2>/dev/null),)
.PHONY: $(APP_READY) $(DEV_READY)
endif

$(APP_READY): requirements.txt
	@$(BIN)/python -V >/dev/null 2>&1 || { \
	  for python in "$(PYTHON)" python3.13 python3.12 python3.11 python3.14; do \
	    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    "$$python" -c 'import ensurepip, venv' 2>/dev/null || { \
	      echo "Python's venv is missing. On Debian: apt-get install python3-venv" >&2; exit 1; }; \
	    exec "$$python" -m venv --clear .venv; \
	  done; \
	  echo "Zixly needs Python 3.11 or later. Install it, or give its path: make PYTHON=/path/to/python3" >&2; \
	  exit 1; }
	@echo "Installing the requirements of Zixly into .venv…" >&2
	@$(INSTALL) -r requirements.txt
	@echo "Compressing the scripts of the pages…" >&2
	@$(BIN)/python -m zixly_ui.http.compressed_copies
	@touch $@

$(DEV_READY): requirements-dev.txt $(APP_READY)
	@echo "Installing the requirements of tests and checks…" >&2
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

browser:
	@command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || \
	  command -v chromium-browser >/dev/null || \
	  $(BIN)/python -c 'import os, sys; from playwright.sync_api import sync_playwright as start; \
	with start() as p: sys.exit(not os.path.exists(p.chromium.executable_path))' || { \
	  echo "The browser tests need Chromium. On Debian: apt-get install chromium" >&2; \
	  echo "Elsewhere: $(BIN)/playwright install chromium" >&2; exit 1; }

pins: setup
	@$(PIN) $(RENEW) requirements.in --output-file requirements.txt
	@$(PIN) $(RENEW) requirements-dev.in --output-file requirements-dev.txt

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile
