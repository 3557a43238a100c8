# Needs make and Python 3.11, 3.12 or 3.13; everything else is installed into .venv from locks with
# hashes. `make` alone lists what there is to do.

SHELL := /bin/sh
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PY := .venv/bin/python
AIRFLOW := $(PY) -m include.eventwire.local_airflow
# Packages published later are not considered when the locks are made, so that the set is one that
# the maintainers of the pinned Airflow could test. Of NEWER, web extraction
# and what it needs, the releases that were measured are a few weeks younger.
LOCKED_ON := 2026-09-20
NEWER := trafilatura htmldate courlan justext charset-normalizer
LOCK := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-strip-extras --exclude-newer $(LOCKED_ON) \
	$(patsubst %,--exclude-newer-package %=2026-10-20,$(NEWER)) --custom-compile-command "make lock"
export PYTHONUTF8 := 1

.PHONY: help install lock run up down airflow test fuzz check docs format quality bench bench-explorer engines chaos train golden licences

help: ## List what there is to do
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

install: .venv/installed ## Make .venv from the lock

run: .venv/installed ## Run code_news for every landed day (the sample) through Airflow, print the result
	@$(AIRFLOW) run $(DAYS)
	@$(PY) -m include.eventwire summary "$${EVENTWIRE_LAKE:-data/lake}"

up: .venv/installed ## Start Airflow with its UI; Ctrl-C or `make down` stops it (PORT=8080)
	@$(AIRFLOW) up $(if $(PORT),--port $(PORT))

down: .venv/installed ## Stop the Airflow that `make up` started
	@$(AIRFLOW) down

airflow: .venv/installed ## Call Airflow's command line: make airflow ARGS="dags list"
	@$(AIRFLOW) cli $(ARGS)

test: .venv/installed-dev ## Run all tests
	.venv/bin/pytest -n auto -m "not airflow and not slow and not chaos"
	.venv/bin/pytest -m "(airflow or slow) and not chaos"

fuzz: .venv/installed-dev ## Read spoilt inputs of every format for some minutes (MINUTES=5)
	$(PY) -m tests.fuzz $(if $(MINUTES),--minutes $(MINUTES))

check: .venv/installed-dev ## Check format, lint, types and that generated files are fresh
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/pytest -q -m "not airflow and not slow and not chaos" tests/docs tests/unit/test_table_docs.py

docs: .venv/installed-dev ## Write the generated documents anew
	$(PY) -m include.eventwire.table_docs

format: .venv/installed-dev ## Format the code and put imports in order
	.venv/bin/ruff check --select I --fix .
	.venv/bin/ruff format .

licences: .venv/installed-dev ## Check the licence of every dependency
	.venv/bin/pip-licenses

quality: .venv/installed-dev ## Score the event coder on the evaluation data beside the project
	$(PY) -m benchmarks.quality

bench: .venv/installed-dev ## Measure the command line against bare spaCy, and the readers
	$(PY) -m benchmarks.throughput
	$(PY) -m benchmarks.reading

bench-explorer: .venv/installed-dev ## Measure the explorer on a lake of 200,000 articles (ARGS="--help")
	@$(PY) -m benchmarks.explorer $(ARGS)

engines: .venv/installed-dev .venv/installed-cluster ## Compare SQLite, PostgreSQL and Celery with S3 (ARGS="--help")
	@$(PY) -m include.eventwire.local_engines $(ARGS)

chaos: .venv/installed-dev .venv/installed-cluster ## Kill, cut off and fill what runs need; the table goes to build/chaos.md
	.venv/bin/pytest -m chaos tests/chaos $(ARGS)

train: .venv/installed-dev ## Train the confidence model anew
	$(PY) -m training.train_confidence

golden: .venv/installed-dev ## Write the golden rows anew; review the difference like code
	$(PY) -m tests.golden.rewrite

lock: .venv/installed-dev ## Resolve the dependencies anew, as of LOCKED_ON
	$(LOCK) -o requirements-uv.txt requirements-uv.in
	$(LOCK) -o requirements.txt requirements.in
	$(LOCK) -o requirements-dev.txt requirements-dev.in
	$(LOCK) -o requirements-cluster.txt requirements-cluster.in
	$(LOCK) -o deploy/requirements.txt deploy/requirements.in

.venv/bin/uv: requirements-uv.txt
	@python=; for candidate in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
		if "$$candidate" -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))" \
			2>/dev/null; then python=$$candidate; break; fi; done; \
	if [ -z "$$python" ]; then \
		echo "Python 3.11, 3.12 or 3.13 is needed; name one: make install PYTHON=/path/to/python3" >&2; \
		exit 1; fi; \
	echo "making .venv with $$($$python --version)"; \
	"$$python" -m venv .venv || { \
		echo "this Python cannot make virtual environments; install its package python3-venv" >&2; \
		exit 1; }
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@touch $@

INSTALL = .venv/bin/uv pip install --python $(PY) --require-hashes --compile-bytecode -r $<

.venv/installed: requirements.txt .venv/bin/uv
	@$(INSTALL)
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@$(INSTALL)
	@touch $@

.venv/installed-cluster: requirements-cluster.txt .venv/installed
	@$(INSTALL)
	@touch $@
