# Everything a newcomer needs. Each target prints what it does; `make help` lists them.
# A different interpreter: make demo PYTHON=python3.13

PYTHON ?= python3
SET_UP = @$(PYTHON) scripts/set_up.py
BIN = .venv/bin
RUN = $(BIN)/python -m
SAY = @printf '\n== %s\n'
export PYTHONUTF8 = 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-clients test-bots chaos fuzz check bench docs lock clean

help: ## list the targets
	@echo "make TARGET, where TARGET is one of"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1	\2/p' Makefile | expand -t 16

setup: ## make .venv with everything that tests and checks need
	$(SAY) "setup: .venv from requirements/dev.txt, kernels compiled"
	$(SET_UP) dev
	@echo "ready: $(BIN)/tradewright --help"

demo: ## set up, backtest two strategies, open a page on which two trade (SECONDS=60 ends it); no network, no keys
	$(SAY) "demo: a synthetic market, two strategies, their reports; then a page on which two trade on a practice exchange"
	$(SET_UP) core
	@sh scripts/demo.sh $(SECONDS)

check: ## lint, format, types, import contracts, sizes
	$(SAY) "check: lint, format, types, import contracts, sizes"
	$(SET_UP) dev
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(BIN)/python $(BIN)/lint-imports
	$(RUN) pytest -p no:cacheprovider tests/contract/test_sizes.py tests/contract/test_public_names.py
	@$(PYTHON) scripts/page.py check

MEASURED = tests/contract tests/golden tests/integration tests/unit
PLAYED = tests/parity tests/property tests/e2e tests/browser

test: ## set up, run every test, then the kernels with the compiler off; hold the coverage gates
	$(SAY) "test: every test, and the kernels line by line with the compiler off"
	$(SET_UP) dev --browser
	@$(PYTHON) scripts/page.py test
	@$(RUN) coverage erase
	$(RUN) pytest -n2 --cov --cov-report= $(PYTEST) $(MEASURED)
	$(SAY) "test: whole machines, which would run half as fast if their lines were counted"
	$(RUN) pytest -n2 $(PYTEST) $(PLAYED)
	$(SAY) "test: the kernels, interpreted"
	NUMBA_DISABLE_JIT=1 $(RUN) pytest -n2 -m "not compiled" --cov --cov-append --cov-report= tests/unit/kernels tests/parity
	$(SAY) "test: coverage, 90 % overall and every line of the kernels"
	$(RUN) coverage report --fail-under=90
	@$(RUN) coverage json -q -o .coverage.json
	@$(BIN)/python scripts/kernel_lines.py .coverage.json

chaos: ## kill live sessions at 304 seeded moments on SQLite and as many on PostgreSQL, in storms; takes half an hour
	$(SAY) "chaos: live sessions killed at seeded moments, on both databases; storms in simulated time"
	$(SET_UP) dev
	LIVE_CHAOS_SEEDS=38 STORM_SEEDS=300 $(RUN) pytest -n2 -q -rP tests/e2e/test_live_chaos.py tests/property/test_live_laws.py

fuzz: ## send the API thousands of requests made out of its schema, sound and unsound
	$(SAY) "fuzz: the API, by its schema"
	$(SET_UP) dev
	API_CASES=100 $(RUN) pytest -n2 -q tests/property/test_api_schema.py

test-clients: ## let independent clients, each in its own environment, trade on the practice exchange
	$(SAY) "test-clients: the official SDK and others against tradewright exchange"
	$(SET_UP) dev
	$(SET_UP) clients
	$(BIN)/python tests/clients/run.py

test-bots: ## let freqtrade trade live on the practice exchange: in, stopped out, and in again; takes minutes
	$(SAY) "test-bots: freqtrade against tradewright exchange"
	$(SET_UP) dev
	$(SET_UP) bots
	$(BIN)/python tests/clients/run.py .bots

bench: ## measure speed and memory, beside the peers, and write benchmarks/results; BENCH=--compile also times the compiler
	$(SAY) "bench: ours and the peers', in one run"
	$(SET_UP) core
	-$(SET_UP) bench
	$(BIN)/python benchmarks/run.py $(BENCH)

docs: ## write the generated pages and build the site into site/
	$(SAY) "docs: the generated reference pages, then site/"
	$(SET_UP) core
	$(SET_UP) docs
	$(BIN)/python scripts/write_reference.py
	.venv-docs/bin/python -m zensical build --clean --strict

lock: ## resolve the dependencies anew and write requirements/*.txt with hashes, without addresses
	$(SAY) "lock: requirements/*.txt from pyproject.toml and requirements/*.in"
	$(SET_UP) core
	@sh scripts/lock.sh

clean: ## remove environments, caches and what was built; data/ stays
	$(SAY) "clean: environments, caches and built files; data/ stays"
	rm -rf .venv .venv-docs .uv .node web/node_modules web/stamp src/tradewright/api/page/dist benchmarks/.venvs tests/clients/.venvs tests/clients/.bots site .coverage* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests scripts benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
