# `make` alone lists what there is. Needs Python 3.11 or newer, make and git;
# Node comes with the Python packages.
PYTHON ?= python3
VENV   := .venv
DEV    := .venv-dev
BIN    := $(DEV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test fuzz lint fmt docs serve bench bench-large gallery snapshots clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo:  ## build the wheel, install it in .venv, build the example trust in demo/
	@echo "1/4  a fresh wheel (the portal's script is bundled on the way)"
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@rm -rf build/wheel && $(VENV)/bin/python -m pip wheel -q --no-deps --wheel-dir build/wheel .
	@echo "2/4  the packages it needs, into $(VENV)"
	@$(VENV)/bin/python -m pip install -q build/wheel/coachbook-*.whl
	@echo "3/4  the wheel itself"
	@$(VENV)/bin/python -m pip install -q --no-deps --force-reinstall build/wheel/coachbook-*.whl
	@echo "4/4  the example trust"
	@$(VENV)/bin/coachbook demo demo
	@echo "(the command is in $(VENV)/bin; to have it in this terminal: source $(VENV)/bin/activate)"

test: $(DEV)/ready  ## run every test; this is what CI runs
	@# Before the workers start, so that no two of them install packages in one folder.
	@$(BIN)/python generator/build_browser.py
	@$(BIN)/python generator/build_browser.py tools
	$(BIN)/python -m pytest -n 2 --dist loadfile

SECONDS ?= 60
fuzz: $(DEV)/ready  ## search for input that breaks a promise: make fuzz SECONDS=600 (each)
	$(BIN)/python -m fuzz --seconds $(SECONDS)

lint: $(DEV)/ready  ## ruff, formatting, types of Python and TypeScript
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python generator/build_docs.py --check
	$(BIN)/python generator/build_browser.py check

fmt: $(DEV)/ready  ## format the Python and TypeScript code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python generator/build_browser.py format

docs: $(DEV)/ready  ## write the reference pages in docs/ anew
	$(BIN)/python generator/build_docs.py

serve: $(DEV)/ready  ## build the example where it lies and serve it on this machine
	@$(BIN)/python generator/build_browser.py
	$(BIN)/coachbook serve

bench: $(DEV)/ready  ## measure, with the peers beside it in the same run
	$(BIN)/python -m benchmarks

bench-large: $(DEV)/ready  ## measure trusts of 500 to 100,000 records, and draw the chart
	$(BIN)/python -m benchmarks large --record
	$(BIN)/python -m benchmarks chart

gallery: $(DEV)/ready  ## photograph every private page, and list who can open it
	@$(BIN)/python generator/build_browser.py
	$(BIN)/python -m tests.gallery

snapshots: $(DEV)/ready  ## accept the present pages and messages as the expected ones
	$(BIN)/python -m pytest -q tests/test_snapshots.py --snapshot-update
	$(BIN)/python -m tests.rules.samples

clean:  ## remove what can be made again
	rm -rf $(VENV) $(DEV) build dist demo site .cache .mypy_cache .pytest_cache .ruff_cache

$(DEV)/ready: pyproject.toml generator/browser/package-lock.json tests/vectors/package-lock.json
	@echo "making $(DEV) (a minute the first time)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(DEV)
	@$(BIN)/python -m pip install -q -e ".[bench,dev]"
	@touch $@
