# Everything a newcomer needs. `make` alone lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help demo demo-check test check accept bench soak format clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(STAMP): pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing --python $(PYTHON) $(VENV) && \
	  uv pip install --quiet --python $(BIN)/python -e '.[dev]'; \
	else \
	  $(PYTHON) -m venv $(VENV) && $(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'; \
	fi
	@touch $(STAMP)

demo: $(STAMP) ## compile domains/helpdesk and serve it at http://127.0.0.1:8000
	@$(BIN)/spc up domains/helpdesk --backend sqlite --port $(PORT) --output .demo/helpdesk

demo-check: $(STAMP) ## the same on a free port, walk through the documented calls, exit 0 or 1
	@$(BIN)/python -m tests.demo_check

test: $(STAMP) ## every test, PostgreSQL included
	@$(BIN)/python -m pytest -n 2 --dist loadgroup tests

soak: $(STAMP) ## the samples of `make test` in full: fuzzing, 10,000 conversations, mutations and more
	@SPECORA_SOAK=1 $(BIN)/python -m pytest -n 2 --dist loadgroup tests/conformance tests/model \
	  tests/targets/test_generated_tests_catch.py tests/targets/test_generated_tests_pass.py \
	  tests/authoring tests/hostile tests/importers/test_mutations.py tests/incremental tests/lsp

check: $(STAMP) ## the same on a free port, walk through the documented calls, exit 0 or 1
	@$(BIN)/python -m tests.demo_check

test: $(STAMP) ## every test, PostgreSQL included
	@$(BIN)/python -m pytest -n 2 --dist loadgroup tests

soak: $(STAMP) ## fuzz every example domain, hold 10,000 conversations with the model, make every mutation
	@SPECORA_SOAK=1 $(BIN)/python -m pytest -n 2 --dist loadgroup tests/conformance tests/model \
	  tests/targets/test_generated_tests_catch.py tests/authoring tests/importers/test_mutations.py

check: $(STAMP) ## format, lint, types, layers, budgets, generated docs
	@$(BIN)/python -m tests.quality

accept: $(STAMP) ## rewrite snapshots, golden trees and generated docs
	@SPECORA_ACCEPT=1 $(BIN)/python -m pytest -q -n 2 tests/language tests/targets tests/golden
	@$(BIN)/python -m tests.quality.docs --write

bench: $(STAMP) ## measure the compiler and the generated app
	@$(BIN)/python -m bench

format: $(STAMP) ## format and fix what can be fixed
	@$(BIN)/ruff check --quiet --fix src tests bench || true
	@$(BIN)/ruff format --quiet src tests bench

clean: ## remove what was built
	rm -rf $(VENV) .demo .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
