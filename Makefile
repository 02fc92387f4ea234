# Debrief's commands.  `make help` lists them; docs/operations.md tells the rest.

VENV := .venv
BIN := $(VENV)/bin
RUNS := import sys; sys.exit(sys.version_info < (3, 11))
# The first Python that is new enough; `make PYTHON=/path/to/python3 install` chooses another.
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	if command -v $$p >/dev/null 2>&1 && $$p -c '$(RUNS)' >/dev/null 2>&1; then echo $$p; break; fi; done)
endif

REQUIREMENTS := collector/requirements.txt analyzer/requirements.txt tests/requirements.txt constraints.txt
PIP_OPTIONS := --quiet --disable-pip-version-check --no-input \
	$(foreach file,$(filter-out constraints.txt,$(REQUIREMENTS)),-r $(file)) -c constraints.txt
HASH = import hashlib, pathlib, sys; print(hashlib.sha256(b"".join( \
	pathlib.Path(name).read_bytes() for name in sys.argv[1:])).hexdigest())
# Written last: its content is the hash of what is installed.
STAMP := $(VENV)/installed

.DEFAULT_GOAL := help
.PHONY: help run install test bench lint train secrets compose-test clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: install ## start the pair with a sample fair (SAMPLE=0: empty; COLLECTOR_PORT, ANALYZER_PORT, DATA_DIR)
	@exec $(BIN)/python run.py

install: ## make .venv with what run and test need; seconds when it is there
	@test -n "$(PYTHON)" || { echo "make: Debrief needs Python 3.11 or newer, and there is none on the PATH." >&2; exit 2; }
	@$(PYTHON) -c '$(RUNS)' 2>/dev/null || { echo "make: $(PYTHON) is not Python 3.11 or newer." >&2; exit 2; }
	@wanted=$$($(PYTHON) -c '$(HASH)' $(REQUIREMENTS)) && \
	if ! { [ "$$(cat $(STAMP) 2>/dev/null)" = "$$wanted" ] && $(BIN)/python -c '$(RUNS)' 2>/dev/null; }; then \
		echo "Installing into $(VENV) …" && PYTHON="$(PYTHON)" VENV="$(VENV)" sh deploy/make-venv $(PIP_OPTIONS) && \
		echo "$$wanted" > $(STAMP); \
	fi

# Each test has its own database, broker host and folder, so they can run side by side; three processes for
# two cores, since many a test waits for a browser, a broker or a stop.
test: install ## the whole suite; what needs a service that is not there is skipped with its reason
	@$(BIN)/python -m pytest -n 3 --dist worksteal

bench: install ## our speed beside named peers, in one run: ratios, a minute or two (also in var/bench.json)
	@$(BIN)/python benchmarks/ratios.py

lint: install ## ruff and mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

train: ## make the weights of the analysis again, byte for byte (in a .venv-train of its own)
	@test -x .venv-train/bin/python || PYTHON="$(PYTHON)" VENV=.venv-train sh deploy/make-venv --quiet \
		--disable-pip-version-check --no-input -r analyzer/training/requirements.txt -c constraints.txt
	@.venv-train/bin/python -m analyzer.training

secrets: ## make the secrets of the deployment in secrets/ (keeps those that are there)
	@sh deploy/make-secrets

compose-test: ## build and start the whole deployment, send a response through, take it down (needs docker)
	@bash tests/deployment/compose_smoke.sh

clean: ## remove .venv and caches; keeps var/ and secrets/, which are yours
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
