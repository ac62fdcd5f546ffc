# make run | install | test | test-all | check | bench  (python3 and make are all it takes)
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
PYTEST = $(BIN)/pytest -n auto
FAST := not gate and not delivery
CORE := bot/kb/*,bot/match/*,bot/reply.py
.DEFAULT_GOAL := help

help:  ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

run: $(VENV)/.run  ## start the bot: Telegram with a token, else the terminal chat
	@$(BIN)/reformbot run

install: $(VENV)/.dev  ## .venv with everything the tests need

test: $(VENV)/.dev  ## the fast lane: all tests but those of a thousand questions and of the running command
	$(PYTEST) -m "$(FAST)"

test-all: $(VENV)/.dev  ## all tests
	$(PYTEST)

lint: $(VENV)/.dev
	$(BIN)/ruff check bot tests benchmarks tools
	$(BIN)/ruff format --check bot tests benchmarks tools
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/reformbot check

check: lint  ## lint, format, types, import rules, knowledge check, all tests with the coverage of branches: what CI runs
	$(PYTEST) -m "$(FAST)" --cov --cov-report=term:skip-covered --cov-fail-under=95
	@$(BIN)/coverage report --include='$(CORE)' --skip-covered --fail-under=98 --format=total >/dev/null || \
		{ $(BIN)/coverage report --include='$(CORE)' --skip-covered --show-missing; echo "Below 98 per cent."; exit 1; }
	$(PYTEST) -m "not ($(FAST))"

format: $(VENV)/.dev  ## put the code in order
	$(BIN)/ruff check --fix bot tests benchmarks tools
	$(BIN)/ruff format bot tests benchmarks tools

bench: $(VENV)/.bench  ## the matcher beside its peers, on public data in the folder DATA
	$(BIN)/python -m benchmarks --data "$(DATA)"

bench-delivery: $(VENV)/.dev  ## the running bot beside a plain echo bot
	$(BIN)/python -m benchmarks.delivery

# What runs is what was tested: the versions of run.txt are those that go with all that the tests need.
COMPILE := .venv-lock/bin/pip-compile -q --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host
lock:  ## write the locked versions anew
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install -q pip-tools
	$(COMPILE) --extra dev -o requirements/dev.txt pyproject.toml
	$(COMPILE) -c requirements/dev.txt -o requirements/run.txt pyproject.toml
	$(COMPILE) -c requirements/dev.txt --extra dev --extra bench -o requirements/bench.txt pyproject.toml
	$(COMPILE) --allow-unsafe -o requirements/build.txt requirements/build.in
	rm -rf .venv-lock

$(VENV)/.base:
	$(PYTHON) -m venv $(VENV)
	@touch $@

# The lock files are complete. Left to resolve, pip would ask for a newer release of what is locked without its extra.
define install
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements/build.txt -r requirements/$(1).txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
endef

$(VENV)/.run: $(VENV)/.base requirements/run.txt requirements/build.txt pyproject.toml
	$(call install,run)

$(VENV)/.dev: $(VENV)/.base requirements/dev.txt requirements/build.txt pyproject.toml
	$(call install,dev)
	@touch $(VENV)/.run

$(VENV)/.bench: $(VENV)/.dev requirements/bench.txt
	$(call install,bench)

.PHONY: help run install test test-all lint check format bench bench-delivery lock
