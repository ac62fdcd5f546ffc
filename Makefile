# make run | service | install | test | test-all | check | bench  (python3 and make are all it takes)
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
PYTEST = $(BIN)/pytest -n auto
FAST := not gate and not delivery
COVERED := .state/coverage.json
FLOORS := 95=bot 98=bot/kb,bot/match,bot/reply.py
.DEFAULT_GOAL := help
unexport PYTHONDONTWRITEBYTECODE  # images set it; then each process of the tests translates all of them anew

help:  ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

run: $(VENV)/.run  ## start the bot: Telegram with a token, else the terminal chat
	@$(BIN)/reformbot run

service: $(VENV)/.service  ## .venv with what runs and no more, PostgreSQL's driver too: for a machine that serves

install: $(VENV)/.dev  ## .venv with everything the tests need

# What the tests share is fitted before they begin; where that fails, the first test that needs it fits it, and says why it can't.
fitted: $(VENV)/.dev
	-@$(BIN)/python -m tests.fitted

test: fitted  ## the fast lane: all tests but those of a thousand questions and of the running command
	$(PYTEST) -m "$(FAST)"

test-all: fitted  ## all tests
	$(PYTEST)

lint: $(VENV)/.dev
	$(BIN)/ruff check bot tests benchmarks tools
	$(BIN)/ruff format --check bot tests benchmarks tools
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/reformbot check

# Two at a time: where one waits (for a clock, a process, a single core), the other computes. What each says comes at its end.
SIDE_BY_SIDE = @$(MAKE) --no-print-directory -j2 $(if $(filter output-sync,$(.FEATURES)),-Otarget)
check: $(VENV)/.dev  ## lint, format, types, import rules, knowledge check, all tests with the coverage of branches: what CI runs
	$(SIDE_BY_SIDE) fitted lint compiled
	$(BIN)/python -m slipcover --json --out $(COVERED) -m pytest -n auto -m "not delivery"
	$(PYTEST) -m delivery
	@$(BIN)/python -m tools.covered $(COVERED) $(FLOORS)

# Each process of the tests reads all of them, and would translate them for itself.
compiled: $(VENV)/.dev
	@$(PYTEST) -n 0 --collect-only -qq >/dev/null

# Tools of their own environment: what looks at the bot's libraries is none of them.
.venv-audit/.made:
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/pip install -q cyclonedx-bom pip-audit
	@touch $@

sbom: .venv-audit/.made  ## a bill of materials (CycloneDX) of what runs: sbom.json
	.venv-audit/bin/cyclonedx-py requirements requirements/run.txt --output-reproducible --of JSON -o sbom.json

audit: .venv-audit/.made  ## known faults of what is locked; needs the network
	.venv-audit/bin/pip-audit --require-hashes --disable-pip -r requirements/run.txt

dist: $(VENV)/.dev  ## wheel and sdist in dist/, the same to the byte for whoever builds them of the same commit
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m hatchling build

format: $(VENV)/.dev  ## put the code in order
	$(BIN)/ruff check --fix bot tests benchmarks tools
	$(BIN)/ruff format bot tests benchmarks tools

language-server:  ## what editors run for YAML, for the test of the schemas (needs npm and its registry)
	npm install --no-audit --no-fund --prefix .state/language-server yaml-language-server@1

bench: $(VENV)/.bench  ## the matcher beside its peers, on public data in the folder DATA; PAGE=docs/benchmarks.md writes the page
	$(BIN)/python -m benchmarks --data "$(DATA)" $(if $(PAGE),--page "$(PAGE)") $(if $(KEEP),--keep "$(KEEP)")

bench-growth: $(VENV)/.bench  ## the same for 1,000 to 100,000 phrases that are made up: time and memory
	$(BIN)/python -m benchmarks.growth $(if $(PAGE),--page "$(PAGE)") $(if $(KEEP),--keep "$(KEEP)") $(if $(MOST),--most $(MOST))

bench-delivery: $(VENV)/.dev  ## the running bot beside a plain echo bot
	$(BIN)/python -m benchmarks.delivery

soak: $(VENV)/.dev  ## the running bot for twenty minutes, with faults: does anything grow?
	$(BIN)/python -m benchmarks.soak

# What runs is what was tested: the versions of run.txt are those that go with all that the tests need.
COMPILE := .venv-lock/bin/pip-compile -q --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host
lock:  ## write the locked versions anew
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install -q pip-tools
	$(COMPILE) --extra dev -o requirements/dev.txt pyproject.toml
	$(COMPILE) -c requirements/dev.txt -o requirements/run.txt pyproject.toml
	$(COMPILE) -c requirements/dev.txt --extra postgres -o requirements/postgres.txt pyproject.toml
	$(COMPILE) -c requirements/dev.txt --extra dev --extra bench -o requirements/bench.txt pyproject.toml
	$(COMPILE) --allow-unsafe -o requirements/build.txt requirements/build.in
	$(COMPILE) --allow-unsafe -o requirements/uv.txt requirements/uv.in
	rm -rf .venv-lock

$(VENV)/.base:
	$(PYTHON) -m venv $(VENV)
	@touch $@

# The lock files are complete. Left to resolve, pip would ask for a newer release of what is locked without its extra.
# uv takes a sixth of pip's time; where it cannot be had, or does not know where packages are had here, pip installs.
PIP := $(BIN)/pip install -q --disable-pip-version-check
define install
	@$(BIN)/uv --version >/dev/null 2>&1 || $(PIP) --require-hashes --no-deps -r requirements/uv.txt || echo "uv cannot be had: pip installs, which takes longer."
	@echo "Installing what requirements/$(1).txt locks …"
	@$(call with_uv_or_pip,--require-hashes --no-deps -r requirements/build.txt -r requirements/$(1).txt)
	@$(call with_uv_or_pip,--no-deps --no-build-isolation -e .)
	@touch $@
endef
with_uv_or_pip = $(BIN)/uv pip install -q --python $(BIN)/python --compile-bytecode $(1) 2>/dev/null || $(PIP) $(1)

$(VENV)/.run: $(VENV)/.base requirements/run.txt requirements/build.txt pyproject.toml
	$(call install,run)

$(VENV)/.service: $(VENV)/.base requirements/postgres.txt requirements/build.txt pyproject.toml
	$(call install,postgres)
	@touch $(VENV)/.run

$(VENV)/.dev: $(VENV)/.base requirements/dev.txt requirements/build.txt pyproject.toml
	$(call install,dev)
	@touch $(VENV)/.run

$(VENV)/.bench: $(VENV)/.dev requirements/bench.txt
	$(call install,bench)

.PHONY: sbom audit dist help run service install fitted compiled test test-all lint check format language-server bench bench-growth bench-delivery soak lock
