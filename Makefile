# One verb a chore; `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
# Every command would compile anew what it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install serve demo test check format measure soak licences constraints clean

help: ## List the chores
	@grep -hE '^[a-z]+:.*## ' Makefile | awk -F ':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

install: ## Set up .venv, Debian packages and weights (other chores call it)
	@.ci/install

serve: install ## Database, demo knowledge and server on http://127.0.0.1:8000
	@$(BIN)/dime serve

demo: install ## Play a month of demo conversations, then see /roi
	@$(BIN)/dime demo

check: ## Format, lint, strict types, import arrows, schema, quick tests
	@.ci/install --dev
	@$(BIN)/ruff format --check . && $(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(PYTEST) -q -n 2 -m "not real and not slow"

test: ## All behaviour once, with real engines, servers and a browser
	@.ci/install --dev
	@$(PYTEST) -n 3 --dist worksteal -m "not soak" --durations=40

format: ## Put the code into shape
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

measure: ## Figures: matching, speech, turns, chat, books (DATA=folder with the public test sets, PEERS=folder with the peers' scripts)
	@.ci/install --dev
	@$(BIN)/python -m tests.measure $(if $(DATA),--data $(DATA)) $(if $(PEERS),--peers $(PEERS)) $(if $(PEERS_PYTHON),--python $(PEERS_PYTHON))

soak: ## Repeats, kills and fuzzing; takes long
	@.ci/install --dev
	@$(PYTEST) -q -m soak
	@$(PYTEST) -q tests/soak.py
	@$(PYTEST) -q -n 2 -m "not real" --hypothesis-profile=soak

licences: ## What licences are in the environment
	@.ci/install --dev
	@$(BIN)/python -m tests.measure.licences

constraints: ## Write down the versions that are installed now
	@pinned=$$($(BIN)/pip freeze --exclude-editable) && \
		grep -v -E ' @ |^(pip|setuptools|torch)' <<< "$$pinned" > .ci/constraints.txt

clean: ## Remove what was installed and cached; DIME_HOME stays
	@rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
