# The one list of tasks. `make help` prints it.

VENV    := .venv
BIN     := $(VENV)/bin
# One more than the two cores: a third of the time tests wait for restic, borg and servers.
WORKERS ?= 3
ARGS    ?=
SOURCES := src tests scripts $(if $(wildcard bench/*.py),bench)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test lint format types imports unit soak bench docs changelog calendars rules \
        clean program tools

help: ## Print this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: program ## Set up what is missing, then play a small incident from start to end
	@$(BIN)/ccir demo

test: tools lint types imports ## Set up what is missing, then run every check and every test
	@$(BIN)/pytest -n $(WORKERS) --cov --cov-report=term $(ARGS)

lint: tools ## Check style and formatting
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check $(SOURCES)

format: tools ## Mend what the linter and the formatter can mend by themselves
	@$(BIN)/ruff check --fix $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)

types: tools ## Check the types, tests included
	@$(BIN)/mypy $(SOURCES)

imports: tools ## Check who imports whom
	@$(BIN)/lint-imports --no-cache

unit: tools ## Run tests without coverage: make unit ARGS="tests/domain -k clock"
	@$(BIN)/pytest -n $(WORKERS) $(ARGS)

soak: tools ## Run every test and all rounds of faults (takes long)
	@$(BIN)/pytest -n $(WORKERS) --soak $(ARGS)

bench: tools ## Measure, and print one table of ratios
	@$(BIN)/python bench $(ARGS)

docs: tools ## Check the documentation: links, glossary, decisions, change notes
	@$(BIN)/pytest tests/docs $(ARGS)

changelog: tools ## Move the fragments of changes/ into CHANGELOG.md: make changelog VERSION=0.2.0
	@$(BIN)/python scripts/collect_changes.py $(VERSION) $(shell date -u +%F)

calendars: ## Bring the shipped calendars of holidays up to date
	@scripts/prepare $(VENV) calendars
	@$(BIN)/python scripts/holiday_calendars.py

rules: program ## Compile the shipped rules of obligations anew, after a change to their files
	@$(BIN)/python scripts/compile_rules.py

clean: ## Remove everything that make has made
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .hypothesis .import_linter_cache
	rm -rf .cache .mypy_cache .pytest_cache .ruff_cache
	find src tests scripts bench -name __pycache__ -type d -prune -exec rm -rf {} +

program:
	@scripts/prepare $(VENV)

tools:
	@scripts/prepare $(VENV) test lint
