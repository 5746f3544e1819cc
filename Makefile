# Two commands for a newcomer: `make brief` and `make test`. Each brings .venv up to its lock first; a stamp decides.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: brief test install core docs bench lint lock clean

brief: core
	$(BIN)/counterpoise brief south-caucasus --out brief

test: install lint
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(PYTEST)

core: .venv/.core

install: .venv/.all

lint: install
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy

docs: install
	$(BIN)/python -c "from counterpoise.cli import reference; print(reference(), end='')" > docs/cli.md

bench: install
	$(BIN)/python benchmarks/run.py

.venv/.python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else f"Counterpoise needs Python 3.11 or later; {sys.executable} is {v.major}.{v.minor}. Try: make PYTHON=python3.12 brief")'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.core: requirements-core.txt pyproject.toml | .venv/.python
	$(PIP) install -q --require-hashes -r requirements-core.txt
	$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/.all: requirements-all.txt requirements-core.txt pyproject.toml | .venv/.python
	$(PIP) install -q --require-hashes -r requirements-all.txt
	$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch .venv/.core $@

# Needs uv on the path. No address of a registry may stand in a lock.
LOCK := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock:
	$(LOCK) -o requirements-core.txt requirements-core.in
	$(LOCK) -c requirements-core.txt -o requirements-all.txt requirements-all.in

clean:
	rm -rf .venv brief build dist
