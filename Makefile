# Every target makes what it needs, from python3 (3.11 or newer) alone. `make` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REFEREE := .venv-referee
ACES := .venv-referee-aces
PIP := $(BIN)/python -m pip --disable-pip-version-check
LOCK := uv pip compile pyproject.toml --universal --fork-strategy fewest --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet
LOCK_REFEREE := uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock-referee" --quiet
export MLFLOW_DISABLE_TELEMETRY := true

.PHONY: help venv quickstart test test-system lint types imports docs fuzz bench referee lock lock-referee clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

venv: $(VENV)/.installed ## install what an experiment needs into .venv

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --require-hashes -r requirements.txt
	$(PIP) install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.developing: requirements-dev.txt $(VENV)/.installed
	$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

quickstart: $(VENV)/.installed ## invent two authorities, run the main job on them, compare (minutes)
	$(BIN)/csc-experiments synthesise la1 la2 --small --children 3000
	$(BIN)/csc-experiments study quickstart

test: lint types imports ## every check that needs nothing but what pip installs
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term:skip-covered

test-system: $(VENV)/.developing ## tests with a real browser and a real spreadsheet program
	$(BIN)/python -m pytest -m system

lint: $(VENV)/.developing ## style
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .

types: $(VENV)/.developing ## strict types
	$(BIN)/mypy --no-error-summary

imports: $(VENV)/.developing ## which part may know which (docs/design.md)
	$(BIN)/lint-imports --no-logo

docs: $(VENV)/.developing ## run every example of the documentation
	$(BIN)/python -m pytest tests/docs README.md docs

fuzz: $(VENV)/.developing ## damage every kind of source 5,000 times (an hour or two)
	POLARS_MAX_THREADS=1 FUZZ=5000 $(BIN)/python -m pytest -n 2 -rP tests/records/test_fuzz.py

bench: $(VENV)/.developing ## speed, side by side in one run (minutes)
	$(BIN)/python benchmarks/run.py

# The validators need pandas 1.5.3, which has no wheel for another Python, so they live apart.
$(REFEREE)/.installed: .ci/referee/requirements.txt .ci/referee/schemas.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "make referee needs $(PYTHON) to be 3.11.")'
	$(PYTHON) -m venv --clear $(REFEREE)
	@echo '*' > $(REFEREE)/.gitignore
	$(REFEREE)/bin/pip --disable-pip-version-check install --quiet --require-hashes -r .ci/referee/requirements.txt
	$(REFEREE)/bin/pip --disable-pip-version-check install --quiet --require-hashes --no-deps -r .ci/referee/schemas.txt
	@touch $@

# ACES needs polars before 2, the project a later one, so it lives apart, too.
$(ACES)/.installed: .ci/referee/requirements-aces.txt
	$(PYTHON) -m venv --clear $(ACES)
	@echo '*' > $(ACES)/.gitignore
	$(ACES)/bin/pip --disable-pip-version-check install --quiet --require-hashes -r .ci/referee/requirements-aces.txt
	@touch $@

referee: $(VENV)/.installed $(REFEREE)/.installed $(ACES)/.installed ## let outside programs judge returns and labels (minutes)
	.ci/referee/run $(CURDIR)/$(BIN)/python $(CURDIR)/$(REFEREE)/bin/python $(CURDIR)/$(ACES)/bin/python

lock: $(VENV)/.developing ## resolve the locked requirements again
	$(BIN)/$(LOCK) -o requirements.txt
	$(BIN)/$(LOCK) --group dev -c requirements.txt -o requirements-dev.txt

lock-referee: $(VENV)/.developing ## resolve the referee's locked requirements again
	$(BIN)/$(LOCK_REFEREE) .ci/referee/requirements.in -o .ci/referee/requirements.txt
	$(BIN)/$(LOCK_REFEREE) .ci/referee/schemas.in --no-deps -o .ci/referee/schemas.txt
	$(BIN)/$(LOCK_REFEREE) .ci/referee/requirements-aces.in -o .ci/referee/requirements-aces.txt

clean: ## remove what the tools made; never records, runs or reports
	rm -rf $(VENV) $(REFEREE) $(ACES) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
