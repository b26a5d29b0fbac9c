# Everything is installed into .venv beside this file; nothing but git, make and a Python >= 3.11 with venv is needed.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
# Wheels only, so that no compiler is needed; PySpark is published as source alone, and is Python and jars.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --prefer-binary --only-binary :all: --no-binary pyspark

.PHONY: demo test check bench format docs notebooks clean

demo: .venv/installed
	$(BIN)/diversion demo

test: .venv/tested
	@sh scripts/system-packages.sh
	$(BIN)/python -m pytest --numprocesses auto --dist loadgroup

check: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/tested
	$(BIN)/python -m benchmarks

format: .venv/tested
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# What is generated from the code: the page of the graph schema and the executed notebooks.
docs: .venv/tested
	$(BIN)/python -m diversion.schema
	$(BIN)/python notebooks/execute.py

.venv/python:
	@test -n "$(PYTHON)" || { echo "no Python >= 3.11 found: install one, or name it: make PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv .venv
	touch $@

.venv/installed: .venv/python pyproject.toml
	$(PIP) --editable .
	touch $@

.venv/tested: .venv/python pyproject.toml
	$(PIP) --editable '.[test]'
	touch $@ .venv/installed

clean:
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build diversion-demo
