# make run          start Zixly (the first time it sets everything up)
# make run DEMO=0   the same without the demo: it prints a link to set up your organisation
# make setup        create the environment in .venv
# make test         every test, those in a browser too
# make check        format, lint, types, SQL, layers
# make bench        the measurements in bench/
# make screenshots  the pictures in docs/screenshots/
# make pins         renew requirements*.txt from requirements*.in

PYTHON ?= python3
BIN := .venv/bin
APP_READY := .venv/.ready
DEV_READY := .venv/.ready-dev

.PHONY: run setup test check bench screenshots pins browser
.DEFAULT_GOAL := run

run: $(APP_READY)
	@$(BIN)/python -m zixly_data prepare
	@exec $(BIN)/python app.py

setup: $(APP_READY) $(DEV_READY)

test: setup browser
	@$(BIN)/python -m pytest -n 3

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

# A stamp says that what the requirements name is installed; an environment whose Python has gone
# is made anew.
ifeq ($(shell $(BIN)/python -V 2>/dev/null),)
.PHONY: $(APP_READY) $(DEV_READY)
endif

$(APP_READY): requirements.txt
	@$(BIN)/python -V >/dev/null 2>&1 || { \
	  for found in "$(PYTHON)" python3.13 python3.12 python3.11 python3.14; do \
	    "$$found" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    "$$found" -c 'import ensurepip, venv' 2>/dev/null || { \
	      echo "Python's venv is missing. On Debian: apt-get install python3-venv" >&2; exit 1; }; \
	    exec "$$found" -m venv --clear .venv; \
	  done; \
	  echo "Zixly needs Python 3.11 or later. Install it, or name it: make PYTHON=/path/to/python3" >&2; \
	  exit 1; }
	@echo "Installing what Zixly needs into .venv …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEV_READY): requirements-dev.txt $(APP_READY)
	@echo "Installing what tests and checks need …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

browser:
	@command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || \
	  command -v chromium-browser >/dev/null || \
	  $(BIN)/python -c 'import os, sys; from playwright.sync_api import sync_playwright as start; \
	with start() as p: sys.exit(not os.path.exists(p.chromium.executable_path))' || { \
	  echo "The browser tests need Chromium. On Debian: apt-get install chromium" >&2; \
	  echo "Elsewhere: $(BIN)/playwright install chromium" >&2; exit 1; }

pins:
	@rm -rf .venv/pins && $(PYTHON) -m venv .venv/pins
	@.venv/pins/bin/python -m pip install --quiet -r requirements.in
	@{ echo "# Made by \`make pins\` from requirements.in: change that file, not this one."; \
	  .venv/pins/bin/python -m pip freeze; } > requirements.txt
	@.venv/pins/bin/python -m pip install --quiet -r requirements-dev.in
	@{ echo "# Made by \`make pins\` from requirements-dev.in: change that file, not this one."; \
	  echo "-r requirements.txt"; \
	  .venv/pins/bin/python -m pip freeze | grep -vxFf requirements.txt; } > requirements-dev.txt
	@rm -rf .venv/pins
